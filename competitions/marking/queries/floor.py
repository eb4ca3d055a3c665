"""Reading the floor record, and the kinds of violations that are shipped."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from competitions.marking.models.floor import FloorEntry, FloorSignature
from competitions.rules.floor import FloorLine, Violation
from foundation.audit.chain import canonical
from foundation.db import session
from foundation.exact import exact

_VIOLATIONS = Path(__file__).resolve().parents[3] / "data" / "floor" / "violations.csv"


@lru_cache(maxsize=1)
def violations() -> dict[str, Violation]:
    """The shipped kinds of violations by key, in the file's order."""
    with _VIOLATIONS.open(encoding="utf-8", newline="") as lines:
        return {
            row["key"]: Violation(
                row["key"], row["effect"], exact(row["amount"]), exact(row["cap"]) if row["cap"] else None, row["name_zh"],
                row["name_en"],
            )
            for row in csv.DictReader(lines)
        }  # fmt: skip


def entries(event_id: UUID, work_id: UUID | None = None) -> Sequence[FloorEntry]:
    """The record of an event or of one station, by when things happened."""
    wanted = select(FloorEntry).where(FloorEntry.event_id == event_id)
    if work_id is not None:
        wanted = wanted.where(FloorEntry.work_id == work_id)
    return session().scalars(wanted.order_by(FloorEntry.client_at, FloorEntry.id)).all()


def lines_of(rows: Sequence[FloorEntry]) -> list[FloorLine]:
    """What of the entries the rule eats; held ones count for nothing."""
    return [
        FloorLine(row.id, row.kind, row.client_at, row.rule, row.count, row.refers_to)
        for row in rows
        if row.status == "received"
    ]


def record_hash(rows: Sequence[FloorEntry]) -> str:
    """What a signature is bound to: SHA-256 over the received entries' hashes in their order."""
    hashes = [row.body_hash for row in rows if row.status == "received"]
    return hashlib.sha256(canonical(("laurel.floor_record", "1", *hashes))).hexdigest()


def signatures(event_id: UUID, work_id: UUID | None = None) -> Sequence[FloorSignature]:
    """The signatures under the records of an event or of one station, oldest first."""
    wanted = select(FloorSignature).where(FloorSignature.event_id == event_id)
    if work_id is not None:
        wanted = wanted.where(FloorSignature.work_id == work_id)
    return session().scalars(wanted.order_by(FloorSignature.signed_at, FloorSignature.id)).all()
