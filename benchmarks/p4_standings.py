"""P4: standings of 1,000 entries × 150 aspects × 3 judges, beside a bare cursor that reads the same heads.

Each side runs in a process of its own on the same database file, three times in turn; the medians of the times are compared and
the largest resident memory of the computation with the smallest of the reader.
"""

# ruff: noqa: PLC0415, TID251 - children import what they measure alone; keys and times of bulk rows are nobody else's
from __future__ import annotations

import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benchmarks.table import Row

ENTRIES, ASPECTS, JUDGES = 1000, 150, 3
ROUNDS = 3
ROOT = Path(__file__).resolve().parents[1]


def rows() -> list[Row]:
    """Build the database once, measure both sides in their own processes."""
    with tempfile.TemporaryDirectory() as folder:
        _child("build", folder)
        read = [_child("read", folder) for _ in range(ROUNDS)]
        computed = [_child("compute", folder) for _ in range(ROUNDS)]
    reader, ours = (statistics.median(one["seconds"] for one in found) for found in (read, computed))
    more = (max(one["peak"] for one in computed) - min(one["peak"] for one in read)) / 1024
    ratio = ours / reader
    count = ENTRIES * ASPECTS * JUDGES
    return [
        Row("P4", f"{count:,} marks to stored standings", f"{ours:.2f} s", f"bare cursor {reader:.2f} s", f"{ratio:.2f} ×",
            "≤ 4 ×", ratio <= 4),
        Row("P4", "memory above the reader (the whole application loaded)", f"{more:.0f} MB", "0", "", "≤ 200 MB", more <= 200),
    ]  # fmt: skip


def _child(step: str, folder: str) -> dict[str, float]:
    environment = {
        **os.environ,
        "LAUREL_DATA": folder,
        "DATABASE_URL": f"sqlite:///{folder}/p4.db",
        "RATE_LIMITS": "no",
    }
    command = [sys.executable, "-m", "benchmarks.p4_standings", step, folder]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _answer(seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak}))


def _read(folder: str) -> None:
    ids = json.loads((Path(folder) / "p4.json").read_text())
    connection = sqlite3.connect(Path(folder) / "p4.db")
    began = time.perf_counter()
    cursor = connection.execute(
        "SELECT work_id, aspect_id, cell, value FROM mark_head WHERE event_id = ?", (UUID(ids["event"]).hex,)
    )
    for _row in cursor:
        pass
    _answer(time.perf_counter() - began)


def _compute(folder: str) -> None:
    from app import create_app
    from competitions.results.actions import compute_run
    from foundation.permission import MACHINE

    ids = json.loads((Path(folder) / "p4.json").read_text())
    app = create_app()
    with app.app_context():
        # Warm, as the service is: statements are compiled once in a process, not once a standing.
        compute_run(UUID(ids["event"]), UUID(ids["division"]), actor=MACHINE, at=datetime.now(UTC))
        _forget_runs(folder)
        began = time.perf_counter()
        compute_run(UUID(ids["event"]), UUID(ids["division"]), actor=MACHINE, at=datetime.now(UTC))
        _answer(time.perf_counter() - began)


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

    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        from catalogue.commands import load_everything

        load_everything()
        event = factory.make_event(make_competition(), theory=False)
        ids = _write(event)
    (Path(folder) / "p4.json").write_text(json.dumps({name: str(key) for name, key in ids.items()}))
    _answer(0)


def _write(event: UUID) -> dict[str, UUID]:
    from decimal import Decimal

    from sqlalchemy import insert, select

    from accounts.people.models import Person
    from competitions.codes.models import CodeSeal, Work, WorkEntry
    from competitions.entries.models import Entry, EntryMember
    from competitions.judges.models import PanelAssignment, PanelSeat
    from competitions.marking.models import Mark, MarkHead, MarkStream, Sheet
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
        sequence = 0
        for at, work in enumerate(works):
            marks: list[dict[str, Any]] = []
            heads = []
            for place, aspect in enumerate(aspects):
                for seat_number, seat in enumerate(seats):
                    sequence += 1
                    odd = (at * 7 + place * 3) % 3 + (seat_number if (at + place) % 4 == 0 else 0) // 2
                    value = str(min(odd, 3)) if aspect["method"] == "judgement_0_3" else f"0.{(at * 13 + place * 5 + seat_number) % 60:02d}"  # fmt: skip
                    key = uuid4()
                    marks.append({"id": key, "stream": f"event:{event}", "sequence": sequence, "work_id": work, "aspect_id": aspect["id"], "panel_id": panel, "seat_id": seat, "judge_id": seat, "kind": "set", "value": value, "scheme_id": scheme.id, "device_id": seat, "device_sequence": sequence, "client_at": now, "server_at": now, "status": "received", "reason": "", "body_hash": "0" * 64, "hash_version": 1, "previous_hash": "0" * 64, "hash": "0" * 64})  # fmt: skip
                    heads.append({"work_id": work, "aspect_id": aspect["id"], "cell": seat, "event_id": event, "mark_id": key, "value": value, "note": "", "conflict": False})  # fmt: skip
            writing.execute(insert(Mark), marks)
            writing.execute(insert(MarkHead), heads)
        writing.add(MarkStream(stream=f"event:{event}", sequence=sequence, hash="ab" * 32))
    return {"event": event, "division": division}


if __name__ == "__main__":
    {"build": _build, "read": _read, "compute": _compute}[sys.argv[1]](sys.argv[2]) if len(sys.argv) > 2 else print(
        rows()
    )
