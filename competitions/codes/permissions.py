"""What may be done with the codes of works, and which role may."""

from __future__ import annotations

from enum import StrEnum


class CodesPermission(StrEnum):
    """Permissions of this room. Nobody who administers the platform holds any: administrators are readers too."""

    VIEW_CODES = "codes:view_codes"
    MAKE = "codes:make"
    READ_MAPPING = "codes:read_mapping"
    ASK_UNBLINDING = "codes:ask_unblinding"
    AGREE_UNBLINDING = "codes:agree_unblinding"


_P = CodesPermission

ROLES: dict[str, tuple[CodesPermission, ...]] = {
    "organizer": (_P.VIEW_CODES, _P.MAKE, _P.ASK_UNBLINDING),
    "blinding_judge": (_P.VIEW_CODES, _P.MAKE, _P.READ_MAPPING, _P.ASK_UNBLINDING),
    "chief_judge": (_P.VIEW_CODES,),
    "supervisor": (_P.VIEW_CODES, _P.AGREE_UNBLINDING),
    "auditor": (_P.VIEW_CODES,),
}
