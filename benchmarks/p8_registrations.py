"""P8, beside it: an evening of registration over HTTP. Strangers register (account, person, entry) at the rate of 1,000 in ten minutes
while 50 readers look at pages; bar: 99 of 100 registrations under 500 ms on two cores.

The rate is kept, the time is bounded: `BENCH_REGISTRATIONS` (default 100, one minute); the full evening is 1,000.
The server is the one that serves an installation: gunicorn, one process, sixteen threads, SQLite.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import flask_migrate

from app import create_app
from benchmarks.table import Row
from catalogue.commands import load_everything
from catalogue.rules.identity_numbers import check_character
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.clock import new_id, now
from foundation.permission import MACHINE
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event

ROOT = Path(__file__).resolve().parents[1]
COUNT = int(os.environ.get("BENCH_REGISTRATIONS", "100"))
READERS = int(os.environ.get("BENCH_READERS", "50"))
PAUSE = 0.6
"""Seconds between two registrations: 1,000 in ten minutes."""
THINKING = 4.0
"""Seconds a reader looks at a page."""
BAR = 0.5


def rows() -> list[Row]:
    """Serve a fresh installation and register strangers beside readers."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "LAUREL_DATA": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.db", "RATE_LIMITS": "no", "SECRET_KEY": "bench",
            "SECURE_COOKIES": "no",
        }  # fmt: skip
        app = create_app(settings)
        with app.app_context():
            flask_migrate.upgrade()
            load_everything()
            competition = make_competition()
            for move in ("announce", "open_registration"):
                move_competition(competition, move, actor=MACHINE, at=now())
            event = make_event(competition, code="HJ")
            place = f"{event}/{event_row(event).divisions[0].id}"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "16", "--bind",
             f"127.0.0.1:{port}", "--log-level", "error", "--keep-alive", "15", "app:create_app()"],
            cwd=ROOT, env=os.environ | settings,
        )  # fmt: skip
        try:
            return _measured(port, competition, place)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _measured(port: int, competition: UUID, place: str) -> list[Row]:
    _wait(port)
    stop, reads, lock = threading.Event(), list[float](), threading.Lock()
    spent, wrong = list[float](), list[str]()

    def read(number: int) -> None:
        paths = ("/", f"/public/competitions/{competition}", f"/register/{competition}", "/query")
        turn = number
        stop.wait(number * THINKING / READERS)
        while not stop.is_set():
            began = time.perf_counter()
            status, _body, _head = _ask(port, "GET", paths[turn % len(paths)])
            with lock:
                reads.append(time.perf_counter() - began)
                if status != 200:
                    wrong.append(f"{paths[turn % len(paths)]}: {status}")
            turn += 1
            stop.wait(THINKING)

    def register(number: int) -> None:
        path = f"/register/{competition}"
        _status, page, head = _ask(port, "GET", path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        born = date(1980 + number % 20, 1 + number % 12, 1 + number % 28)
        seventeen = f"320102{born:%Y%m%d}{number % 1000:03d}"
        fields = {
            "csrf_token": token[1] if token else "", "key": str(new_id()), "place": place, "name_zh": "林晓禾",
            "document_kind": "resident_identity_card", "identity_number": seventeen + check_character(seventeen),
            "identity_class": "worker", "user_name": f"bench{number}", "new_password": "laurel-bench-1", "again": "laurel-bench-1",
        }  # fmt: skip
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Cookie": head.split(";")[0],
            "Referer": f"http://127.0.0.1:{port}{path}",
        }  # fmt: skip
        began = time.perf_counter()
        status, body, _head = _ask(port, "POST", path, urlencode(fields), headers)
        with lock:
            spent.append(time.perf_counter() - began)
            if status != 302:
                found = re.findall(r'class="wrong"[^>]*>.*?<span>([^<]+)', body)
                wrong.append(f"registration {number}: {status} {found[:2]}")

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for one in readers:
        one.start()
    people = []
    began = time.perf_counter()
    for number in range(COUNT):
        time.sleep(max(0.0, began + number * PAUSE - time.perf_counter()))
        people.append(threading.Thread(target=register, args=(number,)))
        people[-1].start()
    for one in people:
        one.join()
    took = time.perf_counter() - began
    stop.set()
    for one in readers:
        one.join()
    ninety_nine = _share(spent, 0.99)
    return [
        Row("P8", f"{COUNT:,} registrations in {took / 60:.1f} min beside {READERS} readers, {len(wrong)} wrong answers",
            f"p99 {ninety_nine * 1000:.0f} ms, median {statistics.median(spent) * 1000:.0f}",
            f"reading p99 {_share(reads, 0.99) * 1000:.0f} ms ({len(reads):,} pages)", f"{ninety_nine / max(_share(reads, 0.99), 1e-6):.1f}",
            "p99 < 500 ms", ninety_nine < BAR and not wrong),
        *(Row("P8", text, "", "", "", "none", False) for text in wrong[:3]),
    ]  # fmt: skip


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _ask(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.getheader("Set-Cookie") or ""
    finally:
        connection.close()


def _wait(port: int) -> None:
    for _turn in range(200):
        try:
            if _ask(port, "GET", "/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")
