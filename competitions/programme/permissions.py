"""What may be done with competitions and their events, and which role may."""

from __future__ import annotations

from enum import StrEnum


class ProgrammePermission(StrEnum):
    """Permissions of this room."""

    VIEW = "competition:view"
    CREATE = "competition:create"
    EDIT = "competition:edit"
    MOVE = "competition:move"
    STAFF = "competition:staff"


_P = ProgrammePermission

ROLES: dict[str, tuple[ProgrammePermission, ...]] = {
    "platform_administrator": (_P.VIEW, _P.STAFF),
    "region_officer": (_P.VIEW, _P.CREATE),
    "organizer": tuple(_P),
    "chief_judge": (_P.VIEW,),
    "blinding_judge": (_P.VIEW,),
    "tally_clerk": (_P.VIEW,),
    "supervisor": (_P.VIEW,),
    "arbiter": (_P.VIEW,),
    "evaluation_officer": (_P.VIEW,),
    "approving_authority": (_P.VIEW,),
    "auditor": (_P.VIEW,),
}
