"""评分监看: what only the chief judge sees while marking runs, computed by work code from the marks in force.

Per panel: what is missing, agreement, how often a panel had to discuss; per judge: severity, the value used most, when the tablet was
last heard of, whether the medals would change without this judge; per work: the provisional total and cells that look like a slip of
typing. Totals are provisional: they sum what has been marked so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from accounts.sign_in.models import Device
from competitions.judges.models import Panel, PanelSeat
from competitions.marking.desk import rule_of
from competitions.marking.models.marks import Mark, MarkStatus
from competitions.marking.queries import marks as queries
from competitions.rules import fairness
from competitions.rules.scoring.aspects import NO_JUDGE, NOT_ATTEMPTED, AspectKind, AspectRule
from competitions.rules.sheets import cells_of
from competitions.schemes.models import Aspect
from foundation.db import session
from foundation.exact import exact

SILENT = 10
"""Minutes after which a tablet that still owes marks counts as silent."""
SHOWN = 20
"""Outliers that are listed; the largest come first."""


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """One seat of a panel. `medals` lists work, prize now and prize without this judge; `seen_at` is of the latest tablet.

    `silent` is the whole minutes since anything was heard, once they are `SILENT` or more and marks are missing.
    """

    seat: PanelSeat
    marks: int
    severity: fairness.Severity | None
    most_used: tuple[Fraction, Fraction, bool] | None
    medals: Sequence[tuple[str, str | None, str | None]]
    seen_at: datetime | None
    waiting: int
    last_mark_at: datetime | None
    silent: int | None


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One panel. `discussed` of `items` judged items had to be discussed, `repeated` of them more than once."""

    panel: Panel
    missing: int
    needed: int
    agreement: fairness.Agreement | None
    items: int
    discussed: int
    repeated: int
    often: bool
    open_spreads: int
    judges: Sequence[JudgeLine]
    lacking: Sequence[tuple[str, int]]
    """Work code and how many of the panel's marks it lacks, most first; complete works are absent."""


@dataclass(frozen=True, slots=True)
class FairnessBoard:
    """All of it. `totals` are provisional, best first."""

    panels: Sequence[PanelLine]
    totals: Sequence[tuple[str, Fraction, int]]
    outliers: Sequence[tuple[str, Aspect, Fraction]]


@dataclass(slots=True)
class _Marked:
    """What the pass over all cells gathers."""

    totals: dict[UUID, Fraction]
    lacking: dict[UUID, int]
    shares: dict[tuple[UUID, UUID], Fraction]
    moved: dict[UUID, dict[UUID, Fraction]]
    by_panel: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    """Panel → work → marks that are missing."""


def _silence(*heard: datetime | None, at: datetime) -> int | None:
    latest = max((moment for moment in heard if moment is not None), default=None)
    minutes = None if latest is None else int((at - latest).total_seconds() // 60)
    return minutes if minutes is not None and minutes >= SILENT else None


def stamp(event_id: UUID, *, at: datetime) -> str:
    """What changes whenever the board would: the head of the marks, the tablets' last words, and each minute, for silences."""
    sequence, head = queries.stream_head(event_id)
    devices = (
        session()
        .execute(select(func.count(Device.id), func.max(Device.seen_at)).where(Device.scope_id == event_id))
        .one()
    )
    return f"{sequence}:{head}:{devices[0]}:{devices[1]}:{at:%Y%m%d%H%M}"


def board(event_id: UUID, *, at: datetime) -> FairnessBoard:
    """The board of an event as of `at`, in a constant number of queries."""
    panels, works = queries.panels(event_id), queries.works(event_id)
    spread = queries.spread_of(event_id)
    assigned = {panel.id: {one.sub_criterion_id for one in panel.assignments} for panel in panels}
    subs = queries.sub_criteria(list(set[UUID]().union(*assigned.values())))
    aspects = {aspect.id: aspect for sub in subs for aspect in sub.aspects}
    heads: dict[tuple[UUID, UUID], dict[UUID, str]] = {}
    for row in queries.heads_on([work.id for work in works], list(aspects)):
        if row.value is not None:
            heads.setdefault((row.work_id, row.aspect_id), {})[row.cell] = row.value
    rules = {key: rule_of(aspect) for key, aspect in aspects.items()}
    marked = _Marked(dict.fromkeys((work.id for work in works), Fraction(0)), {}, {}, {})
    counts: dict[UUID, tuple[int, int, int]] = {}
    judged: dict[UUID, list[dict[UUID, Fraction]]] = {}
    for panel in panels:
        seats = [seat.id for seat in panel.seats]
        mine = [aspect for sub in subs if sub.id in assigned[panel.id] for aspect in sub.aspects]
        counts[panel.id], judged[panel.id] = _pass(
            panel, seats, mine, rules, [work.id for work in works], heads, spread, marked
        )
    medals = fairness.decisive(marked.totals, marked.moved)
    codes = {work.id: work.code for work in works}
    rounds = _rounds(event_id, [key for key, rule in rules.items() if rule.kind == AspectKind.JUDGEMENT])
    devices, last = _devices(event_id), _last_marks(event_id)
    lines = [
        _panel_line(panel, counts[panel.id], judged[panel.id], assigned[panel.id], aspects, rounds, spread, medals, codes, devices, last, marked.by_panel.get(panel.id, {}), at)
        for panel in panels
    ]  # fmt: skip
    slips = [
        (codes[work], aspects[aspect], value) for (work, aspect), value in fairness.outliers(marked.shares)[:SHOWN]
    ]
    totals = sorted(marked.totals.items(), key=lambda pair: (-pair[1], codes[pair[0]]))
    return FairnessBoard(lines, [(codes[work], value, marked.lacking.get(work, 0)) for work, value in totals], slips)


def _pass(
    panel: Panel, seats: Sequence[UUID], mine: Sequence[Aspect], rules: Mapping[UUID, AspectRule], works: Sequence[UUID],
    heads: Mapping[tuple[UUID, UUID], Mapping[UUID, str]], spread: int, marked: _Marked,
) -> tuple[tuple[int, int, int], list[dict[UUID, Fraction]]]:  # fmt: skip
    """((missing, needed, open spreads), rows of marks by seat) of a panel; adds to `marked` what concerns all."""
    missing = needed = open_spreads = 0
    rows = []
    for aspect in mine:
        rule = rules[aspect.id]
        cells = cells_of(rule, panel.id, seats)
        for work in works:
            given = heads.get((work, aspect.id), {})
            marks = [given[cell] for cell in cells if cell in given]
            needed += len(cells)
            missing += len(cells) - len(marks)
            if len(marks) < len(cells):
                by_work = marked.by_panel.setdefault(panel.id, {})
                by_work[work] = by_work.get(work, 0) + len(cells) - len(marks)
            if len(marks) < len(cells) or not cells:
                marked.lacking[work] = marked.lacking.get(work, 0) + 1
                continue
            value = fairness.aspect_value(rule, marks)
            if value is None:
                marked.lacking[work] = marked.lacking.get(work, 0) + 1
                continue
            marked.totals[work] += value
            plain = NOT_ATTEMPTED not in marks and NO_JUDGE not in marks
            if rule.max_mark and plain:
                marked.shares[work, aspect.id] = value / rule.max_mark
            if rule.by_each_judge and plain:
                numbers = dict(zip(cells, map(exact, marks), strict=True))
                if rule.kind == AspectKind.JUDGEMENT:
                    rows.append(numbers)
                    open_spreads += fairness.spread(list(numbers.values())) > spread
                for place, cell in enumerate(cells):
                    other = fairness.without_judge(rule, marks, place)
                    if other is not None and other != value:
                        moved = marked.moved.setdefault(cell, {})
                        moved[work] = moved.get(work, Fraction(0)) + other - value
    return (missing, needed, open_spreads), rows


def _rounds(event_id: UUID, aspects: Sequence[UUID]) -> dict[tuple[UUID, UUID], list[tuple[UUID, Fraction | None]]]:
    """(work, aspect) → the revisions of judgement marks in the order recorded."""
    wanted = (
        select(Mark.work_id, Mark.aspect_id, Mark.seat_id, Mark.value)
        .where(
            Mark.stream == f"event:{event_id}", Mark.aspect_id.in_(aspects), Mark.status != MarkStatus.HELD,
            Mark.kind != "note", Mark.seat_id.is_not(None),
        )
        .order_by(Mark.sequence)
    )  # fmt: skip
    found: dict[tuple[UUID, UUID], list[tuple[UUID, Fraction | None]]] = {}
    for work, aspect, seat, value in session().execute(wanted):
        number = None if value in (None, NOT_ATTEMPTED, NO_JUDGE) else exact(value)
        if seat is not None:
            found.setdefault((work, aspect), []).append((seat, number))
    return found


def _devices(event_id: UUID) -> dict[UUID, tuple[datetime | None, int]]:
    """Judge → when a tablet was last heard of, and how many marks wait on the judge's tablets."""
    wanted = (
        select(Device.person_id, func.max(Device.seen_at), func.sum(Device.waiting))
        .where(Device.scope_id == event_id, Device.revoked_at.is_(None))
        .group_by(Device.person_id)
    )
    return {row[0]: (row[1], int(row[2] or 0)) for row in session().execute(wanted)}


def _last_marks(event_id: UUID) -> dict[UUID, datetime]:
    wanted = select(Mark.judge_id, func.max(Mark.server_at)).where(Mark.stream == f"event:{event_id}")
    return {row[0]: row[1] for row in session().execute(wanted.group_by(Mark.judge_id))}


def _panel_line(
    panel: Panel, counts: tuple[int, int, int], rows: list[dict[UUID, Fraction]], subs: set[UUID],
    aspects: Mapping[UUID, Aspect], rounds: Mapping[tuple[UUID, UUID], list[tuple[UUID, Fraction | None]]], spread: int,
    medals: Mapping[UUID, Any], codes: Mapping[UUID, str], devices: Mapping[UUID, tuple[datetime | None, int]],
    last: Mapping[UUID, datetime], lacking: Mapping[UUID, int], at: datetime,
) -> PanelLine:  # fmt: skip
    times = [
        fairness.discussions(marks, len(panel.seats), spread)
        for (_work, aspect), marks in rounds.items()
        if aspect in aspects and aspects[aspect].sub_criterion_id in subs
    ]
    discussed = sum(count > 0 for count in times)
    often = bool(times) and Fraction(discussed, len(times)) > fairness.LIMITS.discussed
    judges = [
        JudgeLine(
            seat,
            sum(seat.id in row for row in rows),
            fairness.severity(rows, seat.id),
            fairness.most_used([row[seat.id] for row in rows if seat.id in row]),
            [(codes[work], before, after) for work, (before, after) in medals.get(seat.id, {}).items()],
            *devices.get(seat.duty.person_id, (None, 0)),
            last.get(seat.duty.person_id),
            _silence(devices.get(seat.duty.person_id, (None, 0))[0], last.get(seat.duty.person_id), at=at)
            if lacking
            else None,
        )
        for seat in panel.seats
    ]
    missing, needed, open_spreads = counts
    return PanelLine(
        panel, missing, needed, fairness.agreement(rows), len(times), discussed, sum(count > 1 for count in times), often,
        open_spreads, judges, sorted(((codes[work], count) for work, count in lacking.items()), key=lambda one: (-one[1], one[0])),
    )  # fmt: skip
