"""Until when each role enters, and whether it still may."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from competitions.entries.models.entries import RegistrationDeadline
from competitions.programme.models import Competition
from competitions.rules import deadlines
from competitions.rules.lifecycle import CompetitionState
from foundation.db import session

AFTER = (CompetitionState.REGISTRATION_CLOSED, CompetitionState.IN_PROGRESS)


def own_deadlines(competition_id: UUID) -> dict[str, datetime]:
    """Role → its own moment, for the roles that have one."""
    wanted = select(RegistrationDeadline).where(RegistrationDeadline.competition_id == competition_id)
    return {row.role: row.closes_at for row in session().scalars(wanted)}


def closes_for(row: Competition, role: str) -> datetime | None:
    """The moment at which a role's entering ends, None without any."""
    return deadlines.closes_for(role, row.registration_closes_at, own_deadlines(row.id))


def is_open(row: Competition, role: str, at: datetime) -> bool:
    """May this role enter people now?"""
    return row.state == CompetitionState.REGISTRATION_OPEN and not deadlines.is_over(closes_for(row, role), at)


def is_late(row: Competition, at: datetime) -> bool:
    """Is everybody's registration over, so that the organizer enters late, with a reason?"""
    if row.state in AFTER:
        return True
    moments = [row.registration_closes_at, *own_deadlines(row.id).values()]
    return row.state == CompetitionState.REGISTRATION_OPEN and all(deadlines.is_over(one, at) for one in moments)
