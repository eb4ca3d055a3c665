"""R6: the storage fails. `python -m benchmarks.r6_storage [SECONDS]`; seconds each fault lasts. Ends by itself.

Three tablets send without pause to a server of its own while its storage takes nothing more (no file may grow: `RLIMIT_FSIZE`), is
read-only (the database opened `mode=ro`), is held by somebody else (`BEGIN EXCLUSIVE`), and, where a PostgreSQL answers, while every
connection of the server to it is ended again and again, as a restart of the database does. Required: no acknowledgement for what is
not stored, no answer 5xx but 503 and 507, and the next mark acknowledged within 5 s of the end of each fault.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
from sqlalchemy import make_url, select

from app import create_app
from benchmarks.r1_faults import Client, _client, _Server
from competitions.marking.models.marks import Mark
from foundation.db import session
from tests.factories.marking import make_hall

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1/postgres")


@dataclass
class Report:
    """What was found. `statuses` counts answers by fault and status; `recovered` is seconds from the end of a fault to the next acknowledgement."""

    acknowledged: int = 0
    lost: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    recovered: dict[str, float] = field(default_factory=dict)

    @property
    def wrong(self) -> dict[str, Counter[int]]:
        """Answers that may not be given."""
        bad = {
            fault: Counter({status: n for status, n in counts.items() if status >= 500 and status not in (503, 507)})
            for fault, counts in self.statuses.items()
        }
        return {fault: counts for fault, counts in bad.items() if counts}

    @property
    def holds(self) -> bool:
        """Is R6 kept?"""
        return not self.lost and not self.wrong and all(seconds <= 5 for seconds in self.recovered.values())


class Hall:
    """The server, the tablets, and what they were told."""

    def __init__(self, settings: dict[str, str], clients: list[Client], planted: str, report: Report) -> None:
        self.settings, self.clients, self.report = settings, clients, report
        self.server = _Server(dict(settings), planted)
        self.fault, self.over = "none", threading.Event()
        self.lock, self.acknowledged_at = threading.Lock(), 0.0

    def run(self, faults: dict[str, Callable[[Hall], Any]], seconds: float) -> None:
        """Send all the time; one fault after the other, each followed by the wait for the next acknowledgement."""
        self.server.start(0)
        threads = [threading.Thread(target=self._tablet, args=(client,)) for client in self.clients]
        for thread in threads:
            thread.start()
        try:
            self._acknowledged_after(time.monotonic())
            for name, fault in faults.items():
                with fault(self):
                    self.fault = name
                    time.sleep(seconds)
                ended = time.monotonic()
                self.fault = "none"
                self.report.recovered[name] = round(self._acknowledged_after(ended) - ended, 2)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
            self.server.kill()

    def _acknowledged_after(self, moment: float) -> float:
        until = moment + 60
        while time.monotonic() < until:
            if self.acknowledged_at > moment:
                return self.acknowledged_at
            time.sleep(0.01)
        return until

    def _tablet(self, client: Client) -> None:
        chance = random.Random(client.number)  # noqa: S311 - a schedule that can be repeated
        while not self.over.is_set() and client.waiting:
            fault, batch = self.fault, client.waiting[: chance.randint(1, 8)]
            client.sent.update({one["id"]: one["value"] for one in batch})
            status, answers = self._post(client, batch)
            with self.lock:
                self.report.statuses.setdefault(fault, Counter())[status] += 1
            done = {one["id"] for one in answers if one["status"] != "invalid"}
            if done:
                self.acknowledged_at = time.monotonic()
                client.acknowledged |= done
                client.waiting = [one for one in client.waiting[:64] if one["id"] not in done] + client.waiting[64:]
            else:
                time.sleep(0.05)

    def _post(self, client: Client, batch: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
            connection.request("POST", "/api/marks", json.dumps({"marks": batch}).encode(), headers)
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, json.loads(body)["answers"] if answer.status == 200 else []
        except (OSError, http.client.HTTPException, ValueError):
            return 0, []
        finally:
            connection.close()


@contextmanager
def full(hall: Hall) -> Iterator[None]:
    """No file of the server may grow."""
    assert hall.server.process is not None
    path = Path(hall.settings["DATABASE_URL"].removeprefix("sqlite:///"))
    most = max(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    _soft, hard = resource.prlimit(hall.server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(hall.server.process.pid, resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.prlimit(hall.server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def read_only(hall: Hall) -> Iterator[None]:
    """The server starts on a medium that cannot be written; afterwards on one that can."""
    path = hall.settings["DATABASE_URL"].removeprefix("sqlite:///")
    hall.server.kill()
    hall.server.settings["DATABASE_URL"] = f"sqlite:///file:{path}?mode=ro&uri=true"
    hall.server.start(0)
    try:
        yield
    finally:
        hall.server.kill()
        hall.server.settings["DATABASE_URL"] = hall.settings["DATABASE_URL"]
        hall.server.start(0)


@contextmanager
def locked(hall: Hall) -> Iterator[None]:
    """Somebody's shell holds the database."""
    connection = sqlite3.connect(
        hall.settings["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None, timeout=30
    )
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def cut_off(hall: Hall) -> Iterator[None]:
    """Every connection of the server to PostgreSQL is ended, ten times a second."""
    url = make_url(hall.settings["DATABASE_URL"])
    ended = threading.Event()

    def cut() -> None:
        with psycopg.connect(_plain(POSTGRES), autocommit=True) as connection:
            while not ended.wait(0.1):
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (url.database,)
                )

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(False)


def campaign(seconds: float, *, planted: str = "", postgres: bool = True) -> Report:
    """Let the storage fail in every way for `seconds` each. `planted` is a bug of `r1_server`."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        _on(
            f"sqlite:///{folder}/r6.db", folder, {"full": full, "read-only": read_only, "locked": locked}, seconds, planted, report
        )  # fmt: skip
    if postgres and not planted:
        name = f"laurel_r6_{os.getpid()}"
        with psycopg.connect(_plain(POSTGRES), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        try:
            with tempfile.TemporaryDirectory() as folder:
                url = make_url(POSTGRES).set(database=name).render_as_string(False)
                _on(url, folder, {"database restart": cut_off}, seconds, planted, report)
        finally:
            with psycopg.connect(_plain(POSTGRES), autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    return report


def _on(url: str, folder: str, faults: dict[str, Any], seconds: float, planted: str, report: Report) -> None:
    settings = {"LAUREL_DATA": folder, "DATABASE_URL": url, "RATE_LIMITS": "no", "SECRET_KEY": "campaign"}
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        made = make_hall(works=6)
        clients = [_client(made, number, int(max(400, seconds * 400))) for number in range(3)]
    Hall(settings, clients, planted, report).run(faults, seconds)
    with app.app_context():
        stored = {str(key) for key in session().scalars(select(Mark.id))}
        session().rollback()
    acknowledged = set[str]().union(*(client.acknowledged for client in clients))
    report.acknowledged += len(acknowledged)
    report.lost += len(acknowledged - stored)


def main() -> int:
    """Run and print. Exit status 1 when the bar is not kept."""
    report = campaign(float(sys.argv[1]) if len(sys.argv) > 1 else 8.0)
    print(report, "holds" if report.holds else "BROKEN", report.wrong or "")
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
