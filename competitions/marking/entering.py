"""What a judge enters marks on: one work with all aspects of a sub-criterion, or one aspect across all works.

Both are the same sheets and the same queue; only the cut through them differs. Others' marks of an aspect stay hidden until all are in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from competitions.codes.models import Work
from competitions.judges.models import Panel, PanelSeat
from competitions.marking.desk import rule_of, seat_of
from competitions.marking.queries import marks as queries
from competitions.marking.queries.voids import voided_aspects
from competitions.programme.models import Event
from competitions.programme.queries import event as event_of
from competitions.rules.lifecycle import SHEET
from competitions.rules.rule_set import RuleSet
from competitions.rules.sheets import CellValue, SheetFindings, cells_of, examine
from competitions.schemes.models import Aspect, SubCriterion
from foundation.refusal import Missing


class Marked(Protocol):
    """What is marked: a work, or an invented one in a rehearsal."""

    @property
    def id(self) -> UUID:
        """Its key."""

    @property
    def code(self) -> str:
        """The code it is known by."""


@dataclass(frozen=True, slots=True)
class SheetNow:
    """A sheet as it stands. `cells` holds what this judge may see, `revealed` the aspects whose marks are all in."""

    work: Marked
    state: str
    findings: SheetFindings
    cells: Mapping[tuple[UUID, UUID], Any]
    revealed: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of cells: `aspects` × `sheets`. By work there is one sheet, by aspect one aspect; `before` and `after` are neighbours."""

    panel: Panel
    event: Event
    seat: PanelSeat
    sub: SubCriterion
    aspects: Sequence[Aspect]
    sheets: Sequence[SheetNow]
    rules: RuleSet
    by_aspect: bool
    before: UUID | None
    after: UUID | None

    @property
    def work(self) -> Marked:
        """The work of a page by work."""
        return self.sheets[0].work

    @property
    def recorded(self) -> bool:
        """Does one recorder enter every seat's mark here?"""
        return self.panel.entry_mode == "panel_tablet"

    def columns(self, aspect: Aspect) -> Sequence[PanelSeat | None]:
        """For whom values are entered here: the panel (None), this judge, or every seat on a recorder's tablet."""
        if not rule_of(aspect).by_each_judge:
            return [None]
        return self.panel.seats if self.recorded else [self.seat]


def work_page(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID, person: UUID | None) -> EntryPage:
    """One work × all aspects of a sub-criterion, for a seated judge. Raises Missing."""
    panel, seat, sub, works = _seated(panel_id, sub_criterion_id, person)
    place = next((n for n, work in enumerate(works) if work.id == work_id), None)
    if place is None:
        raise Missing
    before, after = neighbours([work.id for work in works], place)
    return _page(panel, seat, sub, sub.aspects, [works[place]], by_aspect=False, before=before, after=after)


def aspect_page(panel_id: UUID, aspect_id: UUID, person: UUID | None) -> EntryPage:
    """One aspect × all works, for a seated judge. Raises Missing."""
    sub_id = queries.sub_criterion_of(aspect_id)
    panel, seat, sub, works = _seated(panel_id, sub_id, person)
    ids = [aspect.id for aspect in sub.aspects]
    before, after = neighbours(ids, ids.index(aspect_id))
    shown = [sub.aspects[ids.index(aspect_id)]]
    return _page(panel, seat, sub, shown, works, by_aspect=True, before=before, after=after)


def neighbours(ids: Sequence[UUID], place: int) -> tuple[UUID | None, UUID | None]:
    """The one before and the one after."""
    return ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None


def _seated(
    panel_id: UUID, sub_criterion_id: UUID | None, person: UUID | None
) -> tuple[Panel, PanelSeat, SubCriterion, Sequence[Work]]:
    panel = queries.panel(panel_id)
    seat = seat_of(panel, person)
    if seat is None or sub_criterion_id not in {one.sub_criterion_id for one in panel.assignments}:
        raise Missing
    [sub] = queries.sub_criteria([sub_criterion_id])
    return panel, seat, sub, queries.works(panel.event_id)


def _page(
    panel: Panel, seat: PanelSeat, sub: SubCriterion, aspects: Sequence[Aspect], works: Sequence[Work], *, by_aspect: bool,
    before: UUID | None, after: UUID | None,
) -> EntryPage:  # fmt: skip
    rows: dict[UUID, dict[tuple[UUID, UUID], Any]] = {work.id: {} for work in works}
    for row in queries.heads_on(list(rows), [aspect.id for aspect in sub.aspects]):
        rows[row.work_id][row.aspect_id, row.cell] = row
    made = queries.sheets_of_panels([panel.id])
    return page_of(
        panel, seat, sub, aspects, works, rows=rows, made=made, by_aspect=by_aspect, before=before, after=after
    )


def page_of(
    panel: Panel, seat: PanelSeat, sub: SubCriterion, aspects: Sequence[Aspect], works: Sequence[Marked], *,
    rows: Mapping[UUID, Mapping[tuple[UUID, UUID], Any]], made: Mapping[tuple[UUID, UUID, UUID], Any], by_aspect: bool,
    before: UUID | None, after: UUID | None,
) -> EntryPage:  # fmt: skip
    """The page from the values in force of its cells; others' marks of an aspect are left out until all are in."""
    rules = {aspect.id: rule_of(aspect) for aspect in sub.aspects}
    seats, mine = [one.id for one in panel.seats], {panel.id, seat.id}
    in_force, void = queries.rules_in_force(panel.event_id), voided_aspects(panel.event_id)
    sheets = []
    for work in works:
        heads = {place: CellValue(row.value, row.conflict) for place, row in rows[work.id].items()}
        revealed = frozenset(
            aspect for aspect, rule in rules.items()
            if panel.entry_mode == "panel_tablet"
            or all(heads.get((aspect, cell), CellValue(None)).value is not None for cell in cells_of(rule, panel.id, seats))
        )  # fmt: skip
        cells = {place: row for place, row in rows[work.id].items() if place[0] in revealed or place[1] in mine}
        sheet = made.get((panel.id, sub.id, work.id))
        findings = examine(rules, panel.id, seats, heads, spread=in_force.judgement_spread, void=void)
        sheets.append(SheetNow(work, sheet.state if sheet else SHEET.start, findings, cells, revealed))
    event = event_of(panel.event_id)
    marked = [aspect for aspect in aspects if aspect.id not in void] or aspects
    return EntryPage(panel, event, seat, sub, marked, sheets, in_force, by_aspect, before, after)
