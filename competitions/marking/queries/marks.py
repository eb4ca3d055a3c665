"""Reading marks: heads and revisions for the ledger, sheets for judges, progress for chiefs and organizers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competitions.codes.models import Work
from competitions.judges.models import JudgeDuty, Panel, PanelAssignment, PanelSeat
from competitions.marking.batch import Head
from competitions.marking.models.marks import (
    ChiefCall,
    HeldDecision,
    Mark,
    MarkHead,
    MarkStatus,
    MarkStream,
    Sheet,
    SheetSignature,
    SigningList,
)
from competitions.marking.models.signing import SigningListSheet
from competitions.programme import queries as programme
from competitions.programme.models import Event
from competitions.rules.lifecycle import SheetState
from competitions.rules.revisions import Revision, head_of
from competitions.rules.rule_set import RuleSet
from competitions.rules.scoring.aspects import AspectRule, checked_value
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SubCriterion
from foundation.audit.chain import GENESIS
from foundation.db import remembered, session
from foundation.permission import Scope, ScopeKind
from foundation.refusal import Missing

# --- the ledger -------------------------------------------------------------------------------------------------------


def heads_of(event_id: UUID) -> Iterator[tuple[UUID, UUID, UUID, str]]:
    """(work, aspect, cell, value) of every filled cell of an event. A cell is a seat's id, or the panel's if agreed."""
    wanted = select(MarkHead.work_id, MarkHead.aspect_id, MarkHead.cell, MarkHead.value)
    wanted = wanted.where(MarkHead.event_id == event_id, MarkHead.value.is_not(None))
    for row in session().execute(wanted.execution_options(yield_per=5000)):
        yield row[0], row[1], row[2], row[3] or ""


def stream_head(event_id: UUID) -> tuple[int, str]:
    """The last sequence and hash of an event's marks."""
    found = session().get(MarkStream, f"event:{event_id}", populate_existing=True)
    return (found.sequence, found.hash) if found else (0, GENESIS)


def last_sequence(device_id: UUID) -> int:
    """The highest number received from a tablet."""
    return session().scalar(select(func.max(Mark.device_sequence)).where(Mark.device_id == device_id)) or 0


def revision(row: Any, rule: AspectRule) -> Revision:
    """A stored mark as the rule of revisions wants it, its value in the aspect's form."""
    value = None if row["value"] is None else checked_value(rule, row["value"])
    return Revision(row["id"], row["base_id"], value, resolves=row["refers_to"] is not None)


def revisions_of_cell(
    reading: Session, work_id: UUID, aspect_id: UUID, seat_id: UUID | None, rule: AspectRule
) -> list[Revision]:
    """The revisions of one cell in the order recorded; held marks and notes are none."""
    wanted = select(Mark.__table__).where(
        Mark.work_id == work_id, Mark.aspect_id == aspect_id, Mark.seat_id == seat_id, Mark.kind != "note",
        Mark.status != MarkStatus.HELD,
    ).order_by(Mark.sequence)  # fmt: skip
    return [revision(row._mapping, rule) for row in reading.execute(wanted)]


def heads_from_marks(reading: Session, event_id: UUID) -> dict[tuple[UUID, UUID, UUID], Head]:
    """Every head of an event, computed from its marks alone."""
    rules = rules_of_event(event_id)
    revisions: dict[tuple[UUID, UUID, UUID], list[Revision]] = defaultdict(list)
    heads: dict[tuple[UUID, UUID, UUID], Head] = {}
    wanted = select(Mark.__table__).where(Mark.stream == f"event:{event_id}", Mark.status != MarkStatus.HELD)
    for row in reading.execute(wanted.order_by(Mark.sequence).execution_options(yield_per=2000)):
        place = (row.work_id, row.aspect_id, row.seat_id or row.panel_id)
        head = heads.setdefault(place, Head(event_id))
        if row.kind != "note":
            revisions[place].append(revision(row._mapping, rules[row.aspect_id]))
        else:
            head.note, head.note_at, head.note_id = row.value, row.client_at, row.id
    for place, made in revisions.items():
        found, head = head_of(made), heads[place]
        head.mark_id, head.value, head.leaves, head.conflict = found.id, found.value, found.leaves, found.conflict
    return heads


def stored_heads(reading: Session, event_id: UUID) -> dict[tuple[UUID, UUID, UUID], Head]:
    """Every head of an event as stored."""
    rows = reading.execute(select(MarkHead.__table__).where(MarkHead.event_id == event_id))
    return {
        (row.work_id, row.aspect_id, row.cell): Head(**{name: row._mapping[name] for name in Head.__slots__})
        for row in rows
    }


def rules_of_event(event_id: UUID) -> dict[UUID, AspectRule]:
    """The rule of every aspect of every version of an event's scheme."""
    wanted = select(Aspect.id, Aspect.method, Aspect.max_mark, Aspect.options)
    wanted = wanted.join(MarkingScheme, MarkingScheme.id == Aspect.scheme_id).where(MarkingScheme.event_id == event_id)
    return {row.id: AspectRule(row.method, Fraction(row.max_mark), row.options) for row in session().execute(wanted)}


def sheets_lacking(reading: Session, panel_id: UUID) -> list[tuple[UUID, UUID, UUID]]:
    """(event, sub-criterion, work) of the sheets a panel should have and has not."""
    wanted = (
        select(Panel.event_id, PanelAssignment.sub_criterion_id, Work.id)
        .join(PanelAssignment, PanelAssignment.panel_id == Panel.id)
        .join(Work, Work.event_id == Panel.event_id)
        .outerjoin(
            Sheet,
            (Sheet.panel_id == Panel.id)
            & (Sheet.sub_criterion_id == PanelAssignment.sub_criterion_id)
            & (Sheet.work_id == Work.id),
        )
        .where(Panel.id == panel_id, Sheet.id.is_(None))
    )
    return [(row[0], row[1], row[2]) for row in reading.execute(wanted)]


def rules_in_force(event_id: UUID) -> RuleSet:
    """The rules of the event's competition."""
    return remembered((rules_in_force, event_id), lambda: programme.rule_set_in_force(competition_of(event_id))[1])


def spread_of(event_id: UUID) -> int:
    """The largest difference between judgement marks that the event's rules allow."""
    return rules_in_force(event_id).judgement_spread


def competition_of(event_id: UUID) -> UUID:
    """The competition of an event. Raises Missing."""
    found = session().get(Event, event_id)
    if found is None:
        raise Missing
    return found.competition_id


# --- panels and sheets ------------------------------------------------------------------------------------------------


def panel_scopes(panel_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a panel: its event's, and itself."""
    found = session().get(Panel, panel_id)
    above = programme.event_scopes(found.event_id) if found else None
    return None if above is None else (*above, Scope(ScopeKind.PANEL, str(panel_id)))


def list_scopes(list_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a signing list: its panel's."""
    found = session().get(SigningList, list_id)
    return panel_scopes(found.panel_id) if found else None


def call_scopes(call_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a call: its event's."""
    found = session().get(ChiefCall, call_id)
    return programme.event_scopes(found.event_id) if found else None


def mark_scopes(mark_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a mark: its event's."""
    found = session().get(Mark, mark_id)
    return programme.event_scopes(UUID(found.stream.removeprefix("event:"))) if found else None


def event_of_mark(mark_id: UUID) -> UUID:
    """The event of a mark."""
    return UUID(session().get_one(Mark, mark_id).stream.removeprefix("event:"))


def event_of_call(call_id: UUID) -> UUID:
    """The event of a call."""
    return session().get_one(ChiefCall, call_id).event_id


def seats_of_person(person_id: UUID) -> Sequence[PanelSeat]:
    """Where a person sits, with panel and seats."""
    wanted = (
        select(PanelSeat)
        .join(JudgeDuty, JudgeDuty.id == PanelSeat.duty_id)
        .where(JudgeDuty.person_id == person_id, JudgeDuty.state == "accepted")
        .options(joinedload(PanelSeat.panel).selectinload(Panel.assignments))
    )
    return session().scalars(wanted).unique().all()


def panel(panel_id: UUID) -> Panel:
    """A panel with seats, judges and assignments. Raises Missing."""
    wanted = select(Panel).where(Panel.id == panel_id).options(
        selectinload(Panel.seats).joinedload(PanelSeat.duty).joinedload(JudgeDuty.person), selectinload(Panel.assignments)
    )  # fmt: skip
    found = session().scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing
    return found


def sub_criteria(ids: Sequence[UUID]) -> Sequence[SubCriterion]:
    """Sub-criteria with criterion and aspects, in the scheme's order."""
    wanted = (
        select(SubCriterion)
        .join(Criterion, Criterion.id == SubCriterion.criterion_id)
        .where(SubCriterion.id.in_(ids))
        .options(joinedload(SubCriterion.criterion), selectinload(SubCriterion.aspects))
        .order_by(Criterion.position, SubCriterion.position)
    )
    return session().scalars(wanted).all()


def sub_criterion_of(aspect_id: UUID) -> UUID | None:
    """The sub-criterion an aspect belongs to."""
    return session().scalar(select(Aspect.sub_criterion_id).where(Aspect.id == aspect_id))


def works(event_id: UUID) -> Sequence[Work]:
    """The works of an event in the order of their random codes."""
    wanted = select(Work).where(Work.event_id == event_id, Work.withdrawn_at.is_(None)).order_by(Work.code)
    return session().scalars(wanted).all()


def heads_on(works_asked: Sequence[UUID], aspects: Sequence[UUID]) -> Sequence[Row[Any]]:
    """The heads of some works and aspects."""
    wanted = select(MarkHead.__table__).where(MarkHead.work_id.in_(works_asked), MarkHead.aspect_id.in_(aspects))
    return session().execute(wanted).all()


def sheets_of_panels(panel_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID, UUID], Row[Any]]:
    """(panel, sub-criterion, work) → the sheet's row, as far as sheets were made."""
    rows = session().execute(select(Sheet.__table__).where(Sheet.panel_id.in_(panel_ids)))
    return {(row.panel_id, row.sub_criterion_id, row.work_id): row for row in rows}


def lists_of(event_id: UUID, panel_id: UUID | None = None) -> Sequence[SigningList]:
    """The signing lists in force, with panel and signatures, oldest first."""
    wanted = select(SigningList).where(SigningList.event_id == event_id, SigningList.withdrawn_at.is_(None))
    if panel_id is not None:
        wanted = wanted.where(SigningList.panel_id == panel_id)
    loaded = wanted.options(
        joinedload(SigningList.panel).selectinload(Panel.seats), selectinload(SigningList.signatures)
    )
    return session().scalars(loaded.order_by(SigningList.created_at)).unique().all()


def signing_list(list_id: UUID) -> SigningList:
    """One signing list with its signatures. Raises Missing."""
    wanted = select(SigningList).where(SigningList.id == list_id).options(selectinload(SigningList.signatures))
    found = session().scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing
    return found


def sheets_of_list(list_id: UUID) -> Sequence[Row[Any]]:
    """The sheets on a signing list."""
    wanted = select(Sheet.__table__).where(Sheet.signing_list_id == list_id).order_by(Sheet.id)
    return session().execute(wanted).all()


def places_of_list(list_id: UUID) -> set[tuple[UUID, UUID]]:
    """(work, sub-criterion) of every sheet that was put on a list, wherever the sheet stands now."""
    wanted = select(Sheet.work_id, Sheet.sub_criterion_id).join(SigningListSheet, SigningListSheet.sheet_id == Sheet.id)
    return {(row[0], row[1]) for row in session().execute(wanted.where(SigningListSheet.signing_list_id == list_id))}


def marks_at(panel_id: UUID, at: datetime) -> Sequence[Row[Any]]:
    """The marks of a panel taken in at one moment: what took a list back when it was withdrawn at that moment."""
    wanted = select(Mark.__table__).where(
        Mark.panel_id == panel_id, Mark.server_at == at, Mark.status != MarkStatus.HELD, Mark.kind != "note"
    )
    return session().execute(wanted.order_by(Mark.sequence)).all()


def signatures_of(list_id: UUID) -> dict[UUID, SheetSignature]:
    """Seat → signature under a list."""
    rows = session().scalars(select(SheetSignature).where(SheetSignature.signing_list_id == list_id))
    return {row.seat_id: row for row in rows}


# --- the chief --------------------------------------------------------------------------------------------------------


def panels(event_id: UUID) -> Sequence[Panel]:
    """The panels of an event with seats, judges and assignments."""
    wanted = select(Panel).where(Panel.event_id == event_id).order_by(Panel.name).options(
        selectinload(Panel.seats).joinedload(PanelSeat.duty).joinedload(JudgeDuty.person), selectinload(Panel.assignments)
    )  # fmt: skip
    return session().scalars(wanted.execution_options(populate_existing=True)).all()


def conflicts(event_id: UUID) -> Sequence[Row[Any]]:
    """The cells that wait for a decision; those of withdrawn works do not."""
    wanted = select(MarkHead.__table__).join(Work, Work.id == MarkHead.work_id)
    wanted = wanted.where(MarkHead.event_id == event_id, MarkHead.conflict.is_(True), Work.withdrawn_at.is_(None))
    return remembered((conflicts, event_id), lambda: session().execute(wanted).all())


def held(event_id: UUID) -> Sequence[Row[Any]]:
    """Held marks nobody decided about, oldest first."""
    wanted = (
        select(Mark.__table__)
        .outerjoin(HeldDecision, HeldDecision.mark_id == Mark.id)
        .where(Mark.stream == f"event:{event_id}", Mark.status == MarkStatus.HELD, HeldDecision.mark_id.is_(None))
        .order_by(Mark.sequence)
    )
    return remembered((held, event_id), lambda: session().execute(wanted).all())


def revisions_at(work_id: UUID, aspect_id: UUID) -> Sequence[Row[Any]]:
    """Every mark of an aspect of a work that was not held, in the order recorded."""
    wanted = select(Mark.__table__).where(
        Mark.work_id == work_id, Mark.aspect_id == aspect_id, Mark.status != MarkStatus.HELD, Mark.kind != "note"
    )
    return session().execute(wanted.order_by(Mark.sequence)).all()


def open_calls(event_id: UUID) -> Sequence[ChiefCall]:
    """Calls for the chief that nobody answered."""
    wanted = select(ChiefCall).where(ChiefCall.event_id == event_id, ChiefCall.answered_at.is_(None))
    return session().scalars(wanted.order_by(ChiefCall.called_at)).all()


def open_work(event_id: UUID) -> dict[str, int]:
    """What stands between an event's marks and results: sheets by state, unassigned, conflicts, held marks.

    A sheet exists for every sub-criterion of the scheme and every work; one nobody opened counts as open.
    """
    return remembered((open_work, event_id), lambda: _open_work(event_id))


def _open_work(event_id: UUID) -> dict[str, int]:
    scheme = (
        select(func.count(SubCriterion.id))
        .join(Criterion, Criterion.id == SubCriterion.criterion_id)
        .join(MarkingScheme, MarkingScheme.id == Criterion.scheme_id)
        .where(MarkingScheme.event_id == event_id, MarkingScheme.state != "superseded")
    )
    sub_count = session().scalar(scheme) or 0
    works_wanted = select(func.count(Work.id)).where(Work.event_id == event_id, Work.withdrawn_at.is_(None))
    work_count = session().scalar(works_wanted) or 0
    by_state = (
        select(Sheet.state, func.count(Sheet.id))
        .join(Work, Work.id == Sheet.work_id)
        .where(Sheet.event_id == event_id, Work.withdrawn_at.is_(None))
        .group_by(Sheet.state)
    )
    counts = {row[0]: row[1] for row in session().execute(by_state)}
    done = {
        state.value: counts.get(state, 0) for state in (SheetState.COMPLETE, SheetState.SIGNED, SheetState.CONFIRMED)
    }
    done["confirmed"] += counts.get(SheetState.RECHECKED, 0)
    sheets = sub_count * work_count
    return {
        "sheets": sheets, "open": sheets - sum(done.values()), **done,
        "conflicts": len(conflicts(event_id)), "held": len(held(event_id)),
    }  # fmt: skip


def all_confirmed(event_id: UUID) -> bool:
    """Is every sheet of the event confirmed?"""
    work = open_work(event_id)
    return work["sheets"] > 0 and work["sheets"] == work["confirmed"]
