"""What may be done with marking schemes, and which role may."""

from __future__ import annotations

from enum import StrEnum


class SchemePermission(StrEnum):
    """Permissions of this room."""

    VIEW = "scheme:view"
    EDIT = "scheme:edit"


_P = SchemePermission

ROLES: dict[str, tuple[SchemePermission, ...]] = {
    "organizer": tuple(_P),
    "chief_judge": (_P.VIEW,),
    "tally_clerk": (_P.VIEW,),
    "supervisor": (_P.VIEW,),
    "arbiter": (_P.VIEW,),
    "auditor": (_P.VIEW,),
}
