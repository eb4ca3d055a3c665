"""Checking the ledger: hashes, order and heads of every stream of marks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from competitions.marking.bodies import body_hash, link_body
from competitions.marking.models.marks import Mark, MarkStatus, MarkStream
from foundation.audit.chain import GENESIS, linked
from foundation.db import session


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What checking one stream found. `broken_at` is the first sequence that does not hold."""

    stream: str
    marks: int
    head: str
    broken_at: int | None = None


def verify() -> list[StreamReport]:
    """Check every stream of marks: hashes, order, heads, and each body against its hash."""
    reports: dict[str, StreamReport] = {}
    table = Mark.__table__
    for row in session().execute(
        select(table).order_by(table.c.stream, table.c.sequence).execution_options(yield_per=500)
    ):
        mark = row._mapping
        before = reports.get(mark["stream"], StreamReport(mark["stream"], 0, GENESIS))
        renamed = mark["held_code"] in ("mark_id_reused", "mark_sequence_reused") or (
            mark["status"] == MarkStatus.HELD and mark["refers_to"] is not None
        )
        holds = (
            before.broken_at is None
            and mark["sequence"] == before.marks + 1
            and mark["previous_hash"] == before.head
            and mark["hash"] == linked(before.head, link_body(mark))
            and (renamed or mark["body_hash"] == body_hash(row))
        )
        broken = before.broken_at or (None if holds else mark["sequence"])
        reports[mark["stream"]] = StreamReport(mark["stream"], mark["sequence"], mark["hash"], broken)
    for head in session().scalars(select(MarkStream)):
        found = reports.get(head.stream, StreamReport(head.stream, 0, GENESIS))
        if found.broken_at is None and (found.marks, found.head) != (head.sequence, head.hash):
            reports[head.stream] = StreamReport(head.stream, found.marks, found.head, found.marks + 1)
        else:
            reports.setdefault(head.stream, found)
    return sorted(reports.values(), key=lambda report: report.stream)
