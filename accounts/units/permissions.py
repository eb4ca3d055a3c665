"""What can be done with bodies and their operators: each level for those below it."""

from __future__ import annotations

from enum import StrEnum


class UnitPermission(StrEnum):
    """Permissions of this room: held on the platform, on a region, or on a body for the bodies below it."""

    MANAGE = "unit:manage"


_MANAGE = (UnitPermission.MANAGE,)
ROLES: dict[str, tuple[UnitPermission, ...]] = {
    "platform_administrator": _MANAGE,
    "region_officer": _MANAGE,
    "unit_operator": _MANAGE,
}
