"""Each method by worked numbers; what may be entered; options that are wrong; the catalogue."""

from __future__ import annotations

import importlib
import pkgutil
from fractions import Fraction
from typing import Any

import pytest

from competitions.rules import scoring
from competitions.rules.scoring.aspects import AspectRule, Effect, aspect_points, checked_value, option_problems
from competitions.rules.scoring.catalogue import METHODS
from competitions.rules.scoring.method import Setting
from competitions.rules.scoring.trial import TrialItem, try_method
from foundation.refusal import Refusal

BANDS = [{"beyond": "0.05", "deduction": "50"}, {"beyond": "0.1", "deduction": "80"}]
RANGES = [
    {"lower": "0", "upper": "2", "deduction": "0"},
    {"lower": "2", "upper": "3", "deduction": "33.3"},
    {"lower": "", "upper": "0", "deduction": "50"},
]
OVER_30 = {"limit": 1080, "over_unit": "1", "over_step": 30, "early_unit": "1", "early_step": 30}


def worth(method: str, mark: str | None, options: dict[str, Any], *marks: str | None) -> Fraction | None:
    """The points of an aspect worth `mark`."""
    return aspect_points(AspectRule(method, Fraction(mark or 0), options), marks).value


@pytest.mark.parametrize(
    ("method", "most", "options", "marks", "value"),
    [
        ("points", "100", {"drop_high": 1, "drop_low": 1}, ["88", "90", "90", "91", "97"], "271/3"),
        ("points", "100", {"drop_high": 1, "drop_low": 1}, ["90"] * 5, "90"),
        ("points", "100", {"drop_high": 1, "drop_low": 1, "round_at": "aspect", "places": 2}, ["88", "90", "90", "91", "97"], "90.33"),
        ("points", "60", {"aggregate": "sum", "drop_high": 1, "drop_low": 1}, ["18.5", "19", "18.5", "18", "19"], "56"),
        ("points", "10", {"aggregate": "sum", "scale": "0.6"}, ["8.5", "9"], "10.5"),
        ("points", "10", {"missing": "average"}, ["8", "9", "NJ"], "8.5"),
        ("points", "10", {"missing": "average", "aggregate": "sum"}, ["8", "9", "NJ"], "25.5"),
        ("points", "10", {"missing": "without", "aggregate": "sum"}, ["8", "9", "NJ"], "17"),
        ("points", "10", {"round_at": "judge", "places": 0}, ["8.5", "9.4"], "9"),
        ("judgement_0_3", "1.5", {}, ["2", "2", "3"], "7/6"),
        ("judgement_0_3", "1.5", {"round_at": "aspect", "places": 2}, ["2", "2", "3"], "1.17"),
        ("count", "1", {"steps": 3, "round_at": "aspect", "places": 2}, ["2"], "0.67"),
        ("deduct_from_full", "10", {"unit": "2", "step": "5", "zero_over": "30"}, ["14.9"], "6"),
        ("deduct_from_full", "10", {"unit": "2", "step": "5", "zero_over": "30"}, ["30"], "0"),
        ("deduct_from_full", "40", {"unit": "2", "step": "5", "zero_over": "30"}, ["30.1"], "0"),
        ("deduct_from_full", "40", {"unit": "2", "step": "5", "part": "started"}, ["5.1"], "36"),
        ("tolerance", "2", {"nominal": "12", "plus": "0.02", "minus": "0.05", "bands": BANDS}, ["11.95"], "2"),
        ("tolerance", "2", {"nominal": "12", "plus": "0.02", "minus": "0.05", "bands": BANDS}, ["12.02"], "2"),
        ("tolerance", "2", {"nominal": "12", "plus": "0.02", "minus": "0.05", "bands": BANDS}, ["12.07"], "1"),
        ("tolerance", "2", {"nominal": "12", "plus": "0.02", "minus": "0.05", "bands": BANDS}, ["11.85"], "0.4"),
        ("tolerance", "2", {"nominal": "12", "plus": "0.02", "minus": "0.05", "bands": BANDS}, ["12.13"], "0"),
        ("range", "3", {"ranges": RANGES}, ["2"], "3"),
        ("range", "3", {"ranges": RANGES}, ["2.01"], "2.001"),
        ("range", "3", {"ranges": RANGES}, ["-1"], "1.5"),
        ("range", "3", {"ranges": RANGES}, ["3.01"], "0"),
        ("deduction", None, {"unit": "2", "cap": "5"}, ["3"], "-5"),
        ("time_limit", None, OVER_30, ["1139"], "-1"),
        ("time_limit", None, {**OVER_30, "over_part": "started"}, ["1139"], "-2"),
        ("time_limit", None, OVER_30, ["1080"], "0"),
        ("time_limit", None, OVER_30, ["1000"], "2"),
        ("time_limit", None, {"limit": 3600, "grace": 300, "over_unit": 5, "over_cap": 5, "over_step": 60}, ["3900"], "0"),
        ("time_limit", None, {"limit": 3600, "grace": 300, "over_unit": 5, "over_cap": 5, "over_step": 60}, ["3960"], "-5"),
        ("time_limit", None, {"limit": 720, "shortest": 480, "short_unit": 2}, ["479"], "-2"),
        ("time_score", "10", {"full_at": 60, "zero_at": 120}, ["90"], "5"),
        ("time_attempts", None, {"drop_best": 1, "drop_worst": 1}, ["8", "9", "10", "NA", "7"], "9"),
        ("time_attempts", None, {"aggregate": "best"}, ["8", "NA", "7"], "7"),
    ],
)  # fmt: skip
def test_points_by_worked_numbers(
    method: str, most: str | None, options: dict[str, Any], marks: list[str], value: str
) -> None:
    assert worth(method, most, options, *marks) == Fraction(value)


@pytest.mark.parametrize(
    ("options", "marks"),
    [
        ({}, ["8", None, "9"]),
        ({"missing": "without"}, ["8", None, "9"]),
        ({"missing": "without"}, ["NJ", "NJ", "NJ"]),
        ({"drop_high": 1, "drop_low": 1}, ["8", "9"]),
    ],
)
def test_missing_is_missing_never_zero(options: dict[str, Any], marks: list[str | None]) -> None:
    assert worth("points", "10", options, *marks) is None


def test_not_attempted_is_shown_apart_from_zero() -> None:
    rule = AspectRule("points", Fraction(10))
    assert (aspect_points(rule, ["NA", "NA"]).value, aspect_points(rule, ["NA", "NA"]).not_attempted) == (0, True)
    assert (aspect_points(rule, ["0", "0"]).value, aspect_points(rule, ["0", "0"]).not_attempted) == (0, False)
    assert aspect_points(rule, ["NA", "0"]).discuss


def test_two_attempts_without_a_time_are_no_result() -> None:
    found = aspect_points(
        AspectRule("time_attempts", Fraction(0), {"drop_best": 1, "drop_worst": 1}), ["NA", "9", "NA", "8", "7"]
    )
    assert (found.value, found.code) == (None, "points:no_time")


def test_a_spread_of_two_is_discussed_again() -> None:
    """Competition rules 14, example 6."""
    rule = AspectRule("judgement_0_3", Fraction("1.5"))
    assert aspect_points(rule, ["1", "2", "3"]).code == "points:discuss_again"
    assert aspect_points(rule, ["1", "2", "3"], spread=2).value == 1


@pytest.mark.parametrize(
    ("method", "options", "mark", "effect"),
    [
        ("deduction", {"unit": "5", "zero_over": 0}, "1", Effect.ZERO_SUB),
        ("deduction", {"unit": "5", "zero_over": 1, "zero_what": "all"}, "1", Effect.NONE),
        ("deduction", {"unit": "5", "zero_over": 1, "zero_what": "all"}, "2", Effect.ZERO_ALL),
        ("time_limit", {"limit": 900, "stop_over": 120}, "1020", Effect.NONE),
        ("time_limit", {"limit": 900, "stop_over": 120}, "1020.01", Effect.STOP),
    ],
)
def test_what_a_deduction_does_beyond_its_marks(
    method: str, options: dict[str, Any], mark: str, effect: Effect
) -> None:
    assert aspect_points(AspectRule(method, Fraction(0), options), [mark]).effect == effect


@pytest.mark.parametrize(
    ("method", "options", "raw", "code"),
    [
        ("points", {}, "10.01", "mark_above_maximum"),
        ("points", {}, "1.005", "mark_too_fine"),
        ("points", {"grid": "0.5"}, "8.25", "mark_off_grid"),
        ("points", {"least": "-5"}, "-6", "mark_below_minimum"),
        ("points", {"least": "70", "most": "100"}, "69", "mark_below_minimum"),
        ("points", {}, "-1", "mark_negative"),
        ("points", {}, "NJ", "mark_judge_absent"),
        ("judgement_0_3", {}, "1.5", "mark_not_whole"),
        ("judgement_0_3", {}, "4", "mark_above_maximum"),
        ("tolerance", {"nominal": "1"}, "one", "mark_not_a_number"),
    ],
)
def test_what_may_not_be_entered(method: str, options: dict[str, Any], raw: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_value(AspectRule(method, Fraction(10), options), raw)
    assert refused.value.code == code


def test_a_measured_value_may_be_negative_and_an_absent_judge_named() -> None:
    assert checked_value(AspectRule("range", Fraction(1), {"ranges": RANGES}), "-0.50") == "-0.5"
    assert checked_value(AspectRule("points", Fraction(10), {"missing": "average"}), "nj") == "NJ"
    assert checked_value(AspectRule("points", Fraction(10), {"least": "-5"}), "-5") == "-5"


@pytest.mark.parametrize(
    ("method", "options", "code"),
    [
        ("points", {"drop": 1}, "option_unknown"),
        ("points", {"round_at": "never"}, "option_wrong"),
        ("points", {"scale": "0"}, "option_wrong"),
        ("points", {"places": 7}, "option_places_wrong"),
        ("points", {"most": "100", "scale": "0.2"}, "option_scale_above"),
        ("points", {"most": "5", "least": "5"}, "option_least_above"),
        ("pass_fail", {"places": 2}, "option_unknown"),
        ("count", {"steps": 3, "round_at": "judge"}, "option_wrong"),
        ("tolerance", {}, "option_wrong"),
        ("tolerance", {"nominal": "1", "bands": list(reversed(BANDS))}, "option_bands_order"),
        ("range", {"ranges": [{"lower": "3", "upper": "2", "deduction": "0"}]}, "option_range_order"),
        ("range", {"ranges": [{"lower": "a", "upper": "2", "deduction": "0"}]}, "option_line_number"),
        ("time_score", {"full_at": 60, "zero_at": 60}, "option_zero_before_full"),
        ("time_limit", {}, "option_wrong"),
    ],
)
def test_wrong_options_are_named(method: str, options: dict[str, Any], code: str) -> None:
    assert [found for found, _facts in option_problems(method, options, Fraction(10))] == [code]


def test_every_module_of_methods_is_in_the_catalogue() -> None:
    found = [
        method
        for module in pkgutil.iter_modules(scoring.__path__)
        if module.name not in ("catalogue", "aspects")
        for method in getattr(importlib.import_module(f"{scoring.__name__}.{module.name}"), "METHODS", ())
    ]
    assert sorted(method.key for method in found) == sorted(method.key for method in METHODS)
    assert len({method.key for method in METHODS}) == len(METHODS)


def totals(
    key: str, options: dict[str, Any], rows: list[tuple[str, str, list[str], str]]
) -> dict[str, tuple[str, int]]:
    items = [
        TrialItem(n, entry, item, tuple(marks), Fraction(factor)) for n, (entry, item, marks, factor) in enumerate(rows)
    ]
    _found, entries = try_method(key, Setting(None, options), items)
    return {one.entry: (str(one.shown), one.rank or 0) for one in entries}


def test_figure_skating_rounds_components_before_adding_them() -> None:
    """Means of three judges: 7.0833… + 7.0833… + 7.0833… is 21.24 rounded first and 21.25 rounded once."""
    rows = [("A", str(n), ["7.00", "7.00", "7.25"], "1") for n in range(3)]
    assert totals("points", {"round_at": "aspect", "places": 2}, rows) == {"A": ("21.24", 1)}
    assert totals("points", {"round_at": "module", "places": 1}, rows) == {"A": ("21.3", 1)}
    assert totals("points", {"round_at": "end", "places": 2}, rows) == {"A": ("21.25", 1)}


def test_the_factor_multiplies_the_rounded_component_and_is_rounded_again() -> None:
    rows = [("A", "1", ["7.00", "7.00", "7.25"], "1.67")]
    assert totals("points", {"round_at": "aspect", "places": 2}, rows) == {"A": ("11.82", 1)}  # 7.08 × 1.67 = 11.8236


def test_ski_jumping_keeps_the_middle_three_of_five() -> None:
    options = {"aggregate": "sum", "drop_high": 1, "drop_low": 1, "places": 1, "grid": "0.5"}
    rows = [
        ("A", "1", ["18.5", "19.0", "18.5", "18.0", "19.0"], "1"),
        ("B", "1", ["19.5", "17.0", "18.5", "18.5", "18.5"], "1"),
    ]
    assert totals("points", options, rows) == {"A": ("56.0", 1), "B": ("55.5", 2)}
