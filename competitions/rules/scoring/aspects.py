"""How one aspect of one work becomes points: what may be entered, and what it is worth, exactly and explained.

Points are fractions; nothing is rounded here. Missing is missing: `Points.value` is None until every needed mark is there.
Methods by key, with their options (data of the aspect):

- `pass_fail` (measurement): "1" gives the max mark, "0" nothing.
- `count` (measurement): options `steps` n; a whole number 0…n gives that share of the max mark.
- `deduct_from_full` (measurement): options `unit` (marks lost each); a whole number of faults, never below 0.
- `choice` (measurement): options `choices`, a list of `label` and `deduction` (percent of the max mark that is lost); the number
  of the choice, 1…n.
- `value` (measurement): the marks themselves, 0…max, at most `places` decimals (default 2).
- `judgement_0_3` (judgement): 0–3 by each judge; points = sum / (3 × judges) × max mark; spread over `spread` must be discussed.
- `points` (points): each judge 0…max, options `drop_high`, `drop_low`, `aggregate` mean|sum, `places`.
- `deduction` (deduction): options `unit`, `cap`; a whole number of occurrences; the points are negative.

"NA" is *not attempted* (未做): no points (a deduction: none lost), shown apart from a judged 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from foundation.exact import exact
from foundation.refusal import Refusal

NOT_ATTEMPTED = "NA"


class AspectKind(StrEnum):
    """What kind of aspect it is."""

    MEASUREMENT = "measurement"
    JUDGEMENT = "judgement"
    POINTS = "points"
    DEDUCTION = "deduction"


METHODS: Mapping[str, AspectKind] = {
    "pass_fail": AspectKind.MEASUREMENT,
    "count": AspectKind.MEASUREMENT,
    "deduct_from_full": AspectKind.MEASUREMENT,
    "choice": AspectKind.MEASUREMENT,
    "value": AspectKind.MEASUREMENT,
    "judgement_0_3": AspectKind.JUDGEMENT,
    "points": AspectKind.POINTS,
    "deduction": AspectKind.DEDUCTION,
}


@dataclass(frozen=True, slots=True)
class AspectRule:
    """What of an aspect decides its points."""

    method: str
    max_mark: Fraction
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> AspectKind:
        """The kind the method belongs to."""
        return METHODS[self.method]

    @property
    def by_each_judge(self) -> bool:
        """Does every judge mark it? Otherwise the panel enters one agreed value."""
        return self.kind in (AspectKind.JUDGEMENT, AspectKind.POINTS)


@dataclass(frozen=True, slots=True)
class Points:
    """What an aspect is worth. `value` is None while something is missing; `code` and `facts` say how it came about."""

    value: Fraction | None
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    not_attempted: bool = False
    discuss: bool = False


def checked_value(rule: AspectRule, raw: str) -> str:
    """`raw` in its stored form. Raises Refusal mark_not_a_number, mark_above_maximum, mark_negative, mark_not_whole,
    mark_too_fine, mark_not_a_choice."""
    if raw.strip().upper() == NOT_ATTEMPTED:
        return NOT_ATTEMPTED
    try:
        value = exact(raw)
    except ValueError as wrong:
        raise Refusal("mark_not_a_number", raw=raw[:20]) from wrong
    if value < 0:
        raise Refusal("mark_negative")
    if rule.method == "choice" and value == 0:
        raise Refusal("mark_not_a_choice", most=len(rule.options["choices"]))
    most = _most(rule)
    if most is not None and value > most:
        raise Refusal("mark_above_maximum", most=most)
    if rule.method in ("value", "points"):
        places = int(rule.options.get("places", 2))
        if (value * 10**places).denominator != 1:
            raise Refusal("mark_too_fine", places=places)
    elif value.denominator != 1:
        raise Refusal("mark_not_whole")
    return raw_text(value)


def raw_text(value: Fraction) -> str:
    """A terminating decimal as text without trailing zeros."""
    digits, places = value, 0
    while digits.denominator != 1:
        digits *= 10
        places += 1
    whole = str(abs(digits.numerator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{whole[:-places]}.{whole[-places:]}" if places else whole)


def _most(rule: AspectRule) -> Fraction | None:
    match rule.method:
        case "pass_fail":
            return Fraction(1)
        case "count":
            return Fraction(int(rule.options["steps"]))
        case "choice":
            return Fraction(len(rule.options["choices"]))
        case "judgement_0_3":
            return Fraction(3)
        case "value" | "points":
            return rule.max_mark
        case _:
            return None


def aspect_points(rule: AspectRule, marks: Sequence[str | None], *, spread: int = 1) -> Points:
    """The points of an aspect from its marks: one agreed value, or one a judge in seat order (None where missing)."""
    if not marks or any(mark is None for mark in marks):
        return Points(None, "points:missing", {"missing": sum(mark is None for mark in marks) or 1})
    given = [mark for mark in marks if mark is not None]
    if NOT_ATTEMPTED in given:
        if any(mark != NOT_ATTEMPTED for mark in given):
            return Points(None, "points:not_attempted_disputed", discuss=True)
        return Points(Fraction(0), "points:not_attempted", not_attempted=True)
    values = [exact(mark) for mark in given]
    match rule.method:
        case "judgement_0_3":
            return _judgement(rule, values, spread)
        case "points":
            return _judged_points(rule, values)
        case _:
            return _agreed(rule, values[0])


def _agreed(rule: AspectRule, value: Fraction) -> Points:
    match rule.method:
        case "pass_fail":
            return Points(rule.max_mark * value, "points:pass" if value else "points:fail", {"max": rule.max_mark})
        case "count":
            steps = int(rule.options["steps"])
            return Points(
                rule.max_mark * value / steps, "points:count", {"count": value, "steps": steps, "max": rule.max_mark}
            )
        case "choice":
            chosen = rule.options["choices"][int(value) - 1]
            lost = exact(str(chosen["deduction"]))
            facts = {"number": value, "label": chosen["label"], "lost": str(chosen["deduction"]), "max": rule.max_mark}
            return Points(rule.max_mark * (100 - lost) / 100, "points:choice", facts)
        case "deduct_from_full":
            unit = exact(str(rule.options["unit"]))
            worth = max(Fraction(0), rule.max_mark - unit * value)
            return Points(worth, "points:faults", {"count": value, "unit": unit, "max": rule.max_mark})
        case "deduction":
            unit = exact(str(rule.options["unit"]))
            cap = rule.options.get("cap")
            lost = unit * value if cap in (None, "") else min(unit * value, exact(str(cap)))
            return Points(-lost, "points:deducted", {"count": value, "unit": unit, "lost": lost})
        case _:
            return Points(value, "points:value", {"value": value})


def _judgement(rule: AspectRule, values: list[Fraction], spread: int) -> Points:
    facts = {
        "marks": "、".join(str(value) for value in values),
        "max": rule.max_mark,
        "spread": max(values) - min(values),
    }
    if max(values) - min(values) > spread:
        return Points(None, "points:discuss_again", {**facts, "limit": spread}, discuss=True)
    return Points(sum(values, Fraction(0)) / (3 * len(values)) * rule.max_mark, "points:judgement", facts)


def _judged_points(rule: AspectRule, values: list[Fraction]) -> Points:
    high, low = int(rule.options.get("drop_high", 0)), int(rule.options.get("drop_low", 0))
    if high + low >= len(values):
        return Points(None, "points:too_few_judges", {"judges": len(values), "dropped": high + low})
    kept = sorted(values)[low : len(values) - high]
    total = sum(kept, Fraction(0))
    worth = total if rule.options.get("aggregate", "mean") == "sum" else total / len(kept)
    facts = {"marks": "、".join(raw_text(value) for value in values), "kept": len(kept), "dropped": high + low}
    return Points(worth, "points:judges", facts)
