"""Everything but the ledger can be made anew from it: computed here and compared with what is stored."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competitions.marking.batch import Batch
from competitions.marking.ledger import lock_stream, store_heads
from competitions.marking.models.marks import MarkHead, Sheet
from competitions.marking.queries import marks as queries
from competitions.marking.sheet_hash import sheet_hashes
from competitions.marking.sheet_states import complete_sheets
from competitions.rules.lifecycle import SHEET, SHEET_LOCKED, SheetState
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


def rebuild_sheets(event_id: UUID, *, check: bool = False) -> list[UUID]:
    """The sheets that are not as their marks say: open or complete, computed from the ledger alone; a locked or listed one must
    be complete and its hash that of the values in force. Stores open and complete unless `check`; a locked sheet that differs is
    never changed here: people look at it.
    """
    if check:
        return sorted(_wrong_sheets(session(), event_id), key=str)
    with transaction() as writing:
        lock_stream(writing, f"event:{event_id}")
        wrong = _wrong_sheets(writing, event_id)
        for sheet, state in wrong.items():
            if state is not None:
                writing.execute(update(Sheet).where(Sheet.id == sheet).values(state=state))
        return sorted(wrong, key=str)


def _wrong_sheets(reading: Session, event_id: UUID) -> dict[UUID, str | None]:
    """sheet → the state it should have, None where no state mends it."""
    complete = complete_sheets(reading, event_id, queries.heads_from_marks(reading, event_id))
    sheets = reading.scalars(select(Sheet).where(Sheet.event_id == event_id)).all()
    listed = [sheet for sheet in sheets if sheet.hash]
    hashes = sheet_hashes(reading, listed) if listed else {}
    found: dict[UUID, str | None] = {}
    for sheet in sheets:
        loose = sheet.state not in SHEET_LOCKED and sheet.signing_list_id is None
        if loose and complete[sheet.id] != (sheet.state == SheetState.COMPLETE):
            found[sheet.id] = SHEET.advance(sheet.state, "complete" if complete[sheet.id] else "reopen")
        elif (not loose and not complete[sheet.id]) or hashes.get(sheet.id, sheet.hash) != sheet.hash:
            found[sheet.id] = None
    return found
