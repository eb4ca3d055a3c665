from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.rules.seniority import GRADES, at_least, highest, one_up, place

grades = st.sampled_from(GRADES)


def test_eight_grades_from_apprentice_to_chief_technician() -> None:
    assert GRADES == ("apprentice", "L5", "L4", "L3", "L2", "L1", "special_technician", "chief_technician")


@pytest.mark.parametrize(
    ("grade", "cap", "following"),
    [("L3", "L1", "L2"), ("L2", "L1", "L1"), ("L1", "L1", None), ("L2", "L2", None), ("apprentice", "L1", "L5"),
     ("L1", "chief_technician", "special_technician"), ("chief_technician", "chief_technician", None)],
)  # fmt: skip
def test_one_grade_up_stops_at_the_cap(grade: str, cap: str, following: str | None) -> None:
    assert one_up(grade, cap) == following


@given(grades, grades)
def test_of_two_grades_one_is_at_least_the_other(left: str, right: str) -> None:
    assert at_least(left, right) == (place(left) >= place(right))
    assert at_least(left, right) or at_least(right, left)


@given(st.lists(grades))
def test_the_highest_is_at_least_every_one(held: list[str]) -> None:
    top = highest(tuple(held))
    assert (top is None) == (not held)
    assert all(top is not None and at_least(top, grade) for grade in held)


def test_an_unknown_grade_is_an_error() -> None:
    with pytest.raises(ValueError):
        place("L6")
