"""P1: a judge's marks over HTTP, each signed by its tablet. Single marks beside a route that does the same checks, signatures
included, and stores nothing; batches of 50 beside raw SQLite commits with `synchronous=FULL`. Signing is the tablets' work: what is
sent was signed before the clock runs.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import flask_migrate

from app import create_app
from benchmarks.r1_faults import _plain
from benchmarks.table import Row
from competitions.marking import ledger
from competitions.marking.actions.tablets import register_tablet
from foundation.clock import new_id, now
from tests.factories.marking import Tablet, make_hall

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
STOCK = int(2500 * max(1.0, SECONDS))  # marks signed beforehand: more than a machine takes in that time


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
        tablet = Tablet()
        made = register_tablet(hall.event_id, tablet.jwk, label="bench", actor=judge, at=now())
        token, device = made.token, made.device_id
    client, numbers, heads = app.test_client(), count(1), dict[tuple[int, str], Any]()
    headers = {"Authorization": f"Bearer {token}"}

    def mark() -> dict[str, Any]:
        number = next(numbers)
        place = (number % 6, ("A1-2", "B1-1")[number % 2])
        body = hall.mark(
            0, place[1], str(number % 3), place[0], base_id=heads.get(place), device_id=device, device_sequence=number
        )
        heads[place] = body.id
        return _plain(tablet.signed(body))

    def signed(size: int) -> Iterator[list[dict[str, Any]]]:
        """Batches without end, made in stock so that the clock sees the server's work alone."""
        stock = [[mark() for _ in range(size)] for _ in range(STOCK // size)]
        return iter(stock)

    def send(batches: Iterator[list[dict[str, Any]]]) -> None:
        answer = client.post("/api/marks", json={"marks": next(batches)}, headers=headers)
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
                body = arguments[1][0].body
                return [ledger.Answer(body.id, "received")]

    one_by_one = signed(1)
    single = per_second(lambda: send(one_by_one))
    fifties = signed(50)
    batch = per_second(lambda: send(fifties)) * 50
    unstored = signed(1)
    with patch.object(ledger, "_receive", checked_only):
        bare = per_second(lambda: send(unstored))
    raw = raw_commits(folder)
    return [
        Row("P1", "single signed mark over HTTP, stored and acknowledged", f"{single:.0f}/s", f"{bare:.0f}/s same checks, nothing stored",
            f"{single / bare:.2f}", "≥ 0.5", single >= bare / 2),
        Row("P1", "signed batches of 50 over HTTP", f"{batch:.0f} marks/s", f"{raw:.0f} raw commits/s (FULL)", f"{batch / raw:.2f}",
            "≥ 1.0", batch >= raw),
    ]  # fmt: skip
