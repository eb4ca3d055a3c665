"""The tablets' API and the judges' pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from accounts.sign_in import queries as accounts
from competitions.judges.queries import panel
from competitions.marking.actions import signing as actions
from competitions.marking.actions import tablets
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks as queries
from foundation.clock import new_id
from foundation.permission import Scope, ScopeKind
from tests.conftest import AT
from tests.factories.marking import Hall, Tablet, make_hall

OURS = {"X-Laurel": "1", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


@pytest.fixture
def judge(hall: Hall, signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in(person_id=hall.judges[0].person)


def plain(body: MarkBody) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, UUID) else value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(body).items()
    }


def send(client: FlaskClient, *bodies: Any, headers: dict[str, str] | None = None) -> Any:
    sent = [plain(body) if isinstance(body, MarkBody) else body for body in bodies]
    return client.post("/api/marks", json={"marks": sent}, headers=OURS if headers is None else headers)


def test_each_mark_gets_its_answer_after_commit(hall: Hall, judge: FlaskClient) -> None:
    good, high = hall.mark(0, "A1-2", "2"), hall.mark(0, "B1-1", "31")
    answer = send(judge, good, high)
    assert answer.status_code == 200
    found = answer.get_json()
    assert [(one["status"], one["code"]) for one in found["answers"]] == [
        ("received", ""),
        ("invalid", "mark_above_maximum"),
    ]
    assert "30" in found["answers"][1]["message"]
    assert found["server_time"] == AT.isoformat()
    assert found["head"] == {"sequence": 1, "hash": found["answers"][0]["hash"]}
    assert queries.stream_head(hall.event_id)[0] == 1
    assert send(judge, good).get_json()["answers"][0]["status"] == "duplicate"


def test_a_device_token_needs_no_cookie_and_no_header(hall: Hall, judge: FlaskClient, client: FlaskClient) -> None:
    made = judge.post("/api/marking/devices", json={"event_id": str(hall.event_id)}, headers=OURS)
    assert made.status_code == 201
    tablet = made.get_json()
    body = hall.mark(0, "A1-2", "2", device_id=UUID(tablet["device_id"]))
    answer = send(client, body, headers={"Authorization": f"Bearer {tablet['token']}"})
    assert answer.get_json()["answers"][0]["status"] == "received"
    other = send(
        client, hall.mark(0, "B1-1", "3", device_id=new_id()), headers={"Authorization": f"Bearer {tablet['token']}"}
    )
    assert other.get_json()["answers"][0]["code"] == "mark_other_device"


def test_a_cookie_alone_or_another_site_is_refused(hall: Hall, judge: FlaskClient, client: FlaskClient) -> None:
    body = hall.mark(0, "A1-2", "2")
    assert send(judge, body, headers={}).status_code == 403
    assert send(judge, body, headers=OURS | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert send(client, body).status_code == 403
    assert queries.stream_head(hall.event_id)[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1}, {"id": "1"}, {"id": None}, {"client_at": "today"}, {"client_at": "2026-11-22T10:00:00"}, {"device_sequence": 0},
        {"device_sequence": True}, {"device_sequence": "1"}, {"value": 2}, {"value": "1" * 1001}, {"reason": ["x"]}, {"kind": 3}, {"seat_id": 7},
    ],
)  # fmt: skip
def test_what_is_not_a_mark_is_refused_with_its_place(hall: Hall, judge: FlaskClient, change: dict[str, Any]) -> None:
    answer = send(judge, plain(hall.mark(0, "A1-2", "2")) | change)
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "marks_malformed"
    assert answer.get_json()["facts"]["place"].startswith("marks[0]")


def test_other_bodies_and_sizes_are_refused(hall: Hall, judge: FlaskClient) -> None:
    body = plain(hall.mark(0, "A1-2", "2"))
    assert judge.post("/api/marks", json=[body], headers=OURS).status_code == 422
    assert judge.post("/api/marks", data=b"\xff{", headers=OURS, content_type="application/json").status_code == 422
    assert judge.post("/api/marks", json={"marks": [body], "more": 1}, headers=OURS).status_code == 422
    assert send(judge).get_json()["code"] == "marks_batch_size"
    assert send(judge, *[body] * 51).get_json()["code"] == "marks_batch_size"
    assert (
        judge.post("/api/marks", data=b" " * 300_000, headers=OURS, content_type="application/json").status_code == 413
    )
    assert send(judge, *[1, 2]).status_code == 422


def test_others_marks_are_hidden_until_all_are_in(hall: Hall, judge: FlaskClient) -> None:
    page = f"/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}"
    receive_marks([hall.mark(1, "A1-2", "3")], actor=hall.judges[1], at=AT)
    key = f"{hall.aspects['A1-2']}|{hall.seats[1]}"
    work = str(hall.works[0])
    before = judge.get(f"{page}/state").get_json()["sheets"][work]
    across = f"/marking/panels/{hall.panel_id}/aspects/{hall.aspects['A1-2']}"
    assert key not in judge.get(f"{across}/state").get_json()["sheets"][work]["cells"]
    assert str(hall.seats[1]) not in judge.get(across).get_data(as_text=True)
    assert (key in before["cells"], before["aspects"][str(hall.aspects["A1-2"])]["seats"][1]["value"]) == (False, None)
    receive_marks([hall.mark(0, "A1-2", "0")], actor=hall.judges[0], at=AT)
    receive_marks([hall.mark(2, "A1-2", "1")], actor=hall.judges[2], at=AT)
    after = judge.get(f"{page}/state").get_json()["sheets"][work]
    assert judge.get(f"{across}/state").get_json()["sheets"][work]["cells"] == after["cells"]
    assert after["cells"][key]["value"] == "3"
    assert after["aspects"][str(hall.aspects["A1-2"])]["discuss"]
    assert judge.get(page).status_code == 200


def test_only_seated_judges_open_a_panel(hall: Hall, judge: FlaskClient, signed_in: Callable[..., FlaskClient]) -> None:
    other = make_hall()
    assert judge.get("/marking").status_code == 200
    assert judge.get(f"/marking/panels/{hall.panel_id}").status_code == 200
    assert judge.get(f"/marking/panels/{other.panel_id}").status_code == 404
    assert judge.get(f"/marking/panels/{hall.panel_id}/works/{other.works[0]}/{hall.subs['A1']}").status_code == 404
    assert judge.get(f"/events/{hall.event_id}/marking").status_code == 404
    unseated = signed_in(Role.JUDGE, Scope(ScopeKind.EVENT, str(hall.event_id)))
    assert unseated.get(f"/marking/panels/{hall.panel_id}").status_code == 404
    assert unseated.post("/api/marking/devices", json={"event_id": str(hall.event_id)}, headers=OURS).status_code == 404


def test_the_organizer_sees_progress_and_no_marks(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    for seat in range(3):
        receive_marks(hall.whole(seat, 0, points="17.25"), actor=hall.judges[seat], at=AT)
    receive_marks([hall.mark(1, "A1-1", "0")], actor=hall.judges[1], at=AT)
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(hall.competition_id)))
    chief = signed_in(person_id=hall.chief.person)
    page = organizer.get(f"/events/{hall.event_id}/marking").get_data(as_text=True)
    assert "K7QD" not in page
    assert "K7QD" in chief.get(f"/events/{hall.event_id}/marking").get_data(as_text=True)
    assert "25 %" in organizer.get(f"/competitions/{hall.competition_id}").get_data(as_text=True)


def test_the_whole_way_through_the_pages(hall: Hall, judge: FlaskClient, signed_in: Callable[..., FlaskClient]) -> None:
    for work in range(2):
        for seat in range(3):
            receive_marks(hall.whole(seat, work), actor=hall.judges[seat], at=AT)
    made = judge.post(
        f"/marking/panels/{hall.panel_id}/lists", data={"sub_criterion_id": [str(k) for k in hall.subs.values()]}
    )
    address = made.location
    row = queries.signing_list(UUID(address.rsplit("/", 1)[1]))
    assert judge.post(f"{address}/sign", data={"hash": row.hash}).status_code == 422
    name = queries.panel(hall.panel_id).seats[0].duty.person.name_zh
    assert judge.post(f"{address}/sign", data={"hash": row.hash, "typed": name}).location == address
    judge.post(f"{address}/sign", data={"hash": row.hash, "typed": name})
    assert "您已于" in judge.get(address).get_data(as_text=True)
    for seat in (1, 2):
        actions.sign_list(row.id, hall.seats[seat], row.hash, actor=hall.judges[seat], at=AT)
    assert judge.post(f"{address}/confirm").status_code == 404
    chief = signed_in(person_id=hall.chief.person)
    assert chief.get(address).status_code == 200
    assert chief.post(f"{address}/confirm").status_code == 302
    assert queries.open_work(hall.event_id)["confirmed"] == 4


def test_a_scanned_code_registers_the_tablet_and_its_token_reports(hall: Hall, client: FlaskClient) -> None:
    tablet = Tablet()
    offered = tablets.offer_pairing(panel(hall.panel_id).seats[0].duty_id, actor=hall.chief, at=AT)
    asked = {"code": offered.code.lower(), "public_key": tablet.jwk, "label": "平板 1"}
    made = client.post("/api/marking/pairing", json=asked)
    assert (made.status_code, client.post("/api/marking/pairing", json=asked).status_code) == (201, 422)
    found = made.get_json()
    bearer = {"Authorization": f"Bearer {found['token']}"}
    body = tablet.signed(hall.mark(0, "A1-2", "2", device_id=UUID(found["device_id"])))
    told = {"last_sequence": 4, "waiting": 3, "client_at": AT.isoformat()}
    answer = client.post("/api/marks", json={"marks": [plain(body)], "tablet": told}, headers=bearer)
    assert answer.get_json()["answers"][0]["status"] == "received"
    assert client.post("/api/marking/report", json={"tablet": told}, headers=bearer).get_json() == {
        "server_time": AT.isoformat(),
        "missing": [2, 3, 4],
    }
    for wrong in ({}, {**told, "waiting": -1}, {**told, "client_at": "gestern"}, {**told, "more": 1}, None):
        assert client.post("/api/marking/report", json={"tablet": wrong}, headers=bearer).status_code == 422
    row = accounts.device(UUID(found["device_id"]))
    assert row is not None
    assert (row.last_sequence, row.waiting) == (4, 3)


def test_a_report_is_answered_with_the_numbers_that_are_not_here(hall: Hall, client: FlaskClient) -> None:
    paired = tablets.register_tablet(hall.event_id, None, label="", actor=hall.judges[0], at=AT)
    headers = {"Authorization": f"Bearer {paired.token}"}
    receive_marks(
        [hall.mark(0, "A1-2", "2", device_id=paired.device_id, device_sequence=2)], actor=hall.judges[0], at=AT
    )
    said = {"tablet": {"last_sequence": 4, "waiting": 0, "client_at": AT.isoformat()}}
    assert client.post("/api/marking/report", json=said, headers=headers).json["missing"] == [1, 3, 4]


def test_a_lost_tablets_token_hands_in_marks_and_opens_nothing_else(
    hall: Hall, judge: FlaskClient, client: FlaskClient
) -> None:
    tablet = Tablet()
    asked = {"event_id": str(hall.event_id), "public_key": tablet.jwk}
    found = judge.post("/api/marking/devices", json=asked, headers=OURS).get_json()
    bearer = {"Authorization": f"Bearer {found['token']}"}
    assert client.get("/marking", headers=bearer).status_code == 200
    tablets.revoke_tablet(hall.event_id, UUID(found["device_id"]), "丢失", actor=hall.chief, at=AT)
    body = tablet.signed(hall.mark(0, "A1-2", "2", device_id=UUID(found["device_id"])))
    [answer] = send(client, body, headers=bearer).get_json()["answers"]
    assert (answer["status"], answer["code"]) == ("held", "mark_device_lost")
    assert client.get("/marking", headers=bearer).status_code == 403
    assert judge.post("/api/marking/devices", json=asked, headers=OURS).status_code == 409
