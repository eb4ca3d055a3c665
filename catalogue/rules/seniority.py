"""Grades by seniority (人社部发〔2022〕14号). 1 is the highest number-wise and L1 the senior of L2: compare by place, never by digit."""

from __future__ import annotations

GRADES = ("apprentice", "L5", "L4", "L3", "L2", "L1", "special_technician", "chief_technician")
HIGHEST_BY_COMPETITION = "L1"
DIGIT = {"L5": "5", "L4": "4", "L3": "3", "L2": "2", "L1": "1"}


def place(grade: str) -> int:
    """How senior a grade is, apprentice first. Raises ValueError for an unknown grade."""
    return GRADES.index(grade)


def at_least(held: str, wanted: str) -> bool:
    """Is `held` the same as or senior to `wanted`?"""
    return place(held) >= place(wanted)


def highest(grades: tuple[str, ...]) -> str | None:
    """The most senior of some grades, None of none."""
    return max(grades, key=place, default=None)


def one_up(grade: str, cap: str = HIGHEST_BY_COMPETITION) -> str | None:
    """The next senior grade, None when that would pass `cap`."""
    following = place(grade) + 1
    return GRADES[following] if following <= place(cap) else None
