"""Reading the check-in: how every entry of an event stands, what waits for a decision, who noted what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.people.models import Person
from accounts.people.queries import people
from competitions.entries.models.check_in import CheckInNote
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.queries import entries
from competitions.programme import queries as programme
from competitions.rules.check_in import Outcome, Standing, Step
from competitions.rules.lifecycle import EntryState
from foundation.db import session
from foundation.permission import Scope
from foundation.refusal import Missing


def note(note_id: UUID) -> CheckInNote:
    """One note. Raises Missing."""
    found = session().get(CheckInNote, note_id)
    if found is None:
        raise Missing
    return found


def note_scopes(note_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a note: its event's."""
    found = session().get(CheckInNote, note_id)
    return programme.event_scopes(found.event_id) if found else None


def notes_of_entry(entry_id: UUID) -> Sequence[CheckInNote]:
    """Everything noted of an entry, first to last."""
    wanted = select(CheckInNote).where(CheckInNote.entry_id == entry_id)
    return session().scalars(wanted.order_by(CheckInNote.number)).all()


def _notes_of_event(event_id: UUID) -> dict[UUID, list[CheckInNote]]:
    wanted = select(CheckInNote).where(CheckInNote.event_id == event_id).order_by(CheckInNote.number)
    found: dict[UUID, list[CheckInNote]] = {}
    for row in session().scalars(wanted):
        found.setdefault(row.entry_id, []).append(row)
    return found


def standing_of(attendance: str, notes: Sequence[CheckInNote]) -> Standing:
    """How an entry stands after its notes. The attendance is the entry's own."""
    counted = [row for row in notes if row.outcome != Outcome.HELD]
    open_ = False
    for row in counted:
        if row.step == Step.MISMATCH:
            open_ = True
        elif row.settles_id is not None:
            open_ = False
    return Standing(attendance, counted[-1].id if counted else None, open_)


def waiting_of(notes: Sequence[CheckInNote]) -> list[CheckInNote]:
    """The notes of an entry that wait for a decision: held ones, and an identity that was doubted."""
    settled = {row.settles_id for row in notes if row.settles_id is not None}
    return [
        row
        for row in notes
        if row.id not in settled
        and (row.outcome == Outcome.HELD or (row.step == Step.MISMATCH and row.outcome == Outcome.RECEIVED))
    ]


def missing_of(notes: Sequence[CheckInNote]) -> tuple[int, ...]:
    """The positions of members who did not come, as last noted."""
    counted = [row for row in notes if row.outcome != Outcome.HELD]
    return tuple(counted[-1].missing) if counted else ()


@dataclass(frozen=True, slots=True)
class State:
    """How one entry stands now: what a door's screen needs, without any name."""

    entry_id: UUID
    standing: Standing
    waiting: int
    missing: tuple[int, ...]
    attended_at: datetime | None


def states(event_id: UUID) -> list[State]:
    """Every accepted entry of an event, in two queries."""
    notes = _notes_of_event(event_id)
    wanted = select(Entry.id, Entry.attendance, Entry.attended_at).where(
        Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED
    )
    return [
        State(
            key, standing_of(attendance, notes.get(key, ())), len(waiting_of(notes.get(key, ()))),
            missing_of(notes.get(key, ())), attended,
        )
        for key, attendance, attended in session().execute(wanted)
    ]  # fmt: skip


def state(entry_id: UUID) -> State:
    """One entry. Raises Missing."""
    found, notes = session().get(Entry, entry_id), notes_of_entry(entry_id)
    if found is None:
        raise Missing
    return State(
        entry_id, standing_of(found.attendance, notes), len(waiting_of(notes)), missing_of(notes), found.attended_at
    )


def doubted(entry_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these entries whose identity waits for a decision, in one query."""
    wanted = select(CheckInNote).where(CheckInNote.entry_id.in_(entry_ids)).order_by(CheckInNote.number)
    notes: dict[UUID, list[CheckInNote]] = {}
    for row in session().scalars(wanted):
        notes.setdefault(row.entry_id, []).append(row)
    return {key for key, rows in notes.items() if standing_of("", rows).identity_open}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A note to decide, whose it is, and what holds meanwhile."""

    note: CheckInNote
    entry: Entry
    by: str


def waiting_in(event_id: UUID) -> list[Waiting]:
    """What the organizer decides in an event, oldest first, in a constant number of queries."""
    rows = [row for notes in _notes_of_event(event_id).values() for row in waiting_of(notes)]
    wanted = (
        select(Entry)
        .where(Entry.id.in_({row.entry_id for row in rows}))
        .options(selectinload(Entry.members).joinedload(EntryMember.person))
    )
    found = {row.id: row for row in session().scalars(wanted)}
    names = people(row.noted_by for row in rows if row.noted_by)
    return [
        Waiting(row, found[row.entry_id], names[row.noted_by].name_zh if row.noted_by in names else "")
        for row in sorted(rows, key=lambda row: (row.client_at, row.id))
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One note in an entry's own list, with the name of who noted it."""

    note: CheckInNote
    by: str
    settled: bool


def history(entry_id: UUID) -> list[Line]:
    """What was noted of an entry and by whom, last first."""
    notes = notes_of_entry(entry_id)
    names = people(row.noted_by for row in notes if row.noted_by)
    waiting = {row.id for row in waiting_of(notes)}
    return [
        Line(row, names[row.noted_by].name_zh if row.noted_by in names else "", row.id not in waiting)
        for row in reversed(notes)
    ]


def counting_bases(event_id: UUID) -> dict[UUID, int]:
    """The counting base (`entries.counting_base`) of every division of an event that has one, in one query."""
    wanted = (
        select(Entry.division_id, func.count())
        .where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED, Entry.attendance.in_(entries.COUNTED))
        .group_by(Entry.division_id)
    )
    return dict(session().execute(wanted).all())


def door_list(event_id: UUID, *, named: Callable[[object], str]) -> list[dict[str, object]]:
    """The accepted entries as a door keeps them on its device: names, pinyin, unit, number, photo, the last four characters
    of the identity number and nothing else of anybody."""
    rows = entries.entries_of_event(event_id, states=(EntryState.ACCEPTED,))
    return [
        {
            "id": str(row.id), "number": row.number, "pass_number": row.pass_number or "",
            "division": named(row.division), "delegation": row.delegation.name if row.delegation else "",
            "members": [
                {
                    "id": str(member.id), "position": member.position, "name": member.person.name_zh,
                    "pinyin": member.person.name_pinyin, "unit": member.unit_name, "photo": member.person.photo_id is not None,
                    "last4": next((str(one.number)[-4:] for one in member.person.documents), ""),
                }
                for member in row.members
            ],
        }
        for row in rows
    ]  # fmt: skip


def photo_in(event_id: UUID, member_id: UUID) -> UUID:
    """The photo of a member of an accepted entry of this event. Raises Missing, also without a photo."""
    wanted = (
        select(Person.photo_id)
        .join(EntryMember, EntryMember.person_id == Person.id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(EntryMember.id == member_id, Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED)
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def with_entry(note_id: UUID) -> CheckInNote:
    """One note with its entry. Raises Missing."""
    wanted = select(CheckInNote).where(CheckInNote.id == note_id).options(joinedload(CheckInNote.entry))
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found
