"""What a signature is bound to: each sheet's hash over its values in force, and a list's hash over those of its sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.marking.models.marks import Mark, MarkHead, Sheet
from competitions.schemes.models import Aspect
from foundation.audit.chain import canonical


def sheet_hashes(writing: Session, sheets: Sequence[Sheet]) -> dict[UUID, str]:
    """Each sheet's hash over its place and the values in force, with the hashes of the marks that set them."""
    wanted = (
        select(MarkHead.work_id, Aspect.sub_criterion_id, MarkHead.aspect_id, MarkHead.cell, MarkHead.value, Mark.hash)
        .join(Aspect, Aspect.id == MarkHead.aspect_id)
        .join(Mark, Mark.id == MarkHead.mark_id)
        .where(
            MarkHead.work_id.in_({sheet.work_id for sheet in sheets}),
            Aspect.sub_criterion_id.in_({sheet.sub_criterion_id for sheet in sheets}),
        )
    )
    cells: dict[tuple[UUID, UUID], list[tuple[str, str, str, str]]] = {}
    for row in writing.execute(wanted):
        cells.setdefault((row[0], row[1]), []).append((str(row[2]), str(row[3]), row[4] or "", row[5]))
    made = {}
    for sheet in sheets:
        fields = [
            "laurel.sheet",
            "1",
            str(sheet.id),
            str(sheet.panel_id),
            str(sheet.sub_criterion_id),
            str(sheet.work_id),
        ]
        for cell in sorted(cells.get((sheet.work_id, sheet.sub_criterion_id), [])):
            fields += cell
        made[sheet.id] = hashlib.sha256(canonical(fields)).hexdigest()
    return made


def list_hash(panel_id: UUID, hashes: Iterable[str]) -> str:
    """SHA-256 over the panel and the hashes of its sheets, in their order."""
    return hashlib.sha256(canonical(("laurel.signing_list", "1", str(panel_id), *sorted(hashes)))).hexdigest()
