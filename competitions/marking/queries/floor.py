"""Reading the floor record, and what its violations come to under the rules in force."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from competitions.marking.models.floor import FloorEntry, FloorSignature
from competitions.programme import queries as programme
from competitions.programme.violations import violation_kinds
from competitions.rules.floor import FloorLine, Penalty, Violation, in_force, penalty_of, standing_lines
from competitions.rules.rule_set import RuleSet
from foundation.audit.chain import canonical
from foundation.db import session


def violations_of(event_id: UUID) -> dict[str, Violation]:
    """The kinds of violations of an event: the shipped ones with the amounts of the rules in force."""
    return in_force(violation_kinds(), _rules(event_id).floor_amounts)


def in_total(event_id: UUID) -> bool:
    """Do violations take from the total by themselves?"""
    return _rules(event_id).floor_deductions


def penalties(event_id: UUID) -> dict[UUID, Penalty]:
    """work → what its violations come to, where the rules let them take from the total; others are absent."""
    rules = _rules(event_id)
    if not rules.floor_deductions:
        return {}
    kinds = in_force(violation_kinds(), rules.floor_amounts)
    by_work: dict[UUID, list[FloorEntry]] = {}
    for row in entries(event_id):
        by_work.setdefault(row.work_id, []).append(row)
    found = {work: penalty_of(lines_of(rows), kinds) for work, rows in by_work.items()}
    return {work: penalty for work, penalty in found.items() if penalty.marks or penalty.stopped}


def unsigned_violations(event_id: UUID) -> int:
    """Stations with a violation that counts and whose record, as it stands, the chief judge has not signed."""
    by_work: dict[UUID, list[FloorEntry]] = {}
    for row in entries(event_id):
        by_work.setdefault(row.work_id, []).append(row)
    signed = {(row.work_id, row.record_hash) for row in signatures(event_id) if row.role == "chief_judge"}
    return sum(
        any(line.kind == "violation" for line in standing_lines(lines_of(rows)))
        and (work, record_hash(rows)) not in signed
        for work, rows in by_work.items()
    )


def _rules(event_id: UUID) -> RuleSet:
    return programme.rule_set_in_force(programme.event(event_id).competition_id)[1]


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
