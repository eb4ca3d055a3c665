"""Working days in mainland China, with the holidays and the exchanged weekends (调休) the State Council announces yearly.

Public notices (公示) are counted in working days of Asia/Shanghai; the day of posting does not count. For a year without
announced holidays Monday to Friday is assumed, and the answer says so, for the notice must say it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """`first` and `last` day of a notice, `days` working days long; `assumed` when a year had no announced holidays."""

    first: date
    last: date
    days: int
    assumed: bool


def is_working_day(day: date, extra: Mapping[date, bool]) -> tuple[bool, bool]:
    """(works, assumed). `extra` holds days an office added itself: True for working, False for holiday."""
    if day in extra:
        return extra[day], False
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


def notice_period(posted: date, days: int, extra: Mapping[date, bool] | None = None) -> NoticePeriod:
    """The period of a notice posted on `posted` for `days` working days (at least 1), counted from the next day."""
    if days < 1:
        raise ValueError("a notice lasts at least one working day")
    day, counted, assumed, first = posted, 0, False, None
    while counted < days:
        day += timedelta(days=1)
        works, guessed = is_working_day(day, extra or {})
        assumed = assumed or guessed
        if works:
            counted += 1
            first = first or day
    return NoticePeriod(first or day, day, days, assumed)
