"""Reading the tablets' self-tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from accounts.people.models import Person
from accounts.sign_in.models import Device
from competitions.marking.models.tablets import TabletCheck
from foundation.db import session


@dataclass(frozen=True, slots=True)
class CheckedTablet:
    """A tablet with what its last self-test found; `checked_at` is None when it made none."""

    device_id: UUID
    label: str
    judge: str
    checked_at: datetime | None
    failed: Sequence[str]
    warned: Sequence[str]


def checked_tablets(event_id: UUID) -> list[CheckedTablet]:
    """The tablets of an event that are not revoked, those that failed first."""
    wanted = (
        select(Device.id, Device.label, Person.name_zh, TabletCheck.checked_at, TabletCheck.failed, TabletCheck.warned)
        .join(Person, Person.id == Device.person_id)
        .outerjoin(TabletCheck, TabletCheck.device_id == Device.id)
        .where(Device.scope_id == event_id, Device.revoked_at.is_(None))
        .order_by(Device.created_at, Device.id)
    )
    found = [
        CheckedTablet(row[0], row[1], row[2], row[3], row[4] or (), row[5] or ()) for row in session().execute(wanted)
    ]
    return sorted(found, key=lambda one: not one.failed)


def failed_tablets(event_id: UUID) -> list[CheckedTablet]:
    """Those whose last self-test failed: for the chief's board."""
    return [one for one in checked_tablets(event_id) if one.failed]
