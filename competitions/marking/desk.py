"""What lies on a judge's or the chief's desk: panels, sheets and their cells, each shown only to whom it may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from competitions.codes.models import Work
from competitions.judges.models import Panel, PanelSeat
from competitions.marking.confirmations import asked_seats, confirmed_hashes, unconfirmed
from competitions.marking.queries import marks as queries
from competitions.marking.queries.voids import voided_aspects
from competitions.marking.reasons import counted, owed_among
from competitions.programme.models import Event
from competitions.programme.queries import event as event_of
from competitions.rules.lifecycle import SHEET
from competitions.rules.scoring.aspects import AspectRule
from competitions.rules.sheets import CellValue, SheetFindings, cells_of, examine
from competitions.schemes.models import Aspect, SubCriterion
from foundation.db import session
from foundation.refusal import Missing


def rule_of(aspect: Aspect) -> AspectRule:
    """The rule of a loaded aspect."""
    return AspectRule(aspect.method, Fraction(aspect.max_mark), aspect.options)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One square of a panel's board. `mine` and `mine_needed` count the reader's own cells and the panel's."""

    state: str
    findings: SheetFindings
    mine: int
    mine_needed: int
    list_id: UUID | None


@dataclass(frozen=True, slots=True)
class PanelBoard:
    """A panel's works × sub-criteria."""

    panel: Panel
    event: Event
    seat: PanelSeat | None
    subs: Sequence[SubCriterion]
    works: Sequence[Work]
    sheets: Mapping[tuple[UUID, UUID], SheetCell]
    values: Mapping[UUID, Mapping[tuple[UUID, UUID], CellValue]]
    owed: Mapping[tuple[UUID, UUID], int]
    unconfirmed: Mapping[tuple[UUID, UUID], int]

    def given(self, work_id: UUID, aspect: Aspect) -> list[str | None]:
        """The values of an aspect of a work in seat order, or the one the panel agreed on."""
        cells = cells_of(rule_of(aspect), self.panel.id, [seat.id for seat in self.panel.seats])
        heads = self.values[work_id]
        return [heads[aspect.id, cell].value if (aspect.id, cell) in heads else None for cell in cells]

    @property
    def judged_apart(self) -> bool:
        """Do judges give judgement marks on tablets that may not see each other without a network?"""
        kinds = {aspect.kind for sub in self.subs for aspect in sub.aspects}
        return self.panel.entry_mode == "own_tablet" and "judgement" in kinds and len(self.panel.seats) > 1

    def not_ready(self) -> list[tuple[SubCriterion, list[tuple[Work, tuple[tuple[str, int], ...]]]]]:
        """Sub-criteria that cannot be signed yet, each with the works that stand in the way and why."""
        found = []
        for sub in self.subs:
            ways = [(work, self.obstacles(sub.id, work.id)) for work in self.works]
            open_works = [(work, why) for work, why in ways if why]
            if open_works:
                found.append((sub, open_works))
        return found

    def obstacles(self, sub_id: UUID, work_id: UUID) -> tuple[tuple[str, int], ...]:
        """Why a sheet may not be signed yet: code and how many."""
        lacking, sheet = self.owed.get((sub_id, work_id), 0), self.sheets[sub_id, work_id]
        unwritten = (("obstacle:reason", lacking),) if lacking and sheet.state in ("open", "complete") else ()
        silent = self.unconfirmed.get((sub_id, work_id), 0) if sheet.state == "complete" else 0
        unspoken = (("obstacle:pin", silent),) if silent else ()
        return (*sheet.findings.obstacles, *unwritten, *unspoken)

    def counted(self, sub_id: UUID, *states: str) -> int:
        """How many sheets of a sub-criterion are in one of these states."""
        return sum(self.sheets[sub_id, work.id].state in states for work in self.works)

    def filled(self, sub_id: UUID) -> tuple[int, int]:
        """Filled and needed cells of a sub-criterion."""
        found = [self.sheets[sub_id, work.id].findings for work in self.works]
        return sum(one.filled for one in found), sum(one.needed for one in found)

    def to_sign(self) -> list[SubCriterion]:
        """Sub-criteria of which no sheet is open and some are complete and on no list."""
        return [
            sub
            for sub in self.subs
            if self.works
            and all(self.sheets[sub.id, w.id].state != "open" and not self.obstacles(sub.id, w.id) for w in self.works)
            and any((c := self.sheets[sub.id, w.id]).state == "complete" and c.list_id is None for w in self.works)
        ]


def seat_of(panel: Panel, person: UUID | None) -> PanelSeat | None:
    """The seat a person has in a panel."""
    return next((s for s in panel.seats if s.duty.person_id == person and s.duty.state == "accepted"), None)


def panel_board(panel_id: UUID, person: UUID | None, *, seated: bool = True) -> PanelBoard:
    """A panel's board as `person` may see it. Raises Missing for somebody without a seat, unless `seated` is False."""
    panel = queries.panel(panel_id)
    seat = seat_of(panel, person)
    if seat is None and seated:
        raise Missing
    return _boards(panel.event_id, [panel], person)[0]


def event_boards(event_id: UUID, person: UUID | None) -> list[PanelBoard]:
    """The boards of all panels of an event, for the chief, in a constant number of queries."""
    return _boards(event_id, queries.panels(event_id), person)


def _boards(event_id: UUID, panels: Sequence[Panel], person: UUID | None) -> list[PanelBoard]:
    event = event_of(event_id)
    works = queries.works(event_id)
    rules, void = queries.rules_in_force(event_id), voided_aspects(event_id)
    stored = queries.sheets_of_panels([panel.id for panel in panels])
    assigned = {panel.id: {one.sub_criterion_id for one in panel.assignments} for panel in panels}
    subs = queries.sub_criteria(list(set[UUID]().union(*assigned.values())))
    aspects = [aspect.id for sub in subs for aspect in sub.aspects]
    values: dict[UUID, dict[tuple[UUID, UUID], CellValue]] = {work.id: {} for work in works}
    heads = queries.heads_on(list(values), aspects)
    kinds = {aspect.id: aspect.kind for sub in subs for aspect in sub.aspects if aspect.id not in void}
    owed = counted(
        owed_among(session(), heads, kinds, rules.comment_marks), {a.id: sub.id for sub in subs for a in sub.aspects}
    )
    for row in heads:
        values[row.work_id][row.aspect_id, row.cell] = CellValue(row.value, row.conflict)
    return [
        _board(
            panel,
            person,
            event,
            [sub for sub in subs if sub.id in assigned[panel.id]],
            works,
            rules.judgement_spread,
            stored,
            values,
            owed,
            void,
        )
        for panel in panels
    ]


def _board(
    panel: Panel, person: UUID | None, event: Event, subs: Sequence[SubCriterion], works: Sequence[Work], spread: int,
    stored: Mapping[tuple[UUID, UUID, UUID], Any], values: Mapping[UUID, Mapping[tuple[UUID, UUID], CellValue]],
    owed: Mapping[tuple[UUID, UUID], int], void: frozenset[UUID],
) -> PanelBoard:  # fmt: skip
    seat = seat_of(panel, person)
    rules = {sub.id: {aspect.id: rule_of(aspect) for aspect in sub.aspects} for sub in subs}
    seats = [one.id for one in panel.seats]
    own = {panel.id, *(seats if panel.entry_mode == "panel_tablet" else [seat.id] if seat else [])}
    sheets = {}
    for work in works:
        heads = values[work.id]
        for sub in subs:
            made = stored.get((panel.id, sub.id, work.id))
            places = [
                (a, c)
                for a, rule in rules[sub.id].items()
                if a not in void
                for c in cells_of(rule, panel.id, seats)
                if c in own
            ]
            sheets[sub.id, work.id] = SheetCell(
                made.state if made else SHEET.start,
                examine(rules[sub.id], panel.id, seats, heads, spread=spread, void=void),
                sum(place in heads and heads[place].value is not None for place in places),
                len(places),
                made.signing_list_id if made else None,
            )
    silent: dict[tuple[UUID, UUID], int] = {}
    asked = asked_seats(panel)
    confirmed = confirmed_hashes(session(), panel.id) if asked else {}
    for sub in subs if asked else []:
        judged = [aspect for aspect, rule in rules[sub.id].items() if rule.by_each_judge and aspect not in void]
        for work in works:
            given = {place: cell.value for place, cell in values[work.id].items()}
            silent[sub.id, work.id] = len(unconfirmed(asked, sub.id, work.id, judged, given, confirmed))
    return PanelBoard(panel, event, seat, subs, works, sheets, values, owed, silent)
