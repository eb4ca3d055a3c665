"""P8: a roster of 5,000 rows with 50 bad ones, beside openpyxl reading the same file: the check that names all 50, and entering the rest."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from typing import Any

import flask_migrate
import openpyxl

from app import create_app
from benchmarks.table import Row
from catalogue.commands import load_everything
from competitions.entries.actions import importing
from competitions.entries.queries import rosters as queries
from foundation.clock import now
from foundation.permission import MACHINE
from tests.factories.competitions import make_competition
from tests.factories.rosters import line, workbook
from tests.factories.rows import make_event

ROWS, BAD, ROUNDS = 5000, 50, 3


def rows() -> list[Row]:
    """Measure in a fresh folder and database; the best of three rounds of both sides counts."""
    wrong = (
        {"姓名": "张3"},
        {"手机号码": "123"},
        {"民族": "火星族"},
        {"身份证号": "320102197001010019"},
        {"参赛项目": "茶艺"},
    )
    step = ROWS // BAD
    data = workbook([line(n, **(wrong[n // step % len(wrong)] if n % step == 0 else {})) for n in range(1, ROWS + 1)])
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
            return _measured(data)


def _measured(data: bytes) -> list[Row]:
    competition = make_competition()
    make_event(competition)

    def send() -> Any:
        return queries.roster_import(
            importing.send_roster(competition, data, name="bench.xlsx", actor=MACHINE, at=now())
        )

    reading = min(_spent(lambda: _read(data))[0] for _ in range(ROUNDS))
    checks = [_spent(send) for _ in range(ROUNDS)]
    checking, found = min(spent for spent, _row in checks), checks[0][1]
    named = len(queries.report_of(found)["wrong"])
    importing.accept_roster(found.id, only_good=True, actor=MACHINE, at=now())
    entering, stored = _spent(lambda: importing.store_roster(found.id, actor=MACHINE, at=now()))
    return [
        Row("P8", f"roster of {ROWS:,} rows checked, {named} of {BAD} bad ones named", f"{checking:.2f} s", f"{reading:.2f} s openpyxl",
            f"{checking / reading:.2f}", "≤ 2", checking <= 2 * reading and named == BAD),
        Row("P8", f"the other {stored:,} entered (a job, read and checked anew)", f"{entering:.2f} s", f"{reading:.2f} s openpyxl",
            f"{entering / reading:.2f}", "measured", None),
    ]  # fmt: skip


def _read(data: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return sum(1 for _row in sheet.iter_rows(values_only=True))


def _spent(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = act()
    return time.perf_counter() - began, answer
