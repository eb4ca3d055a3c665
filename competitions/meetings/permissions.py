"""What may be done with leaders' meetings, and which role may. A leader reads and asks for the own delegation alone."""

from __future__ import annotations

from enum import StrEnum


class MeetingPermission(StrEnum):
    """Permissions of this room."""

    HOLD = "meeting:hold"
    ATTEND = "meeting:attend"


ROLES: dict[str, tuple[MeetingPermission, ...]] = {
    "organizer": (MeetingPermission.HOLD,),
    "delegation_leader": (MeetingPermission.ATTEND,),
}
