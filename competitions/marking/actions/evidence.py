"""Photos as evidence, received in parts that may stop and go on; drawings for the judges."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from competitions.codes.models import Work
from competitions.judges.models import Panel
from competitions.marking.actions.sheets import chain_of, require_seat
from competitions.marking.models.evidence import Drawing, EvidencePhoto
from competitions.marking.queries import marks
from competitions.programme import queries as programme
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.files.actions import keep_file
from foundation.files.pictures import decoded
from foundation.files.store import store
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

PART = 128 * 1024
LARGEST = 6 * 1024 * 1024
LARGEST_DRAWING = 12 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a tablet says of a photo before its bytes."""

    panel_id: UUID
    work_id: UUID
    aspect_id: UUID
    taken_at: datetime
    size: int
    sha256: str


def begin_photo(photo_id: UUID, facts: PhotoFacts, *, actor: Actor, at: datetime) -> int:
    """Announce a photo; answers how many of its bytes are here already, so that an upload goes on where it stopped.

    Raises Missing, Refusal not_seated, photo_too_large.
    """
    if not 0 < facts.size <= LARGEST:
        raise Refusal("photo_too_large", most=LARGEST // 1024 // 1024)
    with transaction() as writing:
        known = writing.get(EvidencePhoto, photo_id)
        if known is not None:
            return _own(known, actor).received
        panel, work = writing.get(Panel, facts.panel_id), writing.get(Work, facts.work_id)
        sub = marks.sub_criterion_of(facts.aspect_id)
        if panel is None or work is None or work.event_id != panel.event_id:
            raise Missing
        if sub not in {one.sub_criterion_id for one in panel.assignments}:
            raise Missing
        require_seat(panel, actor)
        writing.add(
            EvidencePhoto(
                id=photo_id, event_id=panel.event_id, panel_id=panel.id, work_id=work.id, aspect_id=facts.aspect_id,
                person_id=actor.person, taken_at=facts.taken_at, begun_at=at, size=facts.size, sha256=facts.sha256, received=0,
            )
        )  # fmt: skip
    return 0


def take_part(photo_id: UUID, start: int, data: bytes, *, actor: Actor, at: datetime) -> int:
    """Take in the bytes from `start` on; answers how many are here. A part that is here already, or comes too early, changes nothing.

    The last part completes the photo: its hash is compared, its pixels are written anew, it is kept sealed. A photo that is not
    what was announced begins again. Raises Missing, Refusal photo_not_readable, photo_too_many_pixels.
    """
    with transaction() as writing:
        row = writing.get(EvidencePhoto, photo_id)
        if row is None:
            raise Missing
        received, size, digest, event_id = _own(row, actor).received, row.size, row.sha256, row.event_id
    right = min(PART, size - received)
    if start != received or start % PART or len(data) != right or right <= 0:
        return received
    store().put(uuid5(photo_id, str(start)), data)
    if start + len(data) < size:
        return _moved(photo_id, received, start + len(data))
    whole = b"".join(store().read(uuid5(photo_id, str(place))) for place in range(0, size, PART))
    if hashlib.sha256(whole).hexdigest() != digest:
        return _moved(photo_id, received, 0)
    target = io.BytesIO()
    decoded(whole).save(target, "JPEG", quality=88)
    file_id = keep_file(target.getvalue(), media_type="image/jpeg", name=f"evidence-{photo_id}", actor=actor, at=at)
    with transaction() as writing:
        found = writing.get_one(EvidencePhoto, photo_id, with_for_update=True)
        if found.file_id is None:
            found.received, found.file_id = size, file_id
            record(actor, "evidence:filed", "work", found.work_id, at=at, chain=chain_of(event_id), file=file_id)
    for place in range(0, size, PART):
        store().erase(uuid5(photo_id, str(place)))
    return size


def _own(row: EvidencePhoto, actor: Actor) -> EvidencePhoto:
    if row.person_id != actor.person:
        raise Missing
    return row


def _moved(photo_id: UUID, before: int, now_here: int) -> int:
    with transaction() as writing:
        row = writing.get_one(EvidencePhoto, photo_id, with_for_update=True)
        if row.received == before:
            row.received = now_here
        return row.received


def add_drawing(event_id: UUID, data: bytes, *, title: str, aspect_code: str = "", actor: Actor, at: datetime) -> UUID:
    """Keep a drawing for the judges of an event. Decided by its content, written anew from its pixels.

    Raises Refusal drawing_untitled, drawing_too_large, photo_not_readable, photo_too_many_pixels.
    """
    if not title.strip():
        raise Refusal("drawing_untitled", field="title")
    if len(data) > LARGEST_DRAWING:
        raise Refusal("drawing_too_large", field="file", most=LARGEST_DRAWING // 1024 // 1024)
    target = io.BytesIO()
    decoded(data).save(target, "PNG", optimize=True)
    file_id = keep_file(target.getvalue(), media_type="image/png", name=title.strip(), actor=actor, at=at)
    row = Drawing(
        id=new_id(), event_id=event_id, aspect_code=aspect_code.strip()[:20], title=title.strip()[:120], file_id=file_id,
        added_by=actor.person, added_at=at,
    )  # fmt: skip
    chain = programme.audit_chain(marks.competition_of(event_id))
    with transaction() as writing:
        writing.add(row)
        record(actor, "drawing:added", "event", event_id, at=at, chain=chain, drawing=row.id)
    return row.id


def remove_drawing(drawing_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a drawing from the judges' pages; the file stays. Repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(Drawing, drawing_id)
        if row is None:
            raise Missing
        if row.removed_at is None:
            row.removed_at = at
            record(actor, "drawing:removed", "event", row.event_id, at=at, chain=chain_of(row.event_id), drawing=row.id)
