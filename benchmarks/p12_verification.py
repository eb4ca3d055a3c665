"""P12: verification by number over a register of 1,000,000 certificates, through the whole application (one process). The rate is
of one core's time, for the machine may have other work; what the clock said and the load stand beside it.

The register is filled by bulk inserts (every row with what is printed, sealed as in service); the numbers asked for are drawn
at random, one in five does not exist. Beside it the naive way: the same select without the index on the number.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import flask_migrate
from flask.testing import FlaskClient
from sqlalchemy import insert

from app import create_app
from benchmarks.table import Row
from certification.certificates import face
from certification.certificates.models.certificates import Certificate, CertificatePrint
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from tests.factories.certification import make_issuer

SIZE = int(os.environ.get("P12_SIZE", "1000000"))
ASKED, BAR, CHUNK = 1_000, 200, 20_000
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def rows() -> list[Row]:
    """Fill, ask, compare with a scan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laurel.db"
        app = create_app(
            {"LAUREL_DATA": folder, "DATABASE_URL": f"sqlite:///{path}", "TESTING": "yes", "RATE_LIMITS": "no"}
        )
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            flask_migrate.upgrade()
            _fill(make_issuer())
        client = app.test_client()
        numbers = [_number(random.randrange(SIZE * 5 // 4)) for _ in range(ASKED)]  # noqa: S311
        _ask(client, numbers[:50])
        wall, used = time.perf_counter(), time.process_time()
        _ask(client, numbers)
        rate, seen = ASKED / (time.process_time() - used), ASKED / (time.perf_counter() - wall)
        naive = _naive(path, numbers[:5])
    load = os.getloadavg()[0]
    return [
        Row("P12", f"verification by number, register of {SIZE:,}", f"{rate:.0f}/s of one core ({seen:.0f}/s by the clock, load {load:.1f})",
            f"the bare select without the index: {naive:.1f}/s", f"{rate / naive:.1f} ×", f"≥ {BAR}/s", rate >= BAR)
    ]  # fmt: skip


def _number(position: int) -> str:
    return f"S00003200001{position // 1_000_000:d}262{position % 1_000_000:06d}"


def _fill(issuer_id: UUID) -> None:
    values = face.stored_text({
        "name": "林晓禾", "document_number": "110101199003070011", "occupation": "焊工", "work_type": "--", "grade_text": "二级/技师",
        "issuer": "江州省职业技能评价中心", "salt": "0" * 32,
    })  # fmt: skip
    for start in range(0, SIZE, CHUNK):
        keys = [new_id() for _ in range(min(CHUNK, SIZE - start))]
        lines = [
            {
                "id": key, "kind": "grade", "evaluation_organization_id": issuer_id, "person_id": key, "state": "issued",
                "number": _number(start + place), "grade": "L2", "occupation_code": "6-18-02-04", "occupation_name": "焊工",
                "occupation_edition": "2022", "issued_on": date(2026, 11, 22), "sample": False, "previous_hash": "0" * 64,
                "hash": "1" * 64, "file_sha256": key.hex * 2, "created_at": AT, "issued_at": AT,
            }
            for place, key in enumerate(keys)
        ]  # fmt: skip
        with transaction() as writing:
            writing.execute(insert(Certificate), lines)
            writing.execute(
                insert(CertificatePrint), [{"certificate_id": key, "values": Personal(values, keep=0)} for key in keys]
            )


def _ask(client: FlaskClient, numbers: list[str]) -> None:
    for number in numbers:
        answer = client.post("/verify", data={"number": number})
        if answer.status_code != 200:
            raise RuntimeError(f"{number}: {answer.status_code}")


def _naive(path: Path, numbers: list[str]) -> float:
    with sqlite3.connect(path) as base:
        began = time.process_time()
        for number in numbers:
            base.execute("SELECT id FROM certificate NOT INDEXED WHERE number = ?", (number,)).fetchone()
        return len(numbers) / (time.process_time() - began)
