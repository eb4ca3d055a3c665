"""Signing lists: made from complete sheets, signed by every judge of the panel, confirmed or returned by the chief judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from competitions.codes.actions import release_codes
from competitions.codes.models import Work
from competitions.judges.models import Panel
from competitions.marking.actions.finality import hold_stream, refuse_open_panel
from competitions.marking.actions.sheets import chain_of, require_seat
from competitions.marking.confirmations import asked_seats, confirmed_hashes, unconfirmed
from competitions.marking.ledger import make_sheets
from competitions.marking.models.marks import MarkHead, Sheet, SheetSignature, SigningList
from competitions.marking.models.paper import PaperSheet
from competitions.marking.models.signing import SigningListSheet
from competitions.marking.queries import marks as queries
from competitions.marking.queries import recheck
from competitions.marking.queries.voids import voided_aspects
from competitions.marking.reasons import owed_among
from competitions.marking.sheet_hash import list_hash, sheet_hashes
from competitions.rules.handwriting import Hand, checked_hand
from competitions.rules.lifecycle import SHEET, SheetState
from competitions.rules.scoring.catalogue import BY_KEY
from competitions.schemes.models import Aspect
from foundation.audit.chain import record
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
    Raises Missing, Refusal not_seated, sheets_incomplete (how many), nothing_to_sign, reasons_owed, columns_unconfirmed (how many).
    """
    subs, list_id = set(sub_criterion_ids), key or new_id()
    with transaction() as writing:
        panel = writing.get(Panel, panel_id, with_for_update=True)
        if panel is None:
            raise Missing
        require_seat(panel, actor)
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
        unwritten = _reasons_owed(writing, panel.event_id, sheets)
        if unwritten:
            raise Refusal("reasons_owed", count=unwritten)
        silent = _columns_unconfirmed(writing, panel, sheets)
        if silent:
            raise Refusal("columns_unconfirmed", count=silent)
        hashes = sheet_hashes(writing, sheets)
        row = SigningList(
            id=list_id, event_id=panel.event_id, panel_id=panel_id, title=title[:120], hash=list_hash(panel_id, hashes.values()),
            created_by=actor.person, created_at=at, withdrawn_reason="",
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        for sheet in sheets:
            sheet.signing_list_id, sheet.hash = list_id, hashes[sheet.id]
        writing.execute(
            insert(SigningListSheet),
            [{"signing_list_id": list_id, "sheet_id": key, "hash": digest} for key, digest in hashes.items()],
        )
        record(
            actor, "signing_list:made", "signing_list", list_id, at=at, chain=chain_of(panel.event_id), panel=panel_id,
            sheets=len(sheets), hash=row.hash,
        )  # fmt: skip
    return list_id


def _reasons_owed(writing: Session, event_id: UUID, sheets: Sequence[Sheet]) -> int:
    """How many marks on these sheets need a written reason and have none."""
    wanted = select(Aspect.id, Aspect.kind, Aspect.sub_criterion_id)
    rows = writing.execute(
        wanted.where(Aspect.sub_criterion_id.in_({sheet.sub_criterion_id for sheet in sheets}))
    ).all()
    subs = {row.id: row.sub_criterion_id for row in rows}
    on_list = {(sheet.work_id, sheet.sub_criterion_id) for sheet in sheets}
    table = MarkHead.__table__
    heads = writing.execute(
        select(table).where(table.c.aspect_id.in_(subs), table.c.work_id.in_({work for work, _sub in on_list}))
    )
    on_sheets = [head for head in heads if (head.work_id, subs[head.aspect_id]) in on_list]
    limits, void = queries.rules_in_force(event_id).comment_marks, voided_aspects(event_id)
    return len(owed_among(writing, on_sheets, {row.id: row.kind for row in rows if row.id not in void}, limits))


def _columns_unconfirmed(writing: Session, panel: Panel, sheets: Sequence[Sheet]) -> int:
    """How many columns of a panel's tablet their judges have not confirmed by PIN; none for sheets entered from paper."""
    asked = asked_seats(panel)
    if not asked:
        return 0
    wanted = select(Aspect.id, Aspect.method, Aspect.sub_criterion_id)
    rows = writing.execute(
        wanted.where(Aspect.sub_criterion_id.in_({sheet.sub_criterion_id for sheet in sheets}))
    ).all()
    table = MarkHead.__table__
    heads = writing.execute(select(table).where(table.c.aspect_id.in_({row.id for row in rows}))).all()
    papers = set(
        writing.scalars(
            select(PaperSheet.work_id).where(PaperSheet.panel_id == panel.id, PaperSheet.entered_at.is_not(None))
        )
    )
    confirmed, void = confirmed_hashes(writing, panel.id), voided_aspects(panel.event_id)
    count = 0
    for sheet in sheets:
        if sheet.work_id in papers:
            continue
        judged = [
            row.id
            for row in rows
            if row.sub_criterion_id == sheet.sub_criterion_id
            and BY_KEY[row.method].by_each_judge
            and row.id not in void
        ]
        values = {(head.aspect_id, head.cell): head.value for head in heads if head.work_id == sheet.work_id}
        count += len(unconfirmed(asked, sheet.sub_criterion_id, sheet.work_id, judged, values, confirmed))
    return count


def sign_list(
    list_id: UUID,
    seat_id: UUID,
    seen_hash: str,
    *,
    hand: Hand | None = None,
    kind: str = "sign_in",
    client_at: datetime | None = None,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> Signed:
    """Sign a list as the judge of a seat; when every seat has signed, its sheets are signed.

    `hand` is the signature drawn or typed, stored sealed; without one `kind` says how it was given: sign_in or paper. `client_at` is when it was given
    on a tablet without network: evidence, never the order. A second signature answers the first one's time.
    Raises Missing, Refusal not_your_seat, list_changed (the hash is another one than the judge saw), signature_empty,
    signature_name_differs, Conflict list_withdrawn.
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
        names = (seat.duty.person.name_zh, seat.duty.person.name_en)
        shown = checked_hand(hand, names) if hand is not None else None
        sheets = writing.scalars(select(Sheet).where(Sheet.signing_list_id == list_id).order_by(Sheet.id)).all()
        if not (row.hash == seen_hash == list_hash(row.panel_id, sheet_hashes(writing, sheets).values())):
            raise Refusal("list_changed")
        writing.add(
            SheetSignature(
                id=key or new_id(), signing_list_id=list_id, seat_id=seat_id, person_id=actor.person, list_hash=seen_hash,
                signed_at=at, kind=shown.kind if shown else kind, drawing=shown.text if shown else None,
                client_at=client_at, device_id=actor.device,
            )
        )  # fmt: skip
        record(
            actor, "signing_list:signed", "signing_list", list_id, at=at, chain=chain_of(row.event_id), seat=seat.number,
            hash=seen_hash,
        )  # fmt: skip
        finished = {seat.id for seat in panel.seats} <= given.keys() | {seat_id}
        if finished:
            row.signed_at = at
            for sheet in sheets:
                sheet.state = SHEET.advance(sheet.state, "sign")
    return Signed(at, again=False, finished=finished)


def confirm_list(list_id: UUID, *, actor: Actor, at: datetime) -> Signed:
    """The chief judge confirms a list that every judge signed; after the last sheet of the event the codes are
    released, unless the rules want a re-check first.

    A second click answers the first confirmation's time. Raises Missing, Conflict list_withdrawn, Refusal list_unsigned (who is
    missing), marking_not_final (what is open of this panel: a conflict, a held mark, marks a tablet still holds).
    """
    with transaction() as writing:
        hold_stream(queries.signing_list(list_id).event_id)
        row = _locked_list(writing, list_id)
        if row.confirmed_at is not None:
            return Signed(row.confirmed_at, again=True, finished=queries.all_confirmed(row.event_id))
        panel = queries.panel(row.panel_id)
        if row.signed_at is None:
            given = queries.signatures_of(list_id)
            missing = [str(seat.number) for seat in panel.seats if seat.id not in given]
            raise Refusal("list_unsigned", missing="、".join(missing))
        sheets = writing.scalars(select(Sheet).where(Sheet.signing_list_id == list_id)).all()
        refuse_open_panel(panel)
        row.confirmed_by, row.confirmed_at = actor.person, at
        for sheet in sheets:
            sheet.state = SHEET.advance(sheet.state, "confirm")
            sheet.confirmed_by, sheet.confirmed_at = actor.person, at
        writing.flush()
        record(
            actor, "signing_list:confirmed", "signing_list", list_id, at=at, chain=chain_of(row.event_id), sheets=len(sheets),
            hash=row.hash,
        )  # fmt: skip
        finished = queries.all_confirmed(row.event_id)
        if finished and recheck.settled(row.event_id):
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
        record(actor, "signing_list:returned", "signing_list", list_id, at=at, chain=chain_of(row.event_id))


# --- parts ------------------------------------------------------------------------------------------------------------


def _locked_list(writing: Session, list_id: UUID) -> SigningList:
    row = writing.get(SigningList, list_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing
    if row.withdrawn_at is not None:
        raise Conflict("list_withdrawn", at=row.withdrawn_at)
    return row
