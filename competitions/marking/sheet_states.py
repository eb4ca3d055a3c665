"""Which sheets of an event are complete, computed anew from heads and scheme: for rebuilding, and when a decision changes what counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.judges.models import Panel, PanelSeat
from competitions.marking.batch import Head
from competitions.marking.models.marks import Sheet
from competitions.marking.queries import marks as queries
from competitions.marking.queries.voids import voided_aspects
from competitions.rules.scoring.aspects import AspectRule
from competitions.rules.sheets import CellValue, examine
from competitions.schemes.models import Aspect

Heads = Mapping[tuple[UUID, UUID, UUID], Head]


def complete_sheets(reading: Session, event_id: UUID, heads: Heads | None = None) -> dict[UUID, bool]:
    """Every sheet of an event: is it complete? From the stored heads, or from `heads` when they were computed anew."""
    rules = queries.rules_of_event(event_id)
    aspects: dict[UUID, dict[UUID, AspectRule]] = defaultdict(dict)
    for aspect, sub in reading.execute(select(Aspect.id, Aspect.sub_criterion_id).where(Aspect.id.in_(rules))):
        aspects[sub][aspect] = rules[aspect]
    seats: dict[UUID, list[UUID]] = defaultdict(list)
    wanted = select(PanelSeat.panel_id, PanelSeat.id).join(Panel, Panel.id == PanelSeat.panel_id)
    for panel, seat in reading.execute(wanted.where(Panel.event_id == event_id).order_by(PanelSeat.number)):
        seats[panel].append(seat)
    values: dict[UUID, dict[tuple[UUID, UUID], CellValue]] = defaultdict(dict)
    found: Heads = queries.stored_heads(reading, event_id) if heads is None else heads
    for (work, aspect, cell), head in found.items():
        values[work][aspect, cell] = CellValue(head.value, head.conflict)
    void, spread = voided_aspects(event_id), queries.spread_of(event_id)
    columns: Any = (Sheet.id, Sheet.panel_id, Sheet.sub_criterion_id, Sheet.work_id)
    return {
        row.id: examine(
            aspects[row.sub_criterion_id], row.panel_id, seats[row.panel_id], values[row.work_id], spread=spread, void=void
        ).complete
        for row in reading.execute(select(*columns).where(Sheet.event_id == event_id))
    }  # fmt: skip
