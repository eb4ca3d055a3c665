"""Time: seconds taken, turned into a deduction or bonus, into marks, or into a time to be ranked by.

- `time_limit` (deduction): `limit` seconds. Over it by more than `grace`: `over_unit` marks for each (full or started) `over_step`, at
  most `over_cap`; under it `early_unit` for each `early_step` is given back as a bonus, at most `early_cap`; under `shortest`
  seconds `short_unit` is lost once. More than `zero_over` seconds over the limit zeroes what `zero_what` names, more than
  `stop_over` stops the attempt.
- `time_score` (measurement): the max mark up to `full_at` seconds, nothing from `zero_at` on, a straight line between.
- `time_attempts`: several attempts; the declared number of best and worst is dropped, the rest aggregated (`mean`, `sum`, or `best`).
  An attempt without a time (NA) is the worst; with more of them than worst times are dropped there is no result. Less is better.

Sources: deduction rules X01 to X03, X08, X10, X12, X13, X15; World Cube Association regulations 9f (average of 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from competitions.rules.scoring.deduction import STOP_OVER, ZERO, ZERO_OVER, effect_of
from competitions.rules.scoring.measurement import MARK_PLACES
from competitions.rules.scoring.method import (
    AspectKind,
    Method,
    Option,
    OptionForm,
    Points,
    Problems,
    Setting,
    number_of,
)
from competitions.rules.scoring.numbers import said
from competitions.rules.scoring.rounding import AGREED_ROUNDING, ASPECT, ROUNDING, rounded
from competitions.rules.scoring.steps import EXACT, FULL, STARTED, whole_steps

LONGEST = Fraction(10**6)
"""Where an attempt without a time stands: behind every time."""
_PARTS = (FULL, STARTED, EXACT)


def _limit(setting: Setting, values: Sequence[Fraction]) -> Points:
    taken, limit = values[0], setting.number("limit")
    over = taken - limit
    lost = Fraction(0)
    if over > setting.number("grace", 0):
        part = str(setting.options.get("over_part") or FULL)
        lost = setting.number("over_unit", 0) * whole_steps(over, setting.number("over_step", 1), part)
        lost = _capped(lost, setting.optional("over_cap"))
    elif over < 0 and setting.optional("early_unit") is not None:
        steps = whole_steps(-over, setting.number("early_step", 1), FULL)
        lost = -_capped(setting.number("early_unit") * steps, setting.optional("early_cap"))
    shortest = setting.optional("shortest")
    if shortest is not None and taken < shortest:
        lost += setting.number("short_unit", 0)
    effect = effect_of(setting, over)
    facts = {"taken": said(taken), "limit": said(limit), "over": said(over), "lost": said(abs(lost))}
    code = (
        f"points:time_{effect}"
        if effect
        else "points:time_bonus"
        if lost < 0
        else "points:time_over"
        if lost
        else "points:time_kept"
    )
    return Points(-lost, code, facts, effect=effect)


def _capped(lost: Fraction, cap: Fraction | None) -> Fraction:
    return lost if cap is None else min(lost, cap)


def _score(setting: Setting, values: Sequence[Fraction]) -> Points:
    taken, full, zero = values[0], setting.number("full_at"), setting.number("zero_at")
    share = min(Fraction(1), max(Fraction(0), (zero - taken) / (zero - full)))
    facts = {"taken": said(taken), "full": said(full), "zero": said(zero), "max": setting.most}
    return Points(setting.most * share, "points:time_score", facts)


def _score_problems(setting: Setting) -> Problems:
    full, zero = number_of(setting.options.get("full_at")), number_of(setting.options.get("zero_at"))
    if full is not None and zero is not None and zero <= full:
        yield "option_zero_before_full", {}


def _attempts(setting: Setting, values: Sequence[Fraction]) -> Points:
    best, worst = int(setting.number("drop_best", 0)), int(setting.number("drop_worst", 0))
    without = sum(value >= LONGEST for value in values)
    facts = {"times": "、".join("–" if value >= LONGEST else said(value) for value in values), "dropped": best + worst}
    if best + worst >= len(values):
        return Points(None, "points:too_few_judges", {"judges": len(values), "dropped": best + worst})
    aggregate = str(setting.options.get("aggregate") or "mean")
    if without > (len(values) - 1 if aggregate == "best" else worst):
        return Points(None, "points:no_time", {**facts, "count": without}, not_attempted=True)
    kept = sorted(values)[best : len(values) - worst]
    if aggregate == "best":
        return Points(rounded(min(values), setting, ASPECT), "points:attempts", facts)
    total = sum(kept, Fraction(0))
    return Points(
        rounded(total if aggregate == "sum" else total / len(kept), setting, ASPECT), "points:attempts", facts
    )


METHODS = (
    Method(
        "time_limit", AspectKind.DEDUCTION,
        (
            Option("limit", OptionForm.NUMBER, needed=True, above=True), Option("grace", OptionForm.NUMBER, 0),
            Option("over_unit", OptionForm.NUMBER, 0), Option("over_step", OptionForm.NUMBER, 1, above=True),
            Option("over_part", OptionForm.ONE_OF, FULL, one_of=_PARTS), Option("over_cap", OptionForm.NUMBER, above=True),
            Option("early_unit", OptionForm.NUMBER), Option("early_step", OptionForm.NUMBER, 1, above=True),
            Option("early_cap", OptionForm.NUMBER, above=True), Option("shortest", OptionForm.NUMBER),
            Option("short_unit", OptionForm.NUMBER, 0), ZERO_OVER, ZERO, STOP_OVER, MARK_PLACES, *AGREED_ROUNDING,
        ),
        _limit, places=lambda setting: int(setting.number("mark_places", 2)),
    ),
    Method(
        "time_score", AspectKind.MEASUREMENT,
        (
            Option("full_at", OptionForm.NUMBER, needed=True), Option("zero_at", OptionForm.NUMBER, needed=True, above=True),
            MARK_PLACES, *AGREED_ROUNDING,
        ),
        _score, places=lambda setting: int(setting.number("mark_places", 2)), problems=_score_problems,
    ),
    Method(
        "time_attempts", AspectKind.MEASUREMENT,
        (
            Option("aggregate", OptionForm.ONE_OF, "mean", one_of=("mean", "sum", "best"), wrong="option_aggregate_wrong"),
            Option("drop_best", OptionForm.WHOLE, 0), Option("drop_worst", OptionForm.WHOLE, 0), *ROUNDING, MARK_PLACES,
        ),
        _attempts, places=lambda setting: int(setting.number("mark_places", 2)), by_each_judge=True, in_schemes=False,
        less_is_better=True,
    ),
)  # fmt: skip
