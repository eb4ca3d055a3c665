"""The world of R8: something in every append-only table, an early checkpoint, then more work, a second seal, an export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from certification.certificates.actions.shares import note_export
from certification.certificates.exporting import export
from certification.rules.certificate_states import Act
from foundation.audit import evidence
from foundation.permission import MACHINE
from tests.architecture.world import build_world
from tests.factories import certification as factory

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def fill(out: Path) -> tuple[str, dict[str, bytes]]:
    """Fill the database of the application at hand; the early checkpoint and the exported files."""
    issuer = factory.make_issuer()
    build_world()
    corrected = factory.make_issued(issuer, factory.make_holder("林小禾"))
    factory.correct(corrected, name="林晓禾")
    early = evidence.seal(AT)
    build_world(region="370000")
    ended = factory.make_issued(issuer, factory.make_holder("周一"))
    factory.change(ended, Act.REVOKE)
    factory.correct(corrected, name_en="Lin Xiaohe")
    note_export(export(out, None), actor=MACHINE, at=AT)
    evidence.seal(AT)
    return f"{early.number}:{early.hash}", {path.name: path.read_bytes() for path in out.iterdir()}
