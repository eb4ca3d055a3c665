"""Decisions about disputed and held marks, calls for the chief."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.codes.models import Work
from competitions.judges.models import Panel
from competitions.marking.ledger import Answer, decide
from competitions.marking.models.marks import (
    ChiefCall,
    HeldDecision,
    Mark,
    MarkHead,
    MarkStatus,
    Sheet,
)
from competitions.marking.queries import marks as queries
from competitions.programme.queries import audit_chain
from competitions.rules.lifecycle import SHEET_LOCKED
from competitions.schemes.models import Aspect
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


def resolve_conflict(mark_id: UUID, reason: str, *, actor: Actor, at: datetime) -> Answer:
    """The chief judge decides between values recorded beside each other: a further mark names the winner; all stay on record.

    Repeating it does nothing more. Raises Missing, Refusal reason_missing, conflict_over, sheet_not_open.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        chosen = _mark(writing, mark_id)
        decision = uuid5(mark_id, "resolved")
        _sheet_open(writing, chosen)
        place = select(MarkHead.conflict).where(
            MarkHead.work_id == chosen["work_id"],
            MarkHead.aspect_id == chosen["aspect_id"],
            MarkHead.cell == (chosen["seat_id"] or chosen["panel_id"]),
        )
        if not writing.scalar(place):
            if writing.get(Mark, decision) is not None:
                return Answer(decision, "duplicate")
            raise Refusal("conflict_over")
        if writing.get(Mark, decision) is not None:
            decision = new_id()  # decided before, and disputed again since
        answer = decide(chosen, base_id=mark_id, reason=reason.strip(), mark_id=decision, actor=actor, at=at)
        event_id = UUID(chosen["stream"].removeprefix("event:"))
        record(actor, "mark:resolved", "mark", mark_id, at=at, chain=chain_of(event_id), by=decision)
        return answer


def settle_held(mark_id: UUID, *, taken: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Take a held mark over as a further mark, or leave it out; the held one stays on record.

    Raises Missing, Refusal reason_missing, held_without_panel, sheet_not_open, Conflict held_settled.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        chosen = _mark(writing, mark_id)
        event_id = UUID(chosen["stream"].removeprefix("event:"))
        settled = writing.get(HeldDecision, mark_id)
        if chosen["status"] != MarkStatus.HELD:
            raise Missing
        if settled is not None:
            raise Conflict("held_settled", at=settled.decided_at)
        writing.add(
            HeldDecision(mark_id=mark_id, taken=taken, reason=reason.strip(), decided_by=actor.person, decided_at=at)
        )
        writing.flush()
        if taken:
            if chosen["panel_id"] is None:
                raise Refusal("held_without_panel")
            _sheet_open(writing, chosen)
            head = select(MarkHead.mark_id).where(
                MarkHead.work_id == chosen["work_id"],
                MarkHead.aspect_id == chosen["aspect_id"],
                MarkHead.cell == (chosen["seat_id"] or chosen["panel_id"]),
            )
            answer = decide(
                chosen,
                base_id=writing.scalar(head),
                reason=reason.strip(),
                mark_id=uuid5(mark_id, "taken"),
                actor=actor,
                at=at,
            )
            if answer.status == "invalid":
                raise Refusal(answer.code, **answer.facts)
        record(
            actor, "mark:taken_over" if taken else "mark:left_out", "mark", mark_id, at=at, chain=chain_of(event_id),
            code=chosen["held_code"],
        )  # fmt: skip


def call_chief(
    panel_id: UUID, work_id: UUID, aspect_id: UUID | None, *, actor: Actor, at: datetime, key: UUID | None = None
) -> UUID:
    """Ask the chief judge to come. An unanswered call of the same person from the same sheet is answered again."""
    with transaction() as writing:
        panel = writing.get(Panel, panel_id)
        work = writing.get(Work, work_id)
        if panel is None or work is None or work.event_id != panel.event_id:
            raise Missing
        require_seat(panel, actor)
        for call in queries.open_calls(panel.event_id):
            if (call.panel_id, call.work_id, call.aspect_id, call.called_by) == (
                panel_id,
                work_id,
                aspect_id,
                actor.person,
            ):
                return call.id
        row = ChiefCall(
            id=key or new_id(), event_id=panel.event_id, panel_id=panel_id, work_id=work_id, aspect_id=aspect_id,
            called_by=actor.person, called_at=at,
        )  # fmt: skip
        writing.add(row)
        record(actor, "chief:called", "panel", panel_id, at=at, chain=chain_of(panel.event_id), work=work.code)
        return row.id


def answer_call(call_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The chief judge has been there. Repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(ChiefCall, call_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.answered_at is None:
            row.answered_by, row.answered_at = actor.person, at
            record(actor, "chief:came", "panel", row.panel_id, at=at, chain=chain_of(row.event_id))


# --- parts ------------------------------------------------------------------------------------------------------------


def chain_of(event_id: UUID) -> str:
    """The audit chain of an event's competition."""
    return audit_chain(queries.competition_of(event_id))


def require_seat(panel: Panel, actor: Actor) -> None:
    """Raise Refusal not_seated unless the actor sits in this panel."""
    if not any(seat.duty.person_id == actor.person and seat.duty.state == "accepted" for seat in panel.seats):
        raise Refusal("not_seated")


def _mark(writing: Session, mark_id: UUID) -> dict[str, Any]:
    found = writing.execute(select(Mark.__table__).where(Mark.id == mark_id)).first()
    if found is None:
        raise Missing
    return dict(found._mapping)


def sub_criteria_of(writing: Session, aspects: set[UUID]) -> dict[UUID, UUID]:
    """aspect → its sub-criterion."""
    rows = writing.execute(select(Aspect.id, Aspect.sub_criterion_id).where(Aspect.id.in_(aspects)))
    return {row[0]: row[1] for row in rows}


def _sheet_open(writing: Session, mark: dict[str, Any]) -> None:
    sub = sub_criteria_of(writing, {mark["aspect_id"]})[mark["aspect_id"]]
    wanted = select(Sheet.state).where(
        Sheet.panel_id == mark["panel_id"], Sheet.sub_criterion_id == sub, Sheet.work_id == mark["work_id"]
    )
    if writing.scalar(wanted) in SHEET_LOCKED:
        raise Refusal("sheet_not_open")
