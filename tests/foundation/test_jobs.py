"""Jobs, with real workers in real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis
from flask import Flask
from huey.registry import Message
from sqlalchemy import select, text

from foundation.clock import now
from foundation.db import db, session, transaction
from foundation.jobs import actions, kinds, queries
from foundation.jobs.models import Job
from foundation.jobs.queue import JobQueue
from foundation.permission import MACHINE
from foundation.refusal import Refusal

LEASE = timedelta(seconds=60)
ROOT = Path(__file__).resolve().parents[2]


def refusing(arguments: dict[str, Any], _actor: object, _progress: object) -> None:
    raise Refusal("photo_too_many_pixels", limit=arguments["limit"])


def breaking(_arguments: dict[str, Any], _actor: object, _progress: object) -> None:
    raise ZeroDivisionError


def counting(arguments: dict[str, Any], _actor: object, progress: Any) -> dict[str, Any]:
    for number in range(arguments["to"]):
        progress(number + 1, arguments["to"])
    return {"counted": arguments["to"]}


kinds.register(kinds.JobKind("test:refusing", refusing))
kinds.register(kinds.JobKind("test:breaking", breaking))
kinds.register(kinds.JobKind("test:counting", counting))


def test_a_job_runs_once_and_keeps_its_result(app: Flask) -> None:
    job_id = actions.order_job("test:counting", {"to": 3}, actor=MACHINE, at=now())
    assert actions.run_job(job_id, lease=LEASE)
    assert not actions.run_job(job_id, lease=LEASE)
    row = queries.job(job_id)
    assert (row.state, row.done, row.total, row.result, row.attempts) == ("succeeded", 3, 3, {"counted": 3}, 1)


def test_a_refusal_ends_a_job_with_its_sentence(app: Flask) -> None:
    job_id = actions.order_job("test:refusing", {"limit": 40}, actor=MACHINE, at=now())
    actions.run_job(job_id, lease=LEASE)
    assert (queries.job(job_id).state, queries.job(job_id).refusal) == (
        "failed",
        {"code": "photo_too_many_pixels", "facts": {"limit": "40"}},
    )


def test_a_broken_job_is_tried_three_times(app: Flask) -> None:
    job_id = actions.order_job("test:breaking", {}, actor=MACHINE, at=now())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            actions.run_job(job_id, lease=LEASE)
    actions.run_job(job_id, lease=LEASE)
    assert (queries.job(job_id).state, queries.job(job_id).attempts) == ("failed", 3)


def test_an_order_that_is_rolled_back_leaves_nothing(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="stop"), transaction():
        actions.order_job("test:counting", {"to": 1}, actor=MACHINE, at=now())
        raise RuntimeError("stop")
    assert session().scalars(select(Job)).all() == []


WORKER = """
import sys, time
from app import create_app
from foundation.jobs import kinds
def slow(arguments, actor, progress):
    from foundation.db import transaction
    from sqlalchemy import text
    for number in range(arguments["to"]):
        with transaction() as writing:
            writing.execute(text("INSERT INTO code_value VALUES ('slow', :n, 'x', 'x', 0, '', false) ON CONFLICT DO NOTHING"), {"n": str(number)})
        progress(number + 1, arguments["to"])
        time.sleep(0.05)
kinds.register(kinds.JobKind("test:slow", slow))
app = create_app()
app.test_cli_runner().invoke(args=["jobs", "work", "--sweep-seconds", "0.3"])
"""


@pytest.fixture
def workers(app: Flask) -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_a_job_survives_kill_9(app: Flask, workers: list[subprocess.Popen[bytes]]) -> None:
    kinds.register(kinds.JobKind("test:slow", counting)) if "test:slow" not in kinds._kinds else None
    environment = os.environ | {
        "LAUREL_DATA": str(app.config["DATA_FOLDER"]), "DATABASE_URL": app.config["DATABASE_URL"],
        "JOB_LEASE_SECONDS": "1", "PYTHONPATH": str(ROOT), "SECRET_KEY": "test",
    }  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, cwd=ROOT)
        workers.append(process)
        return process

    # The real past: the worker's clock is not arranged, and the sweep offers what has been waiting for a while.
    job_id = actions.order_job("test:slow", {"to": 40}, actor=MACHINE, at=now())
    first = start()
    wait_for(lambda: state(job_id)[1] >= 5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state(job_id)[0] == "running"
    start()
    wait_for(lambda: state(job_id)[0] == "succeeded")
    stored = session().scalars(text("SELECT code FROM code_value WHERE code_set = 'slow'")).all()
    assert (sorted(map(int, stored)), state(job_id)[2]) == (list(range(40)), 2)


def state(job_id: Any) -> tuple[str, int, int]:
    db.session.rollback()
    row = session().get_one(Job, job_id)
    return row.state, row.done, row.attempts


def wait_for(condition: Any, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


@pytest.fixture
def redis_queue(tmp_path: Path) -> Iterator[JobQueue]:
    made = JobQueue(tmp_path, REDIS_URL, name=f"laurel-test-{os.getpid()}")
    try:
        made.huey.storage.conn.ping()
    except redis.exceptions.ConnectionError:
        if os.environ.get("CI") == "true":
            pytest.fail(f"Redis does not answer at {REDIS_URL}, and CI must test on it")
        pytest.skip(f"Redis does not answer at {REDIS_URL}")
    yield made
    made.huey.storage.flush_all()
    made.huey.storage.conn.close()


def test_the_queue_in_redis_carries_ids_in_json(redis_queue: JobQueue) -> None:
    seen: list[UUID] = []
    redis_queue.connect(seen.append, nullcontext)
    wanted = [uuid(1), uuid(2)]
    for job_id in wanted:
        redis_queue.put(job_id)
    raw = redis_queue.huey.storage.conn.lrange(redis_queue.huey.storage.queue_key, 0, -1)
    assert sorted(json.loads(message)[Message._fields.index("args")][0] for message in raw) == sorted(map(str, wanted))
    while (task := redis_queue.huey.dequeue()) is not None:
        redis_queue.huey.execute(task)
    assert seen == wanted


def uuid(number: int) -> UUID:
    return UUID(int=number, version=4)
