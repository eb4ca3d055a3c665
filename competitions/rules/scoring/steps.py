"""Counting in steps: so many marks for every 5 mm or every 30 seconds, full steps only or every started one."""

from __future__ import annotations

from fractions import Fraction

from competitions.rules.scoring.method import Option, OptionForm, Setting
from foundation.exact import Rounding, round_to_int

FULL, STARTED, EXACT = "full", "started", "exact"
STEP = Option("step", OptionForm.NUMBER, above=True)
PART = Option("part", OptionForm.ONE_OF, FULL, one_of=(FULL, STARTED, EXACT))
"""What counts of a step that is not full: nothing (`full`), the whole of it (`started`), its share (`exact`)."""


def whole_steps(amount: Fraction, step: Fraction, part: str) -> Fraction:
    """How many steps of `step` are in `amount`."""
    found = amount / step
    match part:
        case "exact":
            return found
        case "started":
            return Fraction(round_to_int(found, Rounding.UP))
        case _:
            return Fraction(round_to_int(found, Rounding.DOWN))


def steps_in(setting: Setting, amount: Fraction) -> Fraction:
    """How many steps an entered amount has; without `step` the amount is a number of occurrences."""
    step = setting.optional("step")
    return amount if step is None else whole_steps(amount, step, str(setting.options.get("part") or FULL))
