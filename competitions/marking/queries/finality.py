"""Is anything open in an event's marks? Asked before a list is confirmed, a run computed or signed, results published."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from competitions.marking.models.marks import Mark, MarkStatus
from competitions.marking.queries import marks as queries
from competitions.marking.queries import recheck, tablets, voids
from competitions.marking.queries.corrections import corrections_waiting
from competitions.programme import queries as programme
from competitions.rules.finality import Marked, OpenMatter, open_matters
from competitions.schemes.models import Aspect
from foundation.db import session


def open_in_event(event_id: UUID) -> tuple[OpenMatter, ...]:
    """What is open in a whole event; nothing for an event without a marked part."""
    if not any(part.source == "scheme" for part in programme.event(event_id).parts):
        return ()
    work, void = queries.open_work(event_id), voids.voided_aspects(event_id)
    marked = Marked(
        conflicts=sum(row.aspect_id not in void for row in queries.conflicts(event_id)),
        held=work["held"],
        gaps=_gaps(event_id),
        incomplete=work["open"],
        unsigned=work["complete"],
        unconfirmed=work["signed"],
        corrections=corrections_waiting([event_id]).get(event_id, 0),
        voids=voids.waiting(event_id),
        recheck=int(not recheck.settled(event_id) and work["sheets"] == work["confirmed"]),
    )
    return open_matters(marked)


def open_in_panel(event_id: UUID, persons: Collection[UUID], sub_criteria: Collection[UUID]) -> tuple[OpenMatter, ...]:
    """What is open of one panel, by its judges and sub-criteria. Whether its lists are signed is not asked."""
    disputed = {(row.aspect_id, row.work_id) for row in queries.conflicts(event_id)}
    waiting = [row.aspect_id for row in queries.held(event_id)]
    wanted = select(Aspect.id).where(Aspect.sub_criterion_id.in_(sub_criteria))
    mine = set(session().scalars(wanted))
    marked_out = mine - voids.voided_aspects(event_id)
    marked = Marked(
        conflicts=sum(aspect in marked_out for aspect, _work in disputed),
        held=sum(aspect in mine for aspect in waiting),
        gaps=_gaps(event_id, persons),
    )
    return open_matters(marked)


def _gaps(event_id: UUID, persons: Collection[UUID] | None = None) -> list[tuple[str, int]]:
    return [(row.judge, len(row.missing)) for row in tablets.with_gaps(event_id, persons)]


def values_since(event_id: UUID, sequence: int) -> int:
    """How many marks entered an event's ledger after a sequence that can have changed a value: neither held nor a note."""
    wanted = select(func.count()).where(
        Mark.stream == f"event:{event_id}",
        Mark.sequence > sequence,
        Mark.status != MarkStatus.HELD,
        Mark.kind != "note",
    )
    return session().scalar(wanted) or 0
