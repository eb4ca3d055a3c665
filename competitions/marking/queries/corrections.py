"""Reading corrections."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from competitions.marking.models.corrections import Correction
from competitions.programme import queries as programme
from competitions.rules.lifecycle import CORRECTION
from foundation.db import session
from foundation.permission import Scope


def correction_scopes(correction_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a correction: its event's."""
    event = session().scalar(select(Correction.event_id).where(Correction.id == correction_id))
    return programme.event_scopes(event) if event else None


def event_of_correction(correction_id: UUID) -> UUID:
    """The event of a correction."""
    return session().get_one(Correction, correction_id).event_id


def corrections(event_id: UUID) -> Sequence[Correction]:
    """The corrections of an event, the newest first."""
    wanted = (
        select(Correction).where(Correction.event_id == event_id).order_by(Correction.asked_at.desc(), Correction.id)
    )
    return session().scalars(wanted).all()


def corrections_waiting(event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many corrections of each event wait for a supervisor."""
    wanted = select(Correction.event_id, func.count(Correction.id)).where(
        Correction.event_id.in_(event_ids), Correction.state == CORRECTION.start
    )
    return {row[0]: row[1] for row in session().execute(wanted.group_by(Correction.event_id))}
