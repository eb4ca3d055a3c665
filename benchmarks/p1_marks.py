"""P1: a judge's marks over HTTP. Single marks beside a route that does the same checks and stores nothing; batches of 50 beside raw
SQLite commits with `synchronous=FULL`. Device signatures and group commit come with tablets that work offline, and the bar with them.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import flask_migrate

from accounts.sign_in.actions import pair_device
from app import create_app
from benchmarks.table import Row
from competitions.marking import ledger
from foundation.clock import new_id, now
from tests.factories.marking import make_hall

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))


def per_second(act: Callable[[], Any]) -> float:
    """How often `act` runs in a second, over SECONDS, after a few rounds of warming up."""
    for _ in range(5):
        act()
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS:
        act()
        done += 1
    return done / spent


def raw_commits(folder: Path) -> float:
    """Commits of one row a second in a database of its own, WAL, synchronous=FULL."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE m (id TEXT PRIMARY KEY, body TEXT);"
    )

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO m VALUES (?, ?)", (str(new_id()), "x" * 400))
        connection.execute("COMMIT")

    figure = per_second(commit)
    connection.close()
    return figure


def rows() -> list[Row]:
    """Measure in a fresh folder and database."""
    with tempfile.TemporaryDirectory() as folder:
        overrides = {
            "LAUREL_DATA": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "RATE_LIMITS": "no",
            "SECRET_KEY": "bench",
        }
        return _measured(Path(folder), overrides)


def _measured(folder: Path, overrides: dict[str, str]) -> list[Row]:
    app = create_app(overrides)
    with app.app_context():
        flask_migrate.upgrade()
        hall = make_hall(works=6)
        judge = hall.judges[0]
        assert judge.person is not None
        token, device = pair_device(
            judge.person, hall.event_id, label="bench", ends_at=now().replace(year=2100), actor=judge, at=now()
        )
    client, numbers, heads = app.test_client(), count(1), dict[tuple[int, str], Any]()
    headers = {"Authorization": f"Bearer {token}"}

    def mark() -> dict[str, Any]:
        number = next(numbers)
        place = (number % 6, ("A1-2", "B1-1")[number % 2])
        made = {
            "id": str(new_id()), "work_id": str(hall.works[place[0]]), "aspect_id": str(hall.aspects[place[1]]),
            "seat_id": str(hall.seats[0]), "kind": "set", "value": str(number % 3), "base_id": heads.get(place),
            "scheme_id": str(hall.scheme_id), "device_id": str(device), "device_sequence": number, "client_at": now().isoformat(),
        }  # fmt: skip
        heads[place] = made["id"]
        return made

    def send(size: int) -> None:
        answer = client.post("/api/marks", json={"marks": [mark() for _ in range(size)]}, headers=headers)
        found = {one["status"] for one in answer.get_json()["answers"]}
        if found != {"received"}:
            raise RuntimeError(f"not received: {found}")

    class Unstored(Exception):
        pass

    real = ledger._receive

    def checked_only(*arguments: Any, **options: Any) -> Any:
        with patch.object(ledger, "insert", side_effect=Unstored):  # every check is made; the first write ends it
            try:
                return real(*arguments, **options)
            except Unstored:
                body = arguments[1][0][0]
                return [ledger.Answer(body.id, "received")]

    single = per_second(lambda: send(1))
    with patch.object(ledger, "_receive", checked_only):
        kept = dict(heads)

        def check() -> None:
            send(1)
            heads.clear()
            heads.update(kept)

        bare = per_second(check)
    batch = per_second(lambda: send(50)) * 50
    raw = raw_commits(folder)
    return [
        Row("P1", "single mark over HTTP, stored and acknowledged", f"{single:.0f}/s", f"{bare:.0f}/s same checks, nothing stored",
            f"{single / bare:.2f}", "≥ 0.5 (with the tablets' issue)", None),
        Row("P1", "batches of 50 over HTTP", f"{batch:.0f} marks/s", f"{raw:.0f} raw commits/s (FULL)", f"{batch / raw:.2f}",
            "≥ 1.0 (with the tablets' issue)", None),
    ]  # fmt: skip
