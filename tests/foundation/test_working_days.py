from __future__ import annotations

from datetime import date

from foundation.notices.working_days import notice_period


def test_the_day_of_posting_does_not_count_and_weekends_are_skipped() -> None:
    period = notice_period(date(2026, 11, 20), 5)  # a Friday
    assert (period.first, period.last, period.assumed) == (date(2026, 11, 23), date(2026, 11, 27), False)


def test_the_national_holiday_and_its_exchanged_weekend_are_known() -> None:
    period = notice_period(date(2025, 9, 30), 3)  # 1 to 8 October 2025 were free; Saturday 11 October was worked
    assert (period.first, period.last) == (date(2025, 10, 9), date(2025, 10, 11))


def test_a_year_without_announced_holidays_is_said_to_be_assumed() -> None:
    period = notice_period(date(2031, 3, 3), 2)
    assert (period.last, period.assumed) == (date(2031, 3, 5), True)


def test_an_office_can_add_days_of_its_own() -> None:
    period = notice_period(date(2026, 11, 20), 1, {date(2026, 11, 23): False})
    assert period.last == date(2026, 11, 24)
