"""Everything but the ledger can be made anew from it: computed here and compared with what is stored."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from competitions.marking.batch import Batch
from competitions.marking.ledger import lock_stream, store_heads
from competitions.marking.models.marks import MarkHead
from competitions.marking.queries import marks as queries
from foundation.db import session, transaction


def rebuild_heads(event_id: UUID, *, check: bool = False) -> list[tuple[UUID, UUID, UUID]]:
    """Compute every head of an event anew from its marks; the places where the stored ones differ. Stores unless `check`."""
    if check:
        return _differences(session(), event_id)
    with transaction() as writing:
        lock_stream(writing, f"event:{event_id}")
        different = _differences(writing, event_id)
        if different:
            writing.execute(MarkHead.__table__.delete().where(MarkHead.event_id == event_id))  # type: ignore[attr-defined]
            known = Batch()
            known.heads = queries.heads_from_marks(writing, event_id)
            known.changed = set(known.heads)
            store_heads(writing, known)
        return different


def _differences(reading: Session, event_id: UUID) -> list[tuple[UUID, UUID, UUID]]:
    computed = {place: head.columns() for place, head in queries.heads_from_marks(reading, event_id).items()}
    stored = {place: head.columns() for place, head in queries.stored_heads(reading, event_id).items()}
    return sorted((place for place in computed | stored if computed.get(place) != stored.get(place)), key=str)
