"""Trying a method on a list of items before it is put in force: per item and per entry what comes out, and why.

An entry's total is the sum of its items, rounded at `module` and at `end` as the options say; a missing item leaves it without a
total. Ranks compare totals as shown; equal totals share a rank and the next is skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from competitions.rules.scoring.aspects import points_of
from competitions.rules.scoring.catalogue import BY_KEY
from competitions.rules.scoring.judges_points import WAIT
from competitions.rules.scoring.method import NO_JUDGE, Effect, Points, Setting
from competitions.rules.scoring.rounding import MODULE, level, places
from foundation.exact import round_to


@dataclass(frozen=True, slots=True)
class TrialItem:
    """One row: what an entry got for an item. A mark is checked text, or None where the cell is empty."""

    row: int
    entry: str
    item: str
    marks: tuple[str | None, ...]
    factor: Fraction = Fraction(1)
    module: str = ""


@dataclass(frozen=True, slots=True)
class ItemWorth:
    """An item and what it is worth."""

    item: TrialItem
    points: Points


@dataclass(frozen=True, slots=True)
class EntryTotal:
    """An entry's total: exact, as shown, and the rank; None while something is missing or the attempt was stopped."""

    entry: str
    items: int
    missing: int
    exact: Fraction | None
    shown: Decimal | None
    rank: int | None
    stopped: bool

    @property
    def rank_or_last(self) -> int:
        """The rank, or behind everybody."""
        return 10**9 if self.rank is None else self.rank


def try_method(
    key: str, setting: Setting, items: Sequence[TrialItem]
) -> tuple[tuple[ItemWorth, ...], tuple[EntryTotal, ...]]:
    """Every item's worth in the order given, and every entry's total in the order the entries first appear."""
    found = tuple(ItemWorth(item, _worth(key, setting, item)) for item in items)
    by_entry: dict[str, list[ItemWorth]] = {}
    for one in found:
        by_entry.setdefault(one.item.entry, []).append(one)
    exact = {entry: _total(setting, lines) for entry, lines in by_entry.items()}
    shown = {entry: None if value is None else round_to(value, places(setting)) for entry, value in exact.items()}
    sign = 1 if BY_KEY[key].less_is_better else -1
    order = sorted(sign * value for value in shown.values() if value is not None)
    return found, tuple(
        EntryTotal(
            entry,
            len(lines),
            sum(line.points.value is None for line in lines),
            exact[entry],
            shown[entry],
            _rank(shown[entry], order, sign),
            any(line.points.effect == Effect.STOP for line in lines),
        )
        for entry, lines in by_entry.items()
    )


def _rank(value: Decimal | None, order: Sequence[Decimal], sign: int) -> int | None:
    return None if value is None else order.index(sign * value) + 1


def _worth(key: str, setting: Setting, item: TrialItem) -> Points:
    """An empty cell is a missing mark; where the options say what a missing judge means, it is an absent judge."""
    marks = item.marks
    if setting.options.get("missing", WAIT) != WAIT:
        marks = tuple(NO_JUDGE if mark is None else mark for mark in marks)
    return points_of(key, Setting(setting.max_mark, setting.options, setting.spread, item.factor), marks)


def _total(setting: Setting, lines: Sequence[ItemWorth]) -> Fraction | None:
    effects = {line.points.effect for line in lines}
    if Effect.STOP in effects or any(line.points.value is None for line in lines):
        return None
    modules: dict[str, Fraction] = {}
    for line in lines:
        modules[line.item.module] = modules.get(line.item.module, Fraction(0)) + (line.points.value or 0)
    values = list(modules.values())
    if level(setting) == MODULE:
        values = [Fraction(round_to(value, places(setting))) for value in values]
    return sum(values, Fraction(0))
