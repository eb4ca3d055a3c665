"""Reading a rehearsal: its invented works and the values in force, by the rule that real marks follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from competitions.marking.models.rehearsal import Rehearsal, RehearsalMark, RehearsalWork
from competitions.rules.revisions import Revision, head_of
from foundation.db import session


@dataclass(frozen=True, slots=True)
class RehearsedHead:
    """What a cell shows in a rehearsal."""

    work_id: UUID
    aspect_id: UUID
    cell: UUID
    mark_id: UUID | None
    value: str | None
    conflict: bool
    note: str


def rehearsal_of(event_id: UUID) -> Rehearsal | None:
    """The rehearsal that runs in an event."""
    return session().get(Rehearsal, event_id)


def rehearsed_events(event_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these events that rehearse now."""
    return set(session().scalars(select(Rehearsal.event_id).where(Rehearsal.event_id.in_(event_ids))))


def works(event_id: UUID) -> Sequence[RehearsalWork]:
    """The invented works by code."""
    wanted = select(RehearsalWork).where(RehearsalWork.event_id == event_id).order_by(RehearsalWork.code)
    return session().scalars(wanted).all()


def heads(event_id: UUID) -> list[RehearsedHead]:
    """The value in force of every cell that was marked."""
    marks: dict[tuple[UUID, UUID, UUID], list[RehearsalMark]] = {}
    wanted = select(RehearsalMark).where(RehearsalMark.event_id == event_id).order_by(RehearsalMark.sequence)
    for row in session().scalars(wanted):
        marks.setdefault((row.work_id, row.aspect_id, row.cell), []).append(row)
    found = []
    for (work, aspect, cell), rows in marks.items():
        revisions = [Revision(row.id, row.base_id, row.value) for row in rows if row.kind != "note"]
        notes = [row.value or "" for row in rows if row.kind == "note"]
        head = head_of(revisions) if revisions else None
        found.append(
            RehearsedHead(
                work, aspect, cell, head.id if head else None, head.value if head else None, bool(head and head.conflict),
                notes[-1] if notes else "",
            )
        )  # fmt: skip
    return found
