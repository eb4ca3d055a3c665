"""P11: signed batches at three sizes, as the application makes them: database, photos, two hands, store, chain; memory of all its
processes together, sampled while it works. Beside it the naive way: WeasyPrint and a signature, one after the other.

`P11_SIZES=2500,5000,10000` chooses the sizes.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from benchmarks.table import Row
from tests.benchmarks.own_process import apart

SIZES = tuple(int(size) for size in os.environ.get("P11_SIZES", "2500,5000,10000").split(","))
LIMIT_MB, FEW, PHOTOS = 400, 3, 100


@dataclass(frozen=True, slots=True)
class Run:
    """One batch: how many, seconds for the gates and for making, the most memory in MB, issued and looked at."""

    size: int
    checking: float
    making: float
    memory: float
    issued: int
    looked: int


def rows() -> list[Row]:
    """Each size once, in a process of its own."""
    runs = _campaign(SIZES)
    each = [run.making / run.size * 1000 for run in runs]
    naive = _naive()
    linear = max(each) <= 2 * min(each)
    memory = max(run.memory for run in runs)
    sizes = " / ".join(f"{run.size:,}" for run in runs)
    return [
        Row(
            "P11", f"signed batches of {sizes}, two hands, {sum(run.looked for run in runs)} pages looked at",
            " / ".join(f"{one:.1f}" for one in each) + f" ms each ({runs[-1].making:.0f} s)",
            f"WeasyPrint and a signature each {naive * 1000:.0f} ms", f"{naive * 1000 / each[-1]:.0f} ×", "linear in the count",
            linear and all(run.issued == run.size for run in runs),
        ),
        Row(
            "P11", "memory of the worker and its hands together (PSS)", " / ".join(f"{run.memory:.0f}" for run in runs) + " MB",
            "", "", f"≤ {LIMIT_MB} MB", memory <= LIMIT_MB,
        ),
        Row(
            "P11", "gates of the same batches before the start",
            " / ".join(f"{run.checking / run.size * 1000:.1f}" for run in runs) + " ms each", "", "", "", None,
        ),
    ]  # fmt: skip


def _campaign(sizes: tuple[int, ...]) -> list[Run]:
    """What is to be made is written in one process; each batch is checked and made in a fresh one, as a worker does."""
    with tempfile.TemporaryDirectory() as folder:
        batches = apart(_prepared, folder, sizes)
        return [apart(_made, folder, size, *one) for size, one in zip(sizes, batches, strict=True)]


def _app(folder: str) -> Flask:
    from app import create_app  # noqa: PLC0415 - imported in the process that is measured

    database = f"sqlite:///{folder}/bench.db"
    return create_app({"LAUREL_DATA": folder, "DATABASE_URL": database, "RATE_LIMITS": "no", "SECRET_KEY": "bench"})


def _prepared(folder: str, sizes: tuple[int, ...]) -> list[tuple[UUID, UUID]]:
    """For each size a batch whose gates were not looked at yet, and the officer who ordered it."""
    import flask_migrate  # noqa: PLC0415

    from accounts.access.roles import Role  # noqa: PLC0415
    from catalogue.commands import load_everything  # noqa: PLC0415
    from certification.certificates.actions import batches, keys  # noqa: PLC0415
    from foundation.clock import now  # noqa: PLC0415
    from foundation.files.actions import keep_file  # noqa: PLC0415
    from foundation.permission import MACHINE, Actor  # noqa: PLC0415
    from tests.factories.accounts import make_grant, make_person  # noqa: PLC0415
    from tests.factories.certification import make_issuer, photo  # noqa: PLC0415

    with _app(folder).app_context():
        flask_migrate.upgrade()
        load_everything()
        person = make_person()
        make_grant(person, Role.EVALUATION_OFFICER)
        officer, issuer = Actor(person), make_issuer(switched_on=True)
        keys.make_key(issuer, actor=officer, at=now())
        pictures = [
            keep_file(
                photo(f"#{n * 37 % 256:02x}{n * 11 % 256:02x}40"),
                media_type="image/jpeg",
                name="p",
                actor=MACHINE,
                at=now(),
            )
            for n in range(PHOTOS)
        ]
        found, start = [], 0
        for size in sizes:
            ids = _reported(issuer, pictures, start, size)
            start += size
            (batch_id,) = batches.order_batches(ids, public_url="https://laurel.example", actor=officer, at=now())
            found.append((batch_id, person))
        return found


def _made(folder: str, size: int, batch_id: UUID, person: UUID) -> Run:
    """The gates, then the making, with the memory of worker and hands sampled while it makes."""
    from certification.certificates.actions import batches, making  # noqa: PLC0415
    from certification.certificates.queries import batches as queries  # noqa: PLC0415
    from foundation.clock import now  # noqa: PLC0415
    from foundation.permission import Actor  # noqa: PLC0415

    with _app(folder).app_context():
        began = time.monotonic()
        batches.check_batch(batch_id)
        checking = time.monotonic() - began
        batches.start_batch(batch_id, actor=Actor(person), at=now())
        watch = _Memory()
        began = time.monotonic()
        counts = making.make_batch(batch_id, run=1, actor=Actor(person))
        making = time.monotonic() - began
        most = watch.stop()
        return Run(size, checking, making, most, counts["issued"], len(queries.batch(batch_id).looked))


def _reported(issuer: UUID, pictures: list[UUID], start: int, size: int) -> list[UUID]:
    """Certificates that only wait for issue, written straight into the tables."""
    from datetime import date  # noqa: PLC0415

    from accounts.people.models import IdentityDocument, Person  # noqa: PLC0415
    from certification.certificates import face  # noqa: PLC0415
    from certification.certificates.models.certificates import (  # noqa: PLC0415
        Certificate,
        CertificateNumber,
        CertificatePrint,
    )
    from certification.certificates.queries.register import Holder  # noqa: PLC0415
    from certification.filings.models import EvaluationOrganization  # noqa: PLC0415
    from foundation.clock import new_id, now, random_bytes  # noqa: PLC0415
    from foundation.db import transaction  # noqa: PLC0415
    from foundation.encryption.personal import Personal  # noqa: PLC0415
    from foundation.encryption.sealing import blind_index  # noqa: PLC0415

    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", "晓禾明远建国文博思源嘉宁志强雨晴子涵海燕春生"
    ids = []
    for first in range(start, start + size, 500):
        with transaction() as writing:
            row = writing.get_one(EvaluationOrganization, issuer)
            for n in range(first, min(first + 500, start + size)):
                name = surnames[n % 20] + given[n * 7 % 20] + given[n * 3 % 19]
                paper = f"11010119900307{n:04d}"
                person = Person(id=new_id(), name_zh=name, photo_id=pictures[n % len(pictures)], created_at=now())
                key, token = new_id(), random_bytes(10).hex()
                number = f"{row.prefix}262{n + 1:06d}"
                certificate = Certificate(
                    id=key, kind="grade", evaluation_organization_id=issuer, person_id=person.id, state="reported", number=number,
                    grade="L2", occupation_code="6-18-02-04", occupation_name="焊工", occupation_edition="2022", direction="", sample=False,
                    previous_hash="0" * 64, token=Personal(token, keep=0), token_index=blind_index("certificate_token", token),
                    approved_on=date(2026, 11, 20), created_at=now(),
                )  # fmt: skip
                certificate.issuer = row
                holder = Holder(name, "", "", "", "", ("resident_identity_card", paper), person.photo_id)
                values = face.values_of(certificate, holder, number, random_bytes(16).hex())
                writing.add_all(
                    [
                        person,
                        IdentityDocument(
                            person_id=person.id, kind="resident_identity_card", number=Personal(paper),
                            number_index=f"{n:064d}", created_at=now(),
                        ),
                        certificate,
                        CertificateNumber(number=number, evaluation_organization_id=issuer, year=2026, grade_digit="2",
                                          serial=n + 1, state="used", given_at=now()),
                        CertificatePrint(certificate_id=key, values=Personal(face.stored_text(values), keep=0),
                                         photo_id=person.photo_id),
                    ]
                )  # fmt: skip
                ids.append(key)
    return ids


class _Memory:
    """Samples the memory of this process and all its descendants until stopped."""

    def __init__(self) -> None:
        self._end, self._most = threading.Event(), 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._end.wait(0.5):
            self._most = max(self._most, sum(_pss(pid) for pid in _family(os.getpid())))

    def stop(self) -> float:
        self._end.set()
        self._thread.join()
        return self._most


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _family(int(child))
    return found


def _pss(pid: int) -> float:
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", said, re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0


def _naive() -> float:
    """Seconds for one certificate laid out whole and signed, each on its own."""
    from benchmarks.p10_certificates import naive_signed  # noqa: PLC0415

    began = time.monotonic()
    naive_signed(FEW)
    return (time.monotonic() - began) / FEW
