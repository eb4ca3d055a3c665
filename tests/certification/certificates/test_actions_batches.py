"""Batches: gates before, chunks with pause and resume, kill -9, looks after, one bundle; nothing of one person in another's file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.access.roles import Role
from certification.certificates import archive, bundle
from certification.certificates.actions import batches as actions
from certification.certificates.actions import issuing, keys, making
from certification.certificates.models.batches import CertificateBatchItem
from certification.certificates.models.certificates import Certificate, CertificateNumber
from certification.certificates.queries import batches as queries
from certification.certificates.queries import register
from foundation.db import session
from foundation.files.actions import keep_file
from foundation.files.models import StoredFile
from foundation.files.queries import file_bytes
from foundation.jobs.actions import run_job
from foundation.jobs.models import Job
from foundation.permission import MACHINE, Actor
from foundation.print.press import Flawed, Press
from foundation.print.signatures import signature_in
from foundation.refusal import Conflict, Missing, Refusal
from tests.certification.certificates.test_actions import text_of, together
from tests.factories import certification as factory
from tests.factories.accounts import make_grant, make_person

LEASE, URL = timedelta(seconds=60), factory.PUBLIC
ROOT = Path(__file__).resolve().parents[3]
NAMES = ["赵甲", "钱乙", "孙丙", "李丁", "周戊", "吴己", "郑庚", "王辛", "冯壬", "陈癸"]


def officer() -> Actor:
    person = make_person()
    make_grant(person, Role.EVALUATION_OFFICER)
    return Actor(person)


def reported(issuer: UUID, count: int) -> list[UUID]:
    """Many that wait for issue, each person with a photo of their own."""
    found = []
    for n in range(count):
        picture = keep_file(
            factory.photo(f"#{(n * 23) % 256:02x}{(n * 5) % 256:02x}40"), media_type="image/jpeg", name="p", actor=MACHINE,
            at=datetime.now().astimezone(),
        )  # fmt: skip
        found.append(factory.make_approved(issuer, factory.make_holder(f"{NAMES[n % 10]}{n}", photo_id=picture)))
    issuing.number_certificates(found, actor=MACHINE, at=datetime.now().astimezone())
    issuing.report_certificates(found, "回执", actor=MACHINE, at=datetime.now().astimezone())
    return found


def made(batch_id: UUID, who: Actor, at: datetime) -> UUID:
    job = actions.start_batch(batch_id, actor=who, at=at)
    run_job(job, lease=LEASE)
    session().rollback()
    return job


def test_a_batch_is_checked_made_signed_and_bundled(app: Flask, at: datetime) -> None:
    who = officer()
    issuer = factory.make_issuer()
    keys.make_key(issuer, actor=who, at=at)
    waiting = reported(issuer, 6)
    (batch_id,) = actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    assert queries.batch(batch_id).state == "ready"
    job = made(batch_id, who, at)
    batch = queries.batch(batch_id)
    assert (batch.state, dict(queries.states_of([batch_id])[batch_id])) == (
        "done", {"waiting": 0, "blocked": 0, "issued": 6, "refused": 0},
    )  # fmt: skip
    assert session().get_one(Job, job).done == 6
    assert len(batch.looked) == 1
    rows = register.chosen(who, "certificate:view", waiting)
    photos = {row.id: file_bytes(row.printed.photo_id) for row in rows if row.printed and row.printed.photo_id}
    for row in rows:
        assert row.file_id is not None
        pdf, values = file_bytes(row.file_id), register.printed_values(row)
        found, text = signature_in(pdf), text_of(pdf)
        assert found is not None
        assert hashlib.sha256(pdf).hexdigest() == row.file_sha256
        assert values["name"] in text
        assert values["number"] in text
        assert photos[row.id] in pdf
        for other in rows:
            if other is not row:
                assert register.printed_values(other)["name"] not in text
                assert photos[other.id] not in pdf
    data = b"".join(archive.pieces_of(batch))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        said = json.loads(packed.read(bundle.MANIFEST))
        assert packed.testzip() is None
        assert [one["sha256"] for one in said["files"]] == [
            hashlib.sha256(packed.read(one["name"])).hexdigest() for one in said["files"]
        ]
        assert said["index"]["sha256"] == hashlib.sha256(packed.read(bundle.INDEX)).hexdigest()
        index = packed.read(bundle.INDEX).decode("utf-8-sig")
        assert "赵甲0" in index
        assert not any(register.printed_values(row)["document_number"] in index for row in rows)
    with pytest.raises(Conflict):
        actions.pause_batch(batch_id, actor=who, at=at)


def test_every_gate_is_said_with_its_record_and_stops_no_other(app: Flask, at: datetime) -> None:
    who = officer()
    issuer = factory.make_issuer()
    small = keep_file(_small_photo(), media_type="image/jpeg", name="p", actor=MACHINE, at=at)
    good = factory.make_holder("林一")
    long_name = "很长" * 60
    waiting = [
        factory.make_reported(issuer, good),
        factory.make_reported(issuer, factory.make_holder("无照", with_photo=False)),
        factory.make_reported(issuer, factory.make_holder("小照", photo_id=small)),
        factory.make_reported(issuer, factory.make_holder("林二"), direction=long_name[:80]),
    ]
    held = factory.make_holder("重复")
    first = factory.make_issued(issuer, held)
    waiting.append(factory.make_reported(issuer, held))
    twice = factory.make_holder("两次")
    waiting += [factory.make_reported(issuer, twice), factory.make_reported(issuer, twice)]
    (batch_id,) = actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    stopped = {
        str(item.certificate_id): [fault.code for fault in queries.faults_of(item)]
        for item in queries.items(batch_id, "blocked", limit=99)
    }
    assert stopped == {
        str(waiting[1]): ["certificate_photo_missing"], str(waiting[2]): ["certificate_photo_small"],
        str(waiting[3]): ["print_text_too_long"], str(waiting[4]): ["certificate_duplicate"],
        str(waiting[6]): ["certificate_twice_in_batch"],
    }  # fmt: skip
    said = next(
        fault for item in queries.items(batch_id, "blocked", limit=99) if item.certificate_id == waiting[4]
        for fault in queries.faults_of(item)
    )  # fmt: skip
    assert said.facts == {"record": "重复", "number": register.certificate(first).number}
    made(batch_id, who, at)
    assert queries.states_of([batch_id])[batch_id] == {"waiting": 0, "blocked": 5, "issued": 2, "refused": 0}
    factory.change(first, "revoke", "x")
    actions.check_again(batch_id, actor=who, at=at)
    assert queries.states_of([batch_id])[batch_id] == {"waiting": 1, "blocked": 4, "issued": 2, "refused": 0}
    made(batch_id, who, at)
    assert register.certificate(waiting[4]).state == "issued"


def _small_photo() -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (120, 160), "white").save(target, "JPEG")
    return target.getvalue()


def test_a_pause_keeps_what_waits_and_going_on_makes_each_once(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "CHUNK", 2)
    who = officer()
    waiting = reported(factory.make_issuer(), 7)
    (batch_id,) = actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    job = actions.start_batch(batch_id, actor=who, at=at)
    assert actions.start_batch(batch_id, actor=who, at=at) == job
    seen = []

    def pausing(done: int, _total: int) -> None:
        seen.append(done)
        if done == 2:
            actions.pause_batch(batch_id, actor=who, at=at)

    making.make_batch(batch_id, run=1, actor=who, progress=pausing, hands=1)
    session().rollback()
    assert queries.batch(batch_id).state == "paused"
    counts = queries.states_of([batch_id])[batch_id]
    assert (counts["issued"] + counts["waiting"], counts["issued"] < 7) == (7, True)
    before = {key: register.certificate(key).file_id for key in waiting}
    made(batch_id, who, at)
    assert making.make_batch(batch_id, run=1, actor=who)["issued"] == 7
    after = {key: register.certificate(key).file_id for key in waiting}
    assert all(after.values())
    assert [after[key] for key in waiting if before[key]] == [before[key] for key in waiting if before[key]]
    kept = session().scalar(
        select(func.count()).select_from(StoredFile).where(StoredFile.media_type == "application/pdf")
    )
    assert kept == 7


def test_a_flaw_found_on_a_finished_page_stops_everything(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = officer()
    waiting = reported(factory.make_issuer(), 3)
    (batch_id,) = actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    right = Press.made

    def flawed(self: Press, *arguments: object, **options: object) -> list[object]:
        found = right(self, *arguments, **options)  # type: ignore[arg-type]
        return [Flawed(("raster:name",)), *found[1:]]

    monkeypatch.setattr(Press, "made", flawed)
    made(batch_id, who, at)
    batch = queries.batch(batch_id)
    assert (batch.state, batch.fault) == ("stopped", {"certificate": str(waiting[0]), "faults": ["raster:name"]})
    assert [register.certificate(key).state for key in waiting] == ["reported"] * 3
    monkeypatch.undo()
    made(batch_id, who, at)
    assert [register.certificate(key).state for key in waiting] == ["issued"] * 3


def test_one_that_ended_meanwhile_is_refused_and_names_why(app: Flask, at: datetime) -> None:
    who = officer()
    waiting = reported(factory.make_issuer(), 3)
    (batch_id,) = actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    factory.change(waiting[1], "revoke", "x")
    made(batch_id, who, at)
    (item,) = queries.items(batch_id, "refused", limit=9)
    assert (item.certificate_id, [fault.code for fault in queries.faults_of(item)]) == (
        waiting[1],
        ["move_not_allowed"],
    )


def test_twenty_at_once_issue_one_certificate_under_one_number(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer()
    case = factory.make_case(issuer)

    def whole_way() -> object:
        key = issuing.register_approved(case, actor=MACHINE, at=at)
        issuing.number_certificates([key], actor=MACHINE, at=at)
        issuing.report_certificates([key], "回执", actor=MACHINE, at=at)
        return issuing.issue_certificate(key, public_url=URL, actor=MACHINE, at=at)

    files = together(app, whole_way)
    session().rollback()
    assert len(set(files)) == 1
    assert session().scalar(select(func.count()).select_from(Certificate)) == 1
    assert session().scalar(select(func.count()).select_from(CertificateNumber)) == 1
    kept = session().scalars(select(StoredFile.id).where(StoredFile.media_type == "application/pdf")).all()
    assert kept == [files[0]]


def test_only_who_may_issue_makes_batches(app: Flask, at: datetime) -> None:
    waiting = reported(factory.make_issuer(), 2)
    with pytest.raises(Missing):
        actions.order_batches(waiting, public_url=URL, actor=Actor(make_person()), at=at)
    with pytest.raises(Refusal, match="batch_nothing_waits"):
        actions.order_batches([factory.make_approved(factory.make_issuer())], public_url=URL, actor=officer(), at=at)
    who = officer()
    actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    assert queries.waiting(who, "certificate:issue") == []


WORKER = """
import sys
from app import create_app
from certification.certificates.actions import making
making.CHUNK = 3
app = create_app()
app.test_cli_runner().invoke(args=["jobs", "work", "--sweep-seconds", "0.3"])
"""


def test_a_batch_survives_kill_9(app: Flask, at: datetime) -> None:
    """Killed in the middle, the next worker makes what is left; no certificate has two files, none is missing."""
    who = officer()
    issuer = factory.make_issuer()
    keys.make_key(issuer, actor=who, at=datetime.now().astimezone())
    waiting = reported(issuer, 15)
    (batch_id,) = actions.order_batches(waiting, public_url=URL, actor=who, at=at)
    job = actions.start_batch(batch_id, actor=who, at=at)
    environment = os.environ | {
        "LAUREL_DATA": str(app.config["DATA_FOLDER"]), "DATABASE_URL": app.config["DATABASE_URL"],
        "JOB_LEASE_SECONDS": "4", "PYTHONPATH": str(ROOT), "SECRET_KEY": "test",
    }  # fmt: skip
    started = []

    def worker() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, cwd=ROOT)
        started.append(process)
        return process

    def issued() -> int:
        session().rollback()
        return queries.states_of([batch_id])[batch_id]["issued"]

    try:
        first = worker()
        deadline = time.monotonic() + 60
        while issued() < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert 3 <= issued() < 15
        worker()
        deadline = time.monotonic() + 60
        while session().get_one(Job, job).state != "succeeded" and time.monotonic() < deadline:
            time.sleep(0.1)
            session().rollback()
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert (issued(), queries.batch(batch_id).state) == (15, "done")
    rows = [register.certificate(key) for key in waiting]
    assert len({row.file_id for row in rows}) == 15
    assert len({row.hash for row in rows}) == 15
    for row in rows:
        assert row.file_id is not None
        assert hashlib.sha256(file_bytes(row.file_id)).hexdigest() == row.file_sha256
    assert session().scalar(select(func.count()).select_from(CertificateBatchItem)) == 15
