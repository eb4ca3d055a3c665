"""A rehearsal marks invented works in tables of its own, touches nothing that counts, and is erased whole."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.access.roles import Role
from accounts.sign_in.models import Device
from competitions.codes.models import Work
from competitions.marking import rehearsing
from competitions.marking.actions import rehearsal as actions
from competitions.marking.models.marks import Mark, MarkHead, Sheet
from competitions.marking.models.rehearsal import Rehearsal, RehearsalMark, RehearsalWork
from competitions.marking.queries import rehearsal as queries
from competitions.schemes.models import MarkingScheme
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import Scope, ScopeKind
from foundation.refusal import Missing, Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall(works=2)


def rehearsed(hall: Hall) -> list[UUID]:
    actions.start_rehearsal(hall.event_id, 3, actor=hall.chief, at=AT)
    return [work.id for work in queries.works(hall.event_id)]


def statuses(hall: Hall, seat: int, work: UUID, *marks: tuple[str, str]) -> list[str]:
    bodies = [hall.mark(seat, aspect, value, work_id=work) for aspect, value in marks]
    return [one.status for one in actions.receive_rehearsed(bodies, actor=hall.judges[seat], at=AT)]


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_it_is_marked_like_the_day_and_counts_nowhere(hall: Hall) -> None:
    real = set(session().scalars(select(Work.code).where(Work.event_id == hall.event_id)))
    works = rehearsed(hall)
    actions.start_rehearsal(hall.event_id, 9, actor=hall.chief, at=AT)  # a second click
    assert len(queries.works(hall.event_id)) == 3
    assert not real & {work.code for work in queries.works(hall.event_id)}
    for seat in range(3):
        own = [("A1-2", "2"), ("B1-1", "20")]
        assert statuses(hall, seat, works[0], *([("A1-1", "1"), *own] if seat == 0 else own)) == ["received"] * (
            3 if seat == 0 else 2
        )
    [board] = rehearsing.event_boards(hall.event_id)
    assert (board.total(works[0]), board.total(works[1]), board.filled) == (40 + 20 + 20, None, (7, 21))
    assert (count(Mark), count(MarkHead), count(Sheet)) == (0, 0, 0)
    assert session().scalars(select(MarkingScheme.frozen_at).where(MarkingScheme.id == hall.scheme_id)).one() is None


def test_the_same_twice_is_once_and_what_does_not_fit_is_said(hall: Hall) -> None:
    [work, *_others] = rehearsed(hall)
    body = hall.mark(1, "A1-2", "3", work_id=work)
    assert [actions.receive_rehearsed([body], actor=hall.judges[1], at=AT)[0].status for _ in range(2)] == [
        "received",
        "duplicate",
    ]
    found = actions.receive_rehearsed(
        [
            hall.mark(1, "A1-2", "9", work_id=work),
            hall.mark(1, "A1-2", "1", work_id=hall.works[0]),  # a real work
            hall.mark(2, "A1-2", "1", work_id=work),  # another judge's seat
        ],
        actor=hall.judges[1],
        at=AT,
    )
    assert [(one.status, one.code) for one in found] == [
        ("invalid", "mark_above_maximum"), ("invalid", "rehearsal_over"), ("invalid", "rehearsal_not_seated"),
    ]  # fmt: skip
    assert count(RehearsalMark) == 1
    later = hall.mark(1, "A1-2", "1", work_id=work, base_id=body.id)
    assert statuses_of(later, hall) == ["received"]
    [head] = queries.heads(hall.event_id)
    assert (head.value, head.conflict) == ("1", False)


def statuses_of(body: object, hall: Hall) -> list[str]:
    return [one.status for one in actions.receive_rehearsed([body], actor=hall.judges[1], at=AT)]  # type: ignore[list-item]


def test_erasing_leaves_nothing(hall: Hall) -> None:
    [work, *_others] = rehearsed(hall)
    joined = actions.join_rehearsal(hall.event_id, None, label="平板", actor=hall.judges[0], at=AT)
    statuses(hall, 0, work, ("A1-2", "2"))
    assert count(Device) == 1
    for _ in range(2):
        actions.erase_rehearsal(hall.event_id, actor=hall.chief, at=AT)
    assert [count(table) for table in (Rehearsal, RehearsalWork, RehearsalMark, Device)] == [0, 0, 0, 0]
    assert joined.last_sequence == 0
    assert statuses(hall, 0, work, ("A1-2", "2")) == ["invalid"]
    with pytest.raises(Missing):
        actions.join_rehearsal(hall.event_id, None, label="", actor=hall.judges[0], at=AT)


@pytest.mark.parametrize("works", [0, 61])
def test_wrong_sizes(hall: Hall, works: int) -> None:
    with pytest.raises(Refusal, match="rehearsal_size"):
        actions.start_rehearsal(hall.event_id, works, actor=hall.chief, at=AT)


def test_the_pages(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.CHIEF_JUDGE, Scope(ScopeKind.EVENT, str(hall.event_id)))
    address = f"/events/{hall.event_id}/rehearsal"
    assert client.post(address, data={"works": "viele"}).status_code == 422
    assert client.post(address, data={"works": "2"}).status_code == 302
    page = client.get(address).text
    assert "不计成绩" in page
    for work in queries.works(hall.event_id):
        assert work.code in page
    assert client.post(f"{address}/erase").status_code == 302
    assert "开始彩排" in client.get(address).text
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(new_id())))
    assert organizer.get(address).status_code == 404
