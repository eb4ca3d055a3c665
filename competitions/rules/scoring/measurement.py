"""Measurement (测量分): what was found is entered once by the panel, and the method turns it into marks.

- `pass_fail`: 1 gives the max mark, 0 nothing.
- `count`: number completed, 0…`steps`; that share of the max mark.
- `deduct_from_full`: faults, or a measured amount when `step` is given: `unit` marks lost for each (full or started) step, never
  below 0; more than `zero_over` loses everything.
- `choice`: the number of a level; its `deduction` percent of the max mark is lost.
- `value`: the marks themselves, at most `places` decimals.
- `tolerance`: a measured value; within nominal +`plus` −`minus` (both ends included) the max mark, outside by how much it is beyond: the
  first band whose `beyond` is not exceeded says the percent lost, past the last band everything.
- `range`: a measured value; the first range that holds it (both ends included, an empty end is open) says the percent lost, no
  range: everything.

Sources: EuroSkills 2023 technical description §4.7 and the calculation types of its marking system (scoring rules 1.3); welding
sheets with lengths and depths of faults (deduction rules X21, X22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

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
from competitions.rules.scoring.rounding import AGREED_ROUNDING, MOST_PLACES, PLACES
from competitions.rules.scoring.steps import PART, STEP, steps_in
from foundation.exact import exact

UNIT = Option("unit", OptionForm.NUMBER, needed=True, above=True, wrong="option_unit_wrong")
MARK_PLACES = Option("mark_places", OptionForm.WHOLE, 2, most=Fraction(MOST_PLACES), wrong="option_places_wrong")
UNIT_NAME = Option("unit_name", OptionForm.TEXT, "")


def _mark_places(setting: Setting) -> int:
    return int(setting.number("mark_places", 2))


def _unbounded(_setting: Setting) -> None:
    return None


def _pass_fail(setting: Setting, values: Sequence[Fraction]) -> Points:
    passed = values[0]
    return Points(setting.most * passed, "points:pass" if passed else "points:fail", {"max": setting.most})


def _count(setting: Setting, values: Sequence[Fraction]) -> Points:
    steps = int(setting.options["steps"])
    facts = {"count": values[0], "steps": steps, "max": setting.most}
    return Points(setting.most * values[0] / steps, "points:count", facts)


def _deduct(setting: Setting, values: Sequence[Fraction]) -> Points:
    value, unit, over = values[0], setting.number("unit"), setting.optional("zero_over")
    facts = {"count": value, "unit": unit, "max": setting.most}
    if over is not None and value > over:
        return Points(Fraction(0), "points:faults_over", {**facts, "over": over})
    return Points(max(Fraction(0), setting.most - unit * steps_in(setting, value)), "points:faults", facts)


def _deduct_problems(setting: Setting) -> Problems:
    unit = number_of(setting.options.get("unit"))
    if unit is not None and setting.max_mark is not None and unit > setting.max_mark:
        yield "option_unit_above", {"value": unit, "most": setting.max_mark}


def _deduct_places(setting: Setting) -> int:
    return _mark_places(setting) if setting.optional("step") is not None else 0


def _choice(setting: Setting, values: Sequence[Fraction]) -> Points:
    chosen = setting.options["choices"][int(values[0]) - 1]
    facts = {"number": values[0], "label": chosen["label"], "lost": str(chosen["deduction"]), "max": setting.most}
    return Points(_less(setting, chosen), "points:choice", facts)


def _less(setting: Setting, line: Mapping[str, Any]) -> Fraction:
    return setting.most * (100 - exact(str(line["deduction"]))) / 100


def _choice_problems(setting: Setting) -> Problems:
    if len(setting.options.get("choices") or []) < 2:
        yield "option_choices_few", {}


def _value(_setting: Setting, values: Sequence[Fraction]) -> Points:
    return Points(values[0], "points:value", {"value": values[0]})


def _tolerance(setting: Setting, values: Sequence[Fraction]) -> Points:
    value, nominal = values[0], setting.number("nominal")
    low, high = nominal - setting.number("minus", 0), nominal + setting.number("plus", 0)
    beyond = max(low - value, value - high, Fraction(0))
    facts = {"value": value, "low": low, "high": high, "unit": setting.options.get("unit_name", ""), "beyond": beyond}
    if beyond == 0:
        return Points(setting.most, "points:within", facts)
    for band in setting.options.get("bands") or []:
        if beyond <= exact(str(band["beyond"])):
            return Points(_less(setting, band), "points:beyond", {**facts, "lost": str(band["deduction"])})
    return Points(Fraction(0), "points:beyond", {**facts, "lost": "100"})


def _tolerance_problems(setting: Setting) -> Problems:
    bounds = [number_of(band.get("beyond")) for band in setting.options.get("bands") or [] if isinstance(band, Mapping)]
    known = [bound for bound in bounds if bound is not None]
    if known != sorted(set(known)) or any(bound <= 0 for bound in known):
        yield "option_bands_order", {}


def _range(setting: Setting, values: Sequence[Fraction]) -> Points:
    value = values[0]
    facts = {"value": value, "unit": setting.options.get("unit_name", ""), "max": setting.most}
    for number, line in enumerate(setting.options["ranges"], start=1):
        low, high = number_of(line.get("lower")), number_of(line.get("upper"))
        if (low is None or value >= low) and (high is None or value <= high):
            return Points(_less(setting, line), "points:range", {**facts, "number": number, "lost": line["deduction"]})
    return Points(Fraction(0), "points:no_range", facts)


def _range_problems(setting: Setting) -> Problems:
    for number, line in enumerate(setting.options.get("ranges") or [], start=1):
        low, high = number_of(line.get("lower")), number_of(line.get("upper"))
        if low is not None and high is not None and low > high:
            yield "option_range_order", {"number": number}


METHODS = (
    Method("pass_fail", AspectKind.MEASUREMENT, (), _pass_fail, most=lambda _setting: Fraction(1)),
    Method(
        "count", AspectKind.MEASUREMENT,
        (Option("steps", OptionForm.WHOLE, needed=True, least=Fraction(1), wrong="option_steps_wrong"), *AGREED_ROUNDING),
        _count, most=lambda setting: setting.number("steps"),
    ),
    Method(
        "deduct_from_full", AspectKind.MEASUREMENT,
        (UNIT, STEP, PART, Option("zero_over", OptionForm.NUMBER), UNIT_NAME, MARK_PLACES, *AGREED_ROUNDING),
        _deduct, places=_deduct_places, problems=_deduct_problems,
    ),
    Method(
        "choice", AspectKind.MEASUREMENT, (Option("choices", OptionForm.CHOICES), *AGREED_ROUNDING), _choice,
        most=lambda setting: Fraction(len(setting.options["choices"])), least=lambda _setting: Fraction(1),
        problems=_choice_problems,
    ),
    Method(
        "value", AspectKind.MEASUREMENT, (PLACES,), _value, most=lambda setting: setting.max_mark,
        places=lambda setting: int(setting.number("places", 2)),
    ),
    Method(
        "tolerance", AspectKind.MEASUREMENT,
        (
            Option("nominal", OptionForm.NUMBER, needed=True, least=None), Option("plus", OptionForm.NUMBER, 0),
            Option("minus", OptionForm.NUMBER, 0), UNIT_NAME, Option("bands", OptionForm.BANDS), MARK_PLACES,
            *AGREED_ROUNDING,
        ),
        _tolerance, least=_unbounded, places=_mark_places, problems=_tolerance_problems,
    ),
    Method(
        "range", AspectKind.MEASUREMENT,
        (Option("ranges", OptionForm.RANGES, needed=True), UNIT_NAME, MARK_PLACES, *AGREED_ROUNDING),
        _range, least=_unbounded, places=_mark_places, problems=_range_problems,
    ),
)  # fmt: skip
