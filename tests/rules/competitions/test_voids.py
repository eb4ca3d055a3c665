"""What is left out: worked examples by hand, and the compiled tally equal to the rule."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.scoring.aspects import AspectRule
from competitions.rules.totals import AspectPlace, SchemeTally, explain_scheme
from competitions.rules.voids import LEVELS, WAYS, Void, applied, in_force
from foundation.refusal import Refusal

SHAPE = (("A1-1", "A", 40, "pass_fail"), ("A1-2", "A", 30, "pass_fail"), ("B1-1", "B", 30, "count"))


def places(shape: tuple[tuple[str, str, int, str], ...] = SHAPE) -> list[AspectPlace]:
    return [
        AspectPlace(
            UUID(int=number), code, criterion, code[:2],
            AspectRule(method, Fraction(most), {"steps": 3} if method == "count" else {"unit": "5"} if method == "deduction" else {}),
            (UUID(int=100 + number),),
        )
        for number, (code, criterion, most, method) in enumerate(shape)
    ]  # fmt: skip


def void(*numbers: int, way: str, level: str = "aspect") -> Void:
    return Void(frozenset(UUID(int=number) for number in numbers), level, way)


def scored(decisions: list[Void], marks: list[str | None], shape: tuple[tuple[str, str, int, str], ...] = SHAPE) -> Fraction | None:  # fmt: skip
    return SchemeTally(applied(places(shape), decisions), spread=1).score(marks).value


def test_an_aspect_left_out_is_made_up_for_inside_its_criterion() -> None:
    assert scored([], ["1", "1", "2"]) == 90
    assert scored([void(0, way="rescale")], ["1", "1", "2"]) == 30 * Fraction(70, 30) + 20  # A keeps its 70
    assert scored([void(0, way="rescale")], ["0", "1", "2"]) == 90  # whatever was marked there
    assert scored([void(0, way="rescale")], [None, "1", "2"]) == 90  # even nothing
    assert scored([void(0, way="leave_out")], ["1", "1", "2"]) == 50
    assert scored([void(0, way="full")], [None, "0", "2"]) == 60


def test_a_module_left_out_is_made_up_for_by_the_others() -> None:
    module = void(0, 1, way="rescale", level="criterion")
    assert scored([module], ["1", "1", "2"]) == Fraction(20) * Fraction(100, 30)
    assert scored([void(2, way="rescale", level="criterion")], ["1", "0", "2"]) == 40 * Fraction(100, 70)


def test_a_criterion_left_without_aspects_is_made_up_for_by_the_others() -> None:
    assert scored([void(2, way="rescale")], ["1", "0", "0"]) == 40 * Fraction(100, 70)


def test_the_last_decision_holds_and_can_take_an_earlier_one_back() -> None:
    both = [void(0, 1, way="leave_out", level="sub_criterion"), void(0, way="full")]
    assert scored(both, ["0", "1", "3"]) == 40 + 30
    assert scored([*both, void(0, 1, way="count", level="sub_criterion")], ["0", "1", "3"]) == 60
    assert in_force([*both, void(0, 1, way="count")]) == {}


def test_deductions_are_not_stretched_and_a_voided_one_takes_nothing() -> None:
    shape = (*SHAPE, ("A1-3", "A", 0, "deduction"))
    assert scored([], ["1", "1", "3", "2"], shape) == 90
    assert scored([void(0, way="rescale")], ["1", "1", "3", "2"], shape) == 70 + 30 - 10
    assert scored([void(3, way="leave_out")], ["1", "1", "3", None], shape) == 100


def test_something_must_remain_to_carry_what_is_rescaled() -> None:
    with pytest.raises(Refusal, match="void_nothing_left"):
        applied(places(), [void(0, 1, 2, way="rescale")])
    assert scored([void(0, 1, 2, way="leave_out")], [None, None, None]) == 0


def test_the_explanation_says_so() -> None:
    [first, _second] = explain_scheme(
        SchemeTally(applied(places(), [void(0, way="rescale")]), spread=1), ["1", "1", "2"]
    )
    assert (first.code, first.value, first.facts["factor"]) == ("explain:criterion_rescaled", 70, "7/3")
    assert [line.code for line in first.below[0].below] == ["points:void_rescale", "points:pass"]


DECISIONS = st.lists(
    st.builds(
        Void, st.frozensets(st.sampled_from([UUID(int=n) for n in range(4)]), min_size=1), st.sampled_from(LEVELS),
        st.sampled_from(WAYS),
    ),
    max_size=4,
)  # fmt: skip
MARKS = st.tuples(*(st.sampled_from([None, "NA", "0", "1"]) for _ in range(4)))


@given(DECISIONS, st.lists(MARKS, min_size=1, max_size=5))
def test_the_compiled_tally_says_the_same(decisions: list[Void], works: list[tuple[str | None, ...]]) -> None:
    shape = (*SHAPE, ("B1-2", "B", 0, "deduction"))
    try:
        tally = SchemeTally(applied(places(shape), decisions), spread=1)
    except Refusal:
        return
    one_by_one = [tally.score(list(marks)) for marks in works]
    assert tally.score_all([list(column) for column in zip(*works, strict=True)], len(works)) == one_by_one


@given(DECISIONS)
def test_full_marks_stay_full_marks_unless_the_maximum_falls(decisions: list[Void]) -> None:
    try:
        made = applied(places(), decisions)
    except Refusal:
        return
    fallen = sum(place.most for place in made if place.void == "leave_out")
    assert SchemeTally(made, spread=1).score(["1", "1", "3"]).value == 100 - fallen
