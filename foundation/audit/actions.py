"""Sealing what the append-only tables gained. What a seal is: `evidence.py`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from foundation.audit.chain import GENESIS, linked
from foundation.audit.evidence import Checkpoint, body_of, root_of, unsealed
from foundation.audit.models import EvidenceLeaf, EvidenceSeal
from foundation.db import transaction


def seal_evidence(at: datetime) -> Checkpoint:
    """Seal every row that has no leaf yet, and answer the checkpoint. Without new rows the last seal is answered."""
    with transaction() as writing:
        last = writing.scalars(select(EvidenceSeal).order_by(EvidenceSeal.number.desc()).with_for_update()).first()
        new = unsealed()
        if not new:
            return Checkpoint(last.number, last.hash, 0) if last else Checkpoint(0, GENESIS, 0)
        number, root = (last.number if last else 0) + 1, root_of(new)
        before = last.hash if last else GENESIS
        digest = linked(before, body_of(number, len(new), root, at))
        writing.add(EvidenceSeal(number=number, rows=len(new), root=root, at=at, previous_hash=before, hash=digest))
        writing.flush()
        writing.execute(
            insert(EvidenceLeaf),
            [{"table_name": name, "row_key": key, "seal_number": number, "digest": leaf} for name, key, leaf in new],
        )
        return Checkpoint(number, digest, len(new))
