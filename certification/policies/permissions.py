"""What may be done with award policies, and which role may."""

from __future__ import annotations

from enum import StrEnum


class PolicyPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "policy:view"
    PUT_IN_FORCE = "policy:put_in_force"


_P = PolicyPermission

ROLES: dict[str, tuple[PolicyPermission, ...]] = {
    "platform_administrator": tuple(_P),
    "evaluation_officer": tuple(_P),
    "approving_authority": tuple(_P),
    "region_officer": (_P.VIEW,),
    "organizer": (_P.VIEW,),
    "supervisor": (_P.VIEW,),
    "auditor": (_P.VIEW,),
}
