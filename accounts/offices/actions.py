"""Appointing and dismissing the people who serve the whole platform."""

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
from foundation.audit.chain import record
from foundation.db import transaction
from foundation.permission import PLATFORM, Actor
from foundation.refusal import Missing, Refusal

OFFICES = (
    Role.ORGANIZER,
    Role.EVALUATION_OFFICER,
    Role.APPROVING_AUTHORITY,
    Role.AUDITOR,
    Role.PLATFORM_ADMINISTRATOR,
)


def appoint(role: str, user_name: str, name: str, *, actor: Actor, at: datetime) -> str:
    """Give a role on the whole platform. With a name a person and an account are made; otherwise the account must exist.

    Answers the first password of a new account, which is kept nowhere in the clear, or an empty text. Raises Refusal
    office_role_unknown, office_account_unknown, and those of `open_account`. Repeating it for an account changes nothing.
    """
    if role not in OFFICES:
        raise Refusal("office_role_unknown", field="role")
    if name.strip():
        return _appoint_new(Role(role), user_name, name.strip(), actor=actor, at=at)
    account = accounts.account_by_login(user_name) if user_name.strip() else None
    if account is None:
        raise Refusal("office_account_unknown", field="user_name")
    with transaction():
        _give(account.person_id, Role(role), actor=actor, at=at)
    return ""


def _appoint_new(role: Role, user_name: str, name: str, *, actor: Actor, at: datetime) -> str:
    password = fresh_password()
    with transaction():
        person = note_person(PersonFacts(name_zh=name), actor=actor, at=at)
        open_account(person, password, user_name=user_name, must_change=True, actor=actor, at=at)
        _give(person, role, actor=actor, at=at)
    return password


def _give(person_id: UUID, role: Role, *, actor: Actor, at: datetime) -> None:
    if any(row.person_id == person_id for row in access.holders(PLATFORM, at, role)):
        return
    grant_role(person_id, role, PLATFORM, actor=actor, at=at)
    record(actor, "office:appointed", "person", person_id, at=at, role=role.value)


def dismiss(grant_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraw a role on the platform, with the reason. Repeating it does nothing.

    Raises Missing for a grant elsewhere, Refusal office_reason_missing, last_administrator.
    """
    if not reason.strip():
        raise Refusal("office_reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(RoleGrant, grant_id)
        if row is None or row.scope_kind != PLATFORM.kind.value:
            raise Missing
        if row.withdrawn_at is not None:
            return
        administrator = Role.PLATFORM_ADMINISTRATOR
        if row.role == administrator and len(access.holders(PLATFORM, at, administrator)) == 1:
            raise Refusal("last_administrator")
        withdraw_role(grant_id, reason=reason.strip(), actor=actor, at=at)
        record(actor, "office:dismissed", "person", row.person_id, at=at, role=row.role)
