"""Reasons that marks still need before they can be signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.marking.models.marks import Mark
from competitions.marking.models.paper import PaperSheet
from competitions.rules.comments import reason_owed

Place = tuple[UUID, UUID, UUID]


def owed_among(
    reading: Session, heads: Iterable[Any], kinds: Mapping[UUID, str], limits: Mapping[str, str]
) -> set[Place]:
    """(work, aspect, cell) of the heads whose mark needs a reason and has none. What came from paper has its words on the paper."""
    found = {
        row.mark_id: (row.work_id, row.aspect_id, row.cell)
        for row in heads
        if row.aspect_id in kinds and reason_owed(limits, kinds[row.aspect_id], row.value, row.note)
    }
    if found:
        paper = select(Mark.id).join(PaperSheet, PaperSheet.id == Mark.device_id).where(Mark.id.in_(found))
        for mark in reading.scalars(paper):
            del found[mark]
    return set(found.values())


def counted(owed: Collection[Place], sub_of: Mapping[UUID, UUID]) -> Counter[tuple[UUID, UUID]]:
    """(sub-criterion, work) → how many reasons are missing."""
    return Counter((sub_of[aspect], work) for work, aspect, _cell in owed)
