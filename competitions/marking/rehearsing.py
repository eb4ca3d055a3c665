"""The pages of a rehearsal: the judge's sheet and panel, made from invented works; the chief's overview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from competitions.judges.models import Panel, PanelSeat
from competitions.marking.desk import rule_of, seat_of
from competitions.marking.entering import EntryPage, neighbours, page_of
from competitions.marking.models.rehearsal import RehearsalWork
from competitions.marking.queries import marks as queries
from competitions.marking.queries import rehearsal
from competitions.rules.sheets import CellValue, SheetFindings, examine
from competitions.schemes.models import SubCriterion
from foundation.refusal import Missing


@dataclass(frozen=True, slots=True)
class RehearsedPanel:
    """A panel's invented works × sub-criteria, with what stands on each sheet."""

    panel: Panel
    seat: PanelSeat | None
    subs: Sequence[SubCriterion]
    works: Sequence[RehearsalWork]
    findings: dict[tuple[UUID, UUID], SheetFindings]

    def total(self, work_id: UUID) -> Fraction | None:
        """What this panel's sheets give a work so far; None while a value is missing."""
        values = [self.findings[sub.id, work_id].total for sub in self.subs]
        return (
            None if any(value is None for value in values) else sum((v for v in values if v is not None), Fraction(0))
        )

    @property
    def filled(self) -> tuple[int, int]:
        """Filled and needed cells."""
        found = self.findings.values()
        return sum(one.filled for one in found), sum(one.needed for one in found)


def panel_board(panel_id: UUID, person: UUID | None) -> RehearsedPanel:
    """A seated judge's board. Raises Missing when nothing is rehearsed or the person has no seat."""
    panel = queries.panel(panel_id)
    if seat_of(panel, person) is None or rehearsal.rehearsal_of(panel.event_id) is None:
        raise Missing
    return _boards(panel.event_id, [panel], person)[0]


def event_boards(event_id: UUID) -> list[RehearsedPanel]:
    """Every panel of a rehearsal, for those who lead it."""
    return _boards(event_id, queries.panels(event_id), None)


def _boards(event_id: UUID, panels: Sequence[Panel], person: UUID | None) -> list[RehearsedPanel]:
    works, spread = rehearsal.works(event_id), queries.spread_of(event_id)
    values: dict[UUID, dict[tuple[UUID, UUID], CellValue]] = {work.id: {} for work in works}
    for head in rehearsal.heads(event_id):
        values[head.work_id][head.aspect_id, head.cell] = CellValue(head.value, head.conflict)
    assigned = {panel.id: {one.sub_criterion_id for one in panel.assignments} for panel in panels}
    subs = queries.sub_criteria(list(set[UUID]().union(*assigned.values())))
    found = []
    for panel in panels:
        mine = [sub for sub in subs if sub.id in assigned[panel.id]]
        seats = [seat.id for seat in panel.seats]
        findings = {
            (sub.id, work.id): examine(
                {aspect.id: rule_of(aspect) for aspect in sub.aspects}, panel.id, seats, values[work.id], spread=spread
            )
            for sub in mine
            for work in works
        }
        found.append(RehearsedPanel(panel, seat_of(panel, person), mine, works, findings))
    return found


def work_page(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID, person: UUID | None) -> EntryPage:
    """One invented work × all aspects of a sub-criterion. Raises Missing."""
    panel = queries.panel(panel_id)
    seat = seat_of(panel, person)
    if seat is None or sub_criterion_id not in {one.sub_criterion_id for one in panel.assignments}:
        raise Missing
    works = rehearsal.works(panel.event_id)
    place = next((n for n, work in enumerate(works) if work.id == work_id), None)
    if place is None:
        raise Missing
    [sub] = queries.sub_criteria([sub_criterion_id])
    rows: dict[UUID, dict[tuple[UUID, UUID], Any]] = {work_id: {}}
    for head in rehearsal.heads(panel.event_id):
        if head.work_id == work_id:
            rows[work_id][head.aspect_id, head.cell] = head
    before, after = neighbours([work.id for work in works], place)
    return page_of(
        panel, seat, sub, sub.aspects, [works[place]], rows=rows, made={}, by_aspect=False, before=before, after=after
    )
