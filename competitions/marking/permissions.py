"""What may be done with marks, and which role may."""

from __future__ import annotations

from enum import StrEnum


class MarkingPermission(StrEnum):
    """Permissions of this room."""

    MARK = "marking:mark"
    PROGRESS = "marking:progress"
    SCORES = "marking:scores"
    CONFIRM = "marking:confirm"


_M = MarkingPermission

ROLES: dict[str, tuple[MarkingPermission, ...]] = {
    "judge": (_M.MARK,),
    "chief_judge": (_M.MARK, _M.PROGRESS, _M.SCORES, _M.CONFIRM),
    "organizer": (_M.PROGRESS,),
    "supervisor": (_M.PROGRESS,),
    "auditor": (_M.PROGRESS,),
}
