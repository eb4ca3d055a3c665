"""How one aspect of one work becomes points: what may be entered, and what it is worth, exactly and explained.

Points are fractions; nothing is rounded unless the aspect's options name the place (`rounding`). Missing is missing:
`Points.value` is None until every needed mark is there. Which methods there are stands in `catalogue`, what each does in the
module of its family. "NA" is *not attempted* (未做): no points (a deduction: none lost), shown apart from a judged 0. "NJ" is a judge
who did not mark this work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from competitions.rules.scoring.catalogue import BY_KEY
from competitions.rules.scoring.catalogue import METHODS as _CATALOGUE
from competitions.rules.scoring.judges_points import AVERAGE, WAIT, WITHOUT
from competitions.rules.scoring.method import (
    NO_JUDGE,
    NOT_ATTEMPTED,
    AspectKind,
    Effect,
    Points,
    Problems,
    Setting,
)
from competitions.rules.scoring.numbers import raw_text
from competitions.rules.scoring.rounding import ASPECT, MODULE, level, places, rounded
from competitions.rules.scoring.timing import LONGEST
from foundation.exact import exact
from foundation.refusal import Refusal

__all__ = (
    "METHODS", "NOT_ATTEMPTED", "NO_JUDGE", "AspectKind", "AspectRule", "Effect", "Points", "aspect_points", "checked_value",
    "option_problems", "raw_text",
)  # fmt: skip

METHODS: Mapping[str, AspectKind] = {method.key: method.kind for method in _CATALOGUE if method.in_schemes}
"""The methods a scheme may hold, and the kind of aspect each belongs to."""


@dataclass(frozen=True, slots=True)
class AspectRule:
    """What of an aspect decides its points."""

    method: str
    max_mark: Fraction
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> AspectKind:
        """The kind the method belongs to."""
        return BY_KEY[self.method].kind

    @property
    def by_each_judge(self) -> bool:
        """Does every judge mark it? Otherwise the panel enters one agreed value."""
        return BY_KEY[self.method].by_each_judge

    @property
    def setting(self) -> Setting:
        """The max mark and options as a computation wants them."""
        return Setting(self.max_mark, self.options)

    @property
    def most(self) -> Fraction | None:
        """The greatest mark that may be entered, None for no bound."""
        return BY_KEY[self.method].most(self.setting)

    @property
    def most_text(self) -> str:
        """The greatest mark as a decimal, empty for no bound."""
        return "" if self.most is None else raw_text(self.most)

    @property
    def least(self) -> Fraction | None:
        """The smallest mark that may be entered, None for no bound."""
        return BY_KEY[self.method].least(self.setting)

    @property
    def least_text(self) -> str:
        """The smallest mark as a decimal, empty for no bound: such a mark may be negative."""
        return "" if self.least is None else raw_text(self.least)

    @property
    def takes_no_judge(self) -> bool:
        """May a judge say that they did not mark this work (不评)? Only where the rule says what then counts."""
        return self.by_each_judge and self.options.get("missing", WAIT) in (AVERAGE, WITHOUT)

    @property
    def mark_places(self) -> int:
        """Decimals that an entered mark may have."""
        return BY_KEY[self.method].places(self.setting)

    @property
    def module_places(self) -> int | None:
        """Decimals to which the sum of such aspects of a criterion is rounded; None where it is not."""
        setting = self.setting
        return places(setting) if level(setting) == MODULE else None


def checked_value(rule: AspectRule, raw: str) -> str:
    """`raw` in its stored form. Raises Refusal mark_not_a_number, mark_above_maximum, mark_below_minimum, mark_negative,
    mark_not_whole, mark_too_fine, mark_not_a_choice, mark_off_grid, mark_judge_absent."""
    return checked_mark(rule.method, rule.setting, raw)


def checked_mark(key: str, setting: Setting, raw: str) -> str:
    """As `checked_value`, for a method and its setting."""
    method = BY_KEY[key]
    word = raw.strip().upper()
    if word == NOT_ATTEMPTED:
        return NOT_ATTEMPTED
    if word == NO_JUDGE:
        if setting.options.get("missing", WAIT) not in (AVERAGE, WITHOUT):
            raise Refusal("mark_judge_absent")
        return NO_JUDGE
    try:
        value = exact(raw)
    except ValueError as wrong:
        raise Refusal("mark_not_a_number", raw=raw[:20]) from wrong
    least, most, finest = method.least(setting), method.most(setting), method.places(setting)
    if key == "choice" and value == 0:
        raise Refusal("mark_not_a_choice", most=most)
    if least is not None and value < least:
        raise (
            Refusal("mark_negative") if least == 0 or value < 0 <= least else Refusal("mark_below_minimum", least=least)
        )
    if most is not None and value > most:
        raise Refusal("mark_above_maximum", most=most)
    if (value * 10**finest).denominator != 1:
        raise Refusal("mark_too_fine", places=finest) if finest else Refusal("mark_not_whole")
    grid = setting.optional("grid") if method.option("grid") else None
    if grid is not None and (value / grid).denominator != 1:
        raise Refusal("mark_off_grid", grid=raw_text(grid))
    return raw_text(value)


def aspect_points(rule: AspectRule, marks: Sequence[str | None], *, spread: int = 1) -> Points:
    """The points of an aspect from its marks: one agreed value, or one a judge in seat order (None where missing)."""
    return points_of(rule.method, Setting(rule.max_mark, rule.options, spread), marks)


def points_of(key: str, setting: Setting, marks: Sequence[str | None]) -> Points:
    """As `aspect_points`, for a method and its setting."""
    method = BY_KEY[key]
    if not marks or any(mark is None for mark in marks):
        return Points(None, "points:missing", {"missing": sum(mark is None for mark in marks) or 1})
    given = [mark for mark in marks if mark not in (None, NO_JUDGE)]
    if not given:
        return Points(None, "points:no_judge")
    if method.less_is_better:
        values = [LONGEST if mark == NOT_ATTEMPTED else exact(str(mark)) for mark in given]
    elif NOT_ATTEMPTED in given:
        if any(mark != NOT_ATTEMPTED for mark in given):
            return Points(None, "points:not_attempted_disputed", discuss=True)
        return Points(Fraction(0), "points:not_attempted", not_attempted=True)
    else:
        values = [exact(str(mark)) for mark in given]
    absent = len(marks) - len(given)
    if absent and setting.options.get("missing") == AVERAGE:
        values += [sum(values, Fraction(0)) / len(values)] * absent
    found = method.worth(setting, values)
    if found.value is None:
        return found
    facts = {**found.facts, "absent": absent} if absent else found.facts
    # Points by judges are rounded by their own module, before and after the factor.
    value = (
        found.value
        if method.by_each_judge and key != "judgement_0_3"
        else rounded(found.value * setting.factor, setting, ASPECT)
    )
    if value == found.value and facts is found.facts:
        return found
    return replace(found, value=value, facts=facts)


def option_problems(key: str, options: Mapping[str, Any], max_mark: Fraction | None) -> Problems:
    """What is wrong with the options of a method, as code and facts: unknown names, single values, then between them."""
    method = BY_KEY[key]
    setting = Setting(max_mark, options)
    found = False
    for name in options:
        if method.option(name) is None:
            found = True
            yield (
                "option_unknown",
                {"value": str(name)[:40], "right": "、".join(one.name for one in method.options) or "–"},
            )
    for option in method.options:
        for problem in option.problems(options.get(option.name)):
            found = True
            yield problem
    if not found:
        yield from method.problems(setting)
