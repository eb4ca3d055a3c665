"""Reads of the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from foundation.audit.models import AuditEntry
from foundation.db import session


def entries_of_chain(chain: str, *, limit: int = 200, before: int | None = None) -> Sequence[AuditEntry]:
    """The latest entries of a chain, newest first; `before` is the sequence to page back from."""
    wanted = select(AuditEntry).where(AuditEntry.chain == chain).order_by(AuditEntry.sequence.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(AuditEntry.sequence < before)
    return session().scalars(wanted).all()


def entries_about(subject_type: str, subject_id: str) -> Sequence[AuditEntry]:
    """What was done to one subject, oldest first."""
    wanted = (
        select(AuditEntry)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.at, AuditEntry.sequence)
    )
    return session().scalars(wanted).all()
