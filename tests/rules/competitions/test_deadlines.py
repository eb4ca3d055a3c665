"""Deadlines by role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from competitions.rules.deadlines import Left, closes_for, is_over, left

AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def test_a_role_has_its_own_moment_or_the_general_one() -> None:
    own = {"candidate": AT}
    assert closes_for("candidate", AT + timedelta(1), own) == AT
    assert closes_for("leader", AT + timedelta(1), own) == AT + timedelta(1)
    assert closes_for("leader", None, own) is None


def test_the_moment_itself_is_too_late() -> None:
    assert (is_over(AT, AT), is_over(AT, AT - timedelta(seconds=1)), is_over(None, AT)) == (True, False, False)


def test_what_is_left_is_never_negative() -> None:
    assert left(AT + timedelta(days=3, hours=4, minutes=59, seconds=59), AT) == Left(3, 4, 59)
    assert left(AT, AT + timedelta(1)) == Left(0, 0, 0)
