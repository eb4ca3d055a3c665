"""R1: random faults against the whole stack. `python -m benchmarks.r1_faults [MARKS [FAULTS [SEED]]]`; ends by itself.

Tablets that sign their marks send batches over HTTP to a server that is killed with SIGKILL and started with another clock; requests
are cut before and after they are whole, sent twice, held back and sent in another order. Every tablet keeps a private ledger of what
it sent and what was acknowledged. At the end everything is drained and compared: nothing acknowledged is missing, nothing is there
twice or changed, the chain holds, the projections follow from the marks. Prints its seed and its schedule of faults.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import select

from app import create_app
from competitions.marking import verification
from competitions.marking.actions.rebuild import rebuild_heads
from competitions.marking.actions.tablets import register_tablet
from competitions.marking.bodies import MarkBody
from competitions.marking.models.marks import Mark
from foundation.clock import now
from foundation.db import session
from tests.factories.marking import Hall, Tablet, make_hall

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Client:
    """A tablet: what it still has to send, what was acknowledged, what it ever sent."""

    number: int
    token: str
    waiting: list[dict[str, Any]]
    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)


@dataclass
class Report:
    """What was found. Every count but the first three must be zero."""

    seed: int
    marks: int
    faults: Counter[str]
    lost: int
    twice: int
    altered: int
    unasked: int
    broken: int
    projections: int

    @property
    def holds(self) -> bool:
        """Is R1 kept?"""
        return not (self.lost or self.twice or self.altered or self.unasked or self.broken or self.projections)


def campaign(marks: int, faults: int, seed: int, *, planted: str = "") -> Report:
    """Send `marks` marks through `faults` faults."""
    chance = random.Random(seed)  # noqa: S311 - a schedule that can be repeated
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "LAUREL_DATA": folder, "DATABASE_URL": f"sqlite:///{folder}/r1.db", "RATE_LIMITS": "no", "SECRET_KEY": "campaign",
        }  # fmt: skip
        app = create_app(settings)
        with app.app_context():
            flask_migrate.upgrade()
            hall = make_hall(works=6)
            clients = [_client(hall, number, marks // 3) for number in range(3)]
        return _run(app, hall, clients, settings, faults, chance, seed, planted)


def _client(hall: Hall, number: int, marks: int) -> Client:
    tablet = Tablet()
    made = register_tablet(hall.event_id, tablet.jwk, label=f"{number}", actor=hall.judges[number], at=now())
    waiting, last = [], dict[tuple[int, str], Any]()
    for sequence in range(1, marks + 1):
        place = (sequence % 6, ("A1-2", "B1-1")[sequence % 2])
        body = hall.mark(
            number, place[1], str(1 + sequence % 3), place[0], device_id=made.device_id, device_sequence=sequence,
            base_id=last.get(place),
        )  # fmt: skip
        last[place] = body.id
        waiting.append(_plain(tablet.signed(body)))
    return Client(number, made.token, waiting)


def _plain(body: MarkBody) -> dict[str, Any]:
    return {
        name: (value.isoformat() if hasattr(value, "isoformat") else str(value) if hasattr(value, "hex") and not isinstance(value, str) else value)
        for name in MarkBody.__slots__
        if (value := getattr(body, name)) is not None
    }  # fmt: skip


class _Server:
    def __init__(self, settings: dict[str, str], planted: str) -> None:
        self.settings, self.planted = settings, planted
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, jump: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.r1_server", str(self.port), str(jump), self.planted],
            cwd=ROOT, env={**os.environ, **self.settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(1200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server of the campaign did not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def _run(
    app: Any,
    hall: Hall,
    clients: list[Client],
    settings: dict[str, str],
    faults: int,
    chance: random.Random,
    seed: int,
    planted: str,
) -> Report:
    kills = max(1, faults * 3 // 100 if faults > 200 else faults // 20)
    server, counted, finished = _Server(settings, planted), Counter[str](), threading.Event()
    server.start(0)
    share = (faults - 2 * kills) / max(1, sum(len(client.waiting) for client in clients) / 8)
    threads = [
        threading.Thread(target=_tablet, args=(client, server.port, random.Random(chance.random()), share, counted))  # noqa: S311
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        finished.wait(chance.uniform(0.1, 0.5))
        server.kill()
        jump = chance.choice((-86_400, -3_600, 0, 3_600, 86_400))
        counted.update(kill=1, clock=int(jump != 0))
        server.start(jump)
    for thread in threads:
        thread.join()
    server.kill()
    with app.app_context():
        return _compared(hall, clients, counted, seed)


def _tablet(client: Client, port: int, chance: random.Random, share: float, counted: Counter[str]) -> None:
    """Send everything; a fault in `share` of the requests. What is not acknowledged stays in the queue."""
    while client.waiting:
        start = 0
        if chance.random() < share / 4 and len(client.waiting) > 16:  # held back: the later ones go first
            start, _ = 8, counted.update(reorder=1)
        batch = client.waiting[start : start + chance.randint(1, 16)]
        client.sent.update({one["id"]: one["value"] for one in batch})
        fault = chance.choice(("cut_before", "cut_after", "duplicate")) if chance.random() < share else ""
        counted.update({fault: 1} if fault else {})
        answers = _post(client, port, batch, fault)
        if answers is None:
            time.sleep(0.02)
            continue
        if fault == "duplicate":
            _post(client, port, batch, "")
        done = {one["id"] for one in answers if one["status"] != "invalid"}
        client.acknowledged |= done
        client.waiting = [one for one in client.waiting if one["id"] not in done]


def _post(client: Client, port: int, batch: list[dict[str, Any]], fault: str) -> list[dict[str, Any]] | None:
    body = json.dumps({"marks": batch}).encode()
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        if fault == "cut_before":
            connection.putrequest("POST", "/api/marks")
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(body[: len(body) // 2])
            return None
        connection.request("POST", "/api/marks", body, headers)
        if fault == "cut_after":
            return None
        answer = connection.getresponse()
        found = json.loads(answer.read())
        return found["answers"] if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def _compared(hall: Hall, clients: list[Client], counted: Counter[str], seed: int) -> Report:
    rows = [(str(row.id), row.value) for row in session().execute(select(Mark.id, Mark.value))]
    stored, sent = dict(rows), dict[str, str]()
    for client in clients:
        sent |= client.sent
    acknowledged = set[str]().union(*(client.acknowledged for client in clients))
    return Report(
        seed, len(acknowledged), counted, lost=len(acknowledged - stored.keys()), twice=len(rows) - len(stored),
        altered=sum(sent.get(key) != value for key, value in stored.items() if key in sent), unasked=len(stored.keys() - sent.keys()),
        broken=sum(report.broken_at is not None for report in verification.verify()),
        projections=len(rebuild_heads(hall.event_id, check=True)),
    )  # fmt: skip


def main() -> int:
    """Run and print. Exit status 1 when anything was lost, doubled or changed."""
    marks, faults, seed = (
        int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 100_000), (2, 1_000), (3, 7))
    )
    report = campaign(marks, faults, seed)
    print(report, "holds" if report.holds else "BROKEN")
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
