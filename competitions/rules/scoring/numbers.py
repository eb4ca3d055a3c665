"""Exact numbers as text: of a mark, and inside an explanation."""

from __future__ import annotations

from fractions import Fraction

from foundation.exact import round_to

SAID_PLACES = 6


def terminates(value: Fraction) -> bool:
    """Can the number be written as a decimal?"""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def raw_text(value: Fraction) -> str:
    """A terminating decimal as text without trailing zeros."""
    digits, places = value, 0
    while digits.denominator != 1:
        digits *= 10
        places += 1
    whole = str(abs(digits.numerator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{whole[:-places]}.{whole[-places:]}" if places else whole)


def said(value: Fraction) -> str:
    """A number as an explanation writes it: exactly where it can be, otherwise its first six decimals and an ellipsis."""
    if terminates(value):
        return raw_text(value)
    return f"{round_to(value, SAID_PLACES):f}…"
