"""P8, beside it: the pages of a competition with 5,000 entries, each beside a page that reads next to nothing; bar 200 ms a page."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from typing import Any

import flask_migrate
from flask.testing import FlaskClient
from sqlalchemy import event as listener

from accounts.access.roles import Role
from app import create_app
from benchmarks.table import Row
from catalogue.commands import load_everything
from competitions.entries.actions import importing
from competitions.entries.queries.delegations import delegations_of
from competitions.programme.actions import move_competition
from foundation.clock import now
from foundation.db import db
from foundation.jobs.actions import run_job
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import make_grant, make_person, make_session
from tests.factories.competitions import make_competition
from tests.factories.rosters import HEADS, line, workbook
from tests.factories.rows import make_event

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "5000"))
ROUNDS = 7
BAR = 0.2
NAMES = ["林晓禾", "欧阳雨", "张伟", "李明", "何小满", "周敏", "王强", "陈浩", "赵海", "孙倩"]


def rows() -> list[Row]:
    """Fill a fresh installation from a roster and look at each page, warm; the best of seven rounds counts, as everywhere in P8."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "LAUREL_DATA": folder,
                "DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "RATE_LIMITS": "no",
                "SECRET_KEY": "bench",
            }
        )
        with app.app_context():
            flask_migrate.upgrade()
            load_everything()
            competition, event, delegation = _fill()
            person = make_person("周敏")
            make_grant(person, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
            token = make_session(person)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return _measured(client, competition, event, delegation)


def _fill() -> tuple[Any, Any, Any]:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=now())
    event = make_event(competition, code="HJ")
    heads = (*HEADS, "代表队")
    lines = [
        [*line(n, 姓名=NAMES[n % 10], 参赛项目="焊接", 工作单位=f"江州第{n % 400}厂"), f"代表队{n % 60}"]
        for n in range(1, ENTRIES + 1)
    ]
    sent = importing.send_roster(competition, workbook(lines, heads), name="bench.xlsx", actor=MACHINE, at=now())
    job = importing.accept_roster(sent, only_good=True, actor=MACHINE, at=now())
    if job is not None:
        run_job(job, lease=timedelta(minutes=10))
    return competition, event, delegations_of(competition)[0].delegation.id


def _measured(client: FlaskClient, competition: Any, event: Any, delegation: Any) -> list[Row]:
    entries = f"/competitions/{competition}/entries"
    pages = {
        "entries, first page": entries,
        "entries, last page by name": f"{entries}?sort=name&page=100",
        "entries searched by pinyin": f"{entries}?q=zhangwei",
        "entries searched by unit": f"{entries}?q=第17厂",
        "entries lacking certificate data": f"{entries}?light=missing&sort=-unit",
        "entries of an event": f"/events/{event}/entries",
        "delegations": f"/competitions/{competition}/delegations?sort=-entries",
        "one delegation, who lacks what": f"/delegations/{delegation}",
    }
    reference, _worked, _count = _spent(client, f"/competitions/{competition}/rules")
    found = []
    for what, path in pages.items():
        spent, worked, count = _spent(client, path)
        found.append(
            Row("P8", f"{what} ({ENTRIES:,} entries, {count} queries)", f"{spent * 1000:.0f} ms ({worked * 1000:.0f} of the processor)", f"{reference * 1000:.0f} ms rules page",
                f"{spent / reference:.1f}", "< 200 ms", spent < BAR)
        )  # fmt: skip
    return found


def _spent(client: FlaskClient, path: str) -> tuple[float, float, int]:
    times, processor, count = [], [], 0
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with client.application.app_context():
        listener.listen(db.engine, "before_cursor_execute", note)
    for turn in range(ROUNDS + 1):
        statements.clear()
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(path)
        spent, worked = time.perf_counter() - began, time.process_time() - worked
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        if turn:
            times.append(spent)
            processor.append(worked)
            count = len(statements)
    with client.application.app_context():
        listener.remove(db.engine, "before_cursor_execute", note)
    return min(times), min(processor), count
