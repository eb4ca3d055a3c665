"""Each level makes the bodies and operators below it: accounts with slips, resets, hand-over, aliases, the body above."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from accounts.access import queries as access
from accounts.access.actions import grant_role, withdraw_role
from accounts.access.models import RoleGrant
from accounts.access.roles import Role
from accounts.organizations import queries as organizations
from accounts.organizations.actions import found_organization
from accounts.organizations.models import Organization, OrganizationAlias, OrganizationKind
from accounts.people import queries as people
from accounts.people.actions import PersonFacts, note_person
from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from accounts.sign_in.passwords import fresh_password
from accounts.units import queries
from accounts.units.permissions import UnitPermission
from foundation.audit.chain import record
from foundation.db import transaction
from foundation.permission import PLATFORM, Actor, Scope, ScopeKind, can, visible
from foundation.refusal import Missing, Refusal

_REGION = re.compile(r"\d{2}|\d{4}|\d{6}")


def found_unit(
    name: str, *, kind: str, region_code: str = "", parent_id: UUID | None = None, name_en: str = "",
    credit_code: str = "", actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Make a body below the actor; answers its id. An operator's new body stands below one of the operator's own.

    Raises Refusal unit_name_missing, unit_kind_unknown, unit_name_taken, unit_region_wrong, unit_parent_wrong, unit_credit_code_wrong.
    """
    plain, code = " ".join(name.split()), _credit_code(credit_code)
    if not plain:
        raise Refusal("unit_name_missing", field="name")
    if kind not in list(OrganizationKind):
        raise Refusal("unit_kind_unknown", field="kind")
    reach = visible(actor, UnitPermission.MANAGE)
    if parent_id is None and not reach.everywhere and not reach.regions and len(reach.units) == 1:
        parent_id = next(iter(reach.units))
    with transaction():
        if organizations.organization_named(plain) is not None:
            raise Refusal("unit_name_taken", field="name")
        above = organizations.organization(parent_id) if parent_id else None
        region = region_code.strip() or (above.region_code if above else "")
        _check_place(region, parent_id, actor)
        return found_organization(
            plain, kind=OrganizationKind(kind), region_code=region.ljust(6, "0") if region else "", parent_id=parent_id,
            name_en=name_en.strip(), credit_code=code, actor=actor, at=at,
        )  # fmt: skip


def put_below(organization_id: UUID, parent_id: UUID | None, *, actor: Actor, at: datetime) -> None:
    """Say which body stands above another. Raises Missing, Refusal unit_parent_wrong for a loop or a body out of reach."""
    with transaction() as writing:
        row = writing.get(Organization, organization_id)
        if row is None:
            raise Missing
        if row.parent_id == parent_id:
            return
        if parent_id is not None and organization_id in organizations.chain_above(parent_id):
            raise Refusal("unit_parent_wrong", field="parent_id")
        _check_place(row.region_code, parent_id, actor)
        row.parent_id = parent_id
        record(actor, "unit:described", "organization", organization_id, at=at, parent=parent_id or "")


def add_alias(organization_id: UUID, name: str, *, actor: Actor, at: datetime) -> None:
    """Note another name: rosters that use it mean this body. Repeating it does nothing. Raises Missing, Refusal unit_name_missing, unit_name_taken."""
    plain = " ".join(name.split())
    if not plain:
        raise Refusal("unit_name_missing", field="alias")
    with transaction() as writing:
        if writing.get(Organization, organization_id) is None:
            raise Missing
        known = organizations.organization_named(plain)
        if known is not None and known.id == organization_id:
            return
        if known is not None:
            raise Refusal("unit_name_taken", field="alias")
        writing.add(OrganizationAlias(organization_id=organization_id, name=plain))
        writing.flush()
        record(actor, "unit:alias_added", "organization", organization_id, at=at)


def remove_alias(organization_id: UUID, name: str, *, actor: Actor, at: datetime) -> None:
    """Take an alias back. Repeating it does nothing."""
    with transaction() as writing:
        wanted = select(OrganizationAlias).where(
            OrganizationAlias.organization_id == organization_id, OrganizationAlias.name == name
        )
        row = writing.scalars(wanted).first()
        if row is not None:
            writing.delete(row)
            record(actor, "unit:alias_removed", "organization", organization_id, at=at)


# --- operators --------------------------------------------------------------------------------------------------------


def appoint_operator(organization_id: UUID, name: str, user_name: str, *, actor: Actor, at: datetime) -> str:
    """Make somebody operator of a body; answers the first password of a new account, or an empty text. Raises what `_appoint` raises."""
    queries.unit(organization_id)
    return _appoint(
        Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, str(organization_id)), name, user_name, actor=actor, at=at
    )


def appoint_region_officer(region_code: str, name: str, user_name: str, *, actor: Actor, at: datetime) -> str:
    """Make somebody officer of a region below the actor; answers like `appoint_operator`. Raises Refusal unit_region_wrong."""
    region = _prefix(region_code)
    reach = visible(actor, UnitPermission.MANAGE)
    below = any(region.startswith(one) and region != one for one in reach.regions)
    if not region or not (reach.everywhere or below):
        raise Refusal("unit_region_wrong", field="region_code")
    return _appoint(Role.REGION_OFFICER, Scope(ScopeKind.REGION, region), name, user_name, actor=actor, at=at)


def dismiss_operator(grant_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """End an office below the actor, with a reason that stays. Repeating it does nothing. Raises Missing, Refusal unit_reason_missing."""
    if not reason.strip():
        raise Refusal("unit_reason_missing", field="reason")
    with transaction():
        row = _below(grant_id, actor)
        if queries.grant(grant_id).withdrawn_at is not None:
            return
        withdraw_role(grant_id, reason=reason.strip(), actor=actor, at=at)
        record(actor, "unit:operator_dismissed", "person", row.person_id, at=at, scope_key=row.scope_key)


def hand_over_operator(grant_id: UUID, name: str, user_name: str, *, reason: str, actor: Actor, at: datetime) -> str:
    """Another operator in place of one, in one step; answers the new one's first password. Raises what both steps raise."""
    with transaction():
        row = _below(grant_id, actor)
        dismiss_operator(grant_id, reason=reason, actor=actor, at=at)
        scope = Scope(ScopeKind(row.scope_kind), row.scope_key)
        return _appoint(Role(row.role), scope, name, user_name, actor=actor, at=at)


def reset_operator(grant_id: UUID, *, actor: Actor, at: datetime) -> str:
    """A fresh first password for a slip; sessions end. Refused for whoever holds any other office: Refusal unit_account_beyond."""
    with transaction():
        row = _below(grant_id, actor)
        if any(one.id != grant_id for one in access.grants_of(row.person_id, at)):
            raise Refusal("unit_account_beyond")
        password = sign_in.reset_password(row.person_id, actor=actor, at=at)
        record(actor, "unit:operator_reset", "person", row.person_id, at=at)
        return password


def _appoint(role: Role, scope: Scope, name: str, user_name: str, *, actor: Actor, at: datetime) -> str:
    plain, login = " ".join(name.split()), user_name.strip()
    if not plain or not login:
        raise Refusal("unit_person_missing", field="user_name" if plain else "name")
    account, password = accounts.account_by_login(login), ""
    with transaction():
        if account is not None:
            person = account.person_id
            if people.person(person).name_zh != plain:
                raise Refusal("unit_login_taken", field="user_name")
        else:
            password = fresh_password()
            person = note_person(PersonFacts(name_zh=plain), actor=actor, at=at)
            sign_in.open_account(person, password, user_name=login, must_change=True, actor=actor, at=at)
        grant_role(person, role, scope, actor=actor, at=at)
        record(actor, "unit:operator_appointed", "person", person, at=at, role=role.value, scope_key=scope.key)
    return password


def _below(grant_id: UUID, actor: Actor) -> RoleGrant:
    """The grant of an operator or officer below the actor. Raises Missing for everybody else's."""
    row = queries.grant(grant_id)
    if row.role == Role.UNIT_OPERATOR and row.scope_kind == ScopeKind.UNIT:
        scopes = queries.scopes_above(UUID(row.scope_key)) or ()
    elif row.role == Role.REGION_OFFICER and row.scope_kind == ScopeKind.REGION:
        higher = [row.scope_key[:length] for length in (2, 4) if length < len(row.scope_key)]
        scopes = (PLATFORM, *(Scope(ScopeKind.REGION, one) for one in higher))
    else:
        raise Missing
    if not can(actor, UnitPermission.MANAGE, scopes):
        raise Missing
    return row


def _check_place(region: str, parent_id: UUID | None, actor: Actor) -> None:
    if region and not _REGION.fullmatch(region):
        raise Refusal("unit_region_wrong", field="region_code")
    reach = visible(actor, UnitPermission.MANAGE)
    if reach.everywhere:
        return
    if any(region.startswith(one) for one in reach.regions):
        return
    if parent_id is not None and parent_id in organizations.bodies_below(reach.units):
        return
    raise Refusal("unit_region_wrong" if reach.regions else "unit_parent_wrong", field="parent_id")


def _prefix(region_code: str) -> str:
    plain = region_code.strip()
    if not _REGION.fullmatch(plain):
        return ""
    while len(plain) > 2 and plain.endswith("00"):
        plain = plain[:-2]
    return plain


def _credit_code(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return str(uscc.validate(text.strip()))
    except ValidationError as wrong:
        raise Refusal("unit_credit_code_wrong", field="credit_code") from wrong
