"""P4: standings of 1,000 entries × 150 aspects × 3 judges, beside a bare cursor that reads the same heads.

Each side runs in processes of its own on the same database file, in turn and warm; the medians of the times are compared and the
largest resident memory of the computation with the smallest of the reader.
"""

# ruff: noqa: PLC0415, TID251 - children import what they measure alone; keys and times of bulk rows are nobody else's
from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benchmarks.table import Row

ENTRIES, ASPECTS, JUDGES = 1000, 150, 3
ROUNDS, TIMES = 3, 3
ROOT = Path(__file__).resolve().parents[1]


def rows() -> list[Row]:
    """Build the database once; measure both sides in turn, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        built = _child("build", folder)
        read, computed = [], []
        for _ in range(ROUNDS):
            read.append(_child("read", folder))
            computed.append(_child("compute", folder))
    reader, ours = (statistics.median(t for one in found for t in one["times"]) for found in (read, computed))
    more = (max(one["peak"] for one in computed) - min(one["peak"] for one in read)) / 1024
    least = min(one["idle"] for one in computed) / 1024
    ratio = ours / reader
    count = ENTRIES * ASPECTS * JUDGES
    return [
        Row("P4", f"{count:,} marks to stored standings", f"{ours:.2f} s", f"bare cursor {reader:.2f} s", f"{ratio:.2f} ×",
            "≤ 4 ×", ratio <= 4),
        Row("P4", "memory above the reader (the whole application loaded)", f"{more:.0f} MB",
            f"application at rest {least:.0f} MB", "", "≤ 200 MB", more <= 200),
        Row("P4", "building the database of this measurement", f"{built['times'][0]:.0f} s", "", "", "≤ 40 s on two free cores", None),
    ]  # fmt: skip


def _child(step: str, folder: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "LAUREL_DATA": folder,
        "DATABASE_URL": f"sqlite:///{folder}/p4.db",
        "RATE_LIMITS": "no",
    }
    command = [sys.executable, "-m", "benchmarks.p4_standings", step, folder]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _peak() -> int:
    # Of this program alone: `ru_maxrss` of a child begins with the size of the process that started it.
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM:")).split()[1])


def _timed(act: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> list[float]:
    """Once to warm up, then TIMES times."""
    times = []
    for _ in range(TIMES + 1):
        before()
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return times[1:]


def _answer(times: list[float], idle: int = 0) -> None:
    print(json.dumps({"times": times, "peak": _peak(), "idle": idle}))


def _read(folder: str) -> None:
    ids = json.loads((Path(folder) / "p4.json").read_text())
    connection = sqlite3.connect(Path(folder) / "p4.db")

    def read() -> None:
        for _row in connection.execute(
            "SELECT work_id, aspect_id, cell, value FROM mark_head WHERE event_id = ?", (UUID(ids["event"]).hex,)
        ):
            pass

    _answer(_timed(read))


def _compute(folder: str) -> None:
    from app import create_app
    from competitions.results.actions import compute_run
    from foundation.permission import MACHINE

    ids = json.loads((Path(folder) / "p4.json").read_text())
    event, division = UUID(ids["event"]), UUID(ids["division"])
    app = create_app()
    idle = _peak()
    with app.app_context():
        times = _timed(
            lambda: compute_run(event, division, actor=MACHINE, at=datetime.now(UTC)), lambda: _forget_runs(folder)
        )
    _answer(times, idle)


def _forget_runs(folder: str) -> None:
    # A second computation of equal inputs would answer with the stored run and write nothing.
    connection = sqlite3.connect(Path(folder) / "p4.db", isolation_level=None)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('result_run', 'result_row')"
    ).fetchall()
    for name, _sql in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DELETE FROM result_row")
    connection.execute("DELETE FROM result_run")
    for _name, sql in triggers:
        connection.execute(sql)
    connection.close()


def _build(folder: str) -> None:
    import flask_migrate

    from app import create_app
    from tests.factories import rows as factory
    from tests.factories.competitions import make_competition

    began = time.perf_counter()
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        from catalogue.commands import load_everything

        load_everything()
        event = factory.make_event(make_competition(), theory=False)
        ids = _write(folder, event)
    (Path(folder) / "p4.json").write_text(json.dumps({name: str(key) for name, key in ids.items()}))
    _answer([time.perf_counter() - began])


def _write(folder: str, event: UUID) -> dict[str, UUID]:
    from decimal import Decimal

    from sqlalchemy import insert, select

    from accounts.people.models import Person
    from competitions.codes.models import CodeSeal, Work, WorkEntry
    from competitions.entries.models.entries import Entry, EntryMember
    from competitions.judges.models import PanelAssignment, PanelSeat
    from competitions.marking.models.marks import MarkStream, Sheet
    from competitions.programme.models import Division, Event
    from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SubCriterion
    from foundation.db import transaction
    from tests.factories import rows as factory

    now = datetime.now(UTC)
    per_sub = 10
    with transaction() as writing:
        division = writing.scalars(select(Division.id).where(Division.event_id == event)).one()
        competition = writing.get_one(Event, event).competition_id
        scheme = MarkingScheme(id=uuid4(), event_id=event, number=1, state="frozen", total=Decimal(100), content_hash="0" * 64, created_at=now)  # fmt: skip
        writing.add(scheme)
        writing.flush()
        subs: list[UUID] = []
        for number in range(ASPECTS // per_sub):
            criterion = Criterion(id=uuid4(), scheme_id=scheme.id, code=chr(65 + number), name_zh="评分项", position=number)  # fmt: skip
            writing.add(criterion)
            writing.flush()
            sub = SubCriterion(id=uuid4(), criterion_id=criterion.id, code=f"{criterion.code}1", name_zh="评分子项", position=0)  # fmt: skip
            writing.add(sub)
            writing.flush()
            subs.append(sub.id)
        aspects = [
            {"id": uuid4(), "scheme_id": scheme.id, "sub_criterion_id": sub, "code": f"{n}", "kind": kind, "method": method,
             "options": {}, "max_mark": Decimal("0.66"), "name_zh": "评分点", "name_en": "", "guidance": "", "descriptors": [],
             "section": "", "position": n}
            for sub in subs
            for n in range(per_sub)
            for kind, method in [("judgement", "judgement_0_3") if n % 2 else ("points", "points")]
        ]  # fmt: skip
        writing.execute(insert(Aspect), aspects)
    panel = factory.make_panel(event, judges=JUDGES)
    with transaction() as writing:
        writing.execute(insert(PanelAssignment), [{"id": uuid4(), "panel_id": panel, "sub_criterion_id": sub} for sub in subs])  # fmt: skip
        seats = list(
            writing.scalars(select(PanelSeat.id).where(PanelSeat.panel_id == panel).order_by(PanelSeat.number))
        )
        entries, works, people = ([uuid4() for _ in range(ENTRIES)] for _ in range(3))
        writing.execute(insert(Person), [{"id": key, "name_zh": f"选手{n}", "created_at": now, "name_en": "", "name_pinyin": "", "sex": "", "ethnic_group": "", "education": "", "language": "zh"} for n, key in enumerate(people)])  # fmt: skip
        writing.execute(insert(Entry), [{"id": key, "competition_id": competition, "event_id": event, "division_id": division, "number": n + 1, "pass_number": f"{n:05d}", "state": "accepted", "origin": "import", "review_note": "", "attendance": "present", "attendance_note": "", "created_at": now} for n, key in enumerate(entries)])  # fmt: skip
        writing.execute(insert(EntryMember), [{"id": uuid4(), "entry_id": entry, "person_id": person, "position": 1, "identity_class": "worker", "unit_name": "", "post": ""} for entry, person in zip(entries, people, strict=True)])  # fmt: skip
        writing.execute(insert(Work), [{"id": key, "event_id": event, "division_id": division, "code": f"{n:05d}", "created_at": now} for n, key in enumerate(works)])  # fmt: skip
        writing.execute(insert(WorkEntry), [{"work_id": work, "entry_id": entry} for work, entry in zip(works, entries, strict=True)])  # fmt: skip
        writing.add(CodeSeal(event_id=event, sealed_at=now, released_at=now, unblinded_at=now))
        writing.execute(insert(Sheet), [{"id": uuid4(), "event_id": event, "panel_id": panel, "sub_criterion_id": sub, "work_id": work, "state": "confirmed", "hash": ""} for work in works for sub in subs])  # fmt: skip
        writing.add(MarkStream(stream=f"event:{event}", sequence=ENTRIES * ASPECTS * JUDGES, hash="ab" * 32))
    _write_marks(folder, event, panel, scheme.id, works, [(one["id"], one["method"]) for one in aspects], seats)
    return {"event": event, "division": division}


def _write_marks(
    folder: str,
    event: UUID,
    panel: UUID,
    scheme: UUID,
    works: list[UUID],
    aspects: list[tuple[Any, Any]],
    seats: list[UUID],
) -> None:
    """Marks and heads straight into SQLite: no triggers, no syncs, indexes at the end. 900,000 rows in some seconds."""
    connection = sqlite3.connect(Path(folder) / "p4.db", isolation_level=None)
    connection.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-200000; BEGIN;")
    set_aside = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ('mark', 'mark_head') AND type IN ('trigger', 'index') "
        "AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _sql in set_aside:
        connection.execute(f"DROP {kind} {name}")
    at = int(time.time() * 1_000_000)
    stream, nothing = f"event:{event}", "0" * 64
    cells = [(seat.hex, number) for number, seat in enumerate(seats)]
    marks: list[tuple[Any, ...]] = []
    heads: list[tuple[Any, ...]] = []
    sequence = 0

    def write() -> None:
        _bulk(connection, "mark", _MARK, marks)
        _bulk(connection, "mark_head", _HEAD, heads)
        marks.clear()
        heads.clear()

    for number, work in enumerate(works):
        for place, (aspect, method) in enumerate(aspects):
            for cell, seat in cells:
                sequence += 1
                judged = (number * 7 + place * 3) % 3 + (seat if (number + place) % 4 == 0 else 0) // 2
                points = (number * 13 + place * 5 + seat) % 60
                value = str(min(judged, 3)) if method == "judgement_0_3" else f"0.{points:02d}"
                key = uuid4().hex
                marks.append((key, stream, sequence, work.hex, aspect.hex, panel.hex, cell, cell, "set", value, scheme.hex,
                              cell, sequence, at, at, "received", "", "", nothing, 1, nothing, nothing))  # fmt: skip
                heads.append((work.hex, aspect.hex, cell, event.hex, key, value, 1, 0, ""))
        if len(marks) > 50_000:
            write()
    write()
    for _kind, _name, sql in set_aside:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


_MARK = ("id", "stream", "sequence", "work_id", "aspect_id", "panel_id", "seat_id", "judge_id", "kind", "value", "scheme_id",
         "device_id", "device_sequence", "client_at", "server_at", "status", "held_code", "reason", "body_hash", "hash_version",
         "previous_hash", "hash")  # fmt: skip
_HEAD = ("work_id", "aspect_id", "cell", "event_id", "mark_id", "value", "leaves", "conflict", "note")


def _bulk(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], values: list[tuple[Any, ...]]) -> None:
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values
    )


if __name__ == "__main__":
    {"build": _build, "read": _read, "compute": _compute}[sys.argv[1]](sys.argv[2]) if len(sys.argv) > 2 else print(
        rows()
    )
