"""R2: simulated power cuts. `python -m benchmarks.r2_power [CUTS [SEED]]`; prints its seed and the cut that lost, ends by itself.

A recording VFS (APSW) notes every write, truncation and sync of the database and its WAL while marks are committed with the pragmas
and tables of the house. A cut falls after a random operation, also in the middle of a commit or a checkpoint: of each file everything
up to its last sync survives; of later writes nothing (even cuts) or each 512-byte piece by the toss of a coin (odd cuts). What the
cut leaves is opened with the standard library's SQLite: it must be whole and hold every acknowledged mark. This tests our order of
acknowledging and syncing, not the disk: a disk that lies cannot be mended in software. Source of the model: SQLite, "How SQLite Is
Tested", 3.3.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
from sqlalchemy.dialects import sqlite as dialect
from sqlalchemy.schema import CreateTable

import app  # noqa: F401 - loads every table that these two point to
from competitions.marking.models.marks import Mark, MarkStream
from foundation.db import SQLITE_PRAGMAS, append_only_ddl, unique_keys

SECTOR = 512
COMMITS = 60


@dataclass
class Journal:
    """What was done to each file, in order, until `limit` operations."""

    limit: int
    done: int = 0
    files: dict[str, list[tuple[str, int, bytes]]] = field(default_factory=dict)

    @property
    def cut(self) -> bool:
        """Has the power gone?"""
        return self.done >= self.limit

    def note(self, path: str, kind: str, offset: int = 0, data: bytes = b"") -> None:
        """One operation; nothing is noted after the cut."""
        if not self.cut:
            self.done += 1
            self.files.setdefault(path, []).append((kind, offset, data))


class _File(apsw.VFSFile):  # type: ignore[misc]
    def __init__(self, journal: Journal, name: Any, flags: Any) -> None:
        self.journal = journal
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else str(name or "")
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - APSW's names
        super().xWrite(data, offset)
        self.journal.note(self.path, "write", offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self.journal.note(self.path, "truncate", size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self.journal.note(self.path, "sync")


class _Recorder(apsw.VFS):  # type: ignore[misc]
    def __init__(self, name: str, journal: Journal) -> None:
        self.journal = journal
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: Any) -> _File:  # noqa: N802
        return _File(self.journal, name, flags)


@dataclass(frozen=True, slots=True)
class Report:
    """What the cuts did. `first` names the first cut that lost something and how many commits led to it."""

    cuts: int
    acknowledged: int
    lost: int
    losing: int
    broken: int
    first: str


def campaign(cuts: int, seed: int, *, synchronous: str = "", acknowledge: str = "after") -> Report:
    """Cut the power `cuts` times. `synchronous` and `acknowledge="before"` plant bugs."""
    acknowledged = lost = losing = broken = 0
    first = ""
    for number in range(cuts):
        chance = random.Random(seed * 1_000_003 + number)  # noqa: S311 - a schedule that can be repeated
        with tempfile.TemporaryDirectory() as folder:
            told, missing, whole, commits = _cut(Path(folder), number, chance, synchronous, acknowledge)
        acknowledged, lost, losing, broken = (
            acknowledged + told, lost + missing, losing + bool(missing), broken + (not whole),
        )  # fmt: skip
        if (missing or not whole) and not first:
            first = f"seed {seed}, cut {number}, after {commits} commits: {missing} of {told} lost"
    return Report(cuts, acknowledged, lost, losing, broken, first)


def _cut(
    folder: Path, number: int, chance: random.Random, synchronous: str, acknowledge: str
) -> tuple[int, int, bool, int]:
    journal = Journal(limit=10**9)
    name = f"laurel-power-{number}"
    recorder = _Recorder(name, journal)
    before, after = folder / "before.db", folder / "after.db"
    connection = apsw.Connection(str(before), vfs=name)
    try:
        _prepare(connection, synchronous)
        journal.limit = journal.done + chance.randint(1, COMMITS * 5)
        told, commits = _commit_until_cut(connection, journal, chance, acknowledge)
    finally:
        connection.close()
        recorder.unregister()
    for suffix in ("", "-wal"):
        kept = _survivor(journal.files.get(f"{before}{suffix}", []), chance, keeps=bool(number % 2))
        if kept or not suffix:
            Path(f"{after}{suffix}").write_bytes(kept)
    whole, found = _opened(after)
    return len(told), len(set(told) - found), whole, commits


def _prepare(connection: Any, synchronous: str) -> None:
    for pragma in (*SQLITE_PRAGMAS, "foreign_keys=OFF", "wal_autocheckpoint=20"):
        connection.execute(f"PRAGMA {pragma}")
    for table in (MarkStream.__table__, Mark.__table__):
        connection.execute(str(CreateTable(table).compile(dialect=dialect.dialect())))  # type: ignore[arg-type,no-untyped-call]
    for statement in append_only_ddl("mark", unique_keys(Mark.__table__), "sqlite"):  # type: ignore[arg-type]
        connection.execute(statement)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if synchronous:
        connection.execute(f"PRAGMA synchronous={synchronous}")


def _commit_until_cut(
    connection: Any, journal: Journal, chance: random.Random, acknowledge: str
) -> tuple[list[str], int]:
    columns = [column.name for column in Mark.__table__.columns]
    told: list[str] = []
    sequence = 0
    for commit in range(COMMITS):
        group = []
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(chance.randint(1, 8)):
            sequence += 1
            key = hashlib.sha256(f"{sequence}".encode()).hexdigest()[:32]
            group.append(key)
            given = {
                "id": key,
                "stream": "event:r2",
                "sequence": sequence,
                "device_sequence": sequence,
                "value": "2",
                "hash": key * 2,
            }
            row = [given.get(name, "00") for name in columns]
            connection.execute(f"INSERT INTO mark VALUES ({', '.join('?' * len(row))})", row)
        connection.execute("INSERT OR REPLACE INTO mark_stream VALUES ('event:r2', ?, ?)", (sequence, key))
        if acknowledge == "before" and not journal.cut:
            told += group
        connection.execute("COMMIT")
        if acknowledge == "after" and not journal.cut:
            told += group
        if journal.cut:
            return told, commit
    return told, COMMITS


def _survivor(operations: list[tuple[str, int, bytes]], chance: random.Random, *, keeps: bool) -> bytes:
    """A file after the cut: all up to its last sync; of what came later nothing, or pieces of it."""
    last = max((index for index, (kind, _o, _d) in enumerate(operations) if kind == "sync"), default=-1)
    image = bytearray()
    for index, (kind, offset, data) in enumerate(operations):
        if index > last and not keeps:
            break
        if kind == "truncate" and (index <= last or chance.random() < 0.5):
            image[:] = image[:offset].ljust(offset, b"\x00")
        for start in range(0, len(data), SECTOR) if kind == "write" else ():
            piece = data[start : start + SECTOR]
            if index <= last or chance.random() < 0.5:
                if len(image) < offset + start:
                    image.extend(bytes(offset + start - len(image)))
                image[offset + start : offset + start + len(piece)] = piece
    return bytes(image)


def _opened(path: Path) -> tuple[bool, set[str]]:
    connection = sqlite3.connect(path)
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = {row[0] for row in connection.execute("SELECT id FROM mark")}
    except sqlite3.DatabaseError:
        return False, set()
    finally:
        connection.close()
    return whole, found


def main() -> int:
    """Run the campaign as it should be, then with `synchronous=NORMAL`, which must lose. Exit status 1 otherwise."""
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261125
    ours = campaign(cuts, seed)
    planted = {
        "synchronous=NORMAL": campaign(max(cuts // 5, 20), seed, synchronous="NORMAL"),
        "acknowledged before COMMIT": campaign(max(cuts // 5, 20), seed, acknowledge="before"),
    }
    print(
        f"R2 seed {seed}: {ours.cuts} cuts, {ours.acknowledged} marks acknowledged, {ours.lost} lost, {ours.broken} databases broken"
    )
    if ours.first:
        print(f"  {ours.first}")
    for name, report in planted.items():
        print(
            f"  planted {name}: {report.lost} of {report.acknowledged} lost in {report.losing} of {report.cuts} cuts; {report.first}"
        )
    return 0 if not ours.lost and not ours.broken and all(report.lost for report in planted.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
