"""Reading the bodies below somebody and who operates them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import selectinload

from accounts.access.models import RoleGrant
from accounts.access.roles import Role
from accounts.organizations.models import Organization, OrganizationAlias
from accounts.organizations.queries import bodies_below, chain_above
from accounts.people.models import Person
from accounts.sign_in.models import Account
from foundation.db import session
from foundation.permission import PLATFORM, Reach, Scope, ScopeKind
from foundation.refusal import Missing


def unit(organization_id: UUID) -> Organization:
    """One body with its aliases. Raises Missing."""
    wanted = select(Organization).where(Organization.id == organization_id).options(selectinload(Organization.aliases))
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def scopes_above(organization_id: UUID) -> Sequence[Scope] | None:
    """Where somebody has to hold a permission to look after a body: platform, its region, the bodies above it; not itself."""
    found = session().get(Organization, organization_id)
    if found is None:
        return None
    region = (Scope(ScopeKind.REGION, found.region_code),) if found.region_code else ()
    return (PLATFORM, *region, *(Scope(ScopeKind.UNIT, str(key)) for key in chain_above(organization_id)[1:]))


def reached(reach: Reach) -> ColumnElement[bool]:
    """The condition that limits bodies to those below somebody; a body's own operator sees it too."""
    if reach.everywhere:
        return true()
    below = bodies_below(reach.units) if reach.units else set()
    regions = [Organization.region_code.startswith(prefix) for prefix in sorted(reach.regions)]
    return or_(Organization.id.in_(below), *regions)


def units(reach: Reach, *, search: str = "", order: str = "name", descending: bool = False) -> Select[Any]:
    """The bodies below somebody, searched by name, alias, region or credit code."""
    wanted = select(Organization).where(reached(reach)).options(selectinload(Organization.aliases))
    if search:
        text = search.strip()
        wanted = wanted.where(
            or_(
                Organization.name.contains(text, autoescape=True),
                Organization.aliases.any(OrganizationAlias.name.contains(text, autoescape=True)),
                Organization.region_code.startswith(text, autoescape=True),
                Organization.credit_code == text,
            )
        )
    column = {"region": Organization.region_code, "kind": Organization.kind}.get(order, Organization.name)
    return wanted.order_by(column.desc() if descending else column, Organization.name, Organization.id)


def names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Body → name."""
    wanted = select(Organization.id, Organization.name).where(Organization.id.in_(ids))
    return {row.id: row.name for row in session().execute(wanted)}


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who operates a body or looks after a region."""

    grant: RoleGrant
    name: str
    user_name: str


def operators(scope: Scope, role: Role, at: datetime) -> list[Operator]:
    """Who holds a role exactly there, in one query."""
    return _holders(RoleGrant.scope_key == scope.key, scope.kind, role, at)


def region_officers(reach: Reach, at: datetime) -> list[Operator]:
    """The region officers below somebody."""
    condition = (
        true()
        if reach.everywhere
        else or_(false_(), *(RoleGrant.scope_key.startswith(prefix) for prefix in sorted(reach.regions)))
    )
    found = _holders(condition, ScopeKind.REGION, Role.REGION_OFFICER, at)
    return [one for one in found if reach.everywhere or one.grant.scope_key not in reach.regions]


def false_() -> ColumnElement[bool]:
    """Nothing."""
    return RoleGrant.scope_key == "-"


def grant(grant_id: UUID) -> RoleGrant:
    """One grant. Raises Missing."""
    found = session().get(RoleGrant, grant_id)
    if found is None:
        raise Missing
    return found


def _holders(condition: ColumnElement[bool], kind: ScopeKind, role: Role, at: datetime) -> list[Operator]:
    wanted = (
        select(RoleGrant, Person.name_zh, Account.user_name)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == role.value,
            RoleGrant.scope_kind == kind.value,
            condition,
            RoleGrant.withdrawn_at.is_(None),
            or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
        )
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return [Operator(row, name, user_name or "") for row, name, user_name in session().execute(wanted)]
