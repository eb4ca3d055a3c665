"""The world of R8: something in every append-only table, an early checkpoint, then more work, a second seal, an export."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from accounts.access.roles import Role
from certification.certificates.actions.shares import note_export
from certification.certificates.exporting import export
from certification.rules.certificate_states import Act
from competitions.codes.models import Work
from competitions.marking.actions import floor
from competitions.marking.actions.floor import FloorBody
from competitions.marking.queries.floor import entries, record_hash
from foundation.audit.actions import seal_evidence
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import MACHINE
from tests.architecture.world import build_world
from tests.factories import certification as factory

DRAWN = json.dumps({"w": 600, "h": 220, "strokes": [[n for x in range(10) for n in (20 + x * 40, 60 + x % 2 * 90)]]})
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def fill(out: Path) -> tuple[str, dict[str, bytes]]:
    """Fill the database of the application at hand; the early checkpoint and the exported files."""
    issuer = factory.make_issuer()
    _floor(build_world().ids["work_id"])
    corrected = factory.make_issued(issuer, factory.make_holder("林小禾"))
    factory.correct(corrected, name="林晓禾")
    early = seal_evidence(AT)
    _floor(build_world(region="370000").ids["work_id"])
    ended = factory.make_issued(issuer, factory.make_holder("周一"))
    factory.change(ended, Act.REVOKE)
    factory.correct(corrected, name_en="Lin Xiaohe")
    note_export(export(out, None), actor=MACHINE, at=AT)
    seal_evidence(AT)
    return f"{early.number}:{early.hash}", {path.name: path.read_bytes() for path in out.iterdir()}


def _floor(work_id: UUID) -> None:
    """An entry of the floor judge about a station, and the competitor's signature under it."""
    judge = factory.make_officer(Role.FLOOR_JUDGE)
    event = session().get_one(Work, work_id).event_id
    floor.receive_entry(FloorBody(new_id(), work_id, "violation", AT, "item_dropped", 1), actor=judge, at=AT)
    session().rollback()
    digest = record_hash(entries(event, work_id))
    floor.sign_record(work_id, "competitor", digest, DRAWN, actor=judge, at=AT)
    session().rollback()
