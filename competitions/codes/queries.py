"""Reading works and the state of their seal. The link to entries is read here in two places only: custody, and results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from competitions.codes.models import CodeSeal, Work, WorkEntry
from competitions.entries.models.entries import Attendance, Entry
from competitions.programme import queries as programme
from competitions.programme.models import Event
from foundation.db import remembered, session
from foundation.refusal import Refusal

# Who gets a work, and whose work is taken back. Who stopped in the middle keeps theirs: started counts.
WITH_WORK = (Attendance.EXPECTED.value, Attendance.PRESENT.value, Attendance.LATE.value)
KEEPS_WORK = (*WITH_WORK, Attendance.STOPPED.value)


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One line of the sealed list. No name stands on it: the entry number leads to one elsewhere."""

    entry_number: int
    pass_number: str
    division: str
    code: str
    withdrawn: bool


def works(event_id: UUID, *, withdrawn: bool = False) -> Sequence[Work]:
    """The works of an event in order of their codes; those taken back only when asked for."""
    wanted = select(Work).where(Work.event_id == event_id).order_by(Work.code)
    if not withdrawn:
        wanted = wanted.where(Work.withdrawn_at.is_(None))
    return session().scalars(wanted).all()


def seal_of(event_id: UUID) -> CodeSeal | None:
    """The custody of an event's codes, or None before they are made."""
    return session().get(CodeSeal, event_id)


def seal_state(seal: CodeSeal | None) -> str:
    """Where custody stands: not_made, sealed, released, asked, unblinded."""
    if seal is None:
        return "not_made"
    if seal.unblinded_at is not None:
        return "unblinded"
    if seal.asked_at is not None:
        return "asked"
    return "released" if seal.released_at is not None else "sealed"


def seals(event_ids: Sequence[UUID]) -> dict[UUID, CodeSeal]:
    """The custody of several events, in one query."""
    wanted = select(CodeSeal).where(CodeSeal.event_id.in_(event_ids))
    # Several rooms say on one board what is due by the state of custody.
    return remembered((seals, frozenset(event_ids)), lambda: {row.event_id: row for row in session().scalars(wanted)})


def work_counts(event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many works are to be marked in each event."""
    wanted = (
        select(Work.event_id, func.count())
        .where(Work.event_id.in_(event_ids), Work.withdrawn_at.is_(None))
        .group_by(Work.event_id)
    )
    return dict(session().execute(wanted).all())


def entries_by_work(event_id: UUID) -> dict[UUID, UUID]:
    """Work → entry, for results. Raises Refusal codes_not_made, and codes_sealed before unblinding."""
    seal = seal_of(event_id)
    if seal is None:
        raise Refusal("codes_not_made")
    if seal.unblinded_at is None:
        raise Refusal("codes_sealed")
    wanted = (
        select(WorkEntry.work_id, WorkEntry.entry_id)
        .join(Work, Work.id == WorkEntry.work_id)
        .where(Work.event_id == event_id, Work.withdrawn_at.is_(None))
    )
    return dict(session().execute(wanted).all())


def custody_rows(event_id: UUID) -> list[MappingRow]:
    """The sealed list. For `actions.open_mapping`, which records who opened it, and for nobody else before unblinding."""
    wanted = (
        select(Entry, Work)
        .join(WorkEntry, WorkEntry.entry_id == Entry.id)
        .join(Work, Work.id == WorkEntry.work_id)
        .where(Work.event_id == event_id)
        .options(joinedload(Entry.division))
        .order_by(Entry.number)
    )
    return [
        MappingRow(
            entry.number, entry.pass_number or "", entry.division.name_zh, work.code, work.withdrawn_at is not None
        )
        for entry, work in session().execute(wanted)
    ]


def without_work(event_id: UUID) -> int:
    """How many accepted entries that are not absent have no work yet; a figure, not who."""
    wanted = (
        select(func.count())
        .select_from(Entry)
        .outerjoin(WorkEntry, WorkEntry.entry_id == Entry.id)
        .where(
            Entry.event_id == event_id,
            Entry.state == "accepted",
            Entry.attendance.in_(WITH_WORK),
            WorkEntry.work_id.is_(None),
        )
    )
    return session().scalar(wanted) or 0


def events_of(competition_id: UUID) -> Sequence[Event]:
    """The events of a competition in their order. Raises Missing."""
    return [event for event in programme.competition(competition_id).events if event.cancelled_at is None]


def waiting_for_custody(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events where codes are to be made (somebody came, no code yet) or two people are to unblind."""
    held = seals(list(event_ids))
    came = session().scalars(
        select(Entry.event_id).where(
            Entry.event_id.in_(event_ids),
            Entry.state == "accepted",
            Entry.attendance.in_((Attendance.PRESENT.value, Attendance.LATE.value)),
        )
    )
    unmade = set(came) - set(held)
    return unmade | {key for key, seal in held.items() if seal_state(seal) in ("released", "asked")}


def being_marked(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events whose works have codes and whose marking is not finished."""
    return {key for key, seal in seals(list(event_ids)).items() if seal_state(seal) == "sealed"}


def unblinded(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that are unblinded."""
    return {key for key, seal in seals(list(event_ids)).items() if seal_state(seal) == "unblinded"}
