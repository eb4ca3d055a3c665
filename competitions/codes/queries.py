"""Reading works and, after unblinding, whose they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from competitions.codes.models import CodeSeal, Work, WorkEntry
from foundation.db import session
from foundation.refusal import Refusal


def entries_by_work(event_id: UUID) -> dict[UUID, UUID]:
    """work → entry of an event. Raises Refusal codes_sealed before two people have unblinded it."""
    seal = session().get(CodeSeal, event_id)
    if seal is None or seal.unblinded_at is None:
        raise Refusal("codes_sealed")
    wanted = select(WorkEntry.work_id, WorkEntry.entry_id).join(Work, Work.id == WorkEntry.work_id)
    return {row.work_id: row.entry_id for row in session().execute(wanted.where(Work.event_id == event_id))}
