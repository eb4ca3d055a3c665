"""The floor record: entries come in once each and stay; three people sign what stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from competitions.codes.models import Work
from competitions.marking.actions.sheets import chain_of
from competitions.marking.models.floor import FloorEntry, FloorSignature
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import floor
from competitions.programme.queries import event_scopes
from competitions.programme.violations import violation_kinds
from competitions.rules.floor import KINDS
from competitions.rules.handwriting import Hand, checked_hand
from foundation.audit.chain import canonical, record
from foundation.db import transaction
from foundation.permission import Actor, can
from foundation.refusal import Missing, Refusal

ROLES = ("competitor", "floor_judge", "chief_judge")


@dataclass(frozen=True, slots=True)
class FloorBody:
    """What a tablet says happened."""

    id: UUID
    work_id: UUID
    kind: str
    client_at: datetime
    rule: str = ""
    count: int = 0
    text: str = ""
    refers_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class FloorAnswer:
    """received, duplicate, held or invalid, with a code for the last two."""

    id: UUID
    status: str
    code: str = ""


def body_hash(body: FloorBody) -> str:
    """SHA-256 over an entry without its free text, which may tell of a person."""
    fields = (
        "laurel.floor_entry", "1", str(body.id), str(body.work_id), body.kind, body.rule, str(body.count),
        str(body.refers_to or ""), body.client_at.astimezone(UTC).isoformat(timespec="microseconds"),
    )  # fmt: skip
    return hashlib.sha256(canonical(fields)).hexdigest()


def receive_entry(body: FloorBody, *, actor: Actor, at: datetime) -> FloorAnswer:
    """Take one entry in. The same again is a `duplicate`; the same id with another body, an entry of somebody who is no floor
    judge there, one after the chief judge signed or for a withdrawn work is `held` and kept. `invalid` is what is no entry."""
    digest = body_hash(body)
    if actor.person is None or body.kind not in KINDS:
        return FloorAnswer(body.id, "invalid", "floor_malformed")
    if body.kind == "violation" and (body.rule not in violation_kinds() or body.count < 1):
        return FloorAnswer(body.id, "invalid", "floor_malformed")
    if body.kind == "strike" and body.refers_to is None:
        return FloorAnswer(body.id, "invalid", "floor_malformed")
    with transaction() as writing:
        work = writing.get(Work, body.work_id, with_for_update=True)
        if work is None:
            return FloorAnswer(body.id, "invalid", "floor_malformed")
        key, code, refers = body.id, "", body.refers_to
        first = writing.get(FloorEntry, key)
        if first is not None:
            if first.body_hash == digest:
                return FloorAnswer(body.id, "duplicate", first.held_code)
            key, code, refers = uuid5(body.id, digest), "floor_id_reused", body.id
            if writing.get(FloorEntry, key) is not None:
                return FloorAnswer(body.id, "duplicate", code)
        if not can(actor, MarkingPermission.FLOOR, event_scopes(work.event_id) or ()):
            code = code or "floor_other_event"
        if work.withdrawn_at is not None:
            code = code or "floor_work_withdrawn"
        if any(row.role == "chief_judge" for row in floor.signatures(work.event_id, work.id)):
            code = code or "floor_signed"
        status = "held" if code else "received"
        writing.add(
            FloorEntry(
                id=key, event_id=work.event_id, work_id=work.id, kind=body.kind, rule=body.rule, count=body.count,
                text=body.text or None, refers_to=refers, judge_id=actor.person, client_at=body.client_at, server_at=at,
                status=status, held_code=code, body_hash=digest,
            )
        )  # fmt: skip
        record(
            actor, "floor:recorded", "floor_entry", key, at=at, chain=chain_of(work.event_id), kind=body.kind, status=status,
            hash=digest,
        )  # fmt: skip
    return FloorAnswer(body.id, status, code)


def sign_record(work_id: UUID, role: str, seen_hash: str, drawing: str, *, actor: Actor, at: datetime) -> None:
    """Sign a station's record as it stands. The competitor signs on the floor judge's tablet and stays nameless; the chief judge
    last. Repeating it does nothing.

    Raises Missing, Refusal floor_changed, floor_sign_first, signature_empty, signature_malformed, floor_chief_only.
    """
    hand = checked_hand(Hand("drawn", drawing), ())
    with transaction() as writing:
        work = writing.get(Work, work_id, with_for_update=True)
        if work is None or role not in ROLES:
            raise Missing
        chief = can(actor, MarkingPermission.CONFIRM, event_scopes(work.event_id) or ())
        if role == "chief_judge" and not chief:
            raise Refusal("floor_chief_only")
        now_hash = floor.record_hash(floor.entries(work.event_id, work_id))
        if seen_hash != now_hash:
            raise Refusal("floor_changed")
        given = {row.role for row in floor.signatures(work.event_id, work_id) if row.record_hash == now_hash}
        if role in given:
            return
        if role == "chief_judge" and given != {"competitor", "floor_judge"}:
            raise Refusal("floor_sign_first")
        person = None if role == "competitor" else actor.person
        writing.add(
            FloorSignature(
                event_id=work.event_id, work_id=work_id, role=role, person_id=person, record_hash=now_hash, drawing=hand.text,
                signed_at=at,
            )
        )  # fmt: skip
        record(
            actor, "floor:signed", "work", work_id, at=at, chain=chain_of(work.event_id), role=role, hash=now_hash
        )  # fmt: skip
