"""The chief's board: by a small event's marks; one computation for all who watch; nobody else sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.marking.ledger import receive_marks
from competitions.results.fairness_board import SILENT, board, stamp
from competitions.results.watching import snapshot
from foundation.clock import new_id
from foundation.permission import Scope, ScopeKind
from tests.competitions.test_query_counts import statements
from tests.factories.marking import Hall, make_hall

AT = datetime(2026, 5, 16, 2, 0, tzinfo=UTC)


@pytest.fixture
def hall(app: Flask) -> Hall:
    """Two works, marked whole; the third judge is generous to the first."""
    made = make_hall()
    for seat, (judgement, points) in enumerate((("2", "20"), ("2", "20"), ("3", "26"))):
        receive_marks(made.whole(seat, 0, judgement, points), actor=made.judges[seat], at=AT)
    for seat in range(3):
        receive_marks(made.whole(seat, 1, "2", "21"), actor=made.judges[seat], at=AT)
    return made


def test_the_board_by_worked_numbers(hall: Hall) -> None:
    found = board(hall.event_id, at=AT)
    [line] = found.panels
    assert (line.missing, line.needed, line.open_spreads, line.discussed, line.items) == (0, 14, 0, 0, 2)
    assert line.agreement is not None
    assert (line.agreement.equal, line.agreement.within_one) == (Fraction(4, 6), 1)
    assert [judge.severity.mean for judge in line.judges if judge.severity] == [
        Fraction(-1, 4),
        Fraction(-1, 4),
        Fraction(1, 2),
    ]
    assert [value for _code, value, _lacking in found.totals] == [
        40 + Fraction(7, 9) * 30 + 22, 40 + Fraction(2, 3) * 30 + 21]  # fmt: skip
    # Without the third judge the first work has 40 + 20 + 20, one less than the second: the gold medal changes hands.
    codes = [code for code, _value, _lacking in found.totals]
    assert [list(judge.medals) for judge in line.judges] == [
        [], [], [(codes[0], "gold", "silver"), (codes[1], "silver", "gold")]]  # fmt: skip


def test_a_spread_that_came_back_counts_as_repeated(hall: Hall) -> None:
    for value in ("0", "3", "0"):
        before = hall.mark(0, "A1-2", value, 1)
        receive_marks([before], actor=hall.judges[0], at=AT)
    [line] = board(hall.event_id, at=AT).panels
    assert (line.discussed, line.repeated) == (1, 1)


def test_a_missing_mark_is_missing_and_no_zero(app: Flask) -> None:
    hall = make_hall()
    receive_marks(hall.whole(0, 0), actor=hall.judges[0], at=AT)
    found = board(hall.event_id, at=AT)
    assert (found.panels[0].missing, found.panels[0].needed) == (11, 14)
    assert sorted((value, lacking) for _code, value, lacking in found.totals) == [(0, 3), (40, 2)]


def test_only_the_chief_sees_it_and_an_unchanged_board_is_empty(
    hall: Hall, signed_in: Callable[..., FlaskClient]
) -> None:
    address = f"/events/{hall.event_id}/fairness"
    scope = Scope(ScopeKind.EVENT, str(hall.event_id))
    for role in (Role.ORGANIZER, Role.JUDGE, Role.SUPERVISOR):
        assert signed_in(role, scope).get(address).status_code in (403, 404)
    chief = signed_in(Role.CHIEF_JUDGE, scope)
    assert "评分监看" in chief.get(address).get_data(as_text=True)
    first = chief.get(f"{address}?part=board")
    tag = first.headers["ETag"]
    assert chief.get(f"{address}?part=board", headers={"If-None-Match": tag}).status_code == 304
    receive_marks([hall.mark(0, "A1-2", "1", 1)], actor=hall.judges[0], at=AT)
    assert chief.get(f"{address}?part=board", headers={"If-None-Match": tag}).status_code == 200


def test_the_queries_are_constant(app: Flask) -> None:
    asked = []
    for works in (1, 3):
        hall = make_hall(works)
        for work in range(works):
            for seat in range(3):
                receive_marks(hall.whole(seat, work), actor=hall.judges[seat], at=AT)
        with statements() as found:
            board(hall.event_id, at=AT)
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_watchers_share_one_computation() -> None:
    made: list[str] = []
    event = new_id()

    def make() -> str:
        made.append("x")
        return str(len(made))

    assert [snapshot(event, "zh", stamp, make) for stamp in ("a", "a", "b", "b")] == ["1", "1", "2", "2"]
    assert snapshot(event, "en", "b", make) == "3"


def test_silence_counts_only_while_marks_are_missing(app: Flask) -> None:
    made = make_hall()
    receive_marks([made.mark(0, "A1-2", "2", 0)], actor=made.judges[0], at=AT)
    [line] = board(made.event_id, at=AT + timedelta(minutes=SILENT - 1)).panels
    assert [judge.silent for judge in line.judges] == [None, None, None]
    [line] = board(made.event_id, at=AT + timedelta(minutes=SILENT)).panels
    assert [judge.silent for judge in line.judges] == [SILENT, None, None]
    assert [count for _code, count in line.lacking] == [7, 6]
    for seat in range(3):
        receive_marks(made.whole(seat, 1), actor=made.judges[seat], at=AT)
        receive_marks(made.whole(seat, 0), actor=made.judges[seat], at=AT)
    [line] = board(made.event_id, at=AT + timedelta(hours=1)).panels
    assert (line.lacking, [judge.silent for judge in line.judges]) == ([], [None, None, None])
    assert stamp(made.event_id, at=AT) != stamp(made.event_id, at=AT + timedelta(minutes=1))
