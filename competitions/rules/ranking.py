"""Standings: ranks at the declared precision, ties broken by the declared steps in order, each naming itself.

Totals and the values of the steps compare as rounded to the declared places: what is printed decides. Steps (higher first
unless said): `practice`, `theory`; `heaviest_part` (the part of the greatest weight, then the next); `criterion_order` (the
first criterion, then the second …); `time` (less first). A step that lacks a value for anybody in the tie is skipped. What no
step separates is left to the last resort: `equal_rank` (1, 1, 3: the next rank is skipped) or `chief_decides` (the same ranks,
marked as open). Absent, stopped and incomplete entries have no rank. Source: competition rules 7.4 and 14 example 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from foundation.exact import round_to

KEY = "ranking:rounded_total_named_ties_1"
RANKED = "ranked"


@dataclass(frozen=True, slots=True)
class Contender:
    """What of an entry decides its place. `order` (registration number) only orders the list, never ranks."""

    entry_id: UUID
    status: str  # ranked | absent | stopped | incomplete
    total: Fraction | None
    order: int = 0
    parts: Mapping[str, Fraction | None] = field(default_factory=dict)
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    criteria: tuple[Fraction | None, ...] = ()
    time: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place. `decided_by` names the steps that separated it from entries of the same total, or the last resort."""

    entry_id: UUID
    position: int
    rank: int | None
    status: str
    decided_by: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Must the chief judge still decide?"""
        return "chief_decides" in self.decided_by


@dataclass(frozen=True, slots=True)
class TieStep:
    """One step as it went for one group of equal totals: the values by entry, and whether it separated anybody."""

    step: str
    values: Mapping[UUID, tuple[Decimal, ...] | None]
    separated: bool


def standings(
    contenders: Sequence[Contender], *, places: int, tie_breaks: Sequence[str], last_resort: str = "equal_rank"
) -> tuple[Place, ...]:
    """Every entry once, ranked first. The order of `contenders` does not matter."""
    ranked = [one for one in contenders if one.status == RANKED and one.total is not None]
    groups = _grouped(ranked, lambda one: (round_to(one.total or 0, places),))
    found: list[Place] = []
    for group in groups:
        for block, steps in _separated(group, tuple(tie_breaks), places):
            rank = len(found) + 1
            named = steps if len(block) == 1 else (*steps, last_resort)
            found += [
                Place(one.entry_id, rank + offset, rank, one.status, named)
                for offset, one in enumerate(sorted(block, key=lambda one: (one.order, one.entry_id)))
            ]
    others = [one for one in contenders if not (one.status == RANKED and one.total is not None)]
    for one in sorted(others, key=lambda one: (one.status, one.order, one.entry_id)):
        status = "incomplete" if one.status == RANKED else one.status
        found.append(Place(one.entry_id, len(found) + 1, None, status))
    return tuple(found)


def tie_steps(
    entry_id: UUID, contenders: Sequence[Contender], *, places: int, tie_breaks: Sequence[str]
) -> tuple[TieStep, ...]:
    """For one entry: the steps that were tried on its tie, with everybody's values. Empty when its total is its own."""
    mine = next(one for one in contenders if one.entry_id == entry_id)
    if mine.total is None or mine.status != RANKED:
        return ()
    group = [
        one
        for one in contenders
        if one.status == RANKED
        and one.total is not None
        and round_to(one.total, places) == round_to(mine.total, places)
    ]
    steps = []
    for step in tie_breaks:
        if len(group) < 2:
            break
        values = {one.entry_id: _value(one, step, places) for one in group}
        if any(value is None for value in values.values()):
            steps.append(TieStep(step, values, separated=False))
            continue
        same = [one for one in group if values[one.entry_id] == values[entry_id]]
        steps.append(TieStep(step, values, separated=len(same) < len(group)))
        group = same
    return tuple(steps)


def _grouped(contenders: Sequence[Contender], value: Any) -> list[list[Contender]]:
    groups: dict[tuple[Decimal, ...], list[Contender]] = {}
    for one in contenders:
        groups.setdefault(value(one), []).append(one)
    return [groups[key] for key in sorted(groups, reverse=True)]


def _separated(
    group: list[Contender], tie_breaks: tuple[str, ...], places: int
) -> list[tuple[list[Contender], tuple[str, ...]]]:
    if len(group) == 1 or not tie_breaks:
        return [(group, ())]
    step, following = tie_breaks[0], tie_breaks[1:]
    if any(_value(one, step, places) is None for one in group):
        return _separated(group, following, places)
    blocks = _grouped(group, lambda one: _value(one, step, places))
    named = (step,) if len(blocks) > 1 else ()
    return [(block, (*named, *steps)) for part in blocks for block, steps in _separated(part, following, places)]


def _value(one: Contender, step: str, places: int) -> tuple[Decimal, ...] | None:
    """The step's value so that more is better, or None where it is missing."""
    match step:
        case "practice" | "theory":
            raw: list[Fraction | None] = [one.parts.get(step)]
        case "heaviest_part":
            kinds = sorted(one.weights, key=lambda kind: (-one.weights[kind], kind))
            raw = [one.parts.get(kind) for kind in kinds]
        case "criterion_order":
            raw = list(one.criteria)
        case "time":
            raw = [None if one.time is None else -one.time]
        case _:
            raw = []
    if not raw or any(value is None for value in raw):
        return None
    return tuple(round_to(value, places) for value in raw if value is not None)
