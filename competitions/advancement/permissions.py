"""What may be done with selection links and nominations, and which role may."""

from __future__ import annotations

from enum import StrEnum


class AdvancementPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "advancement:view"
    LINK = "advancement:link"  # say which event selects for this one, and how
    CONFIRM = "advancement:confirm"  # confirm or decline somebody nominated into the own delegation


_A = AdvancementPermission

ROLES: dict[str, tuple[AdvancementPermission, ...]] = {
    "organizer": (_A.VIEW, _A.LINK, _A.CONFIRM),
    "delegation_leader": (_A.VIEW, _A.CONFIRM),
    "auditor": (_A.VIEW,),
}
