"""Reading organizations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from accounts.organizations.models import Organization, OrganizationAlias
from foundation.db import session


def organization(organization_id: UUID) -> Organization | None:
    """One body, or None."""
    return session().get(Organization, organization_id)


def organization_named(name: str) -> Organization | None:
    """The body of that name or alias, or None."""
    found = (
        session()
        .scalars(select(Organization).where(Organization.name == name).order_by(Organization.created_at))
        .first()
    )
    if found is not None:
        return found
    return session().scalars(select(Organization).join(OrganizationAlias).where(OrganizationAlias.name == name)).first()


def names_of(name: str) -> set[str]:
    """Every name of the body that is called so, or the name alone when no body is."""
    body = organization_named(name)
    if body is None:
        return {name}
    aliases = session().scalars(select(OrganizationAlias.name).where(OrganizationAlias.organization_id == body.id))
    return {name, body.name, *aliases}


def known_as(names: Sequence[str]) -> list[str]:
    """Each name as its body is called in the register, where it is an alias; else as it is. One query."""
    wanted = (
        select(OrganizationAlias.name.label("alias"), Organization.name)
        .join(Organization, Organization.id == OrganizationAlias.organization_id)
        .where(OrganizationAlias.name.in_(set(names)))
    )
    official = {row.alias: row.name for row in session().execute(wanted)}
    return [official.get(name, name) for name in names]


def organizations(search: str = "", *, limit: int = 200) -> Sequence[Organization]:
    """Bodies by name."""
    wanted = select(Organization).order_by(Organization.name).limit(limit)
    if search:
        wanted = wanted.where(Organization.name.contains(search, autoescape=True))
    return session().scalars(wanted).all()


def chain_above(organization_id: UUID) -> list[UUID]:
    """The body and the bodies above it, nearest first; a loop in the data ends the walk."""
    chain: list[UUID] = []
    current: UUID | None = organization_id
    while current is not None and current not in chain:
        chain.append(current)
        found = session().get(Organization, current)
        current = found.parent_id if found else None
    return chain


def bodies_below(organization_ids: Collection[UUID]) -> set[UUID]:
    """The bodies and all bodies below them, in one query; a loop in the data ends by itself."""
    chain = select(Organization.id).where(Organization.id.in_(organization_ids)).cte(recursive=True)
    below = select(Organization.id).join(chain, chain.c.id == Organization.parent_id)
    return set(session().scalars(select(chain.union(below).c.id)))


def ids_named(names: Collection[str]) -> dict[str, UUID]:
    """Name or alias → body, for those that are one; two queries."""
    by_alias = select(OrganizationAlias.name, OrganizationAlias.organization_id).where(
        OrganizationAlias.name.in_(set(names))
    )
    by_name = select(Organization.name, Organization.id).where(Organization.name.in_(set(names)))
    found = {row.name: row.organization_id for row in session().execute(by_alias)}
    return found | {row.name: row.id for row in session().execute(by_name.order_by(Organization.created_at.desc()))}


def bodies_above(organization_ids: Collection[UUID]) -> set[UUID]:
    """The bodies and all bodies above them, in one query; a loop in the data ends by itself."""
    chain = (
        select(Organization.id, Organization.parent_id).where(Organization.id.in_(organization_ids)).cte(recursive=True)
    )
    above = select(Organization.id, Organization.parent_id).join(chain, chain.c.parent_id == Organization.id)
    return set(session().scalars(select(chain.union(above).c.id)))
