"""Leaving something out after marking began: two people, a reason, and sheets that no longer wait for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competitions.marking.actions.finality import hold_stream
from competitions.marking.actions.sheets import chain_of
from competitions.marking.models.marks import Sheet
from competitions.marking.models.voids import VoidDecision
from competitions.marking.queries import voids as queries
from competitions.marking.sheet_states import complete_sheets
from competitions.rules.lifecycle import SHEET, VOID, SheetState
from competitions.rules.voids import LEVELS, WAYS
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SubCriterion
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal

_TABLES = {"aspect": Aspect, "sub_criterion": SubCriterion, "criterion": Criterion}


def ask_void(
    event_id: UUID, level: str, target_id: UUID, way: str, reason: str, *, actor: Actor, at: datetime, key: UUID | None = None
) -> UUID:  # fmt: skip
    """void_aspect, void_module: the chief judge signs that something is left out; nothing changes until a supervisor agrees.

    `level` is aspect, sub_criterion or criterion (a module); `way` full, rescale, leave_out, or count (an earlier decision is
    taken back). The same `key` again answers the same decision. Raises Missing, Refusal reason_missing, void_way,
    correction_needs_person, void_not_frozen (the scheme can still be changed), void_nothing_to_restore, Conflict void_waits.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    if way not in WAYS or level not in LEVELS:
        raise Refusal("void_way", field="way")
    if actor.person is None:
        raise Refusal("correction_needs_person")
    made = key or new_id()
    with transaction() as writing:
        if writing.get(VoidDecision, made) is not None:
            return made
        scheme = writing.get(MarkingScheme, _scheme_of(writing, level, target_id), with_for_update=True)
        if scheme is None or scheme.event_id != event_id:
            raise Missing
        if scheme.state != "frozen":
            raise Refusal("void_not_frozen")
        row = VoidDecision(
            id=made, event_id=event_id, scheme_id=scheme.id, level=level, target_id=target_id, way=way, state=VOID.start,
            reason=reason.strip(), asked_by=actor.person, asked_at=at, refusal="",
        )  # fmt: skip
        if way == "count" and not queries.as_rules([row])[0].aspects & queries.voided_aspects(event_id):
            raise Refusal("void_nothing_to_restore")
        if any(
            (one.level, one.target_id) == (level, target_id) and one.state == VOID.start
            for one in queries.decisions(event_id)
        ):
            raise Conflict("void_waits")  # fmt: skip
        writing.add(row)
        record(
            actor, "void:asked", "void_decision", made, at=at, chain=chain_of(event_id), level=level, target=target_id, way=way
        )  # fmt: skip
    return made


def agree_void(void_id: UUID, *, actor: Actor, at: datetime) -> None:
    """A supervisor countersigns: the decision holds, and sheets that waited for what is left out are complete.

    Results computed before are outdated. A second click does nothing more. Raises Missing, Refusal correction_other_person,
    void_signed_empty (what counts again is empty on signed sheets), Conflict move_not_allowed.
    """
    with transaction() as writing:
        hold_stream(queries.event_of_void(void_id) if writing.get(VoidDecision, void_id) else void_id)
        row = writing.get(VoidDecision, void_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.state == "agreed":
            return
        following = VOID.advance(row.state, "agree")
        if actor.person is None or actor.person == row.asked_by:
            raise Refusal("correction_other_person")
        row.number = len(queries.agreed(row.event_id)) + 1
        row.state, row.decided_by, row.decided_at = following, actor.person, at
        writing.flush()
        _move_sheets(writing, row.event_id)
        record(actor, "void:agreed", "void_decision", row.id, at=at, chain=chain_of(row.event_id), way=row.way)


def refuse_void(void_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """A supervisor does not agree; the request stays on record with the reason. Raises Missing, Refusal, Conflict."""
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(VoidDecision, void_id, with_for_update=True)
        if row is None:
            raise Missing
        row.state = VOID.advance(row.state, "refuse")
        row.decided_by, row.decided_at, row.refusal = actor.person, at, reason.strip()
        record(actor, "void:refused", "void_decision", row.id, at=at, chain=chain_of(row.event_id))


def _scheme_of(writing: Session, level: str, target_id: UUID) -> UUID:
    found = writing.get(_TABLES[level], target_id)
    if isinstance(found, SubCriterion):
        found = writing.get(Criterion, found.criterion_id)
    if found is None:
        raise Missing
    scheme: UUID = found.scheme_id  # type: ignore[attr-defined]
    return scheme


def _move_sheets(writing: Session, event_id: UUID) -> None:
    complete = complete_sheets(writing, event_id)
    empty = 0
    for sheet in writing.execute(
        select(Sheet.id, Sheet.state, Sheet.signing_list_id).where(Sheet.event_id == event_id)
    ):
        if sheet.state in (SheetState.OPEN, SheetState.COMPLETE) and sheet.signing_list_id is None:
            if complete[sheet.id] != (sheet.state == SheetState.COMPLETE):
                move = "complete" if complete[sheet.id] else "reopen"
                state = SHEET.advance(sheet.state, move)
                writing.execute(update(Sheet).where(Sheet.id == sheet.id).values(state=state))
        elif not complete[sheet.id]:
            empty += 1
    if empty:
        raise Refusal("void_signed_empty", count=empty)
