"""SMS through a gateway on loopback: handed over once, tried again after a failure, nothing of the person in the log."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.db import db, session
from foundation.jobs import actions as jobs
from foundation.jobs.models import Job
from foundation.messages import actions, sms
from foundation.messages.models import Message
from foundation.messages.queries import inbox, text_of
from foundation.permission import MACHINE
from foundation.refusal import Conflict, Refusal
from foundation.translation import reading
from tests.factories.accounts import make_person

PHONE, TEXT = "13876543210", "请于 5 月 18 日报到"


class Gateway:
    """A gateway that answers with the codes it is given, then 200."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.seen: list[tuple[dict[str, Any], str]] = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.seen.append((body, self.headers["Authorization"]))
                self.send_response(gateway.codes.pop(0) if gateway.codes else 200)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    before = sms.gateway()
    sms.install(sms.SmsGateway(f"http://127.0.0.1:{made.server.server_port}/sms", "secret", "江州大赛"))
    yield made
    sms.install(before)
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def written(at: datetime, **more: Any) -> UUID:
    return actions.send_message(make_person("林晓禾"), "message:free", actor=MACHINE, at=at, text=TEXT, **more)


def run_last() -> None:
    job = session().scalars(select(Job).order_by(Job.created_at.desc())).first()
    assert job is not None
    jobs.run_job(job.id, lease=timedelta(seconds=60))
    db.session.rollback()


def ways(message: UUID) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.channel, one.outcome) for one in session().get_one(Message, message).deliveries]


def test_an_sms_is_handed_over_once(app: Flask, gateway: Gateway, at: datetime) -> None:
    message = written(at)
    actions.order_sms(message, PHONE, actor=MACHINE, at=at)
    run_last()
    told = {"id": str(message), "phone": PHONE, "sign": "江州大赛", "text": TEXT}
    assert gateway.seen == [(told, "Bearer secret")]
    assert ways(message) == [("in_app", ""), ("sms", "")]
    actions.order_sms(message, PHONE, actor=MACHINE, at=at)
    run_last()
    assert len(gateway.seen) == 1


def test_a_failure_is_noted_and_tried_again_and_the_log_names_nobody(
    app: Flask, gateway: Gateway, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.codes = [500]
    message = written(at)
    actions.order_sms(message, PHONE, actor=MACHINE, at=at)
    with pytest.raises(sms.SmsFailed):
        run_last()
    assert ways(message) == [("in_app", ""), ("sms", "failed")]
    run_last()
    assert ways(message) == [("in_app", ""), ("sms", "failed"), ("sms", "")]
    assert PHONE not in caplog.text
    assert TEXT not in caplog.text


def test_sms_are_off_by_default(app: Flask, at: datetime) -> None:
    with pytest.raises(Refusal, match="sms_off"):
        actions.order_sms(written(at), PHONE, actor=MACHINE, at=at)


def test_what_waits_is_in_nobodys_inbox(app: Flask, at: datetime) -> None:
    scope = make_person()
    message = written(at, scope_id=scope, hold=True)
    row = session().get_one(Message, message)
    assert inbox(row.recipient_id) == []
    actions.edit_message(message, "改为 5 月 19 日", at=at)
    actions.release_messages([message], actor=MACHINE, at=at)
    actions.release_messages([message], actor=MACHINE, at=at)
    db.session.rollback()
    [read] = inbox(row.recipient_id)
    assert text_of(read) == "改为 5 月 19 日"
    assert ways(message) == [("in_app", "")]
    with pytest.raises(Conflict, match="message_sent"):
        actions.edit_message(message, "x", at=at)


def test_an_outbox_that_holds_everything(app: Flask, at: datetime) -> None:
    scope = make_person()
    actions.hold_all(scope, True, actor=MACHINE, at=at)
    held = written(at, scope_id=scope)
    actions.hold_all(scope, False, actor=MACHINE, at=at)
    sent = written(at, scope_id=scope)
    assert [session().get_one(Message, one).state for one in (held, sent)] == ["held", "sent"]
    assert actions.drop_messages([held, sent], at=at) == 1
    assert actions.release_messages([held], actor=MACHINE, at=at) == 0


def test_facts_read_in_either_language(app: Flask, at: datetime) -> None:
    message = actions.send_message(
        make_person(), "message:data_missing", actor=MACHINE, at=at, event={"zh": "焊接", "en": "Welding"},
        gaps=["@gap:photo", "@gap:phone"],
    )  # fmt: skip
    row = session().get_one(Message, message)
    with reading("en"):
        english = text_of(row)
    with reading("zh"):
        chinese = text_of(row)
    assert ("Welding" in english, "焊接" in chinese, "、" in chinese) == (True, True, True)
