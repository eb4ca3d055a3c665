"""Reading links, nominations and the tree of an event across tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from competitions.advancement.models import Nomination, SelectionLink
from competitions.entries.models.entries import Delegation, Entry, EntryMember
from competitions.entries.queries import delegations
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Event
from competitions.publications.models import Publication, PublicationKind
from competitions.publications.queries import latest
from foundation.db import session
from foundation.permission import Scope, ScopeKind
from foundation.refusal import Missing

DEEPEST = 8
"""Tiers of a tree; more would be a ring."""


def link_scopes(link_id: UUID) -> Sequence[Scope] | None:
    """A link belongs to the event it selects for."""
    found = session().get(SelectionLink, link_id)
    return programme.event_scopes(found.target_event_id) if found else None


def nomination_scopes(nomination_id: UUID) -> Sequence[Scope] | None:
    """A nomination belongs to the event above and to the delegation it would join."""
    found = session().get(Nomination, nomination_id)
    link = session().get(SelectionLink, found.link_id) if found else None
    above = programme.event_scopes(link.target_event_id) if link else None
    return None if above is None or link is None else (*above, Scope(ScopeKind.DELEGATION, str(link.delegation_id)))


def links_into(event_id: UUID) -> Sequence[SelectionLink]:
    """The links that bring people into an event, with their nominations, in a constant number of queries."""
    wanted = select(SelectionLink).where(SelectionLink.target_event_id == event_id, SelectionLink.ended_at.is_(None))
    loaded = (
        joinedload(SelectionLink.source).joinedload(Event.competition),
        joinedload(SelectionLink.delegation),
        selectinload(SelectionLink.nominations),
    )
    return session().scalars(wanted.options(*loaded).order_by(SelectionLink.made_at, SelectionLink.id)).all()


def links_of_delegation(delegation_id: UUID) -> Sequence[SelectionLink]:
    """The links that bring people into a delegation."""
    wanted = select(SelectionLink).where(SelectionLink.delegation_id == delegation_id, SelectionLink.ended_at.is_(None))
    loaded = (
        joinedload(SelectionLink.source).joinedload(Event.competition),
        joinedload(SelectionLink.target),
        joinedload(SelectionLink.delegation),
        selectinload(SelectionLink.nominations),
    )
    return session().scalars(wanted.options(*loaded).order_by(SelectionLink.made_at, SelectionLink.id)).all()


def links_from(event_id: UUID, division_id: UUID) -> Sequence[SelectionLink]:
    """The links that an event's results feed."""
    wanted = select(SelectionLink).where(
        SelectionLink.source_event_id == event_id, SelectionLink.source_division_id == division_id,
        SelectionLink.ended_at.is_(None),
    )  # fmt: skip
    return session().scalars(wanted).all()


def decided(link: SelectionLink) -> Publication | None:
    """The decided publication in force below."""
    return latest(link.source_event_id, link.source_division_id, PublicationKind.DECIDED)


def names(entry_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Entry → (names, units) of its members in order."""
    wanted = (
        select(Entry).where(Entry.id.in_(entry_ids)).options(selectinload(Entry.members).joinedload(EntryMember.person))
    )
    return {
        row.id: ("、".join(one.person.name_zh for one in row.members), "、".join(dict.fromkeys(one.unit_name for one in row.members)))
        for row in session().scalars(wanted)
    }  # fmt: skip


def candidates_below(event_id: UUID) -> Sequence[Event]:
    """Events of other competitions in the same occupation that could select for this one."""
    event = programme.event(event_id)
    wanted = (
        select(Event)
        .join(Competition, Competition.id == Event.competition_id)
        .where(
            Event.competition_id != event.competition_id, Event.occupation_code == event.occupation_code,
            Event.cancelled_at.is_(None),
        )
        .options(joinedload(Event.competition), selectinload(Event.divisions))
        .order_by(Competition.starts_on.desc(), Event.position)
        .limit(200)
    )  # fmt: skip
    return session().scalars(wanted).unique().all()


@dataclass(frozen=True, slots=True)
class Branch:
    """One event in the tree: what selects for it, by how many seats filled."""

    event: Event
    link: SelectionLink | None
    below: tuple[Branch, ...]


def tree(event_id: UUID) -> Branch:
    """Where the seats of an event come from, tier under tier. Raises Missing. One query a tier."""
    top = programme.event(event_id)
    levels: list[Sequence[SelectionLink]] = []
    wanted: Sequence[UUID] = [event_id]
    seen = {event_id}
    while wanted and len(levels) < DEEPEST:
        found = session().scalars(
            select(SelectionLink)
            .where(SelectionLink.target_event_id.in_(wanted), SelectionLink.ended_at.is_(None))
            .options(
                joinedload(SelectionLink.source).joinedload(Event.competition),
                joinedload(SelectionLink.delegation),
                selectinload(SelectionLink.nominations),
            )
            .order_by(SelectionLink.made_at, SelectionLink.id)
        ).all()  # fmt: skip
        levels.append(found)
        wanted = [link.source_event_id for link in found if link.source_event_id not in seen]
        seen.update(wanted)
    by_target: dict[UUID, list[SelectionLink]] = {}
    for level in levels:
        for link in level:
            by_target.setdefault(link.target_event_id, []).append(link)

    def branch(event: Event, link: SelectionLink | None, above: frozenset[UUID]) -> Branch:
        under = [one for one in by_target.get(event.id, ()) if one.source_event_id not in above]
        return Branch(event, link, tuple(branch(one.source, one, above | {one.source_event_id}) for one in under))

    return branch(top, None, frozenset({event_id}))


def makes_ring(source_event_id: UUID, target_event_id: UUID) -> bool:
    """Would a link from source to target close a ring: does the target already feed the source, directly or by others?"""
    wanted, seen = [source_event_id], {source_event_id}
    while wanted:
        found = session().scalars(
            select(SelectionLink.source_event_id).where(
                SelectionLink.target_event_id.in_(wanted), SelectionLink.ended_at.is_(None)
            )
        )
        wanted = [key for key in found if key not in seen]
        seen.update(wanted)
    return target_event_id in seen


def target_of(link_id: UUID) -> UUID:
    """The event a link selects for. Raises Missing."""
    found = session().get(SelectionLink, link_id)
    if found is None:
        raise Missing
    return found.target_event_id


def delegation(delegation_id: UUID) -> Delegation:
    """One delegation. Raises Missing."""
    return delegations.delegation(delegation_id)


def nomination(nomination_id: UUID) -> Nomination:
    """One nomination. Raises Missing."""
    found = session().get(Nomination, nomination_id)
    if found is None:
        raise Missing
    return found
