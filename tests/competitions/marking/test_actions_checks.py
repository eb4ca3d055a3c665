"""A tablet's self-test is kept for the tablet that sends it; the board sees those that failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.sign_in.actions import pair_device, revoke_device
from competitions.marking.actions.checks import note_check
from competitions.marking.queries.checks import checked_tablets, failed_tablets
from foundation.db import db
from foundation.permission import Actor, Via
from foundation.refusal import Missing, Refusal
from tests.factories.marking import make_hall


def test_the_latest_self_test_counts_until_the_tablet_is_revoked(app: Flask, at: datetime) -> None:
    hall = make_hall(works=1)
    person = hall.judges[0].person
    assert person is not None
    _token, device = pair_device(
        person, hall.event_id, label="平板", ends_at=at + timedelta(days=1), actor=hall.chief, at=at
    )
    tablet = Actor(person, Via.DEVICE, device)
    assert [one.checked_at for one in checked_tablets(hall.event_id)] == [None]
    note_check(["worker", "clock"], ["camera"], clock_offset=-180_000, browser="x" * 500, actor=tablet, at=at)
    db.session.rollback()
    [failed] = failed_tablets(hall.event_id)
    assert (failed.device_id, failed.failed, failed.warned, failed.checked_at) == (
        device,
        ["clock", "worker"],
        ["camera"],
        at,
    )
    note_check([], ["camera"], clock_offset=0, browser="", actor=tablet, at=at + timedelta(minutes=1))
    db.session.rollback()
    assert failed_tablets(hall.event_id) == []
    note_check(["space"], [], clock_offset=0, browser="", actor=tablet, at=at)
    revoke_device(device, actor=hall.chief, at=at)
    db.session.rollback()
    assert checked_tablets(hall.event_id) == []


def test_only_a_tablet_tells_and_only_known_checks(app: Flask, at: datetime) -> None:
    hall = make_hall(works=1)
    with pytest.raises(Missing):
        note_check([], [], clock_offset=0, browser="", actor=hall.judges[0], at=at)
    with pytest.raises(Refusal) as refused:
        note_check(["nonsense"], [], clock_offset=0, browser="", actor=hall.judges[0], at=at)
    assert refused.value.code == "check_unknown"


def test_what_is_no_self_test_is_refused(
    app: Flask, at: datetime, client: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    hall = make_hall(works=1)
    person = hall.judges[0].person
    assert person is not None
    token, _device = pair_device(
        person, hall.event_id, label="", ends_at=at + timedelta(days=1), actor=hall.chief, at=at
    )
    proof = {"Authorization": f"Bearer {token}"}
    good = {"failed": [], "warned": [], "clock_offset": 3}
    assert client.post("/api/tablet/check", json=good, headers=proof).status_code == 200
    for wrong in (
        {},
        good | {"failed": "x"},
        good | {"failed": [1]},
        good | {"clock_offset": 10**15},
        good | {"more": 1},
        [],
    ):
        assert client.post("/api/tablet/check", json=wrong, headers=proof).status_code == 422
    assert client.post("/api/tablet/check", json=good).status_code == 403


def test_the_service_worker_names_files_that_exist(client: FlaskClient) -> None:
    code = client.get("/service-worker.js").get_data(as_text=True)
    line = next(line for line in code.splitlines() if line.startswith("self.LAUREL_ASSETS"))
    for address in [part for part in line.split('"') if part.startswith("/")]:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
