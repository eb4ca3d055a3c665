"""Signing lists, confirmation, decisions about disputed and held marks, calls for the chief."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.codes.actions import release_codes
from competitions.codes.models import Work
from competitions.judges.models import Panel
from competitions.marking.ledger import Answer, decide, make_sheets
from competitions.marking.models.marks import (
    ChiefCall,
    HeldDecision,
    Mark,
    MarkHead,
    MarkStatus,
    Sheet,
    SheetSignature,
    SigningList,
)
from competitions.marking.queries import marks as queries
from competitions.programme.queries import audit_chain
from competitions.rules.lifecycle import SHEET, SheetState
from competitions.schemes.models import Aspect
from foundation.audit.chain import canonical, record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature or confirmation led to. `again` when it had been given before, at `at`."""

    at: datetime
    again: bool
    finished: bool


def make_signing_list(
    panel_id: UUID,
    sub_criterion_ids: Iterable[UUID],
    work_ids: Iterable[UUID] | None = None,
    *,
    title: str = "",
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> UUID:
    """Put complete sheets on a list that the panel's judges sign together, bound to the hash of the sheets' hashes.

    Without `work_ids` every work of the event. The same `key` again answers the same list. Sheets already on a list stay there.
    Raises Missing, Refusal not_seated, sheets_incomplete (how many), nothing_to_sign.
    """
    subs, list_id = set(sub_criterion_ids), key or new_id()
    with transaction() as writing:
        panel = writing.get(Panel, panel_id, with_for_update=True)
        if panel is None:
            raise Missing
        _my_seat(panel, actor)
        if writing.get(SigningList, list_id) is not None:
            return list_id
        make_sheets(writing, panel_id)
        wanted = select(Sheet).join(Work, Work.id == Sheet.work_id)
        wanted = wanted.where(Sheet.panel_id == panel_id, Sheet.sub_criterion_id.in_(subs), Work.withdrawn_at.is_(None))
        if work_ids is not None:
            wanted = wanted.where(Sheet.work_id.in_(set(work_ids)))
        sheets = [row for row in writing.scalars(wanted.order_by(Sheet.id)) if row.signing_list_id is None]
        sheets = [row for row in sheets if row.state in (SheetState.OPEN, SheetState.COMPLETE)]
        incomplete = sum(row.state != SheetState.COMPLETE for row in sheets)
        if incomplete:
            raise Refusal("sheets_incomplete", count=incomplete, of=len(sheets))
        if not sheets:
            raise Refusal("nothing_to_sign")
        hashes = _sheet_hashes(writing, sheets)
        row = SigningList(
            id=list_id, event_id=panel.event_id, panel_id=panel_id, title=title[:120], hash=_list_hash(panel_id, hashes.values()),
            created_by=actor.person, created_at=at, withdrawn_reason="",
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        for sheet in sheets:
            sheet.signing_list_id, sheet.hash = list_id, hashes[sheet.id]
        record(
            actor, "signing_list:made", "signing_list", list_id, at=at, chain=_chain(panel.event_id), panel=panel_id,
            sheets=len(sheets), hash=row.hash,
        )  # fmt: skip
    return list_id


def sign_list(list_id: UUID, seat_id: UUID, list_hash: str, *, actor: Actor, at: datetime) -> Signed:
    """Sign a list as the judge of a seat; when every seat has signed, its sheets are signed.

    A second click answers the first signature's time. Raises Missing, Refusal not_your_seat, list_changed (the hash is another
    one than the judge saw), Conflict list_withdrawn.
    """
    with transaction() as writing:
        row = _locked_list(writing, list_id)
        panel = queries.panel(row.panel_id)
        seat = next((seat for seat in panel.seats if seat.id == seat_id), None)
        if seat is None or seat.duty.person_id != actor.person or seat.duty.state != "accepted":
            raise Refusal("not_your_seat")
        given = queries.signatures_of(list_id)
        if seat_id in given:
            return Signed(given[seat_id].signed_at, again=True, finished=row.signed_at is not None)
        sheets = writing.scalars(select(Sheet).where(Sheet.signing_list_id == list_id).order_by(Sheet.id)).all()
        if not (row.hash == list_hash == _list_hash(row.panel_id, _sheet_hashes(writing, sheets).values())):
            raise Refusal("list_changed")
        writing.add(
            SheetSignature(
                signing_list_id=list_id, seat_id=seat_id, person_id=actor.person, list_hash=list_hash, signed_at=at
            )
        )
        record(
            actor, "signing_list:signed", "signing_list", list_id, at=at, chain=_chain(row.event_id), seat=seat.number,
            hash=list_hash,
        )  # fmt: skip
        finished = {seat.id for seat in panel.seats} <= given.keys() | {seat_id}
        if finished:
            row.signed_at = at
            for sheet in sheets:
                sheet.state = SHEET.advance(sheet.state, "sign")
    return Signed(at, again=False, finished=finished)


def confirm_list(list_id: UUID, *, actor: Actor, at: datetime) -> Signed:
    """The chief judge confirms a list that every judge signed; after the last sheet of the event the codes are released.

    A second click answers the first confirmation's time. Raises Missing, Conflict list_withdrawn, Refusal list_unsigned (who is
    missing), conflicts_open, held_open.
    """
    with transaction() as writing:
        row = _locked_list(writing, list_id)
        if row.confirmed_at is not None:
            return Signed(row.confirmed_at, again=True, finished=_all_confirmed(row.event_id))
        panel = queries.panel(row.panel_id)
        if row.signed_at is None:
            given = queries.signatures_of(list_id)
            missing = [str(seat.number) for seat in panel.seats if seat.id not in given]
            raise Refusal("list_unsigned", missing="、".join(missing))
        sheets = writing.scalars(select(Sheet).where(Sheet.signing_list_id == list_id)).all()
        places = {(sheet.work_id, sheet.sub_criterion_id) for sheet in sheets}
        subs = _sub_of_aspects(writing, {mark.aspect_id for mark in queries.held(row.event_id)})
        waiting = [m for m in queries.held(row.event_id) if (m.work_id, subs[m.aspect_id]) in places]
        if waiting:
            raise Refusal("held_open", count=len(waiting))
        row.confirmed_by, row.confirmed_at = actor.person, at
        for sheet in sheets:
            sheet.state = SHEET.advance(sheet.state, "confirm")
            sheet.confirmed_by, sheet.confirmed_at = actor.person, at
        writing.flush()
        record(
            actor, "signing_list:confirmed", "signing_list", list_id, at=at, chain=_chain(row.event_id), sheets=len(sheets),
            hash=row.hash,
        )  # fmt: skip
        finished = _all_confirmed(row.event_id)
        if finished:
            release_codes(row.event_id, actor=actor, at=at)
    return Signed(at, again=False, finished=finished)


def return_list(list_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Give a list back to the panel before it is confirmed: its sheets may be marked again; signatures stay on record.

    Raises Missing, Conflict list_withdrawn, list_confirmed, Refusal reason_missing.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = _locked_list(writing, list_id)
        if row.confirmed_at is not None:
            raise Conflict("list_confirmed", at=row.confirmed_at)
        row.withdrawn_at, row.withdrawn_reason = at, reason.strip()
        for sheet in writing.scalars(select(Sheet).where(Sheet.signing_list_id == list_id)):
            if sheet.state == SheetState.SIGNED:
                sheet.state = SHEET.advance(sheet.state, "return")
            sheet.signing_list_id, sheet.hash = None, ""
        record(actor, "signing_list:returned", "signing_list", list_id, at=at, chain=_chain(row.event_id))


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
        record(actor, "mark:resolved", "mark", mark_id, at=at, chain=_chain(event_id), by=decision)
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
            actor, "mark:taken_over" if taken else "mark:left_out", "mark", mark_id, at=at, chain=_chain(event_id),
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
        _my_seat(panel, actor)
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
        record(actor, "chief:called", "panel", panel_id, at=at, chain=_chain(panel.event_id), work=work.code)
        return row.id


def answer_call(call_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The chief judge has been there. Repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(ChiefCall, call_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.answered_at is None:
            row.answered_by, row.answered_at = actor.person, at
            record(actor, "chief:came", "panel", row.panel_id, at=at, chain=_chain(row.event_id))


# --- parts ------------------------------------------------------------------------------------------------------------


def _chain(event_id: UUID) -> str:
    return audit_chain(queries.competition_of(event_id))


def _locked_list(writing: Session, list_id: UUID) -> SigningList:
    row = writing.get(SigningList, list_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing
    if row.withdrawn_at is not None:
        raise Conflict("list_withdrawn", at=row.withdrawn_at)
    return row


def _my_seat(panel: Panel, actor: Actor) -> None:
    if not any(seat.duty.person_id == actor.person and seat.duty.state == "accepted" for seat in panel.seats):
        raise Refusal("not_seated")


def _mark(writing: Session, mark_id: UUID) -> dict[str, Any]:
    found = writing.execute(select(Mark.__table__).where(Mark.id == mark_id)).first()
    if found is None:
        raise Missing
    return dict(found._mapping)


def _sub_of_aspects(writing: Session, aspects: set[UUID]) -> dict[UUID, UUID]:
    rows = writing.execute(select(Aspect.id, Aspect.sub_criterion_id).where(Aspect.id.in_(aspects)))
    return {row[0]: row[1] for row in rows}


def _sheet_open(writing: Session, mark: dict[str, Any]) -> None:
    sub = _sub_of_aspects(writing, {mark["aspect_id"]})[mark["aspect_id"]]
    wanted = select(Sheet.state).where(
        Sheet.panel_id == mark["panel_id"], Sheet.sub_criterion_id == sub, Sheet.work_id == mark["work_id"]
    )
    if writing.scalar(wanted) in (SheetState.SIGNED, SheetState.CONFIRMED):
        raise Refusal("sheet_not_open")


def _sheet_hashes(writing: Session, sheets: Sequence[Sheet]) -> dict[UUID, str]:
    """Each sheet's hash over its place and the values in force, with the hashes of the marks that set them."""
    wanted = (
        select(MarkHead.work_id, Aspect.sub_criterion_id, MarkHead.aspect_id, MarkHead.cell, MarkHead.value, Mark.hash)
        .join(Aspect, Aspect.id == MarkHead.aspect_id)
        .join(Mark, Mark.id == MarkHead.mark_id)
        .where(
            MarkHead.work_id.in_({sheet.work_id for sheet in sheets}),
            Aspect.sub_criterion_id.in_({sheet.sub_criterion_id for sheet in sheets}),
        )
    )
    cells: dict[tuple[UUID, UUID], list[tuple[str, str, str, str]]] = {}
    for row in writing.execute(wanted):
        cells.setdefault((row[0], row[1]), []).append((str(row[2]), str(row[3]), row[4] or "", row[5]))
    made = {}
    for sheet in sheets:
        fields = [
            "laurel.sheet",
            "1",
            str(sheet.id),
            str(sheet.panel_id),
            str(sheet.sub_criterion_id),
            str(sheet.work_id),
        ]
        for cell in sorted(cells.get((sheet.work_id, sheet.sub_criterion_id), [])):
            fields += cell
        made[sheet.id] = hashlib.sha256(canonical(fields)).hexdigest()
    return made


def _list_hash(panel_id: UUID, hashes: Iterable[str]) -> str:
    return hashlib.sha256(canonical(("laurel.signing_list", "1", str(panel_id), *sorted(hashes)))).hexdigest()


def _all_confirmed(event_id: UUID) -> bool:
    work = queries.open_work(event_id)
    return work["sheets"] > 0 and work["sheets"] == work["confirmed"]
