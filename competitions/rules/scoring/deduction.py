"""Deductions (扣分): marks taken away for what happened, at most `cap`; they may zero the item or stop the attempt.

The count (or a measured amount, when `step` is given) times `unit` is lost. More than `zero_over` zeroes what `zero_what` names (the
sub-criterion, the criterion, everything); more than `stop_over` stops the attempt: the entry keeps no place. Both bounds are not
themselves over. Sources: competition rules 7.1, deduction rules X04 to X28.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from competitions.rules.scoring.measurement import MARK_PLACES, UNIT, UNIT_NAME
from competitions.rules.scoring.method import AspectKind, Effect, Method, Option, OptionForm, Points, Setting
from competitions.rules.scoring.rounding import AGREED_ROUNDING
from competitions.rules.scoring.steps import PART, STEP, steps_in

ZERO_WHAT = ("sub_criterion", "criterion", "all")
ZERO_OVER = Option("zero_over", OptionForm.NUMBER)
ZERO = Option("zero_what", OptionForm.ONE_OF, ZERO_WHAT[0], one_of=ZERO_WHAT)
STOP_OVER = Option("stop_over", OptionForm.NUMBER)
CAP = Option("cap", OptionForm.NUMBER, above=True, wrong="option_cap_wrong")
_ZEROED = {"sub_criterion": Effect.ZERO_SUB, "criterion": Effect.ZERO_CRITERION, "all": Effect.ZERO_ALL}


def effect_of(setting: Setting, amount: Fraction) -> Effect:
    """What an amount does beyond its marks."""
    stop, zero = setting.optional("stop_over"), setting.optional("zero_over")
    if stop is not None and amount > stop:
        return Effect.STOP
    if zero is not None and amount > zero:
        return _ZEROED[str(setting.options.get("zero_what") or ZERO_WHAT[0])]
    return Effect.NONE


def _deduction(setting: Setting, values: Sequence[Fraction]) -> Points:
    value, unit, cap = values[0], setting.number("unit"), setting.optional("cap")
    lost = unit * steps_in(setting, value)
    lost = lost if cap is None else min(lost, cap)
    facts = {"count": value, "unit": unit, "lost": lost}
    effect = effect_of(setting, value)
    code = f"points:deducted_{effect}" if effect else "points:deducted"
    return Points(-lost, code, facts, effect=effect)


METHODS = (
    Method(
        "deduction", AspectKind.DEDUCTION,
        (UNIT, CAP, STEP, PART, ZERO_OVER, ZERO, STOP_OVER, UNIT_NAME, MARK_PLACES, *AGREED_ROUNDING),
        _deduction,
        places=lambda setting: int(setting.number("mark_places", 2)) if setting.optional("step") is not None else 0,
    ),
)  # fmt: skip
