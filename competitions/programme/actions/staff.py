"""Who works on a competition: giving and withdrawing the office roles. Judges come by the judges' room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.access import queries as access
from accounts.access.actions import grant_role, withdraw_role
from accounts.access.models import RoleGrant
from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from accounts.sign_in import queries as accounts
from accounts.sign_in.actions import open_account
from accounts.sign_in.passwords import fresh_password
from competitions.programme import queries
from competitions.programme.models import Competition
from foundation.audit.chain import record
from foundation.db import transaction
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Missing, Refusal

STAFF_ROLES = (
    Role.ORGANIZER,
    Role.TALLY_CLERK,
    Role.SUPERVISOR,
    Role.ARBITER,
    Role.BLINDING_JUDGE,
    Role.EVALUATION_OFFICER,
    Role.APPROVING_AUTHORITY,
    Role.AUDITOR,
)


def appoint(competition_id: UUID, user_name: str, role: str, *, actor: Actor, at: datetime) -> UUID:
    """Give the holder of an account (user name or phone) a role on a competition. Repeating it changes nothing.

    Returns the grant's id. Raises Missing, Refusal account_unknown, staff_role_unknown.
    """
    wanted = _role(role)
    account = accounts.account_by_login(user_name) if user_name.strip() else None
    if account is None:
        raise Refusal("account_unknown", field="user_name")
    with transaction() as writing:
        if writing.get(Competition, competition_id) is None:
            raise Missing
        return _give(competition_id, account.person_id, wanted, actor=actor, at=at)


def appoint_new(
    competition_id: UUID, name: str, user_name: str, role: str, *, actor: Actor, at: datetime
) -> tuple[UUID, str]:
    """Note a person, open an account for them and give them a role on a competition, all or nothing.

    Returns the person's id and their first password, which is kept nowhere in the clear and must be changed at the first
    sign-in. Raises Missing, Refusal name_missing, staff_role_unknown, and those of `open_account`.
    """
    wanted = _role(role)
    if not name.strip():
        raise Refusal("name_missing", field="name")
    password = fresh_password()
    with transaction() as writing:
        if writing.get(Competition, competition_id) is None:
            raise Missing
        person = note_person(PersonFacts(name_zh=name.strip()), actor=actor, at=at)
        open_account(person, password, user_name=user_name, must_change=True, actor=actor, at=at)
        _give(competition_id, person, wanted, actor=actor, at=at)
    return person, password


def dismiss(competition_id: UUID, grant_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraw an office role held on a competition, with the reason. Repeating it does nothing.

    Raises Missing for a grant elsewhere or of another room, Refusal reason_missing, last_organizer.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        scope = Scope(ScopeKind.COMPETITION, str(competition_id))
        row = writing.get(RoleGrant, grant_id)
        if row is None or (row.scope_kind, row.scope_key) != (scope.kind.value, scope.key):
            raise Missing
        if row.withdrawn_at is not None:
            return
        if row.role == Role.ORGANIZER and len(access.holders(scope, at, Role.ORGANIZER)) == 1:
            raise Refusal("last_organizer")
        withdraw_role(grant_id, reason=reason.strip(), actor=actor, at=at)
        record(
            actor, "staff:dismissed", "person", row.person_id, at=at, chain=queries.audit_chain(competition_id), role=row.role,
        )  # fmt: skip


def _role(role: str) -> Role:
    if role not in STAFF_ROLES:
        raise Refusal("staff_role_unknown", field="role")
    return Role(role)


def _give(competition_id: UUID, person_id: UUID, role: Role, *, actor: Actor, at: datetime) -> UUID:
    scope = Scope(ScopeKind.COMPETITION, str(competition_id))
    held = [row.id for row in access.holders(scope, at, role) if row.person_id == person_id]
    if held:
        return held[0]
    given = grant_role(person_id, role, scope, actor=actor, at=at)
    record(
        actor, "staff:appointed", "person", person_id, at=at, chain=queries.audit_chain(competition_id), role=role.value
    )
    return given
