"""The floor record: once each, kept for ever, signed by three in their order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from accounts.access.roles import Role
from competitions.marking.actions import floor as actions
from competitions.marking.actions.floor import FloorBody
from competitions.marking.queries import floor
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Refusal
from tests.conftest import AT
from tests.factories.accounts import make_grant, make_person
from tests.factories.marking import Hall, make_hall

DRAWN = json.dumps({"w": 600, "h": 220, "strokes": [[n for x in range(10) for n in (20 + x * 40, 60 + x % 2 * 90)]]})
OURS = {"X-Laurel": "1", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


@pytest.fixture
def judge(hall: Hall) -> Actor:
    person = make_person("现场裁判")
    make_grant(person, Role.FLOOR_JUDGE, Scope(ScopeKind.EVENT, str(hall.event_id)))
    return Actor(person)


def body(hall: Hall, kind: str = "violation", **other: Any) -> FloorBody:
    given: dict[str, Any] = {"id": new_id(), "work_id": hall.works[0], "kind": kind, "client_at": AT}
    given |= {"rule": "item_dropped", "count": 1} if kind == "violation" else {}
    return FloorBody(**(given | other))


def test_each_entry_is_stored_once_and_nothing_is_dropped(hall: Hall, judge: Actor) -> None:
    one = body(hall, text="选手称量具被碰落")
    answers = [actions.receive_entry(one, actor=judge, at=AT).status for _ in range(2)]
    other = FloorBody(one.id, one.work_id, "violation", AT, "item_knocked", 1)
    answers += [actions.receive_entry(other, actor=judge, at=AT).status for _ in range(2)]
    answers.append(actions.receive_entry(body(hall), actor=hall.judges[0], at=AT).status)
    answers.append(actions.receive_entry(body(hall, rule="invented"), actor=judge, at=AT).status)
    answers.append(actions.receive_entry(body(hall, work_id=new_id()), actor=judge, at=AT).status)
    assert answers == ["received", "duplicate", "held", "duplicate", "held", "invalid", "invalid"]
    assert len(floor.entries(hall.event_id)) == 3
    [raw] = session().execute(text("SELECT text FROM floor_entry WHERE text IS NOT NULL")).scalars()
    assert "量具" not in raw


def test_three_sign_in_order_and_a_later_entry_is_held(hall: Hall, judge: Actor) -> None:
    actions.receive_entry(body(hall), actor=judge, at=AT)
    work = hall.works[0]

    def sign(role: str, who: Actor, digest: str = "") -> None:
        seen = digest or floor.record_hash(floor.entries(hall.event_id, work))
        actions.sign_record(work, role, seen, DRAWN, actor=who, at=AT)

    with pytest.raises(Refusal, match="floor_changed"):
        sign("competitor", judge, "0" * 64)
    with pytest.raises(Refusal, match="floor_chief_only"):
        sign("chief_judge", judge)
    with pytest.raises(Refusal, match="floor_sign_first"):
        sign("chief_judge", hall.chief)
    for _ in range(2):
        sign("competitor", judge)
    sign("floor_judge", judge)
    sign("chief_judge", hall.chief)
    given = {row.role: row.person_id for row in floor.signatures(hall.event_id, work)}
    assert given == {"competitor": None, "floor_judge": judge.person, "chief_judge": hall.chief.person}
    late = actions.receive_entry(body(hall), actor=judge, at=AT)
    assert (late.status, late.code) == ("held", "floor_signed")


def test_the_pages_and_the_parcel(hall: Hall, judge: Actor, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(person_id=judge.person)
    address = f"/events/{hall.event_id}/floor/{hall.works[0]}"
    item = {"id": str(new_id()), "work_id": str(hall.works[0]), "kind": "start", "client_at": AT.isoformat()}

    def send(**change: Any) -> Any:
        return client.post("/api/marking/floor", json={"items": [item | change]}, headers=OURS)

    assert [one["status"] for _ in range(2) for one in send().get_json()["answers"]] == ["received", "duplicate"]
    again = send(kind="end").get_json()["answers"][0]
    assert (again["status"], again["code"]) == ("held", "floor_id_reused")
    assert send(client_at="today").status_code == 422
    assert client.post("/api/marking/floor", json={"items": [item]}).status_code == 403
    page = client.get(address).get_data(as_text=True)
    assert "进行中" in page
    assert "K7QD" in client.get(f"/events/{hall.event_id}/floor").get_data(as_text=True)
    digest = floor.record_hash(floor.entries(hall.event_id, hall.works[0]))
    client.post(f"{address}/sign", data={"role": "floor_judge", "hash": digest, "drawing": DRAWN})
    assert [row.role for row in floor.signatures(hall.event_id)] == ["floor_judge"]
    assert client.get(f"/events/{hall.event_id}/floor/{new_id()}").status_code == 404
    assert signed_in(person_id=hall.judges[0].person).get(address).status_code == 404
