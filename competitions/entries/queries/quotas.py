"""The quotas of a competition, and how many hold a place in each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from accounts.organizations.queries import known_as, names_of
from competitions.entries.models.entries import Delegation, Entry, EntryMember
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Division, Event
from competitions.rules.lifecycle import EntryState
from competitions.rules.quotas import Group, Newcomer, Quota, added, moving_up, quota, shares
from foundation.db import session

HOLDING = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED, EntryState.OFFERED)
"""States that hold a place. A delegation's drafts count for its own quotas as well: its leader sees "3 of 5" while entering."""


def quotas_of(competition_id: UUID) -> tuple[Quota, ...]:
    """The quotas in force: those of the rule set, then the places of each division."""
    _version, rules = programme.rule_set_in_force(competition_id)
    return (
        *(quota(one) for one in rules.quotas),
        *(
            Quota(
                f"division:{division.id}", "competition", "division", division.quota, events=(event.code,),
                divisions=(division.kind,), beyond=rules.full_division,
            )
            for event in programme.competition(competition_id).events
            for division in event.divisions
            if division.quota is not None
        ),
    )  # fmt: skip


def newcomers(entries: Sequence[Entry]) -> list[Newcomer]:
    """Entries as quotas see them; the names of units are looked up in one query."""
    units = iter(known_as([member.unit_name for entry in entries for member in entry.members]))
    return [
        Newcomer(
            entry.event.code, entry.division.kind, str(entry.delegation_id or ""),
            tuple(next(units) for _member in entry.members),
        )
        for entry in entries
    ]  # fmt: skip


def _holds(per: str) -> ColumnElement[bool]:
    place = Entry.state.in_(HOLDING)
    own_draft = and_(Entry.state == EntryState.DRAFT, Entry.delegation_id.is_not(None))
    return place if per == "competition" else or_(place, own_draft)


def taken(
    competition_id: UUID, quotas: Iterable[Quota], people: Iterable[Newcomer], *, without: Collection[UUID] = ()
) -> dict[Group, int]:
    """How many hold a place where these people would count, but for the entries `without`: one count a group."""
    wanted = {group: one for one in quotas for who in people for group in shares(one, who)}
    return {group: _count(competition_id, one, group, without) for group, one in wanted.items()}


def _count(competition_id: UUID, one: Quota, group: Group, without: Collection[UUID]) -> int:
    counted = EntryMember.id if one.counted == "people" else Entry.id
    wanted = select(func.count(counted.distinct())).select_from(Entry).join(EntryMember).join(Event).join(Division)
    conditions = [Entry.competition_id == competition_id, _holds(one.per)]
    if without:
        conditions.append(Entry.id.not_in(without))
    for column, named, limited in (
        (Event.code, group.event, one.events),
        (Division.kind, group.division, one.divisions),
    ):
        if named or limited:
            conditions.append(column.in_((named,) if named else limited))
    if one.per == "delegation":
        conditions.append(Entry.delegation_id == UUID(group.body))
    if one.per == "unit":
        conditions.append(EntryMember.unit_name.in_(names_of(group.body)))
    return session().scalar(wanted.where(*conditions)) or 0


def tally(competition_id: UUID, quotas: Sequence[Quota]) -> dict[Group, int]:
    """Every count of these quotas, from one pass over the entries that hold a place."""
    if not quotas:
        return {}
    wanted = (
        select(Entry.id, Entry.state, Entry.delegation_id, Event.code, Division.kind, EntryMember.unit_name)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Event, Event.id == Entry.event_id)
        .join(Division, Division.id == Entry.division_id)
        .where(Entry.competition_id == competition_id, _holds("delegation"))
    )
    rows = session().execute(wanted).all()
    units = dict(zip([row[5] for row in rows], known_as([row[5] for row in rows]), strict=True))
    entries: dict[UUID, tuple[bool, Newcomer]] = {}
    for key, state, delegation, event, division, unit in rows:
        before = entries[key][1].units if key in entries else ()
        who = Newcomer(event, division, str(delegation or ""), (*before, units[unit]))
        entries[key] = (state == EntryState.DRAFT, who)
    own = [one for one in quotas if one.per != "competition"]
    counts = added(own, (who for _draft, who in entries.values()))
    whole = [one for one in quotas if one.per == "competition"]
    return counts | added(whole, (who for draft, who in entries.values() if not draft))


@dataclass(frozen=True, slots=True)
class Line:
    """A quota in a place: whose (a name, empty for one's own), in which event and division (names; empty for all), how many of how many."""

    quota: Quota
    body: str
    event: str
    division: str
    taken: int

    @property
    def full(self) -> bool:
        """Is there no room?"""
        return self.taken >= self.quota.most


def lines_of_delegation(row: Delegation, competition: Competition) -> list[Line]:
    """What a delegation has of each of its quotas, by event and division where those count, also where nobody is entered yet."""
    quotas = [one for one in quotas_of(competition.id) if one.per in ("delegation", "competition")]
    counts = tally(competition.id, quotas)
    made: dict[Group, Line] = {}
    for event in competition.events:
        for division in event.divisions:
            if event.cancelled_at is not None:
                continue
            who = Newcomer(event.code, division.kind, str(row.id), ("",))
            for one in quotas:
                for group in shares(one, who):
                    made[group] = Line(
                        one, "", event.name_zh if group.event else "",
                        division.name_zh if group.division else "", counts.get(group, 0),
                    )  # fmt: skip
    return list(made.values())


def lines_of_competition(competition: Competition, quotas: Sequence[Quota]) -> dict[str, list[Line]]:
    """Quota key → who has how many of it, the fullest first."""
    events = {event.code: event for event in competition.events}
    names = dict(
        session().execute(select(Delegation.id, Delegation.name).where(Delegation.competition_id == competition.id)).all()
    )  # fmt: skip
    by_key = {one.key: one for one in quotas}
    found: dict[str, list[Line]] = {one.key: [] for one in quotas}
    for group, count in tally(competition.id, quotas).items():
        one, event = by_key[group.quota], events.get(group.event)
        divisions = {division.kind: division.name_zh for division in event.divisions} if event else {}
        body = names.get(UUID(group.body), "") if one.per == "delegation" else group.body
        found[one.key].append(
            Line(one, body, event.name_zh if event else "", divisions.get(group.division, group.division), count)
        )
    return {key: sorted(lines, key=lambda line: (-line.taken, line.body, line.event)) for key, lines in found.items()}


# --- the waiting list -------------------------------------------------------------------------------------------------


def waiting(competition_id: UUID) -> Sequence[Entry]:
    """Who waits for a place, in order: since when, then by number; those with an offer among them."""
    wanted = (
        select(Entry)
        .where(Entry.competition_id == competition_id, Entry.state.in_((EntryState.WAITING, EntryState.OFFERED)))
        .options(
            selectinload(Entry.event), selectinload(Entry.division), selectinload(Entry.delegation),
            selectinload(Entry.members).selectinload(EntryMember.person),
        )
        .order_by(Entry.waiting_since, Entry.number)
    )  # fmt: skip
    return session().scalars(wanted).all()


def place_of(entry: Entry) -> tuple[int, int]:
    """(place, how many wait) of a waiting entry in its division; those with an offer stand before it."""
    wanted = (
        select(Entry.id)
        .where(Entry.division_id == entry.division_id, Entry.state == EntryState.WAITING)
        .order_by(Entry.waiting_since, Entry.number)
    )
    line = list(session().scalars(wanted))
    return line.index(entry.id) + 1, len(line)


def places_in_line(entries: Sequence[Entry]) -> Mapping[UUID, int]:
    """Waiting entry → its place in its division, for entries in the order of the list."""
    counts: dict[UUID, int] = {}
    found = {}
    for entry in entries:
        if entry.state == EntryState.WAITING:
            counts[entry.division_id] = counts.get(entry.division_id, 0) + 1
            found[entry.id] = counts[entry.division_id]
    return found


def whose_turn(competition_id: UUID) -> list[Entry]:
    """The waiting entries for which there is a place by now, in their order."""
    line = [entry for entry in waiting(competition_id) if entry.state == EntryState.WAITING]
    if not line:
        return []
    quotas = quotas_of(competition_id)
    people = newcomers(line)
    return [line[place] for place in moving_up(quotas, people, tally(competition_id, quotas))]
