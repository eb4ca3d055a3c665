"""Numbers of certificates: layouts as data, composing, checking.

The layout of 职业技能等级证书 is that of 人社鉴发〔2019〕2号: 13 characters of the evaluation organization (one letter and twelve
digits), two of the year, one of the grade, six of the serial; 22 in all, no check digit. It lies in a setting of the issuer,
because contests under 人社职司便函〔2022〕46号 and special grades are numbered otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from foundation.refusal import Refusal

STANDARD = "{prefix:13}{year:2}{grade:1}{serial:6}"
PARTS = ("prefix", "year", "grade", "serial")
DIGITS = {"L5": "5", "L4": "4", "L3": "3", "L2": "2", "L1": "1"}
_PART = re.compile(r"\{([a-z]+):(\d{1,2})\}")
_PREFIX = re.compile(r"[A-Z]\d{12}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a number in order, each with its length."""

    parts: tuple[tuple[str, int], ...]
    expression: str = ""  # what a whole number must also match, where the issuer's pattern is a regular expression

    @property
    def length(self) -> int:
        """How many characters a number has."""
        return sum(length for _, length in self.parts)

    def size(self, part: str) -> int:
        """The length of one part."""
        return dict(self.parts)[part]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a number: a code and its facts."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def layout_of(pattern: str) -> Layout:
    """The layout an issuer's pattern describes; an empty one is the standard's.

    A pattern is either parts (`STANDARD`: each once and nothing else) or a regular expression, which the standard layout must
    then also match. Raises Refusal number_pattern_wrong.
    """
    text = pattern.strip() or STANDARD
    if not _PART.search(text):
        try:
            re.compile(text)
        except re.error as broken:
            raise Refusal("number_pattern_wrong", pattern=pattern, example=STANDARD) from broken
        return Layout(layout_of("").parts, expression=text)
    parts = tuple((name, int(length)) for name, length in _PART.findall(text))
    whole = "".join(f"{{{name}:{length}}}" for name, length in parts)
    if whole != text or sorted(name for name, _ in parts) != sorted(PARTS) or any(length < 1 for _, length in parts):
        raise Refusal("number_pattern_wrong", pattern=pattern, example=STANDARD)
    return Layout(parts)


def compose(layout: Layout, *, prefix: str, year: int, grade: str, serial: int) -> str:
    """The number of one certificate.

    Raises Refusal: number_prefix_wrong, number_grade_unknown, number_range_exhausted.
    """
    digit = grade_digit(grade)
    check_prefix(layout, prefix)
    size = layout.size("serial")
    if not 1 <= serial < 10**size:
        raise Refusal("number_range_exhausted", last=10**size - 1, year=year)
    values = {
        "prefix": prefix,
        "year": str(year)[-layout.size("year") :].rjust(layout.size("year"), "0"),
        "grade": digit.rjust(layout.size("grade"), "0"),
        "serial": str(serial).rjust(size, "0"),
    }
    number = "".join(values[name] for name, _ in layout.parts)
    if layout.expression and not re.fullmatch(layout.expression, number):
        raise Refusal("number_pattern_mismatch", number=number, pattern=layout.expression)
    return number


def grade_digit(grade: str) -> str:
    """Position 16: 5 to 1. Raises Refusal number_grade_unknown for grades without a digit of their own."""
    if grade not in DIGITS:
        raise Refusal("number_grade_unknown", grade=f"@certificate_grade:{grade}")
    return DIGITS[grade]


def check_prefix(layout: Layout, prefix: str) -> None:
    """Raises Refusal number_prefix_wrong unless `prefix` has the length the layout wants (of 13: a letter, 12 digits)."""
    size = layout.size("prefix")
    if (
        len(prefix) != size
        or not prefix.isascii()
        or not prefix.isalnum()
        or (size == 13 and not _PREFIX.fullmatch(prefix))
    ):
        raise Refusal("number_prefix_wrong", prefix=prefix, length=size)


def parse(layout: Layout, number: str) -> dict[str, str] | None:
    """The parts of a number, None when its length is another."""
    if len(number) != layout.length:
        return None
    found, start = {}, 0
    for name, length in layout.parts:
        found[name] = number[start : start + length]
        start += length
    return found


def faults(layout: Layout, number: str, *, prefix: str, grade: str, years: Iterable[int]) -> tuple[Fault, ...]:
    """Everything wrong with a number somebody else gave; empty when it can be this certificate's.

    `years`: the year of issue, and the one before it at the turn of the year.
    """
    parts = parse(layout, number)
    if parts is None:
        return (Fault("number_length_wrong", {"number": number, "length": len(number), "expected": layout.length}),)
    found = []
    if parts["prefix"] != prefix:
        found.append(
            Fault("number_of_another_issuer", {"number": number, "found": parts["prefix"], "expected": prefix})
        )
    digit = grade_digit(grade).rjust(layout.size("grade"), "0")
    if parts["grade"] != digit:
        found.append(Fault("number_grade_wrong", {"number": number, "found": parts["grade"], "expected": digit}))
    allowed = sorted({str(year)[-layout.size("year") :] for year in years})
    if parts["year"] not in allowed:
        found.append(
            Fault("number_year_wrong", {"number": number, "found": parts["year"], "expected": " / ".join(allowed)})
        )
    if layout.expression and not re.fullmatch(layout.expression, number):
        found.append(Fault("number_pattern_mismatch", {"number": number, "pattern": layout.expression}))
    serial = parts["serial"]
    if not (serial.isascii() and serial.isdigit()) or int(serial) == 0:
        found.append(Fault("number_serial_wrong", {"number": number, "found": serial}))
    return tuple(found)


def repeated(numbers: Iterable[str]) -> frozenset[str]:
    """The numbers that stand in a list more than once."""
    return frozenset(number for number, count in Counter(numbers).items() if number and count > 1)
