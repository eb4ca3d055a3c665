"""The clock of a station and what its violations come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from competitions.rules.floor import Clock, FloorLine, Penalty, Violation, clock_of, penalty_of

NINE = datetime(2026, 5, 21, 1, 0, tzinfo=UTC)


def line(number: int, kind: str, minutes: int, rule: str = "", count: int = 0, strikes: int = 0) -> FloorLine:
    refers = UUID(int=strikes) if strikes else None
    return FloorLine(UUID(int=number), kind, NINE + timedelta(minutes=minutes), rule, count, refers)


def test_pauses_do_not_count_and_order_of_arrival_does_not_matter() -> None:
    day = [
        line(1, "start", 0),
        line(2, "pause", 30),
        line(3, "resume", 45),
        line(4, "end", 105),
        line(5, "added_time", 46, count=15),
    ]
    ended = Clock("ended", timedelta(minutes=90), 15)
    assert clock_of(day, at=NINE + timedelta(hours=9)) == ended
    assert clock_of(day[::-1], at=NINE) == ended
    assert clock_of(day[:3], at=NINE + timedelta(minutes=50)) == Clock("running", timedelta(minutes=35), 0)
    assert clock_of([line(1, "pause", 3), line(2, "resume", 5)], at=NINE) == Clock("waiting", timedelta(), 0)
    struck = [*day, line(6, "strike", 110, strikes=2), line(7, "strike", 110, strikes=5)]
    assert clock_of(struck, at=NINE) == Clock("ended", timedelta(minutes=105), 0)


def test_each_kind_counts_up_to_its_cap() -> None:
    kinds = {
        key: Violation(key, effect, Fraction(amount), Fraction(cap) if cap else None, key, key)
        for key, effect, amount, cap in (
            ("drop", "deduct", "1/2", "1"), ("touch", "time", "15", None), ("crack", "zero_item", "0", None), ("out", "stop", "0", None),
        )
    }  # fmt: skip
    lines = [
        line(1, "violation", 1, "drop", 2),
        line(2, "violation", 2, "drop", 3),
        line(3, "violation", 3, "touch", 2),
    ]
    assert penalty_of(lines, kinds) == Penalty(Fraction(1), Fraction(30), 0, stopped=False)
    more = [
        *lines,
        line(4, "violation", 4, "crack", 1),
        line(5, "violation", 5, "out", 1),
        line(6, "violation", 6, "gone", 1),
    ]
    assert penalty_of(more, kinds) == Penalty(Fraction(1), Fraction(30), 1, stopped=True)
    assert penalty_of([*more, line(7, "strike", 9, strikes=5)], kinds).stopped is False
