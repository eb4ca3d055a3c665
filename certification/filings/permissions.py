"""What may be done with evaluation organizations and their filings, and which role may."""

from __future__ import annotations

from enum import StrEnum


class FilingPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "filing:view"
    EDIT = "filing:edit"
    SWITCH_ON = "filing:switch_on"


_P = FilingPermission

ROLES: dict[str, tuple[FilingPermission, ...]] = {
    "platform_administrator": (_P.VIEW, _P.EDIT),
    "evaluation_officer": (_P.VIEW, _P.EDIT),
    "approving_authority": (_P.VIEW, _P.SWITCH_ON),
    "auditor": (_P.VIEW,),
}
