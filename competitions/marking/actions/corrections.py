"""Corrections after signing: two people, a reason, a new revision; the sheet is signed and confirmed anew.

Source: competition-rules 7.2 and 7.3 (after each lock only a correction record with reason, old value, new value, the chief
judge's signature and the supervisor's countersignature).
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from uuid import UUID, uuid5

from sqlalchemy import select

from competitions.judges.models import PanelSeat
from competitions.marking.actions.sheets import chain_of
from competitions.marking.ledger import decide
from competitions.marking.models.corrections import Correction
from competitions.marking.models.marks import Mark, MarkHead, Sheet
from competitions.rules.lifecycle import CORRECTION, SHEET, SHEET_LOCKED
from competitions.rules.scoring.aspects import AspectRule, checked_value
from competitions.schemes.models import Aspect
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


def ask_correction(
    event_id: UUID, work_id: UUID, aspect_id: UUID, seat_id: UUID | None, value: str, reason: str, *, actor: Actor,
    at: datetime, key: UUID | None = None,
) -> UUID:  # fmt: skip
    """The chief judge signs that a cell of a signed or confirmed sheet is wrong. Nothing changes until a supervisor agrees.

    `seat_id` is None for a value the panel agreed on. The same `key` again answers the same correction.
    Raises Missing, Refusal reason_missing, correction_not_signed, correction_same_value, correction_needs_person and what the
    aspect refuses; Conflict correction_waits.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    if actor.person is None:
        raise Refusal("correction_needs_person")
    made = key or new_id()
    with transaction() as writing:
        if writing.get(Correction, made) is not None:
            return made
        aspect = writing.get(Aspect, aspect_id)
        if aspect is None:
            raise Missing
        wanted = select(Sheet).where(
            Sheet.event_id == event_id, Sheet.work_id == work_id, Sheet.sub_criterion_id == aspect.sub_criterion_id
        )
        sheet = writing.scalars(wanted.with_for_update()).first()
        if sheet is None:
            raise Missing
        if sheet.state not in SHEET_LOCKED:
            raise Refusal("correction_not_signed")
        rule = AspectRule(aspect.method, Fraction(aspect.max_mark), aspect.options)
        seat = writing.get(PanelSeat, seat_id) if seat_id is not None and rule.by_each_judge else None
        if rule.by_each_judge and (seat is None or seat.panel_id != sheet.panel_id):
            raise Refusal("correction_seat", field="seat_id")
        head = writing.get(MarkHead, (work_id, aspect_id, seat.id if seat else sheet.panel_id))
        if head is None or head.mark_id is None or head.value is None:
            raise Missing
        new = checked_value(rule, value)
        if new == head.value:
            raise Refusal("correction_same_value", field="value")
        waiting = select(Correction.id).where(Correction.sheet_id == sheet.id, Correction.state == CORRECTION.start)
        if writing.scalar(waiting) is not None:
            raise Conflict("correction_waits")
        writing.add(
            Correction(
                id=made, event_id=event_id, sheet_id=sheet.id, work_id=work_id, aspect_id=aspect_id,
                seat_id=seat.id if seat else None, state=CORRECTION.start, mark_id=head.mark_id, old_value=head.value,
                new_value=new, reason=reason.strip(), asked_by=actor.person, asked_at=at,
            )
        )  # fmt: skip
        record(actor, "correction:asked", "correction", made, at=at, chain=chain_of(event_id), mark=head.mark_id)
    return made


def agree_correction(correction_id: UUID, *, actor: Actor, at: datetime) -> None:
    """A supervisor countersigns: the new revision enters the ledger, the sheet leaves its list and is signed anew.

    A second click does nothing more. Raises Missing, Refusal correction_other_person; Conflict correction_overtaken (the cell
    has moved on), move_not_allowed.
    """
    with transaction() as writing:
        row = writing.get(Correction, correction_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.state == "agreed":
            return
        following = CORRECTION.advance(row.state, "agree")
        if actor.person is None or actor.person == row.asked_by:
            raise Refusal("correction_other_person")
        sheet = writing.get_one(Sheet, row.sheet_id, with_for_update=True)
        head = writing.get(MarkHead, (row.work_id, row.aspect_id, row.seat_id or sheet.panel_id))
        if head is None or head.mark_id != row.mark_id:
            raise Conflict("correction_overtaken")
        sheet.state, sheet.signing_list_id, sheet.hash = SHEET.advance(sheet.state, "correct"), None, ""
        sheet.confirmed_by = sheet.confirmed_at = None
        writing.flush()
        before = dict(writing.execute(select(Mark.__table__).where(Mark.id == row.mark_id)).one()._mapping)
        answer = decide(
            before | {"kind": "set", "value": row.new_value}, base_id=row.mark_id, reason=row.reason,
            mark_id=uuid5(row.id, "corrected"), actor=actor, at=at,
        )  # fmt: skip
        if answer.status == "invalid":
            raise Refusal(answer.code, **answer.facts)
        row.state, row.decided_by, row.decided_at, row.new_mark_id = following, actor.person, at, answer.id
        record(
            actor, "correction:agreed", "correction", row.id, at=at, chain=chain_of(row.event_id), mark=row.mark_id,
            by=answer.id,
        )  # fmt: skip


def refuse_correction(correction_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """A supervisor does not agree; the correction stays on record with the reason. Raises Missing, Refusal, Conflict."""
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(Correction, correction_id, with_for_update=True)
        if row is None:
            raise Missing
        row.state = CORRECTION.advance(row.state, "refuse")
        row.decided_by, row.decided_at, row.refusal = actor.person, at, reason.strip()
        record(actor, "correction:refused", "correction", row.id, at=at, chain=chain_of(row.event_id))
