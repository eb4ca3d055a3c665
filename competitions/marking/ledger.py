"""The ledger of marks: received in batches, chained, never changed; heads and sheets follow from it.

A mark is never refused for being late or from the wrong seat: it is stored as held and shown to the chief judge. Only what cannot
be a mark at all (no such work or aspect, a value the aspect cannot take) is `invalid` and not stored. Statements are Core, not
ORM: a batch of fifty is a handful of reads and three writes. Source: design, domain 1 (Marking).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from competitions.judges.actions import freeze_panel
from competitions.marking.batch import Batch, Head, load_batch
from competitions.marking.bodies import HASH_VERSION, MarkBody, Sealed, body_hash, link_body, sealed_bodies
from competitions.marking.models.gaps import SpentNumber
from competitions.marking.models.marks import Mark, MarkHead, MarkStatus, MarkStream, Sheet, SigningList
from competitions.marking.queries import marks as queries
from competitions.marking.queries.voids import voided_aspects
from competitions.rules.lifecycle import SHEET, SHEET_LOCKED, SheetState
from competitions.rules.revisions import head_of
from competitions.rules.scoring.aspects import checked_value
from competitions.rules.sheets import CellValue, examine
from competitions.schemes.actions import freeze_scheme
from foundation.audit.chain import GENESIS, linked
from foundation.clock import new_id
from foundation.db import transaction
from foundation.group_commit import grouped
from foundation.permission import Actor, Via
from foundation.refusal import Refusal

LARGEST_BATCH = 50
KINDS = ("set", "clear", "note")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mark. `duplicate` carries the sequence, hash and code of the first answer."""

    id: UUID
    status: str
    sequence: int | None = None
    hash: str = ""
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def receive_marks(batch: Sequence[MarkBody], *, actor: Actor, at: datetime, paper: bool = False) -> list[Answer]:
    """Take in 1–50 marks in one transaction; an answer for each, in order. Durable when this returns.

    On SQLite many senders' batches share a COMMIT (`grouped`). Sending the same again gives `duplicate` with the first answer. The first mark freezes the scheme and the panel. A mark that
    the database refuses (another transaction took its id) is tried again alone and cannot block the rest. `paper`: two clerks
    keyed these in from a signed sheet, so no tablet can have signed them.
    Raises Refusal marks_batch_size, marks_need_a_person.
    """
    if not 1 <= len(batch) <= LARGEST_BATCH:
        raise Refusal("marks_batch_size", count=len(batch), most=LARGEST_BATCH)
    if actor.person is None:
        raise Refusal("marks_need_a_person")
    hashed = sealed_bodies(batch)
    return grouped(lambda writing: _receive_all(writing, hashed, actor, at, paper=paper))


def _receive_all(
    writing: Session, hashed: Sequence[Sealed], actor: Actor, at: datetime, *, paper: bool
) -> list[Answer]:
    try:
        with writing.begin_nested():
            return _receive(writing, hashed, actor, at, paper=paper)
    except IntegrityError:
        answers = []
        for one in hashed:
            try:
                with writing.begin_nested():
                    answers += _receive(writing, [one], actor, at, paper=paper)
            except IntegrityError:  # somebody else's id became visible in between
                with writing.begin_nested():
                    answers += _receive(writing, [one], actor, at, paper=paper)
        return answers


def _receive(
    writing: Session,
    hashed: Sequence[Sealed],
    actor: Actor,
    at: datetime,
    decision: UUID | None = None,
    *,
    paper: bool = False,
) -> list[Answer]:
    known = load_batch(writing, [one.body for one in hashed], [_reused(one.body, one.digest) for one in hashed])
    heads = {event: lock_stream(writing, f"event:{event}") for event in sorted(known.events(), key=str)}
    known.load_state(writing)
    known.rules = {event: queries.rules_in_force(event) for event in heads}
    known.void = frozenset[UUID]().union(*(voided_aspects(event) for event in heads))
    rows: list[dict[str, Any]] = []
    touched: set[tuple[UUID, UUID, UUID]] = set()
    answers = []
    for one in hashed:
        body, digest = one.body, one.digest
        first = known.marks.get(body.id)
        code, kept_id, refers_to = "", body.id, decision
        if first is not None:
            if first["body_hash"] == digest:
                answers.append(_again(body.id, first))
                continue
            code, kept_id, refers_to = "mark_id_reused", _reused(body, digest), body.id
            if kept_id in known.marks:
                answers.append(_again(body.id, known.marks[kept_id]))
                continue
        wrong = _malformed(known, body)
        if wrong is not None:
            answers.append(Answer(body.id, "invalid", code=wrong.code, facts=wrong.facts))
            _spend(writing, known, one, wrong.code, actor, at)
            continue
        work, aspect = known.works[body.work_id], known.aspects[body.aspect_id]
        panel = known.panels.get(aspect.sub_criterion_id)
        author, doubt = (actor.person, "") if decision else _author(known, one, actor)
        code = code or ("" if decision else doubt or _untimely(known, body, author, actor))
        if not code and not decision and not paper and _unpaired(known, body, work.event_id):
            code = "mark_unpaired"
        device, taken = body.device_id, known.device_marks.get((body.device_id, body.device_sequence))
        if taken is not None:
            device, code = uuid5(body.device_id, str(kept_id)), code or "mark_sequence_reused"
            refers_to = refers_to or body.device_id
        stream = heads[work.event_id]
        row: dict[str, Any] = {
            "id": kept_id, "stream": stream["stream"], "sequence": stream["sequence"] + 1, "work_id": body.work_id,
            "aspect_id": body.aspect_id, "panel_id": panel.id if panel else None, "seat_id": body.seat_id,
            "judge_id": author, "kind": body.kind, "value": body.value, "base_id": body.base_id,
            "scheme_id": body.scheme_id, "device_id": device, "device_sequence": body.device_sequence,
            "client_at": body.client_at, "server_at": at, "status": MarkStatus.HELD.value, "held_code": code,
            "refers_to": refers_to, "reason": body.reason, "body_hash": digest, "device_signature": body.device_signature,
            "hash_version": HASH_VERSION, "previous_hash": stream["hash"],
        }  # fmt: skip
        if not code and panel is not None:
            conflict = _apply(writing, known, row, rows)
            row["status"] = (MarkStatus.CONFLICT if conflict else MarkStatus.RECEIVED).value
            touched.add((panel.id, aspect.sub_criterion_id, body.work_id))
        row["hash"] = linked(stream["hash"], link_body(row))
        stream["sequence"], stream["hash"] = row["sequence"], row["hash"]
        rows.append(row)
        known.marks[kept_id] = row
        known.device_marks[device, body.device_sequence] = kept_id
        told = code or ("mark_conflict" if row["status"] == MarkStatus.CONFLICT else "")
        answers.append(Answer(body.id, row["status"], row["sequence"], row["hash"], told))
    if rows:
        writing.execute(insert(Mark), rows)
        for stream in heads.values():
            writing.execute(update(MarkStream).where(MarkStream.stream == stream["stream"]).values(**stream))
        store_heads(writing, known)
        _freeze(writing, known, touched, actor, at)
        _move_sheets(writing, known, touched, at)
    return answers


def _reused(body: MarkBody, digest: str) -> UUID:
    return uuid5(body.id, digest)  # the same other body gets the same id again: repeating it stores nothing


def _again(sent: UUID, first: Mapping[str, Any]) -> Answer:
    code = first["held_code"] or ("mark_conflict" if first["status"] == MarkStatus.CONFLICT else "")
    return Answer(sent, "duplicate", first["sequence"], first["hash"], code, {"first": first["status"]})


def _malformed(known: Batch, body: MarkBody) -> Refusal | None:
    work, aspect = known.works.get(body.work_id), known.aspects.get(body.aspect_id)
    if work is None or aspect is None or known.schemes.get(aspect.scheme_id, (None, ""))[0] != work.event_id:
        return Refusal("mark_unknown_place")
    if body.scheme_id not in known.schemes:
        return Refusal("mark_unknown_scheme")
    if body.seat_id is not None and body.seat_id not in known.seats:
        return Refusal("mark_unknown_seat")
    if body.kind not in KINDS or body.device_sequence < 1:
        return Refusal("mark_malformed")
    if body.kind != "note" and aspect.rule.by_each_judge != (body.seat_id is not None):
        return Refusal("mark_seat_needed" if aspect.rule.by_each_judge else "mark_by_panel")
    if (body.kind == "clear") != (body.value is None):
        return Refusal("mark_malformed")
    if body.kind == "set":
        try:
            checked_value(aspect.rule, body.value or "")
        except Refusal as refusal:
            return refusal
    return None


def _author(known: Batch, one: Sealed, actor: Actor) -> tuple[UUID | None, str]:
    """Whose mark it is, and what is wrong with its signature: a signed mark is its tablet's judge's, whoever hands it in."""
    device = known.devices.get(one.body.device_id)
    if device is None:
        return actor.person, ""
    code, author = "", actor.person
    if device.key:
        if one.body.device_signature is None:
            code = "mark_unsigned"
        elif not one.signed_by(device.key):
            code = "mark_signature_wrong"
        else:
            author = device.person_id
    return author, code or ("mark_device_lost" if device.revoked else "")


def _unpaired(known: Batch, body: MarkBody, event_id: UUID) -> bool:
    """Do the rules ask for a signature that this tablet cannot give?"""
    device = known.devices.get(body.device_id)
    return known.rules[event_id].paired_tablets_only and (device is None or not device.key)


def _spend(writing: Session, known: Batch, one: Sealed, code: str, actor: Actor, at: datetime) -> None:
    """A registered tablet used a number for what cannot be a mark: remembered, so that it is no gap."""
    device, body = known.devices.get(one.body.device_id), one.body
    if device is None or body.device_sequence < 1 or _author(known, one, actor) != (device.person_id, ""):
        return
    spent = {
        "device_id": body.device_id,
        "device_sequence": body.device_sequence,
        "mark_id": body.id,
        "code": code,
        "at": at,
    }
    writing.execute(_upsert(writing)(SpentNumber).values(**spent).on_conflict_do_nothing())


def _untimely(known: Batch, body: MarkBody, author: UUID | None, actor: Actor) -> str:
    work, aspect = known.works[body.work_id], known.aspects[body.aspect_id]
    panel = known.panels.get(aspect.sub_criterion_id)
    if panel is None:
        return "mark_no_panel"
    mine = [seat for seat in known.seats.values() if seat.panel_id == panel.id and seat.person_id == author]
    if not any(seat.state == "accepted" for seat in mine):
        return "mark_other_panel"
    if body.seat_id is not None:
        seat = known.seats[body.seat_id]
        if seat.panel_id != panel.id:
            return "mark_other_panel"
        if panel.entry_mode == "own_tablet" and seat.person_id != author:
            return "mark_other_seat"
    if work.withdrawn_at is not None:
        return "mark_work_withdrawn"
    if body.scheme_id != aspect.scheme_id or known.schemes[aspect.scheme_id][1] == "superseded":
        return "mark_other_scheme"
    device = known.devices.get(body.device_id)
    unknown = device is None and actor.via != Via.SESSION and body.device_id != actor.device
    if unknown or (device is not None and (device.person_id, device.event_id) != (author, work.event_id)):
        return "mark_other_device"
    sheet = known.sheets.get((panel.id, aspect.sub_criterion_id, body.work_id))
    if sheet is not None and (sheet.state in SHEET_LOCKED or sheet.signatures):
        return "mark_sheet_signed"
    return ""


def _apply(writing: Session, known: Batch, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Bring the head of the mark's cell up to date; True when its cell is in conflict afterwards."""
    cell = row["seat_id"] or row["panel_id"]
    place = (row["work_id"], row["aspect_id"], cell)
    head = known.heads.setdefault(place, Head(known.works[row["work_id"]].event_id))
    known.changed.add(place)
    if row["kind"] == "note":
        head.note, head.note_at, head.note_id = row["value"] or "", row["client_at"], row["id"]  # in the ledger's order
        return False
    rule = known.aspects[row["aspect_id"]].rule
    value = None if row["value"] is None else checked_value(rule, row["value"])
    if head.leaves <= 1 and row["base_id"] == head.mark_id:
        head.mark_id, head.value, head.leaves, head.conflict = row["id"], value, 1, False
        return False
    stored = queries.revisions_of_cell(writing, row["work_id"], row["aspect_id"], row["seat_id"], rule)
    fresh = [
        queries.revision(other, rule)
        for other in (*rows, row)
        if (other["work_id"], other["aspect_id"], other["seat_id"])
        == (row["work_id"], row["aspect_id"], row["seat_id"])
        and other["kind"] != "note"
        and (other is row or other["status"] != MarkStatus.HELD)
    ]
    found = head_of([*stored, *fresh])
    head.mark_id, head.value, head.leaves, head.conflict = found.id, found.value, found.leaves, found.conflict
    return found.conflict


def _upsert(writing: Session) -> Any:
    return sqlite.insert if writing.get_bind().dialect.name == "sqlite" else postgresql.insert


def lock_stream(writing: Session, stream: str) -> dict[str, Any]:
    wanted = select(MarkStream.sequence, MarkStream.hash).where(MarkStream.stream == stream).with_for_update()
    found = writing.execute(wanted).first()
    if found is None:
        first = _upsert(writing)(MarkStream).values(stream=stream, sequence=0, hash=GENESIS)
        writing.execute(first.on_conflict_do_nothing())
        found = writing.execute(wanted).one()
    return {"stream": stream, "sequence": found.sequence, "hash": found.hash}


def store_heads(writing: Session, known: Batch) -> None:
    if not known.changed:
        return
    rows = [
        {"work_id": work, "aspect_id": aspect, "cell": cell, **known.heads[work, aspect, cell].columns()}
        for work, aspect, cell in sorted(known.changed, key=str)
    ]
    statement = _upsert(writing)(MarkHead)
    names = ("mark_id", "value", "leaves", "conflict", "note", "note_at", "note_id")
    statement = statement.on_conflict_do_update(
        index_elements=["work_id", "aspect_id", "cell"], set_={name: statement.excluded[name] for name in names}
    )
    writing.execute(statement, rows)


def _freeze(writing: Session, known: Batch, touched: set[tuple[UUID, UUID, UUID]], actor: Actor, at: datetime) -> None:
    panels = {panel.id: panel for panel in known.panels.values()}
    for panel_id in sorted({panel for panel, _, _ in touched}, key=str):
        if panels[panel_id].frozen_at is None:
            freeze_panel(panel_id, actor=actor, at=at)
    schemes = {known.aspects_of(sub)[0].scheme_id for _, sub, _ in touched}
    for scheme_id in sorted(schemes, key=str):
        if known.schemes[scheme_id][1] == "in_force":
            freeze_scheme(scheme_id, actor=actor, at=at)
    if any(key not in known.sheets for key in touched):
        for panel_id in sorted(
            {panel for panel, sub, work in touched if (panel, sub, work) not in known.sheets}, key=str
        ):
            make_sheets(writing, panel_id)
        known.load_sheets(writing)


def make_sheets(writing: Session, panel_id: UUID) -> None:
    """Make the sheets a panel lacks: one a sub-criterion it marks and work of its event."""
    rows = [
        {"id": new_id(), "event_id": event, "panel_id": panel_id, "sub_criterion_id": sub, "work_id": work, "state": SHEET.start,
         "hash": ""}
        for event, sub, work in queries.sheets_lacking(writing, panel_id)
    ]  # fmt: skip
    if rows:
        writing.execute(insert(Sheet), rows)


def _move_sheets(writing: Session, known: Batch, touched: set[tuple[UUID, UUID, UUID]], at: datetime) -> None:
    for key in sorted(touched, key=str):
        panel_id, sub, work_id = key
        sheet = known.sheets[key]
        if sheet.signing_list_id is not None:  # nobody has signed it yet: what they would sign is another thing now
            writing.execute(update(SigningList).where(SigningList.id == sheet.signing_list_id).values(withdrawn_at=at))
            writing.execute(
                update(Sheet)
                .where(Sheet.signing_list_id == sheet.signing_list_id)
                .values(signing_list_id=None, hash="")
            )
        spread = known.rules[known.works[work_id].event_id].judgement_spread
        seats = [seat.id for seat in known.seats_of(panel_id)]
        values = {
            (aspect.id, cell): CellValue(head.value, head.conflict)
            for aspect in known.aspects_of(sub)
            for cell in (panel_id, *seats)
            if (head := known.heads.get((work_id, aspect.id, cell))) is not None
        }
        found = examine(
            {a.id: a.rule for a in known.aspects_of(sub)}, panel_id, seats, values, spread=spread, void=known.void
        )
        if found.complete != (sheet.state == SheetState.COMPLETE):
            following = SHEET.advance(sheet.state, "complete" if found.complete else "reopen")
            writing.execute(update(Sheet).where(Sheet.id == sheet.id).values(state=following))


def decide(
    chosen: Mapping[str, Any], *, base_id: UUID | None, reason: str, mark_id: UUID, actor: Actor, at: datetime
) -> Answer:
    """Add the mark by which a person decides: it takes over the value of `chosen` and ends what stood beside it."""
    body = MarkBody(
        id=mark_id, work_id=chosen["work_id"], aspect_id=chosen["aspect_id"], seat_id=chosen["seat_id"], kind=chosen["kind"],
        value=chosen["value"], base_id=base_id, scheme_id=chosen["scheme_id"], device_id=mark_id, device_sequence=1, client_at=at,
        reason=reason,
    )  # fmt: skip
    with transaction() as writing:
        return _receive(writing, [Sealed(body, body_hash(body))], actor, at, decision=chosen["id"])[0]
