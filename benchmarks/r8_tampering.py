"""R8: 10,000 tamperings with values of the append-only tables and bytes of an export, looked for by the independent verifier.

`python -m benchmarks.r8_tampering [TIMES] [SEED]`. The world is made by the application itself; an early checkpoint is kept, work
goes on, a second seal follows. Then, again and again: a copy of the untouched database lies in memory, one thing is changed
in it (triggers off, as somebody with the file could), the verifier says what it finds, and the change is taken back.

A rewrite leaves everything consistent that lies in the file: the row, its leaf, the roots and every seal after it, for the
audit log its chain and head too. Only the checkpoint shows it.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate

from app import create_app
from benchmarks import r8_verifier as verifier
from benchmarks import r8_world
from catalogue.commands import load_everything
from foundation.clock import arranged
from foundation.db import db

TABLES_MOST = 12  # of the draws fall on tables, the rest on the export
Files = dict[str, bytes]


@dataclass
class World:
    """The untouched database in memory, the export, and the early checkpoint."""

    base: sqlite3.Connection
    files: Files
    checkpoint: str


@dataclass
class Report:
    """How many of each kind were made, and which were not found."""

    made: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    tables: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many tamperings there were."""
        return sum(self.made.values())


def build(folder: Path) -> World:
    """Marks, signing lists, floor records, runs, publications, certificates, their acts: made by the application's own actions."""
    path = folder / "laurel.db"
    app = create_app(
        {"LAUREL_DATA": str(folder), "DATABASE_URL": f"sqlite:///{path}", "TESTING": "yes", "RATE_LIMITS": "no"}
    )
    with app.app_context(), arranged(r8_world.AT, seed=8):
        flask_migrate.upgrade()
        load_everything()
        checkpoint, files = r8_world.fill(folder / "export")
        for engine in db.engines.values():
            engine.dispose()
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with sqlite3.connect(path) as disk:
        disk.backup(memory)
    disk.close()
    for (name,) in memory.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        memory.execute(f'DROP TRIGGER "{name}"')
    return World(memory, files, checkpoint)


def campaign(times: int, seed: int) -> Report:
    """So many tamperings, each looked for on its own."""
    return campaigns(times, seed)[""]


def campaigns(times: int, seed: int, holes: Sequence[str] = (), few: int = 0) -> dict[str, Report]:
    """The campaign, and for each hole (a check taken away from the verifier) a few more in the same world."""
    with tempfile.TemporaryDirectory() as folder:
        world = build(Path(folder))
        untouched = verifier.problems(world.base, world.checkpoint, world.files)
        if untouched:
            raise RuntimeError(f"the untouched world does not hold: {untouched[:3]}")
        return {hole: _against(world, few if hole else times, seed, hole) for hole in ("", *holes)}


def _against(world: World, times: int, seed: int, leave_out: str) -> Report:
    rng, report = random.Random(seed), Report()  # noqa: S311
    tables = [
        name for (name,) in world.base.execute("SELECT DISTINCT table_name FROM evidence_leaf ORDER BY table_name")
    ] + ["evidence_leaf", "evidence_seal"]
    for _turn in range(times):
        if rng.randrange(TABLES_MOST + 3) < TABLES_MOST:
            _one(world, report, rng, rng.choice(tables), leave_out)
        else:
            _one_file(world, report, rng, leave_out)
    report.tables = Counter(
        {name: world.base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    )
    return report


def _one(world: World, report: Report, rng: random.Random, table: str, leave_out: str) -> None:
    kind = rng.choice([name for name in ACTS if name != "rewrite" or table not in ("evidence_leaf", "evidence_seal")])
    world.base.execute("PRAGMA foreign_keys=OFF")
    world.base.execute("BEGIN")
    try:
        what = ACTS[kind](world.base, rng, table)
        report.made[kind] += 1
        if not verifier.problems(world.base, world.checkpoint, world.files, leave_out=leave_out):
            report.missed.append(f"{kind} {table} {what}")
    finally:
        world.base.execute("ROLLBACK")


def _one_file(world: World, report: Report, rng: random.Random, leave_out: str) -> None:
    files = dict(world.files)
    kind, name = rng.choice(("flip", "delete", "swap", "truncate", "rewrite")), rng.choice(sorted(files))
    if kind == "flip":
        data = bytearray(files[name])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        files[name] = bytes(data)
    elif kind == "delete":
        del files[name]
    elif kind == "swap":
        first, second = rng.sample(sorted(files), 2)
        files[first], files[second] = files[second], files[first]
    elif kind == "truncate":
        files[name] = files[name][: rng.randrange(len(files[name]))]
    else:
        name = rng.choice([one for one in sorted(files) if one != "index.csv"])
        before = verifier.hashlib.sha256(files[name]).hexdigest()
        files[name] += b"\n"
        after = verifier.hashlib.sha256(files[name]).hexdigest()
        files["index.csv"] = files["index.csv"].replace(before.encode(), after.encode())
    report.made[f"export {kind}"] += 1
    if not verifier.problems(world.base, world.checkpoint, files, leave_out=leave_out):
        report.missed.append(f"export {kind} {name}")


# --- what is done to a table --------------------------------------------------------------------------------------------


def _row(base: sqlite3.Connection, rng: random.Random, table: str) -> int:
    count = base.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return int(base.execute(f'SELECT rowid FROM "{table}" LIMIT 1 OFFSET ?', (rng.randrange(count),)).fetchone()[0])


def _columns(base: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    return [(name, kind) for _, name, kind, _, _, _ in base.execute(f'PRAGMA table_info("{table}")')]


def _other(value: Any, kind: str, rng: random.Random) -> Any:
    if value is None:
        return 1 if kind in ("INTEGER", "BIGINT", "BOOLEAN") else "{}" if kind == "JSON" else "0" * 32
    if isinstance(value, int):
        return value ^ (1 << rng.randrange(8))
    if kind == "JSON":
        return '{"forged":1}' if value != '{"forged":1}' else "{}"
    if not value:
        return "x"
    place = rng.randrange(len(value))
    turned = "0" if value[place] != "0" else "1"
    return value[:place] + turned + value[place + 1 :]


def _early_row(base: sqlite3.Connection, rng: random.Random, table: str) -> int:
    """A row that the checkpoint covers."""
    keys = [name for _, name, _, _, _, place in base.execute(f'PRAGMA table_info("{table}")') if place]
    keys.sort()
    joined = " || '/' || ".join(f't."{name}"' for name in keys)
    wanted = (
        f'SELECT t.rowid FROM evidence_leaf l JOIN "{table}" t ON l.row_key = {joined} '
        "WHERE l.table_name = ? AND l.seal_number = 1 ORDER BY t.rowid"
    )
    return int(rng.choice(base.execute(wanted, (table,)).fetchall())[0])


def _flip(base: sqlite3.Connection, rng: random.Random, table: str, row: int = 0) -> str:
    """One value of one row becomes another."""
    row, columns = row or _row(base, rng, table), _columns(base, table)
    rng.shuffle(columns)
    for name, kind in columns:
        (value,) = base.execute(f'SELECT "{name}" FROM "{table}" WHERE rowid = ?', (row,)).fetchone()
        try:
            base.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE rowid = ?', (_other(value, kind, rng), row))
        except sqlite3.IntegrityError:  # a unique key refuses this very value: take another column
            continue
        return name
    raise RuntimeError(f"nothing in {table} can be changed")


def _delete(base: sqlite3.Connection, rng: random.Random, table: str) -> str:
    """One row goes."""
    base.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (_row(base, rng, table),))
    return "row"


def _swap(base: sqlite3.Connection, rng: random.Random, table: str) -> str:
    """Two rows change one value that differs between them; where none differs, one goes."""
    names = [name for name, _ in _columns(base, table)]
    rng.shuffle(names)
    first, second = _row(base, rng, table), _row(base, rng, table)
    for name in names:
        read = f'SELECT "{name}" FROM "{table}" WHERE rowid = ?'
        one, other = (base.execute(read, (row,)).fetchone()[0] for row in (first, second))
        if one == other:
            continue
        try:
            base.execute(
                f'UPDATE "{table}" SET "{name}" = CASE rowid WHEN ? THEN ? ELSE ? END WHERE rowid IN (?, ?)',
                (first, other, one, first, second),
            )
        except sqlite3.IntegrityError:
            continue
        return name
    return _delete(base, rng, table)


def _truncate(base: sqlite3.Connection, rng: random.Random, table: str) -> str:
    """Everything from one row on goes."""
    base.execute(f'DELETE FROM "{table}" WHERE rowid >= ?', (_row(base, rng, table),))
    return "tail"


def _rewrite(base: sqlite3.Connection, rng: random.Random, table: str) -> str:
    """A row that the checkpoint covers changes, and everything in the file is made to fit it."""
    early = base.execute(
        "SELECT row_key FROM evidence_leaf WHERE table_name = ? AND seal_number = 1 ORDER BY row_key", (table,)
    ).fetchall()
    if not early:  # nothing of it was there at the checkpoint
        return _delete(base, rng, table)
    if table == "audit_entry":
        what = _rewrite_audit(base, rng)
    else:
        what = _flip(base, rng, table, _early_row(base, rng, table))
    there = verifier.leaves_of(base, table)
    numbers = dict(
        base.execute("SELECT row_key, seal_number FROM evidence_leaf WHERE table_name = ?", (table,)).fetchall()
    )
    base.execute("DELETE FROM evidence_leaf WHERE table_name = ?", (table,))
    base.executemany(
        "INSERT INTO evidence_leaf (table_name, row_key, seal_number, digest) VALUES (?, ?, ?, ?)",
        [(table, key, numbers.get(key, 1), digest) for key, digest in there.items()],
    )
    before = verifier.GENESIS
    for number, rows, at in base.execute("SELECT number, rows, at FROM evidence_seal ORDER BY number").fetchall():
        leaves = base.execute(
            "SELECT table_name, row_key, digest FROM evidence_leaf WHERE seal_number = ?", (number,)
        ).fetchall()
        root = verifier.hashlib.sha256(
            verifier.canonical([text for leaf in sorted(leaves) for text in leaf])
        ).hexdigest()
        body = verifier.canonical(("laurel.evidence", "1", str(number), str(rows), root, verifier.moment(at)))
        digest = verifier.linked(before, body)
        base.execute(
            "UPDATE evidence_seal SET root = ?, previous_hash = ?, hash = ? WHERE number = ?",
            (root, before, digest, number),
        )
        before = digest
    return what


def _rewrite_audit(base: sqlite3.Connection, rng: random.Random) -> str:
    """One entry's verb becomes another, and its chain is hashed anew up to the head."""
    chain, sequence = base.execute(
        "SELECT a.chain, a.sequence FROM audit_entry a JOIN evidence_leaf l ON l.table_name = 'audit_entry' AND l.row_key = a.id "
        "WHERE l.seal_number = 1 ORDER BY a.chain, a.sequence LIMIT 1 OFFSET ?",
        (
            rng.randrange(
                base.execute(
                    "SELECT count(*) FROM evidence_leaf WHERE table_name = 'audit_entry' AND seal_number = 1"
                ).fetchone()[0]
            ),
        ),
    ).fetchone()
    base.execute("UPDATE audit_entry SET verb = 'forged:done' WHERE chain = ? AND sequence = ?", (chain, sequence))
    before = verifier.GENESIS
    for row in base.execute(
        "SELECT rowid, sequence, at, actor_id, via, verb, subject_type, subject_id, facts, hash_version FROM audit_entry "
        "WHERE chain = ? ORDER BY sequence", (chain,),
    ).fetchall():  # fmt: skip
        key, number, at, actor, via, verb, kind, subject, facts, version = row
        said = (
            "laurel.audit",
            str(version),
            chain,
            str(number),
            verifier.moment(at),
            verifier.dashed(actor),
            via,
            verb,
            kind,
            subject,
            facts,
        )
        digest = verifier.linked(before, verifier.canonical(said))
        base.execute("UPDATE audit_entry SET previous_hash = ?, hash = ? WHERE rowid = ?", (before, digest, key))
        before = digest
    base.execute("UPDATE audit_head SET hash = ? WHERE chain = ?", (before, chain))
    return "chain"


ACTS: dict[str, Callable[[sqlite3.Connection, random.Random, str], str]] = {
    "flip": _flip, "delete": _delete, "swap": _swap, "truncate": _truncate, "rewrite": _rewrite,
}  # fmt: skip


def main() -> int:
    """Run and print; exit status 1 when one was missed."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    began = time.monotonic()
    report = campaign(times, seed)
    for kind, count in sorted(report.made.items()):
        print(f"{kind:18} {count}")
    print("tables:", ", ".join(f"{name} {count}" for name, count in sorted(report.tables.items())))
    print(
        f"R8: {report.total - len(report.missed)} of {report.total} found, {time.monotonic() - began:.0f} s, seed {seed}"
    )
    for one in report.missed[:20]:
        print("MISSED", one)
    return 1 if report.missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
