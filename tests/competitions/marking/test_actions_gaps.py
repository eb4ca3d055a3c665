"""Numbers that did not arrive: nothing is confirmed over them; a lost tablet is declared by two people."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from competitions.marking.actions import gaps, tablets
from competitions.marking.actions import signing as actions
from competitions.marking.actions.tablets import Paired
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks
from competitions.marking.queries import tablets as queries
from foundation.clock import new_id
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, Tablet, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


def registered(hall: Hall, tablet: Tablet, seat: int = 1) -> Paired:
    return tablets.register_tablet(hall.event_id, tablet.jwk, label="平板", actor=hall.judges[seat], at=AT)


def send(hall: Hall, tablet: Tablet, made: Paired, number: int, aspect: str, value: str, work: int = 0) -> str:
    body = tablet.signed(hall.mark(1, aspect, value, work, device_id=made.device_id, device_sequence=number))
    [answer] = receive_marks([body], actor=hall.judges[1], at=AT)
    return answer.status


def missing(hall: Hall) -> list[tuple[int, ...]]:
    return [row.missing for row in queries.tablets_of(hall.event_id)]


def test_numbers_below_the_highest_that_nobody_sent_are_a_gap(hall: Hall) -> None:
    tablet = Tablet()
    made = registered(hall, tablet)
    assert missing(hall) == [()]
    send(hall, tablet, made, 1, "A1-2", "2")
    send(hall, tablet, made, 4, "B1-1", "20")
    assert missing(hall) == [(2, 3)]
    tablets.report_tablet(made.device_id, last_sequence=6, waiting=2, client_at=None, at=AT)
    assert missing(hall) == [(2, 3, 5, 6)]
    assert [row.judge for row in queries.with_gaps(hall.event_id)] != []
    for number in (2, 3, 5, 6):
        send(hall, tablet, made, number, "A1-2", "1", 1)
    assert missing(hall) == [()]


def test_an_invalid_mark_leaves_no_gap_unless_somebody_else_sent_it(hall: Hall) -> None:
    tablet = Tablet()
    made = registered(hall, tablet)
    unsigned = hall.mark(1, "B1-1", "31", device_id=made.device_id, device_sequence=1)
    [answer] = receive_marks([unsigned], actor=hall.judges[1], at=AT)
    send(hall, tablet, made, 2, "A1-2", "2")
    assert (answer.status, missing(hall)) == ("invalid", [(1,)])
    for _ in range(2):
        receive_marks([tablet.signed(unsigned)], actor=hall.judges[1], at=AT)
    assert missing(hall) == [()]


def listed(hall: Hall) -> UUID:
    for seat in range(3):
        if seat != 1:
            receive_marks(hall.whole(seat, 0) + hall.whole(seat, 1), actor=hall.judges[seat], at=AT)
    made = actions.make_signing_list(hall.panel_id, [hall.subs["B1"]], actor=hall.judges[0], at=AT)
    row = marks.signing_list(made)
    for seat in range(3):
        actions.sign_list(made, hall.seats[seat], row.hash, actor=hall.judges[seat], at=AT)
    return made


def test_nothing_is_confirmed_over_a_gap_and_declaring_it_takes_two(hall: Hall) -> None:
    tablet = Tablet()
    made = registered(hall, tablet)
    send(hall, tablet, made, 1, "B1-1", "20")
    send(hall, tablet, made, 2, "B1-1", "21", 1)
    made_list = listed(hall)
    tablets.report_tablet(made.device_id, last_sequence=4, waiting=2, client_at=None, at=AT)
    with pytest.raises(Refusal, match="open:gaps"):
        actions.confirm_list(made_list, actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="reason_missing"):
        gaps.declare_gap(made.device_id, "", actor=hall.chief, at=AT)
    gap = gaps.declare_gap(made.device_id, "15:00 在赛场遗失", actor=hall.chief, at=AT)
    assert gaps.declare_gap(made.device_id, "再来一次", actor=hall.chief, at=AT) == gap
    with pytest.raises(Refusal, match="open:gaps"):  # one signature is not two
        actions.confirm_list(made_list, actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="second_person"):
        gaps.approve_gap(gap, actor=hall.chief, at=AT)
    gaps.approve_gap(gap, actor=Actor(new_id()), at=AT)
    with pytest.raises(Conflict, match="gap_approved"):
        gaps.approve_gap(gap, actor=Actor(new_id()), at=AT)
    [row] = queries.gaps_of(hall.event_id)
    again = queries.places_named([(work, aspect) for work, aspect in row.again])
    assert (row.missing, again) == ([3, 4], [("K7QD", "A1-2"), ("W3MX", "A1-2")])
    assert not actions.confirm_list(made_list, actor=hall.chief, at=AT).again


def test_what_arrives_late_of_a_declared_tablet_goes_to_review(hall: Hall) -> None:
    tablet = Tablet()
    made = registered(hall, tablet)
    send(hall, tablet, made, 2, "B1-1", "20")
    gap = gaps.declare_gap(made.device_id, "遗失", actor=hall.chief, at=AT)
    gaps.approve_gap(gap, actor=Actor(new_id()), at=AT)
    assert missing(hall) == [()]
    assert send(hall, tablet, made, 1, "A1-2", "2") == "held"
    assert (missing(hall), [row.held_code for row in marks.held(hall.event_id)]) == ([()], ["mark_device_lost"])


def test_a_tablet_without_a_gap_is_not_declared(hall: Hall) -> None:
    made = registered(hall, Tablet())
    with pytest.raises(Refusal, match="no_gap"):
        gaps.declare_gap(made.device_id, "x", actor=hall.chief, at=AT)
    with pytest.raises(Missing):
        gaps.declare_gap(new_id(), "x", actor=hall.chief, at=AT)
    with pytest.raises(Missing):
        gaps.approve_gap(new_id(), actor=hall.chief, at=AT)
