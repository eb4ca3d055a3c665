"""What may be done with award lists, and which role may. Who approves stands apart from who proposes."""

from __future__ import annotations

from enum import StrEnum


class PromotionPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "award:view"
    PROPOSE = "award:propose"
    CHECK = "award:check"
    POST = "award:post"
    APPROVE = "award:approve"
    EXPORT = "award:export"


_P = PromotionPermission

ROLES: dict[str, tuple[PromotionPermission, ...]] = {
    "evaluation_officer": (_P.VIEW, _P.PROPOSE, _P.CHECK, _P.POST, _P.EXPORT),
    "approving_authority": (_P.VIEW, _P.APPROVE, _P.EXPORT),
    "organizer": (_P.VIEW,),
    "auditor": (_P.VIEW,),
}
