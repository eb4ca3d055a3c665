"""How judges agree while marking runs: spread, repeated discussion, severity, agreement, outliers, the decisive judge.

Everything is shown and discussed, nothing is corrected by itself: where the same judges mark all works of an aspect, a strict judge
shifts everybody alike and no rank changes; what hurts is inconsistency. All of it is exact; a standard error is compared squared.
Formulas and thresholds: scoring rules 6 (thresholds are data of `Limits`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

from competitions.rules.prizes import MEDALS, Band, awards
from competitions.rules.scoring.aspects import AspectRule, aspect_points
from competitions.rules.scoring.catalogue import BY_KEY
from competitions.rules.scoring.method import Setting
from foundation.exact import exact, round_to

KEY = "fairness:panel_1"
Judge = TypeVar("Judge", bound=Hashable)
Work = TypeVar("Work", bound=Hashable)
Aspect = TypeVar("Aspect", bound=Hashable)
UNLIMITED = 10**9


@dataclass(frozen=True, slots=True)
class Limits:
    """From where something is shown as worth a look."""

    severity_least: int = 20
    severity: Fraction = Fraction(1, 4)
    severity_errors: int = 2
    agreement: Fraction = Fraction(1, 2)
    discussed: Fraction = Fraction(15, 100)
    one_value: Fraction = Fraction(80, 100)
    outlier: Fraction = Fraction(3)


LIMITS = Limits()


def spread(marks: Sequence[Fraction]) -> Fraction:
    """Greatest less smallest."""
    return max(marks) - min(marks)


def discussions(marks: Sequence[tuple[Judge, Fraction | None]], judges: int, limit: int) -> int:
    """How often a panel had to discuss one aspect of one work: how often all marks stood with a spread above `limit`.

    `marks` are the revisions in the order recorded; None takes a mark back. A round counts again only after somebody changed
    something.
    """
    held: dict[Judge, Fraction] = {}
    times = 0
    for judge, value in marks:
        if value is None:
            held.pop(judge, None)
        elif held.get(judge) != value:
            held[judge] = value
            times += len(held) == judges and spread(list(held.values())) > limit
    return times


@dataclass(frozen=True, slots=True)
class Severity:
    """A judge against the panel: the mean of own mark less the mean of the others. Negative is strict."""

    marks: int
    mean: Fraction
    squared_error: Fraction | None
    notable: bool


def severity(rows: Sequence[Mapping[Judge, Fraction]], judge: Judge, limits: Limits = LIMITS) -> Severity | None:
    """b = mean(x − mean of the others), SE = sd / √N with the sample's sd; None where nobody else marked with this judge.

    Notable from N ≥ 20, |b| ≥ 0.25 and |b| ≥ 2 SE on.
    """
    apart = [
        row[judge] - sum((value for other, value in row.items() if other != judge), Fraction(0)) / (len(row) - 1)
        for row in rows
        if judge in row and len(row) > 1
    ]
    if not apart:
        return None
    count = len(apart)
    mean = sum(apart, Fraction(0)) / count
    squared = None
    if count > 1:
        squared = sum(((value - mean) ** 2 for value in apart), Fraction(0)) / (count - 1) / count
    enough = count >= limits.severity_least and abs(mean) >= limits.severity
    notable = enough and squared is not None and mean**2 >= limits.severity_errors**2 * squared
    return Severity(count, mean, squared, notable)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of all pairs of marks on the same aspect and work: the share that is equal, and the share within one."""

    pairs: int
    equal: Fraction
    within_one: Fraction
    notable: bool


def agreement(rows: Sequence[Mapping[Judge, Fraction]], limits: Limits = LIMITS) -> Agreement | None:
    """How far judges agree; None without a pair. Notable below half of the pairs equal."""
    pairs = [abs(one - other) for row in rows for one, other in combinations(row.values(), 2)]
    if not pairs:
        return None
    equal = Fraction(sum(apart == 0 for apart in pairs), len(pairs))
    within = Fraction(sum(apart <= 1 for apart in pairs), len(pairs))
    return Agreement(len(pairs), equal, within, equal < limits.agreement)


def most_used(marks: Sequence[Fraction], limits: Limits = LIMITS) -> tuple[Fraction, Fraction, bool] | None:
    """(value, share, notable) of the value a judge used most: above 80 % of one value nothing is told apart."""
    if not marks:
        return None
    value, times = min(Counter(marks).items(), key=lambda pair: (-pair[1], pair[0]))
    share = Fraction(times, len(marks))
    return value, share, len(marks) >= limits.severity_least and share > limits.one_value


def outliers(
    shares: Mapping[tuple[Work, Aspect], Fraction], limits: Limits = LIMITS
) -> list[tuple[tuple[Work, Aspect], Fraction]]:
    """(work, aspect) cells whose share of the max mark is far from what the rest predicts, with the residual; largest first.

    Expected is mean of the work + mean of the aspect − mean of all; far is more than three standard deviations of all residuals.
    Most often it is a slip of typing.
    """
    if not shares:
        return []
    of_work: dict[Work, list[Fraction]] = {}
    of_aspect: dict[Aspect, list[Fraction]] = {}
    for (work, aspect), value in shares.items():
        of_work.setdefault(work, []).append(value)
        of_aspect.setdefault(aspect, []).append(value)
    works = {work: _fine(values) for work, values in of_work.items()}
    aspects = {aspect: _fine(values) for aspect, values in of_aspect.items()}
    whole = _fine(list(shares.values()))
    residuals = {
        place: Fraction(round(value * _FINE)) / _FINE - works[place[0]] - aspects[place[1]] + whole
        for place, value in shares.items()
    }
    squared = sum((value**2 for value in residuals.values()), Fraction(0)) / len(residuals)
    far = [(place, value) for place, value in residuals.items() if value**2 > limits.outlier**2 * squared]
    return sorted(far, key=lambda pair: -abs(pair[1]))


_FINE = 10**6


def _fine(values: Sequence[Fraction]) -> Fraction:
    """A mean in millionths: residuals of thousands of cells keep one small denominator."""
    return Fraction(round(sum(values, Fraction(0)) * _FINE / len(values)), _FINE)


def without_judge(rule: AspectRule, marks: Sequence[str], seat: int) -> Fraction | None:
    """The points of an aspect when one judge's mark is replaced by the mean of the others; None where that says nothing."""
    numbers = [exact(mark) for mark in marks if mark not in ("NA", "NJ")]
    if len(numbers) != len(marks) or len(marks) < 2:
        return None
    others = [value for place, value in enumerate(numbers) if place != seat]
    mean = sum(others, Fraction(0)) / len(others)
    # The text of a mark is a terminating decimal; a mean need not be, so the method is asked by its numbers.
    return _worth(rule, [mean if place == seat else value for place, value in enumerate(numbers)])


def _worth(rule: AspectRule, values: Sequence[Fraction]) -> Fraction | None:
    return BY_KEY[rule.method].worth(Setting(rule.max_mark, rule.options, UNLIMITED), values).value


def decisive(
    totals: Mapping[Work, Fraction],
    changes: Mapping[Judge, Mapping[Work, Fraction]],
    *,
    bands: Sequence[Band] = MEDALS,
    places: int = 2,
) -> dict[Judge, dict[Work, tuple[str | None, str | None]]]:
    """Would the medals change without this judge? Judge → works whose prize differs, with the prize before and after.

    `changes` says by how much each work's total moves when the judge's marks are replaced by the mean of the others.
    """
    before = _prizes(totals, bands, places)
    found: dict[Judge, dict[Work, tuple[str | None, str | None]]] = {}
    for judge, moved in changes.items():
        after = _prizes({work: value + moved.get(work, 0) for work, value in totals.items()}, bands, places)
        found[judge] = {work: (before[work], after[work]) for work in totals if before[work] != after[work]}
    return found


def _prizes(totals: Mapping[Work, Fraction], bands: Sequence[Band], places: int) -> dict[Work, str | None]:
    shown = {work: round_to(value, places) for work, value in totals.items()}
    ranks = {work: 1 + sum(other > value for other in shown.values()) for work, value in shown.items()}
    return {work: award.prize for work, award in awards(ranks, bands, base=len(totals)).items()}


def aspect_value(rule: AspectRule, marks: Sequence[str]) -> Fraction | None:
    """The points of an aspect as it stands, the spread aside."""
    return aspect_points(rule, marks, spread=UNLIMITED).value
