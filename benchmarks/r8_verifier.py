"""An independent verifier: the standard library alone, a database file, an export's bytes, and one checkpoint kept elsewhere.

It shares no line with the application. It works out every chain of the audit log and of the marks, every leaf and seal, and
compares the seal of the checkpoint's number with the checkpoint. The formats are those the application's documents describe.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

GENESIS = "0" * 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHECKS = frozenset(("audit", "marks", "leaves", "seals", "checkpoint", "export"))


def canonical(fields: Iterable[str]) -> bytes:
    """Each field preceded by its length in bytes and a colon."""
    return b"".join(b"%d:" % len(data) + data for data in (text.encode() for text in fields))


def linked(previous: str, body: bytes) -> str:
    """The hash of a link."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(previous) + body).hexdigest()


def moment(microseconds: int) -> str:
    """A stored moment as chains write it."""
    return (EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds")


def dashed(text: str | None) -> str:
    """A stored id as chains write it; nothing for none."""
    return "" if text is None else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def optional(text: object | None) -> str:
    """A value that may be missing, as the chain of marks writes it."""
    return "" if text is None else f"={text}"


def problems(
    base: sqlite3.Connection, checkpoint: str, export: Mapping[str, bytes], *, leave_out: str = ""
) -> list[str]:
    """Everything that does not hold. `leave_out` skips one of CHECKS: the campaign's planted hole."""
    found: list[str] = []
    try:
        for name, check in (("audit", _audit), ("marks", _marks)):
            if name != leave_out:
                found += check(base)
        found += _seals(base, checkpoint, leave_out)
        if leave_out != "export":
            found += _export(base, export)
    except (ValueError, KeyError, TypeError, sqlite3.Error, OverflowError) as wrong:
        found.append(f"unreadable: {wrong}")
    return found


def _audit(base: sqlite3.Connection) -> list[str]:
    found, heads = [], {}
    wanted = ("SELECT chain, sequence, at, actor_id, via, verb, subject_type, subject_id, facts, hash_version, previous_hash, hash "
              "FROM audit_entry ORDER BY chain, sequence")  # fmt: skip
    for chain, number, at, actor, via, verb, kind, subject, facts, version, previous, digest in base.execute(wanted):
        last, before = heads.get(chain, (0, GENESIS))
        body = canonical(
            (
                "laurel.audit",
                str(version),
                chain,
                str(number),
                moment(at),
                dashed(actor),
                via,
                verb,
                kind,
                subject,
                facts,
            )
        )
        if (number, previous, digest) != (last + 1, before, linked(before, body)):
            found.append(f"audit {chain} {number}")
        heads[chain] = (number, digest)
    kept = {
        chain: (number, digest)
        for chain, number, digest in base.execute("SELECT chain, sequence, hash FROM audit_head")
    }
    return found + [
        f"audit head {chain}" for chain in heads.keys() | kept.keys() if heads.get(chain) != kept.get(chain)
    ]


def _marks(base: sqlite3.Connection) -> list[str]:
    found, heads = [], {}
    base.row_factory = sqlite3.Row
    rows = base.execute("SELECT * FROM mark ORDER BY stream, sequence").fetchall()
    base.row_factory = None
    for row in rows:
        last, before = heads.get(row["stream"], (0, GENESIS))
        body = canonical((
            "laurel.mark", str(row["hash_version"]), row["stream"], str(row["sequence"]), dashed(row["id"]), dashed(row["work_id"]),
            dashed(row["aspect_id"]), optional(dashed(row["panel_id"]) or None), optional(dashed(row["seat_id"]) or None),
            dashed(row["judge_id"]), row["kind"], optional(row["value"]), optional(dashed(row["base_id"]) or None),
            dashed(row["scheme_id"]), dashed(row["device_id"]), str(row["device_sequence"]), moment(row["client_at"]),
            moment(row["server_at"]), row["status"], row["held_code"], optional(dashed(row["refers_to"]) or None), row["reason"],
            row["body_hash"], optional(row["device_signature"]),
        ))  # fmt: skip
        if (row["sequence"], row["previous_hash"], row["hash"]) != (last + 1, before, linked(before, body)):
            found.append(f"mark {row['stream']} {row['sequence']}")
        heads[row["stream"]] = (row["sequence"], row["hash"])
    kept = {
        stream: (n, digest) for stream, n, digest in base.execute("SELECT stream, sequence, hash FROM mark_stream") if n
    }
    return found + [
        f"mark head {stream}" for stream in heads.keys() | kept.keys() if heads.get(stream) != kept.get(stream)
    ]


def stored(value: object, kind: str) -> str:
    """A stored value as leaves hash it."""
    if value is None:
        return "\x00"
    if kind == "JSON":
        read = json.loads(str(value))
        return "\x00" if read is None else json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def leaves_of(base: sqlite3.Connection, table: str) -> dict[str, str]:
    """Key → digest of every row that lies in a table."""
    columns = sorted((name, kind, key) for _, name, kind, _, _, key in base.execute(f'PRAGMA table_info("{table}")'))
    listed = ", ".join(f'"{name}"' for name, _, _ in columns)
    found = {}
    for row in base.execute(f'SELECT {listed} FROM "{table}"'):
        texts = [stored(value, kind) for value, (_, kind, _) in zip(row, columns, strict=True)]
        key = "/".join(text for text, (_, _, place) in zip(texts, columns, strict=True) if place)
        pairs = [text for (name, _, _), value in zip(columns, texts, strict=True) for text in (name, value)]
        found[key] = hashlib.sha256(canonical((table, *pairs))).hexdigest()
    return found


def _seals(base: sqlite3.Connection, checkpoint: str, leave_out: str) -> list[str]:
    found: list[str] = []
    kept: dict[str, dict[str, str]] = {}
    sealed: dict[int, list[tuple[str, str, str]]] = {}
    for table, key, number, digest in base.execute(
        "SELECT table_name, row_key, seal_number, digest FROM evidence_leaf"
    ):
        kept.setdefault(table, {})[key] = digest
        sealed.setdefault(number, []).append((table, key, digest))
    if leave_out != "leaves":
        for table, rows in kept.items():
            there = leaves_of(base, table)
            found += [f"{table} {key}" for key, digest in rows.items() if there.get(key) != digest]
    before, heads = GENESIS, {0: GENESIS}
    wanted = "SELECT number, rows, root, at, previous_hash, hash FROM evidence_seal ORDER BY number"
    for place, (number, rows, root, at, previous, digest) in enumerate(base.execute(wanted).fetchall(), start=1):
        own = hashlib.sha256(canonical([text for leaf in sorted(sealed.pop(number, [])) for text in leaf])).hexdigest()
        body = canonical(("laurel.evidence", "1", str(number), str(rows), own, moment(at)))
        if leave_out != "seals" and (number, previous, root, digest) != (place, before, own, linked(before, body)):
            found.append(f"seal {number}")
        before = heads[number] = digest
    if leave_out != "seals":
        found += [f"leaves of no seal {number}" for number in sealed]
    number, _, digest = checkpoint.partition(":")
    if leave_out != "checkpoint" and heads.get(int(number)) != digest:
        found.append("checkpoint")
    return found


def _export(base: sqlite3.Connection, files: Mapping[str, bytes]) -> list[str]:
    wanted = "SELECT facts FROM audit_entry WHERE verb = 'certificate:exported' ORDER BY sequence DESC LIMIT 1"
    (facts,) = base.execute(wanted).fetchone()
    index = files.get("index.csv", b"")
    if hashlib.sha256(index).hexdigest() not in facts:
        return ["export index"]
    lines = list(csv.DictReader(io.StringIO(index.decode(), newline="")))
    listed = {line["file"]: line["sha256"] for line in lines}
    there = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "index.csv"}
    return [f"export {name}" for name in listed.keys() | there.keys() if listed.get(name) != there.get(name)]
