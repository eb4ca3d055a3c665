"""Seals over the append-only tables: what was there once can neither be changed, nor taken away, nor slipped in.

The chains cover what their links hash. A seal covers every column of every row: for each row a leaf, over the leaves a root,
each seal on the hash of the last. The number and hash of the latest seal are the checkpoint; whoever keeps it elsewhere (on
paper, in a mail, with the authority) can later show that everything it covers is as it was. What came after it rests on the
chains and on the next seal.

A value is hashed as it is stored, in a form that is the same on both engines: ids in hexadecimal, moments in microseconds,
JSON with sorted names. A program of its own can work it out from the database file alone; `benchmarks/r8_tampering.py` does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Table, Text, select, type_coerce

from foundation.audit.chain import GENESIS, canonical, linked
from foundation.audit.models import EvidenceLeaf, EvidenceSeal
from foundation.db import APPEND_ONLY, Base, EncryptedText, session

SCHEMA = "laurel.evidence"
OWN = ("evidence_seal", "evidence_leaf")  # the seals themselves are covered by their own chain
NOTHING = "\x00"  # no value: no text that is stored begins with it


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the seals: what somebody keeps elsewhere."""

    number: int
    hash: str
    rows: int


@dataclass(frozen=True, slots=True)
class Broken:
    """What does not hold: changed | gone | added | seal | checkpoint, in which table, which row."""

    what: str
    table: str
    key: str


def tables() -> tuple[str, ...]:
    """The tables that are sealed."""
    return tuple(name for name in APPEND_ONLY if name not in OWN)


def unsealed() -> list[tuple[str, str, str]]:
    """(table, key, digest) of every row that has no leaf yet, in the order of table and key."""
    return sorted(
        (name, key, digest) for name in tables() for key, digest in rows_of(name, sealed=frozenset(_keys(name)))
    )


def broken(checkpoint: Checkpoint | None = None) -> list[Broken]:
    """Work out every leaf and seal anew; compare with a checkpoint that was kept elsewhere."""
    found: list[Broken] = []
    leaves: dict[int, list[tuple[str, str, str]]] = {}
    for name in tables():
        kept = {
            key: (digest, number)
            for key, digest, number in session().execute(
                select(EvidenceLeaf.row_key, EvidenceLeaf.digest, EvidenceLeaf.seal_number).where(
                    EvidenceLeaf.table_name == name
                )
            )
        }
        for key, (digest, number) in kept.items():
            leaves.setdefault(number, []).append((name, key, digest))
        there = dict(rows_of(name))
        found += [Broken("gone", name, key) for key in kept.keys() - there.keys()]
        found += [Broken("changed", name, key) for key in kept.keys() & there.keys() if there[key] != kept[key][0]]
    return found + _broken_seals(leaves, checkpoint)


def _broken_seals(leaves: dict[int, list[tuple[str, str, str]]], checkpoint: Checkpoint | None) -> list[Broken]:
    found, before, heads = [], GENESIS, {}
    seals = session().scalars(select(EvidenceSeal).order_by(EvidenceSeal.number)).all()
    for place, row in enumerate(seals, start=1):
        root = root_of(sorted(leaves.pop(row.number, [])))
        holds = (
            row.number == place
            and row.previous_hash == before
            and row.root == root
            and row.hash == linked(before, body_of(row.number, row.rows, root, row.at))
        )
        if not holds:
            found.append(Broken("seal", "evidence_seal", str(row.number)))
        before = heads[row.number] = row.hash
    found += [Broken("added", "evidence_leaf", str(number)) for number in leaves]
    if checkpoint is not None and checkpoint.number and heads.get(checkpoint.number) != checkpoint.hash:
        found.append(Broken("checkpoint", "evidence_seal", str(checkpoint.number)))
    return found


def body_of(number: int, rows: int, root: str, at: datetime) -> bytes:
    """What a seal's hash covers."""
    return canonical((SCHEMA, "1", str(number), str(rows), root, at.astimezone(UTC).isoformat(timespec="microseconds")))


def root_of(leaves: Sequence[tuple[str, str, str]]) -> str:
    """SHA-256 over the leaves in the order of table and key."""
    return hashlib.sha256(canonical([text for leaf in leaves for text in leaf])).hexdigest()


def _keys(name: str) -> Iterator[str]:
    yield from session().scalars(select(EvidenceLeaf.row_key).where(EvidenceLeaf.table_name == name))


def rows_of(name: str, sealed: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """(key, digest) of every row of a table that is not sealed yet."""
    table: Table = Base.metadata.tables[name]
    columns = sorted(table.columns, key=lambda column: column.name)
    # Sealed values are hashed as they lie there: nobody needs the key to check them.
    wanted = select(*(type_coerce(c, Text) if isinstance(c.type, EncryptedText) else c for c in columns))
    dialect = session().get_bind().dialect
    keys = [index for index, column in enumerate(columns) if column.primary_key]
    for row in session().execute(wanted.execution_options(yield_per=1000)):
        texts = [_stored(value, column.type, dialect) for value, column in zip(row, columns, strict=True)]
        key = "/".join(texts[index] for index in keys)
        if key not in sealed:
            pairs = [text for column, value in zip(columns, texts, strict=True) for text in (column.name, value)]
            yield key, hashlib.sha256(canonical((name, *pairs))).hexdigest()


def _stored(value: Any, kind: Any, dialect: Any) -> str:
    if value is None:
        return NOTHING
    if hasattr(kind, "process_bind_param") and not isinstance(kind, EncryptedText):
        value = kind.process_bind_param(value, dialect)
    if isinstance(kind, JSON):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
