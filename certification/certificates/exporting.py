"""All issued files and the credentials they carry in a folder, with an index that holds the SHA-256 of each: the index's own hash stands for the whole folder."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from uuid import UUID

from certification.certificates.queries import register
from certification.certificates.queries.credentials import credential_of
from foundation.files.queries import file_bytes

INDEX = "index.csv"
HEADS = ("file", "number", "state", "sample", "issued_on", "ended_on", "sha256")


def export(out: Path, evaluation_organization_id: UUID | None) -> str:
    """Write the files and the index to `out`; the same register writes the same bytes. Returns the index's SHA-256."""
    out.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(HEADS)
    for row in register.with_files(evaluation_organization_id):
        if row.file_id is None or not (row.number or "").replace("-", "").isalnum():
            continue
        data = file_bytes(row.file_id)
        (out / f"{row.number}.pdf").write_bytes(data)
        facts = (row.number, row.state, int(row.sample), row.issued_on, row.ended_on or "")
        lines.writerow((f"{row.number}.pdf", *facts, hashlib.sha256(data).hexdigest()))
        carried = credential_of(row.id, row.edition)
        if carried is not None:
            token = carried.token.revealed().encode()
            (out / f"{row.number}.jwt").write_bytes(token)
            lines.writerow((f"{row.number}.jwt", *facts, carried.sha256))
    index = text.getvalue().encode()
    (out / INDEX).write_bytes(index)
    return hashlib.sha256(index).hexdigest()
