"""What may be done with judges and panels, which role may, and which duties exclude each other."""

from __future__ import annotations

from enum import StrEnum


class JudgesPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "judges:view"
    INVITE = "judges:invite"
    CARD = "judges:card"
    RELIEVE = "judges:relieve"
    SEAT = "judges:seat"


_P = JudgesPermission

ROLES: dict[str, tuple[JudgesPermission, ...]] = {
    "organizer": tuple(_P),
    "chief_judge": (_P.VIEW,),
    "supervisor": (_P.VIEW,),
    "auditor": (_P.VIEW,),
}

# Duties of an event. Supervisors and arbiters stand outside the judges and do not report to the chief judge.
DUTIES = ("chief_judge", "judge", "floor_judge", "blinding_judge", "supervisor", "arbiter")
OUTSIDE = frozenset({"supervisor", "arbiter"})
MARKERS = frozenset({"chief_judge", "judge"})
CUSTODIANS = frozenset({"blinding_judge"})
SEATED = frozenset({"chief_judge", "judge"})  # who may sit in a panel
