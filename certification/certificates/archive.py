"""What goes into the bundle of a batch, read from the register."""

from __future__ import annotations

from collections.abc import Iterator

from certification.certificates import bundle
from certification.certificates.models.batches import CertificateBatch
from certification.certificates.queries import batches as queries
from certification.certificates.queries import register

PART = 500


def pieces_of(batch: CertificateBatch) -> Iterator[bytes]:
    """The bundle of a batch, piece by piece. Reads names and numbers first; while files are sent the database rests."""
    files = queries.files(batch.id)
    lines = {}
    for start in range(0, len(files), PART):
        for row in register.with_print(one.certificate_id for one in files[start : start + PART]):
            values = register.printed_values(row)
            lines[row.id] = bundle.IndexLine(
                name=values.get("name", ""), document_end=values.get("document_number", "")[-4:],
                occupation=row.occupation_name, grade=values.get("grade_text", ""),
            )  # fmt: skip
    index = bundle.index_csv(files, lines)
    facts = {
        "batch": str(batch.id), "number": batch.number, "kind": batch.kind, "issuer": batch.issuer.name,
        "prefix": batch.issuer.prefix,
    }  # fmt: skip
    return bundle.streamed(files, {bundle.MANIFEST: bundle.manifest(facts, files, index), bundle.INDEX: index})
