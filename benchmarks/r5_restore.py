"""R5: back up under load, restore on an empty machine. `python -m benchmarks.r5_restore [MARKS [FILES]]`; ends by itself.

A hall is marked and documents are stored. While judges go on sending, `flask backup` runs in a process of its own; then `flask restore`
into an empty folder, with the key file as the only other thing. Compared: the canonical dump, every stored file byte for byte (sealed,
and opened with the restored keys), the ledger's chains and everything derived from it. At the end the tablets offer again what they
sent: whatever was given after the snapshot comes back, nothing twice. Prints how long each took.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import flask_migrate
from sqlalchemy import select

from app import create_app
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Mark
from foundation.backups import sealed_keys
from foundation.clock import now
from foundation.db import session
from foundation.files.actions import keep_file
from foundation.permission import MACHINE, Actor
from tests.factories.marking import Hall, make_hall

ROOT = Path(__file__).resolve().parents[1]
PASSPHRASE = "a campaign's passphrase"  # noqa: S105 - of a key file that lives as long as the run


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `lost` and `twice` are marks after the tablets offered again; `during` were taken in while the backup ran."""

    marks: int
    during: int
    files: int
    backup_seconds: float
    restore_seconds: float
    dump_equal: bool
    files_equal: bool
    chains_hold: bool
    projections_hold: bool
    lost: int
    twice: int

    @property
    def holds(self) -> bool:
        """Is R5 kept?"""
        return (
            self.dump_equal
            and self.files_equal
            and self.chains_hold
            and self.projections_hold
            and not (self.lost or self.twice)
        )


def bodies(hall: Hall) -> Any:
    """Marks without end: every cell of the hall again and again, each on the one before."""
    last: dict[tuple[int, int, str], UUID] = {}
    for number in count():
        seat, work, aspect = number % 3, number // 3 % len(hall.works), ("A1-2", "B1-1")[number // 7 % 2]
        body = hall.mark(seat, aspect, str(number % 4), work, base_id=last.get((seat, work, aspect)))
        last[seat, work, aspect] = body.id
        yield seat, body


def campaign(marks: int, files: int, *, planted: str = "") -> Report:
    """Back up and restore once. `planted` is `forgotten_file` or `changed_value`: done to the backup or what was restored."""
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        machine, empty, backup = folder / "machine", folder / "empty", folder / "backup"
        app = create_app(_settings(machine))
        with app.app_context():
            flask_migrate.upgrade()
            hall = make_hall(works=40)
            source = bodies(hall)
            sent: list[tuple[int, MarkBody]] = []
            while len(sent) < marks:
                _send(hall, [next(source) for _ in range(150)], sent)
            papers = [os.urandom(20_000) for _ in range(files)]
            for paper in papers:
                keep_file(b"%PDF-1.7\n" + paper, media_type="application/pdf", name="x.pdf", actor=MACHINE, at=now())
            sealed_keys.export(machine / "keys", folder / "keys.sealed", PASSPHRASE)
        (folder / "word").write_text(PASSPHRASE)
        before, ended = len(sent), threading.Event()

        def go_on() -> None:
            with app.app_context():
                while not ended.is_set():
                    _send(hall, [next(source) for _ in range(9)], sent)

        judge = threading.Thread(target=go_on)
        judge.start()
        backup_seconds = _flask(machine, "backup", str(backup))[0]
        ended.set()
        judge.join()
        keys = ("--keys", str(folder / "keys.sealed"), "--passphrase-file", str(folder / "word"))
        restore_seconds, _said = _flask(empty, "restore", str(backup), *keys)
        if planted == "changed_value":
            _tamper(empty)
        second = folder / "second"
        _flask(empty, "backup", str(second))
        first, again = (json.loads((one / "manifest.json").read_text()) for one in (backup, second))
        if planted == "forgotten_file":
            next(path for path in (empty / "files").rglob("*") if path.is_file()).unlink()
        checks = [
            _flask(empty, *words, check=False)[1]
            for words in (("marking", "verify", "--json"), ("marking", "rebuild", "--check", "--json"))
        ]
        lost, twice = _refilled(empty, hall, sent)
        return Report(
            before, len(sent) - before, files, backup_seconds, restore_seconds,
            dump_equal=first["tables"] == again["tables"],
            files_equal=_same_files(machine / "files", empty / "files") and again["missing"] == [],
            chains_hold=json.loads(checks[0])["ok"], projections_hold=json.loads(checks[1])["ok"], lost=lost, twice=twice,
        )  # fmt: skip


def _settings(data: Path) -> dict[str, str]:
    return {
        "LAUREL_DATA": str(data),
        "DATABASE_URL": f"sqlite:///{data}/laurel.db",
        "RATE_LIMITS": "no",
        "SECRET_KEY": "campaign",
    }


def _send(hall: Hall, given: list[tuple[int, MarkBody]], sent: list[tuple[int, MarkBody]]) -> None:
    for seat in range(3):
        mine = [body for who, body in given if who == seat]
        for start in range(0, len(mine), 50):
            receive_marks(mine[start : start + 50], actor=hall.judges[seat], at=now())
    sent += given


def _flask(data: Path, *arguments: str, check: bool = True) -> tuple[float, str]:
    data.mkdir(exist_ok=True)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT, env={**os.environ, **_settings(data)}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    if check and done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return time.monotonic() - start, done.stdout


def _same_files(one: Path, other: Path) -> bool:
    found = [
        {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    ]  # fmt: skip
    return found[0] == found[1]


def _tamper(data: Path) -> None:
    connection = sqlite3.connect(data / "laurel.db")
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='mark'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE mark SET value='3' WHERE sequence=7 AND value<>'3' OR sequence=8")
    connection.commit()
    connection.close()


def _refilled(data: Path, hall: Hall, sent: list[tuple[int, MarkBody]]) -> tuple[int, int]:
    """The tablets offer everything again to the restored server, in a process of its own. (lost, twice)."""
    given = [
        {name: str(value) if isinstance(value := getattr(body, name), UUID) else value for name in MarkBody.__slots__}
        | {"client_at": body.client_at.isoformat(), "judge": str(hall.judges[seat].person)}
        for seat, body in sent
    ]
    (data / "offered.json").write_text(json.dumps(given))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.r5_restore", "--refill", str(data)], cwd=ROOT, env={**os.environ, **_settings(data)},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    lost, twice = done.stdout.split()
    return int(lost), int(twice)


def refill(data: Path) -> None:
    """The other process: take in what is offered, count what is missing and what stands there twice."""
    app = create_app(_settings(data))
    offered = json.loads((data / "offered.json").read_text())
    with app.app_context():
        there = set(session().scalars(select(Mark.id)))
        absent = [one for one in offered if UUID(one["id"]) not in there]
        for one in [*absent, *offered[:200]]:  # what is missing, and some that are there
            judge = Actor(UUID(one.pop("judge")))
            ids = {name: UUID(one[name]) for name in ("id", "work_id", "aspect_id", "scheme_id", "device_id")}
            maybe = {name: UUID(one[name]) if one[name] else None for name in ("seat_id", "base_id")}
            body = replace(MarkBody(**{**one, **ids, **maybe}), client_at=datetime.fromisoformat(one["client_at"]))
            receive_marks([body], actor=judge, at=now())
            one["judge"] = str(judge.person)
        rows = list(session().scalars(select(Mark.id)))
    wanted = {UUID(one["id"]) for one in offered}
    print(len(wanted - set(rows)), len(rows) - len(set(rows) & wanted))


def main() -> int:
    """Run and print. Exit status 1 when what was restored is not what was there."""
    if len(sys.argv) > 2 and sys.argv[1] == "--refill":
        refill(Path(sys.argv[2]))
        return 0
    marks, files = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 100_000), (2, 50)))
    report = campaign(marks, files)
    fast = report.restore_seconds <= 60 * max(1, marks / 100_000)
    print(report, "holds" if report.holds and fast else "BROKEN")
    return 0 if report.holds and fast else 1


if __name__ == "__main__":
    raise SystemExit(main())
