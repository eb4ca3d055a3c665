"""Until when each role enters (报名截止): a general moment and, where the notice says so, one of the role's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

ROLES = ("leader", "unit", "candidate")
"""Who enters before a deadline. Afterwards the organizer alone does, with a reason."""


@dataclass(frozen=True, slots=True)
class Left:
    """The time that is left, in whole days, hours and minutes."""

    days: int
    hours: int
    minutes: int


def closes_for(role: str, general: datetime | None, own: Mapping[str, datetime]) -> datetime | None:
    """The moment at which a role's entering ends: its own, else the general one; None without any."""
    return own.get(role, general)


def is_over(closes: datetime | None, at: datetime) -> bool:
    """Has it ended? The moment itself is too late."""
    return closes is not None and closes <= at


def left(closes: datetime, at: datetime) -> Left:
    """What is left of the time; nothing is negative."""
    seconds = max(0, int((closes - at).total_seconds()))
    return Left(seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60)
