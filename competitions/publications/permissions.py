"""What may be done with publications, and which role may. Reading them is for everybody."""

from __future__ import annotations

from enum import StrEnum


class PublicationPermission(StrEnum):
    """Permissions of this room."""

    PUBLISH = "publication:publish"
    OBJECTION = "publication:objection"


_P = PublicationPermission

ROLES: dict[str, tuple[PublicationPermission, ...]] = {
    "organizer": (_P.PUBLISH, _P.OBJECTION),
    "supervisor": (_P.OBJECTION,),
    "arbiter": (_P.OBJECTION,),
}
