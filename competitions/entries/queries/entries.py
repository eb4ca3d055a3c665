"""Reading entries: lists start from one competition or event, whose permission the caller has checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.organizations.queries import bodies_above
from accounts.people.models import Person, Qualification
from accounts.people.queries import matches
from accounts.sign_in.models import Account
from competitions.entries.models.entries import Attendance, Delegation, EligibilityVerdict, Entry, EntryMember
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Event
from competitions.rules.eligibility import EVIDENCE
from competitions.rules.lifecycle import CompetitionState, EntryState
from foundation.db import remembered, session
from foundation.permission import Scope, ScopeKind
from foundation.refusal import Missing

ORDERS = ("number", "name", "unit", "event", "state", "attendance")
COUNTED = (Attendance.PRESENT, Attendance.LATE, Attendance.STOPPED)
LIVE = (
    EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED, EntryState.WAITING, EntryState.OFFERED,
)  # fmt: skip
_WHOLE = (
    joinedload(Entry.event).joinedload(Event.competition),
    joinedload(Entry.division),
    joinedload(Entry.delegation),
    selectinload(Entry.members).joinedload(EntryMember.person).selectinload(Person.documents),
    selectinload(Entry.members).joinedload(EntryMember.held_grade),
)


def entry(entry_id: UUID) -> Entry:
    """One entry with everything its page shows, in a constant number of queries. Raises Missing."""
    wanted = (
        select(Entry)
        .where(Entry.id == entry_id)
        .options(
            *_WHOLE,
            selectinload(Entry.members).joinedload(EntryMember.person).selectinload(Person.qualifications),
            selectinload(Entry.verdicts),
        )
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def member_at(found: Entry, position: int) -> EntryMember:
    """The member of an entry at a position. Raises Missing."""
    for member in found.members:
        if member.position == position:
            return member
    raise Missing


def entries_of_event(event_id: UUID, *, states: Iterable[str] = ()) -> Sequence[Entry]:
    """The entries of an event by division and number, with members; only those in `states` when given."""
    wanted = select(Entry).where(Entry.event_id == event_id).options(*_WHOLE)
    if states:
        wanted = wanted.where(Entry.state.in_(tuple(states)))
    return sorted(session().scalars(wanted).all(), key=lambda row: (row.division.position, row.number))


def entries_of_competition_accepted(competition_id: UUID, event_ids: Collection[UUID]) -> Sequence[Entry]:
    """The accepted entries of some events of a competition by number, with everything a list shows, in a constant number of queries."""
    wanted = select(Entry).where(
        Entry.competition_id == competition_id, Entry.event_id.in_(event_ids), Entry.state == EntryState.ACCEPTED.value
    )
    return session().scalars(wanted.options(*_WHOLE).order_by(Entry.number)).unique().all()


def entries_of_competition(
    competition_id: UUID, *, search: str = "", event: str = "", state: str = "", light: str = "", attendance: str = "",
    order: str = "number", descending: bool = False,
) -> Select[Any]:  # fmt: skip
    """Entries of a competition: searched by name, pinyin, unit or number; filtered; in one of `ORDERS`."""
    first = (
        select(EntryMember.entry_id, Person.name_pinyin, EntryMember.unit_name)
        .join(Person)
        .where(EntryMember.position == 1)
        .subquery()
    )
    wanted = (
        select(Entry)
        .where(Entry.competition_id == competition_id)
        .join(first, first.c.entry_id == Entry.id)
        .join(Event, Event.id == Entry.event_id)
        .options(*_WHOLE)
    )
    if search:
        wanted = wanted.where(_found(search))
    if event:
        wanted = wanted.where(Event.code == event)
    if state:
        wanted = wanted.where(Entry.state == state)
    if attendance:
        wanted = wanted.where(Entry.attendance == attendance)
    if light:
        wanted = wanted.where(lacking() if light == "missing" else not_(lacking()))
    columns: dict[str, Any] = {
        "number": Entry.number, "name": first.c.name_pinyin, "unit": first.c.unit_name, "event": Event.position,
        "state": Entry.state, "attendance": Entry.attendance,
    }  # fmt: skip
    column = columns.get(order, Entry.number)
    return wanted.order_by(column.desc() if descending else column, Entry.number)


def _found(search: str) -> ColumnElement[bool]:
    text = search.strip()
    conditions = [
        Entry.members.any(
            or_(EntryMember.unit_name.contains(text, autoescape=True), EntryMember.person.has(matches(text)))
        ),
        Entry.pass_number.icontains(text, autoescape=True),
    ]
    if text.isdigit() and len(text) < 9:
        conditions.append(Entry.number == int(text))
    return or_(*conditions)


# --- the certificate-ready light (办证信息齐全) --------------------------------------------------------------------------


def certificate_gaps(member: EntryMember) -> list[str]:
    """What a certificate for this member still needs, as codes `gap:…`, in the order of the form; empty: the light is on.

    The fields are those of the evaluation organizations' candidate template (评价机构考生信息模板) and of the photo on the
    certificate's official layout (人社鉴发〔2021〕1号). `lacking()` says the same in SQL; a test compares them.
    """
    person, held = member.person, member.held_grade
    there = {
        "photo": person.photo_id is not None,
        "identity_document": bool(person.documents),
        "sex": person.sex in ("1", "2"),
        "birth_date": person.birth_date is not None,
        "ethnic_group": bool(person.ethnic_group),
        "education": bool(person.education),
        "phone": person.phone_index is not None,
        "address": person.address is not None,
        "identity_class": bool(member.identity_class),
        "unit": bool(member.unit_name),
        "years_in_trade": member.years_in_trade is not None,
        "held_grade_number": held is None or held.number_index is not None,
    }
    return [f"gap:{name}" for name, present in there.items() if not present]


def lacking() -> ColumnElement[bool]:
    """The condition: some member of the entry has a gap."""
    person = or_(
        Person.photo_id.is_(None), not_(Person.documents.any()), Person.sex.not_in(("1", "2")), Person.birth_date.is_(None),
        Person.ethnic_group == "", Person.education == "", Person.phone_index.is_(None), Person.address.is_(None),
    )  # fmt: skip
    return Entry.members.any(
        or_(
            EntryMember.unit_name == "",
            EntryMember.identity_class == "",
            EntryMember.years_in_trade.is_(None),
            EntryMember.person.has(person),
            EntryMember.held_grade.has(Qualification.number_index.is_(None)),
        )
    )


# --- figures ----------------------------------------------------------------------------------------------------------


def counting_base(event_id: UUID, division_id: UUID) -> int:
    """How many accepted entries started (present, late, stopped): what shares of prizes and grades are counted from."""
    wanted = select(func.count()).where(
        Entry.event_id == event_id,
        Entry.division_id == division_id,
        Entry.state == EntryState.ACCEPTED,
        Entry.attendance.in_(COUNTED),
    )
    return session().scalar(wanted) or 0


def attendance_counts(event_id: UUID) -> dict[str, int]:
    """Accepted entries of an event by attendance; every attendance is named."""
    return attendance_counts_of([event_id])[event_id]


def attendance_counts_of(event_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """The same for several events, in one query."""
    wanted = (
        select(Entry.event_id, Entry.attendance, func.count())
        .where(Entry.event_id.in_(event_ids), Entry.state == EntryState.ACCEPTED)
        .group_by(Entry.event_id, Entry.attendance)
    )
    found = {(event, kind): count for event, kind, count in session().execute(wanted)}
    return {event: {kind.value: found.get((event, kind.value), 0) for kind in Attendance} for event in event_ids}


@dataclass(frozen=True, slots=True)
class Figures:
    """Entries of a competition in numbers."""

    by_state: Counter[str]
    by_attendance: Counter[str]
    lights_missing: int


def figures(competition_id: UUID) -> Figures:
    """Counts for the organizer's board, in two queries."""
    rows = session().execute(
        select(Entry.state, Entry.attendance, func.count())
        .where(Entry.competition_id == competition_id)
        .group_by(Entry.state, Entry.attendance)
    )
    states: Counter[str] = Counter()
    attendances: Counter[str] = Counter()
    for state, attendance, count in rows:
        states[state] += count
        if state == EntryState.ACCEPTED:
            attendances[attendance] += count
    missing = session().scalar(
        select(func.count()).where(
            Entry.competition_id == competition_id, Entry.state == EntryState.ACCEPTED, lacking()
        )
    )
    return Figures(states, attendances, missing or 0)


# --- people -----------------------------------------------------------------------------------------------------------


def entries_of_person(person_id: UUID) -> Sequence[Entry]:
    """Everything a person is entered in, latest first."""
    wanted = (
        select(Entry)
        .where(Entry.members.any(EntryMember.person_id == person_id))
        .options(*_WHOLE, selectinload(Entry.verdicts))
        .order_by(Entry.created_at.desc(), Entry.number.desc())
    )
    return session().scalars(wanted).all()


def own_entry(entry_id: UUID, person_id: UUID | None) -> Entry:
    """An entry of which the person is a member. Raises Missing for anybody else's."""
    found = entry(entry_id)
    if person_id is None or all(member.person_id != person_id for member in found.members):
        raise Missing
    return found


def member(member_id: UUID) -> EntryMember:
    """One member with entry, event and competition. Raises Missing."""
    wanted = (
        select(EntryMember)
        .where(EntryMember.id == member_id)
        .options(
            joinedload(EntryMember.entry).joinedload(Entry.event).joinedload(Event.competition),
            joinedload(EntryMember.person).selectinload(Person.documents),
        )
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def with_account(person_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these people can sign in."""
    wanted = select(Account.person_id).where(Account.person_id.in_(set(person_ids)), Account.closed_at.is_(None))
    return set(session().scalars(wanted))


def other_events(person_id: UUID, found: Entry) -> int:
    """In how many other events of the same competition the person is entered."""
    wanted = select(func.count(Entry.event_id.distinct())).where(
        Entry.competition_id == found.competition_id,
        Entry.event_id != found.event_id,
        Entry.state.in_(LIVE),
        Entry.members.any(EntryMember.person_id == person_id),
    )
    return session().scalar(wanted) or 0


def entered_in(person_id: UUID, event_id: UUID) -> bool:
    """Is the person in a live entry of this event?"""
    wanted = select(Entry.id).where(
        Entry.event_id == event_id,
        Entry.state.in_(LIVE),
        Entry.members.any(EntryMember.person_id == person_id),
    )
    return session().scalars(wanted.limit(1)).first() is not None


def shown_facts(verdict: EligibilityVerdict) -> dict[str, Any]:
    """A stored verdict's facts for its sentence: days are days again."""
    facts = dict(verdict.facts)
    if isinstance(facts.get("on"), str):
        facts["on"] = date.fromisoformat(facts["on"])
    return facts


def wanted_evidence(verdict: EligibilityVerdict) -> str:
    """The code of the evidence a stored verdict asks for; empty when none."""
    return EVIDENCE.get(verdict.code, "")


def event_filter(competition_id: UUID) -> Sequence[Event]:
    """The events of a competition with divisions, for filters. Raises Missing."""
    return programme.competition(competition_id).events


def entry_scopes(entry_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of an entry: its event's, its delegation, the bodies of all its people, its members themselves.

    A team of two units is one of neither: an operator sees the own unit's people alone.
    """
    found = session().get(Entry, entry_id)
    above = programme.event_scopes(found.event_id) if found else None
    if found is None or above is None:
        return None
    people = session().execute(
        select(EntryMember.person_id, EntryMember.unit_id).where(EntryMember.entry_id == entry_id)
    )
    members = [(row.person_id, row.unit_id) for row in people]
    sender = session().get(Delegation, found.delegation_id) if found.delegation_id else None
    units = unit_scopes([unit for _person, unit in members]) if members else ()
    own = unit_scopes([sender.organization_id]) if sender else ()
    delegation = (Scope(ScopeKind.DELEGATION, str(found.delegation_id)),) if found.delegation_id else ()
    return (
        *above,
        *delegation,
        *dict.fromkeys((*own, *units)),
        *(Scope(ScopeKind.SELF, str(key)) for key, _unit in members),
    )


def unit_scopes(organization_ids: Sequence[UUID | None]) -> Sequence[Scope]:
    """The bodies that stand above all of these, themselves included, as scopes of their operators; none when one is unknown."""
    if not organization_ids or None in organization_ids:
        return ()
    keys = frozenset(key for key in organization_ids if key is not None)

    def load() -> Sequence[Scope]:
        shared = set.intersection(*(bodies_above([key]) for key in keys))
        return [Scope(ScopeKind.UNIT, str(key)) for key in sorted(shared)]

    return remembered((unit_scopes, keys), load)


def highest_number(competition_id: UUID) -> int:
    """The last entry number given in a competition."""
    return session().scalar(select(func.max(Entry.number)).where(Entry.competition_id == competition_id)) or 0


def pass_numbers(competition_id: UUID) -> set[str]:
    """The pass numbers given in a competition."""
    wanted = select(Entry.pass_number).where(Entry.competition_id == competition_id, Entry.pass_number.is_not(None))
    return {number for number in session().scalars(wanted) if number}


def waiting_for_review(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that have an entry to review."""
    wanted = select(Entry.event_id).where(Entry.event_id.in_(event_ids), Entry.state == EntryState.SUBMITTED.value)
    return set(session().scalars(wanted.distinct()))


def waiting_for_check_in(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events whose registration is closed and that still expect somebody."""
    wanted = (
        select(Entry.event_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Competition, Competition.id == Event.competition_id)
        .where(
            Entry.event_id.in_(event_ids),
            Entry.state == EntryState.ACCEPTED.value,
            Entry.attendance == Attendance.EXPECTED.value,
            Competition.state.in_((CompetitionState.REGISTRATION_CLOSED, CompetitionState.IN_PROGRESS)),
        )
    )
    return set(session().scalars(wanted.distinct()))
