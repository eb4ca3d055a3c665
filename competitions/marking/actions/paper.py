"""The paper bridge: print sheets, key them in twice, settle differences at the paper, enter them in the same ledger.

The marks of a paper carry the paper's id as their device and the judge of the seat as their judge; the audit log names the
clerks. A cell that a tablet filled meanwhile becomes a conflict that the chief judge decides, as always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, update

from competitions.codes.models import Work
from competitions.marking.actions.sheets import chain_of
from competitions.marking.actions.signing import make_signing_list, sign_list
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import LARGEST_BATCH, receive_marks
from competitions.marking.models.paper import PaperKeying, PaperSheet
from competitions.marking.queries import marks, paper
from competitions.rules.paper import settled
from competitions.rules.scoring.aspects import checked_value
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.files.actions import keep_file
from foundation.files.pictures import decoded
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


def print_sheets(panel_id: UUID, *, actor: Actor, at: datetime) -> list[PaperSheet]:
    """A new printed sheet for every work of a panel's event that is not entered from paper yet; earlier prints become void.

    Raises Missing, Refusal paper_nothing.
    """
    form = paper.form_of(panel_id)
    event_id = form.panel.event_id
    with transaction() as writing:
        entered = set(
            writing.scalars(
                select(PaperSheet.work_id).where(PaperSheet.panel_id == panel_id, PaperSheet.entered_at.is_not(None))
            )
        )
        works = [work for work in marks.works(event_id) if work.id not in entered]
        if not works or not form.flat:
            raise Refusal("paper_nothing")
        writing.execute(
            update(PaperSheet)
            .where(PaperSheet.panel_id == panel_id, PaperSheet.entered_at.is_(None), PaperSheet.replaced_at.is_(None))
            .values(replaced_at=at)
        )
        rows = [
            PaperSheet(
                id=new_id(), event_id=event_id, panel_id=panel_id, work_id=work.id, content_hash=form.hash,
                printed_by=actor.person, printed_at=at, signed_seats=[],
            )
            for work in works
        ]  # fmt: skip
        writing.add_all(rows)
        writing.flush()
        record(actor, "paper:printed", "panel", panel_id, at=at, chain=chain_of(event_id), sheets=len(rows))
    return rows


def key_in(
    paper_id: UUID, values: Mapping[str, str], signed_seats: Sequence[int], *, actor: Actor, at: datetime
) -> None:
    """What one clerk reads from the paper. A second clerk does the same without seeing it.

    Raises Missing, Refusal paper_void, paper_value (which cell, what is wrong), paper_needs_person; Conflict paper_keyed (twice
    already), paper_keyed_by_you.
    """
    if actor.person is None:
        raise Refusal("paper_needs_person")
    with transaction() as writing:
        row, form = _open(paper_id)
        keyed = {}
        for cell in form.flat:
            raw = values.get(cell.key, "").strip()
            try:
                keyed[cell.key] = checked_value(cell.rule, raw) if raw else ""
            except Refusal as wrong:
                raise Refusal("paper_value", code=cell.aspect.code, seat=cell.seat or "—", raw=raw[:20]) from wrong
        if any(one.clerk_id == actor.person for one in row.keyings):
            raise Conflict("paper_keyed_by_you")
        if len(row.keyings) >= 2:
            raise Conflict("paper_keyed")
        known = {seat.number for seat in form.panel.seats}
        number = len(row.keyings) + 1
        writing.add(
            PaperKeying(
                paper_sheet_id=row.id, number=number, clerk_id=actor.person, keyed_at=at, values=keyed,
                signed_seats=sorted(known & set(signed_seats)),
            )
        )  # fmt: skip
        record(actor, "paper:keyed", "paper_sheet", row.id, at=at, chain=chain_of(row.event_id), number=number)


def enter_paper(paper_id: UUID, chosen: Mapping[str, str], *, actor: Actor, at: datetime) -> int:
    """Enter a sheet that two clerks keyed in; `chosen` settles the cells in which they differ, by looking at the paper.

    Answers how many marks were made; a second click makes none. Raises Missing, Refusal paper_void, paper_not_keyed,
    paper_unsettled.
    """
    with transaction() as writing:
        row = paper.paper_sheet(paper_id)
        if row.entered_at is not None:
            return 0
        row, form = _open(paper_id)
        if len(row.keyings) < 2:
            raise Refusal("paper_not_keyed")
        first, second = row.keyings
        values = settled(first.values, second.values, chosen)
        judges = {seat.id: seat.duty.person_id for seat in form.panel.seats}
        by_judge: dict[UUID, list[MarkBody]] = {}
        for number, cell in enumerate((one for one in form.flat if one.key in values), start=1):
            judge = judges[cell.seat_id] if cell.seat_id else form.panel.seats[0].duty.person_id
            by_judge.setdefault(judge, []).append(
                MarkBody(
                    id=uuid5(row.id, cell.key), work_id=row.work_id, aspect_id=cell.aspect.id, seat_id=cell.seat_id, kind="set",
                    value=values[cell.key], base_id=None, scheme_id=cell.aspect.scheme_id, device_id=row.id,
                    device_sequence=number, client_at=at,
                )
            )  # fmt: skip
        for judge, bodies in by_judge.items():
            for start in range(0, len(bodies), LARGEST_BATCH):
                receive_marks(bodies[start : start + LARGEST_BATCH], actor=Actor(judge), at=at, paper=True)
        stored = writing.get_one(PaperSheet, row.id)
        stored.entered_by, stored.entered_at = actor.person, at
        stored.signed_seats = sorted(set(first.signed_seats) & set(second.signed_seats))
        record(
            actor, "paper:entered", "paper_sheet", row.id, at=at, chain=chain_of(row.event_id), marks=len(values),
            first=first.clerk_id, second=second.clerk_id,
        )  # fmt: skip
        return len(values)


def file_scan(paper_id: UUID, data: bytes, *, actor: Actor, at: datetime) -> None:
    """File the scan of a sheet, sealed: PDF or a picture, decided by its content. A later scan takes the place of an earlier.

    Raises Missing, Refusal photo_not_readable, photo_too_many_pixels.
    """
    row = paper.paper_sheet(paper_id)
    media_type = "application/pdf"
    if not data.startswith(b"%PDF-"):
        decoded(data)
        media_type = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    file_id = keep_file(data, media_type=media_type, name=f"paper-{row.id}", actor=actor, at=at)
    with transaction() as writing:
        writing.get_one(PaperSheet, paper_id).scan_id = file_id
        record(actor, "paper:scanned", "paper_sheet", paper_id, at=at, chain=chain_of(row.event_id), file=file_id)


def take_signatures(panel_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Put the sheets entered from paper on a list, signed on paper by the seats whose signature both clerks saw on every one.

    Only with every scan filed, and while the values are still those of the paper. Seats that did not sign every paper sign the
    list themselves. Raises Missing, Refusal paper_nothing_to_sign, paper_scan_missing, paper_overtaken, sheets_incomplete.
    """
    form = paper.form_of(panel_id)
    aspects = [cell.aspect.id for cell in form.flat]
    with transaction() as writing:
        rows = writing.scalars(
            select(PaperSheet).where(PaperSheet.panel_id == panel_id, PaperSheet.entered_at.is_not(None))
        ).all()
        listed = {key[2] for key, sheet in marks.sheets_of_panels([panel_id]).items() if sheet.signing_list_id}
        rows = [row for row in rows if row.work_id not in listed]
        if not rows:
            raise Refusal("paper_nothing_to_sign")
        unscanned = sum(row.scan_id is None for row in rows)
        if unscanned:
            raise Refusal("paper_scan_missing", count=unscanned)
        papers = {row.work_id: row.id for row in rows}
        for head in marks.heads_on(list(papers), aspects):
            if head.mark_id != uuid5(papers[head.work_id], f"{head.aspect_id}|{head.cell}"):
                raise Refusal("paper_overtaken")
        subs = [sub.id for sub in form.subs]
        first = Actor(form.panel.seats[0].duty.person_id)
        made = make_signing_list(panel_id, subs, list(papers), title="纸质 paper", actor=first, at=at)
        seen = set.intersection(*(set(row.signed_seats) for row in rows))
        digest = marks.signing_list(made).hash
        for seat in form.panel.seats:
            if seat.number in seen:
                sign_list(made, seat.id, digest, kind="paper", actor=Actor(seat.duty.person_id), at=at)
        record(
            actor, "paper:signatures", "signing_list", made, at=at, chain=chain_of(form.panel.event_id), seats=len(seen)
        )
    return made


def _open(paper_id: UUID) -> tuple[PaperSheet, paper.Form]:
    """A sheet that still holds, and its form. Raises Missing, Refusal paper_void, Conflict paper_entered."""
    row = paper.paper_sheet(paper_id)
    form = paper.form_of(row.panel_id)
    with transaction() as writing:
        work = writing.get(Work, row.work_id)
    if work is None:
        raise Missing
    state = paper.state_of(row, work, form.hash)
    if state == "void":
        raise Refusal("paper_void")
    if state == "entered":
        raise Conflict("paper_entered", at=row.entered_at)
    return row, form
