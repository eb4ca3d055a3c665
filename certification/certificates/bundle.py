"""The bundle of a batch: every file, an index, and a manifest with all hashes, as a ZIP that is never whole in memory.

Files are stored, not packed: PDFs do not become smaller, and the archive can be read without unpacking anything else.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from certification.certificates.queries.batches import BatchFile
from foundation.files.store import store

MANIFEST, INDEX, FOLDER = "manifest.json", "index.csv", "certificates"
HEADS = (
    "序号",
    "证书编号",
    "姓名",
    "证件号码后四位",
    "职业名称",
    "职业技能等级",
    "发证日期",
    "状态",
    "文件",
    "SHA-256",
)


@dataclass(frozen=True, slots=True)
class IndexLine:
    """What the index says of one file beside its number and hash."""

    name: str
    document_end: str
    occupation: str
    grade: str


class _Outlet(io.RawIOBase):
    """What is written to it is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def index_csv(files: Sequence[BatchFile], lines: Mapping[UUID, IndexLine]) -> bytes:
    """The index, readable by a spreadsheet program (UTF-8 with its mark). No whole identity number stands in it."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(HEADS)
    for position, one in enumerate(files, start=1):
        line = lines[one.certificate_id]
        writer.writerow(
            (position, one.number, _plain(line.name), line.document_end, line.occupation, line.grade, one.issued_on or "",
             one.state, f"{FOLDER}/{one.number}.pdf", one.sha256)
        )  # fmt: skip
    return "\ufeff".encode() + target.getvalue().encode()


def _plain(text: str) -> str:
    # A spreadsheet program would take it for a formula.
    return "'" + text if text[:1] in "=+-@\t\r" else text


def manifest(facts: Mapping[str, Any], files: Sequence[BatchFile], index: bytes) -> bytes:
    """Every file of the bundle with its size and SHA-256; names nobody."""
    said = {
        "schema": "laurel.certificate_batch", "version": 1, **facts,
        "index": {"name": INDEX, "size": len(index), "sha256": hashlib.sha256(index).hexdigest()},
        "files": [
            {"name": f"{FOLDER}/{one.number}.pdf", "number": one.number, "size": one.size, "sha256": one.sha256,
             "issued_on": one.issued_on.isoformat() if one.issued_on else "", "state": one.state}
            for one in files
        ],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def streamed(files: Iterable[BatchFile], first: Mapping[str, bytes]) -> Iterator[bytes]:
    """The ZIP piece by piece: `first`, then the certificates as they lie in the store. Needs no database.

    Raises RuntimeError when a stored file is not what was issued: an archive that is wrong must not look whole.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, data in first.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
            yield outlet.taken()
        for one in files:
            data = store().read(one.file_id)
            if hashlib.sha256(data).hexdigest() != one.sha256:
                raise RuntimeError(f"stored file {one.file_id} is not what was issued")
            archive.writestr(zipfile.ZipInfo(f"{FOLDER}/{one.number}.pdf", _moment(one.issued_on)), data)
            yield outlet.taken()
    yield outlet.taken()


def _moment(day: date | None) -> tuple[int, int, int, int, int, int]:
    return (day.year, day.month, day.day, 0, 0, 0) if day else (1980, 1, 1, 0, 0, 0)
