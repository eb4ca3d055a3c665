"""Numbers of certificates: forms as data (`data/reference/number_forms.toml`), composing, checking, reading what people hold.

The form of 职业技能等级证书 is that of 人社鉴发〔2019〕2号: 13 characters of the evaluation organization (one letter and twelve
digits), two of the year, one of the grade, six of the serial; 22 in all, no check digit. Contests under 人社职司便函〔2022〕46号
and special grades are numbered otherwise: which form an issuer's numbers have is its setting, and a pattern may narrow it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from foundation.refusal import Refusal

STANDARD = "{prefix:13}{year:2}{grade:1}{serial:6}"
PARTS = ("prefix", "year", "grade", "serial")
ANY_LETTER = "any"
DIGITS = {"L5": "5", "L4": "4", "L3": "3", "L2": "2", "L1": "1"}
_PART = re.compile(r"\{([a-z]+):(\d{1,2})\}")
_PREFIX = re.compile(r"[A-Z]\d{12}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a number in order, each with its length."""

    parts: tuple[tuple[str, int], ...]
    expression: str = ""  # what a whole number must also match, where the issuer's pattern is a regular expression
    grades: Mapping[str, str] = field(default_factory=lambda: dict(DIGITS))
    prefix: str = ""  # what the issuer's own part must match; empty: of 13 characters a letter and digits

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


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One form of numbers as data. `held`: nobody gives such numbers any more. `limits`: what single parts must match."""

    key: str
    title: str
    basis: str
    parts: tuple[tuple[str, int], ...]
    grades: Mapping[str, str]
    limits: Mapping[str, str]
    held: bool

    @property
    def length(self) -> int:
        """How many characters a number has."""
        return sum(length for _, length in self.parts)

    def layout(self, letters: Mapping[str, str]) -> Layout:
        """The layout for whoever gives such numbers; `letters` are the grades' characters this form leaves open."""
        grades = {grade: letters.get(grade, "") if mark == ANY_LETTER else mark for grade, mark in self.grades.items()}
        return Layout(self.parts, grades=grades, prefix=self.limits.get("prefix", ""))


def read_forms(content: Mapping[str, Mapping[str, Any]]) -> dict[str, NumberForm]:
    """The forms of the data file. Raises ValueError for a form that does not hold together."""
    found = {}
    for key, said in content.items():
        parts = tuple((name, int(length)) for name, length in _PART.findall(said["parts"]))
        names = [name for name, _ in parts]
        known = {"title", "basis", "parts", "grades", "held"}
        limits = {name: text for name, text in said.items() if name not in known}
        if "".join(f"{{{name}:{length}}}" for name, length in parts) != said["parts"] or len(set(names)) != len(names):
            raise ValueError(f"{key}: parts")
        if not {"year", "grade", "serial"} <= set(names) or not set(limits) <= set(names):
            raise ValueError(f"{key}: a part is missing or unknown")
        for text in limits.values():
            re.compile(text)
        found[key] = NumberForm(
            key, said["title"], said["basis"], parts, dict(said["grades"]), limits, bool(said.get("held"))
        )
    return found


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """What a number somebody holds tells: its form, grade (empty: not told) and year (0: not told)."""

    form: NumberForm
    number: str
    grade: str
    year: int


def held_number(forms: Mapping[str, NumberForm], text: str) -> HeldNumber | None:
    """Read a number as it is written on a certificate somebody holds: 22, 16, or 13 characters (old Shanghai: 000 before).

    None when it fits no form: an import or a person must look it up. Nothing is proved by a number that fits.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    shortened = len(number) == 13 and number.isascii() and number.isdigit()
    number = "000" + number if shortened else number
    for form in forms.values():
        parts = _parts(form.parts, number)
        if parts is None or not _fits(form, parts):
            continue
        grade = next((name for name, mark in form.grades.items() if mark == parts["grade"]), "")
        if not grade:
            grade = next((name for name, mark in form.grades.items() if mark == ANY_LETTER), "")
        year = int(parts["year"])
        century = 1900 if form.held and year >= 90 else 2000
        return HeldNumber(form, number, grade, 0 if shortened else century + year)
    return None


def _fits(form: NumberForm, parts: Mapping[str, str]) -> bool:
    marks = set(form.grades.values())
    grade = parts["grade"] in marks or (ANY_LETTER in marks and re.fullmatch("[A-Z]", parts["grade"]) is not None)
    digits = all(
        value.isascii() and value.isdigit() for name, value in parts.items() if name not in ("grade", "prefix")
    )
    return (
        grade
        and digits
        and int(parts["serial"]) > 0
        and all(re.fullmatch(text, parts[name]) for name, text in form.limits.items())
    )


def layout_of(pattern: str, form: Layout | None = None) -> Layout:
    """The layout an issuer's pattern describes; an empty one is its form's, without a form the standard's.

    A pattern is either parts (`STANDARD`: each once and nothing else) or a regular expression, which the standard layout must
    then also match. Raises Refusal number_pattern_wrong.
    """
    if form is not None and not pattern.strip():
        return form
    text = pattern.strip() or STANDARD
    if not _PART.search(text):
        try:
            re.compile(text)
        except re.error as broken:
            raise Refusal("number_pattern_wrong", pattern=pattern, example=STANDARD) from broken
        return replace(form or layout_of(""), expression=text)
    parts = tuple((name, int(length)) for name, length in _PART.findall(text))
    whole = "".join(f"{{{name}:{length}}}" for name, length in parts)
    if whole != text or sorted(name for name, _ in parts) != sorted(PARTS) or any(length < 1 for _, length in parts):
        raise Refusal("number_pattern_wrong", pattern=pattern, example=STANDARD)
    return replace(form, parts=parts) if form is not None else Layout(parts)


def compose(layout: Layout, *, prefix: str, year: int, grade: str, serial: int) -> str:
    """The number of one certificate.

    Raises Refusal: number_prefix_wrong, number_grade_unknown, number_range_exhausted.
    """
    digit = grade_digit(grade, layout)
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


def grade_digit(grade: str, layout: Layout | None = None) -> str:
    """Position 16: 5 to 1, or the letter the issuer entered. Raises Refusal number_grade_unknown, number_grade_letter_missing."""
    grades = layout.grades if layout is not None else DIGITS
    if grade not in grades:
        raise Refusal("number_grade_unknown", grade=f"@certificate_grade:{grade}")
    if not grades[grade]:
        raise Refusal("number_grade_letter_missing", grade=f"@certificate_grade:{grade}")
    return grades[grade]


def check_prefix(layout: Layout, prefix: str) -> None:
    """Raises Refusal number_prefix_wrong unless `prefix` has the length the layout wants (of 13: a letter, 12 digits)."""
    size = layout.size("prefix")
    if (
        len(prefix) != size
        or not prefix.isascii()
        or not prefix.isalnum()
        or (size == 13 and not (re.fullmatch(layout.prefix, prefix) if layout.prefix else _PREFIX.fullmatch(prefix)))
    ):
        raise Refusal("number_prefix_wrong", prefix=prefix, length=size)


def parse(layout: Layout, number: str) -> dict[str, str] | None:
    """The parts of a number, None when its length is another."""
    return _parts(layout.parts, number)


def _parts(parts: tuple[tuple[str, int], ...], number: str) -> dict[str, str] | None:
    if len(number) != sum(length for _, length in parts):
        return None
    found, start = {}, 0
    for name, length in parts:
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
    digit = grade_digit(grade, layout).rjust(layout.size("grade"), "0")
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
