"""What a judge sees beside a field: tolerance, ranges and steps of an aspect, exact."""

from __future__ import annotations

from fractions import Fraction

from competitions.rules.scoring.aspects import AspectRule
from competitions.rules.scoring.hints import hints, worths


def test_a_tolerance_says_its_bounds_and_bands() -> None:
    options = {
        "nominal": "-2", "plus": "0.5", "minus": "0.2", "unit_name": "mm", "bands": [{"beyond": "0.1", "deduction": "50"}],
    }  # fmt: skip
    rule = AspectRule("tolerance", Fraction(4), options)
    assert hints(rule) == (
        ("hint:tolerance", {"nominal": "-2", "plus": "0.5", "minus": "0.2", "low": "-2.2", "high": "-1.5", "unit": "mm"}),
        ("hint:band", {"beyond": "0.1", "lost": "50", "unit": "mm"}),
    )  # fmt: skip
    assert rule.least_text == ""


def test_ranges_say_what_each_is_worth() -> None:
    ranges = [{"lower": "", "upper": "1", "deduction": "0"}, {"lower": "1", "upper": "2", "deduction": "50"},
              {"lower": "2", "upper": "", "deduction": "100"}]  # fmt: skip
    found = hints(AspectRule("range", Fraction(3), {"ranges": ranges, "unit_name": "°"}))
    assert [(code, facts["low"], facts["high"], facts["worth"]) for code, facts in found] == [
        ("hint:range_up_to", "", "1", "3"), ("hint:range", "1", "2", "1.5"), ("hint:range_from", "2", "", "0"),
    ]  # fmt: skip


def test_levels_of_a_choice_say_what_they_give() -> None:
    choices = [
        {"label": "好", "deduction": "0"},
        {"label": "中", "deduction": "33.3"},
        {"label": "差", "deduction": "100"},
    ]
    assert worths(AspectRule("choice", Fraction(3), {"choices": choices})) == ("3", "2.001", "0")


def test_only_points_with_a_rule_for_it_take_a_judge_who_did_not_mark() -> None:
    assert [AspectRule("points", Fraction(10), {"missing": way}).takes_no_judge for way in ("wait", "average", "without")] == [
        False, True, True,
    ]  # fmt: skip
    assert not AspectRule("pass_fail", Fraction(1)).takes_no_judge
    assert AspectRule("points", Fraction(10), {"least": "-5"}).least_text == "-5"
