from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.exact import Rounding, exact, fraction_from_text, fraction_text, round_to, shown


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(271, 3), 2, "90.33"),
        (Fraction("2.675"), 2, "2.68"),
        (Fraction(7, 9) * Fraction(3, 2), 2, "1.17"),
        (100, 2, "100.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Fraction, places: int, expected: str) -> None:
    assert shown(value, places) == expected


def test_down_and_up_go_toward_and_away_from_zero() -> None:
    assert [round_to(Fraction(-7, 4), 0, how) for how in (Rounding.DOWN, Rounding.UP)] == [Decimal(-1), Decimal(-2)]


@pytest.mark.parametrize("text", ["", "1/2", "1e3", "nan", "１２a", "1,000", "--1", "1." + "0" * 20])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain number"):
        exact(text)


def test_full_width_digits_are_read() -> None:
    assert exact(" １２．５ ") == Fraction(25, 2)


@given(st.fractions(max_denominator=10**6))
def test_stored_fractions_come_back(value: Fraction) -> None:
    assert fraction_from_text(fraction_text(value)) == value


@given(st.fractions(max_denominator=10**4), st.integers(0, 6))
def test_rounding_is_never_off_by_more_than_half_a_step(value: Fraction, places: int) -> None:
    assert abs(Fraction(round_to(value, places)) - value) <= Fraction(1, 2 * 10**places)
