"""What may be done with scores and runs, and which role may."""

from __future__ import annotations

from enum import StrEnum


class ResultPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "result:view"
    ENTER_SCORES = "result:enter_scores"
    CONFIRM_SCORES = "result:confirm_scores"
    COMPUTE = "result:compute"
    SIGN = "result:sign"
    SIGN_AS_CHIEF = "result:sign_as_chief"
    SIGN_AS_SUPERVISOR = "result:sign_as_supervisor"


_R = ResultPermission

ROLES: dict[str, tuple[ResultPermission, ...]] = {
    "organizer": (_R.VIEW, _R.ENTER_SCORES, _R.CONFIRM_SCORES, _R.COMPUTE),
    "tally_clerk": (_R.VIEW, _R.ENTER_SCORES, _R.CONFIRM_SCORES, _R.COMPUTE),
    "chief_judge": (_R.VIEW, _R.SIGN, _R.SIGN_AS_CHIEF),
    "supervisor": (_R.VIEW, _R.SIGN, _R.SIGN_AS_SUPERVISOR),
    "auditor": (_R.VIEW,),
}

SIGNING = {"chief_judge": _R.SIGN_AS_CHIEF, "supervisor": _R.SIGN_AS_SUPERVISOR}
