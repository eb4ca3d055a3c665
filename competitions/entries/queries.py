"""Reading entries."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from competitions.entries.models import Attendance, Entry
from foundation.db import session


def counting_base(event_id: UUID, division_id: UUID) -> int:
    """How many accepted entries actually took part: present, late or stopped."""
    wanted = select(func.count()).where(
        Entry.event_id == event_id,
        Entry.division_id == division_id,
        Entry.state == "accepted",
        Entry.attendance.in_((Attendance.PRESENT, Attendance.LATE, Attendance.STOPPED)),
    )
    return session().scalar(wanted) or 0
