"""Exact numbers: fractions until a declared rounding step, then decimals with a known number of places."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")


class Rounding(StrEnum):
    """What happens to the part that does not fit."""

    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


def exact(text: str) -> Fraction:
    """The number written in `text` (`12`, `-0.25`, full-width digits too). Raises ValueError for anything else."""
    cleaned = text.strip().translate(str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+"))
    if not _NUMBER.fullmatch(cleaned):
        raise ValueError(f"not a plain number: {text!r}")
    return Fraction(cleaned)


def round_to(value: Fraction | Decimal | int, places: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """`value` rounded to `places` decimals. HALF_UP rounds halves away from zero, as scores are rounded in China."""
    scaled = Fraction(value) * 10**places
    whole = round_to_int(scaled, rounding)
    # Built from digits: arithmetic on Decimals would round to the context's 28 places.
    return Decimal((int(whole < 0), tuple(int(digit) for digit in str(abs(whole))), -places))


def round_to_int(value: Fraction, rounding: Rounding = Rounding.HALF_UP) -> int:
    """`value` as a whole number. DOWN and UP go toward and away from zero."""
    magnitude = abs(value)
    floor = magnitude.numerator // magnitude.denominator
    rest = magnitude - floor
    match rounding:
        case Rounding.HALF_UP:
            whole = floor + (1 if rest >= Fraction(1, 2) else 0)
        case Rounding.DOWN:
            whole = floor
        case Rounding.UP:
            whole = floor + (1 if rest else 0)
    return -whole if value < 0 else whole


def shown(value: Fraction | Decimal | int, places: int) -> str:
    """`value` as text with exactly `places` decimals, rounded half up."""
    return f"{round_to(value, places):.{places}f}"


def fraction_text(value: Fraction) -> str:
    """The stored form of a fraction: `p/q` in lowest terms."""
    return f"{value.numerator}/{value.denominator}"


def fraction_from_text(text: str) -> Fraction:
    """The fraction that `fraction_text` stored."""
    numerator, denominator = text.split("/")
    return Fraction(int(numerator), int(denominator))
