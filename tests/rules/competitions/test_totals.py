"""Totals: exact, missing stays missing, rounded once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.scoring.aspects import AspectRule, aspect_points
from competitions.rules.totals import (
    AspectPlace,
    PartRule,
    PartScore,
    SchemeTally,
    explain_scheme,
    explain_total,
    total_of,
)

SEATS = tuple(UUID(int=n) for n in (1, 2, 3))
PANEL = (UUID(int=9),)


def place(number: int, criterion: str, method: str, most: str, **options: object) -> AspectPlace:
    rule = AspectRule(method, Fraction(most), options)
    return AspectPlace(UUID(int=100 + number), f"{criterion}1-{number}", criterion, f"{criterion}1", rule, SEATS if rule.by_each_judge else PANEL)  # fmt: skip


SCHEME = SchemeTally(
    [
        place(1, "A", "pass_fail", "40"),
        place(2, "A", "judgement_0_3", "1.5"),
        place(3, "B", "points", "100", drop_high=0, drop_low=0),
        place(4, "B", "deduction", "0", unit="2"),
    ],
    spread=1,
)


def test_judgement_2_2_3_of_one_and_a_half_is_seven_sixths_exactly() -> None:
    scored = SCHEME.score(["1", "2", "2", "3", "10", "10", "11", "1"])
    assert scored.criteria == {"A": 40 + Fraction(7, 6), "B": Fraction(31, 3) - 2}
    assert scored.value == 40 + Fraction(7, 6) + Fraction(31, 3) - 2


def test_a_missing_mark_is_not_a_zero() -> None:
    scored = SCHEME.score([None, "2", "2", "3", "10", "10", "11", "1"])
    assert (scored.value, scored.missing, scored.criteria["A"], scored.criteria["B"]) == (
        None,
        1,
        None,
        Fraction(25, 3),
    )
    assert SCHEME.score([None] * 8).missing == 4
    assert SchemeTally([], spread=1).score([]).value is None


def test_a_spread_to_discuss_leaves_no_value() -> None:
    assert SCHEME.score(["1", "1", "2", "3", "10", "10", "11", "1"]).value is None


def test_deductions_take_from_the_part_and_never_below_zero() -> None:
    assert SCHEME.score(["0", "0", "0", "0", "0", "0", "0", "7"]).value == 0
    assert SCHEME.score(["1", "0", "0", "0", "0", "0", "0", "7"]).value == 26


METHODS = {
    "pass_fail": ({}, ["0", "1", "NA"]),
    "count": ({"steps": 7}, [*map(str, range(8)), "NA"]),
    "deduct_from_full": ({"unit": "0.35", "round_at": "module", "places": 1}, ["0", "1", "3", "900"]),
    "tolerance": ({"nominal": "1", "round_at": "module", "places": 0}, ["1", "2"]),
    "time_limit": ({"limit": 60, "over_unit": "0.01", "stop_over": 30}, ["50", "65", "91"]),
    "choice": ({"choices": [{"label": "a", "deduction": "0"}, {"label": "b", "deduction": "33.3"}]}, ["1", "2"]),
    "value": ({}, ["0", "0.01", "0.66", "NA"]),
    "judgement_0_3": ({}, ["0", "1", "2", "3", "NA"]),
    "points": ({"drop_high": 1, "drop_low": 0}, ["0", "0.1", "0.33", "0.5", "NA"]),
    "deduction": ({"unit": "0.7", "cap": "2", "zero_over": 4, "zero_what": "criterion"}, ["0", "1", "5", "NA"]),
}


@st.composite
def marked_schemes(draw: st.DrawFn) -> tuple[SchemeTally, list[list[str | None]]]:
    """A scheme of any aspects under any panel, and some works of which anything may be missing or disputed."""
    seats = tuple(UUID(int=number) for number in range(draw(st.integers(0, 4))))
    places = []
    for number in range(draw(st.integers(0, 6))):
        method = draw(st.sampled_from(sorted(METHODS)))
        rule = AspectRule(
            method, draw(st.sampled_from([Fraction("0.66"), Fraction(1), Fraction("2.5")])), METHODS[method][0]
        )
        criterion = draw(st.sampled_from("ABC"))
        places.append(AspectPlace(UUID(int=100 + number), str(number), criterion, f"{criterion}1", rule, seats if rule.by_each_judge else PANEL))  # fmt: skip
    tally = SchemeTally(places, spread=draw(st.integers(0, 3)))
    marks = [st.sampled_from([*METHODS[one.rule.method][1], *[None] * draw(st.integers(0, 1))]) for one in places for _ in one.cells]  # fmt: skip
    return tally, draw(st.lists(st.tuples(*marks).map(list), max_size=5))


@given(marked_schemes())
def test_all_works_together_are_what_each_is_alone(made: tuple[SchemeTally, list[list[str | None]]]) -> None:
    tally, works = made
    columns = [[work[slot] for work in works] for slot in range(tally.width)]
    assert tally.score_all(columns, len(works)) == [tally.score(work) for work in works]


def test_equal_methods_with_other_maxima_or_options_are_not_mixed_up() -> None:
    tally = SchemeTally(
        [
            place(1, "A", "count", "3", steps=3),
            place(2, "A", "count", "3", steps=6),
            place(3, "A", "count", "1", steps=3),
        ],
        spread=1,
    )
    [scored] = tally.score_all([["1"], ["1"], ["1"]], 1)
    assert scored.value == 1 + Fraction(1, 2) + Fraction(1, 3)


def test_the_score_equals_the_sum_of_points_and_the_explanation() -> None:
    marks = ["1", "2", "3", "3", "10", "9.5", "11", "2"]
    begin, plain = 0, Fraction(0)
    for where in SCHEME.places:
        plain += aspect_points(where.rule, marks[begin : begin + len(where.cells)], spread=1).value or 0
        begin += len(where.cells)
    explained = explain_scheme(SCHEME, marks)
    assert SCHEME.score(marks).value == plain == sum(line.value or 0 for line in explained)
    assert [(line.code, line.facts["item"]) for line in explained] == [("explain:criterion", "A"), ("explain:criterion", "B")]  # fmt: skip
    assert explained[0].below[0].below[1].code == "points:judgement"


THEORY = PartRule("theory", Decimal(100), Fraction(3, 10), Decimal(60))
PRACTICE = PartRule("practice", Decimal(100), Fraction(7, 10), Decimal(60))


def test_parts_are_weighted_and_the_total_rounded_once_half_up() -> None:
    total = total_of([PartScore(THEORY, Fraction(86)), PartScore(PRACTICE, Fraction(271, 3))], places=2)
    assert (total.exact, total.shown) == (Fraction(86 * 3, 10) + Fraction(271 * 7, 30), Decimal("89.03"))
    assert total_of([PartScore(PRACTICE, Fraction("0.0715") * 10)], places=2).shown == Decimal("0.50")
    assert total_of([PartScore(PartRule("practice", Decimal(100), Fraction(1), None), Fraction("92.505"))], places=2).shown == Decimal("92.51")  # fmt: skip


def test_another_full_mark_counts_by_its_share() -> None:
    part = PartScore(PartRule("practice", Decimal(150), Fraction(7, 10), Decimal(90)), Fraction(120))
    assert (part.weighted, part.passed) == (Fraction(56), True)


def test_a_gate_passes_or_not_and_brings_nothing() -> None:
    gate = PartRule("theory", Decimal(100), Fraction(0), Decimal(60), gate_only=True)
    total = total_of([PartScore(gate, Fraction(59)), PartScore(PartRule("practice", Decimal(100), Fraction(1), Decimal(60)), Fraction(80))], places=2)  # fmt: skip
    assert (total.shown, [part.passed for part in total.parts]) == (Decimal("80.00"), [False, True])


def test_a_missing_part_leaves_no_total_and_says_so() -> None:
    total = total_of([PartScore(THEORY, None), PartScore(PRACTICE, Fraction(90))], places=2)
    assert (total.exact, total.shown, total.parts[0].passed) == (None, None, None)
    assert [line.code for line in explain_total(total, {}, places=2)] == ["explain:part_missing", "explain:part", "explain:total_missing"]  # fmt: skip


@given(st.lists(st.fractions(min_value=0, max_value=100), min_size=1, max_size=6))
def test_one_more_point_never_lowers_the_total(scores: list[Fraction]) -> None:
    parts = [PartScore(PartRule(str(n), Decimal(100), Fraction(1, len(scores)), None), score) for n, score in enumerate(scores)]  # fmt: skip
    more = [PartScore(part.rule, (part.score or 0) + 1) for part in parts]
    before, after = total_of(parts, places=2), total_of(more, places=2)
    assert after.exact == (before.exact or 0) + 1


def test_a_serious_fault_zeroes_its_sub_criterion_or_stops_the_attempt() -> None:
    def scheme(**options: Any) -> SchemeTally:
        fault = AspectPlace(
            UUID(int=2), "2", "A", "A1", AspectRule("deduction", Fraction(0), {"unit": "1", **options}), PANEL
        )
        other = AspectPlace(UUID(int=3), "3", "A", "A2", AspectRule("value", Fraction(5)), PANEL)
        return SchemeTally([place(1, "A", "pass_fail", "10"), fault, other], spread=1)

    zeroed = scheme(zero_over=0)
    assert [zeroed.score(["1", count, "3"]).value for count in ("0", "1")] == [13, 3]
    assert explain_scheme(zeroed, ["1", "1", "3"])[0].code == "explain:criterion_adjusted"
    assert [scheme(zero_over=0, zero_what="criterion").score(["1", "1", "3"]).value] == [0]
    assert [scheme(stop_over=1).score(["1", count, "3"]).stopped for count in ("1", "2")] == [False, True]


def test_a_module_is_rounded_as_one_sum() -> None:
    third = {"steps": 3, "round_at": "module", "places": 2}
    tally = SchemeTally([place(number, "A", "count", "1", **third) for number in (1, 2)], spread=1)
    assert tally.score(["1", "1"]).value == Fraction("0.67")
    assert tally.score_all([["1"], ["1"]], 1)[0].value == Fraction("0.67")
