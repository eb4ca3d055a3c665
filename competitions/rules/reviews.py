"""Who reviews an entry, in which order (单位审核、代表队审核、组委会审核), and what may be marked when it is returned."""

from __future__ import annotations

from collections.abc import Sequence

LEVELS = ("unit", "delegation", "organizer")
MARKABLE = (
    "name_zh", "name_en", "identity_number", "birth_date", "sex", "ethnic_group", "education", "phone", "address",
    "identity_class", "unit_name", "post", "years_in_trade", "held_grade", "held_number", "photo", "consent", "answers",
)  # fmt: skip
"""What a reviewer marks, in the order of the form; `answers` are the questions of this competition."""


def levels_for(levels: Sequence[str], *, origin: str, has_unit: bool, has_delegation: bool) -> tuple[str, ...]:
    """The levels an entry passes. Who was entered by a unit or a delegation has that body's word already; the last is the organizer."""
    entered_by = {"unit": ("unit",), "candidate": ()}.get(origin, ("unit", "delegation"))
    there = {"unit": has_unit, "delegation": has_delegation}
    return (*(level for level in LEVELS[:-1] if level in levels and there[level] and level not in entered_by), LEVELS[-1])  # fmt: skip


def after(passed: Sequence[str], level: str) -> str:
    """The level after one; the organizer's comes last."""
    higher = [one for one in passed if LEVELS.index(one) > LEVELS.index(level)]
    return higher[0] if higher else LEVELS[-1]
