"""What may be done with entries, and which role may. Chief judges see no entries: names stay hidden until unblinding."""

from __future__ import annotations

from enum import StrEnum


class EntryPermission(StrEnum):
    """Permissions of this room."""

    VIEW = "entry:view"
    ENTER = "entry:enter"
    REVIEW = "entry:review"
    REVEAL = "entry:reveal"
    CHECK_IN = "entry:check_in"
    EXPORT = "entry:export"
    DELEGATIONS = "delegation:manage"
    LEAD = "delegation:lead"
    OWN_DELEGATIONS = "delegation:own"
    IMPORT = "entry:import"
    ENDORSE = "entry:endorse"


_P = EntryPermission

ROLES: dict[str, tuple[EntryPermission, ...]] = {
    "organizer": tuple(permission for permission in _P if permission not in (_P.OWN_DELEGATIONS, _P.ENDORSE)),
    "tally_clerk": (_P.VIEW, _P.CHECK_IN),
    "supervisor": (_P.VIEW, _P.CHECK_IN),
    "delegation_leader": (_P.VIEW, _P.ENTER, _P.LEAD, _P.OWN_DELEGATIONS, _P.IMPORT, _P.ENDORSE),
    "unit_operator": (_P.VIEW, _P.ENTER, _P.LEAD, _P.OWN_DELEGATIONS, _P.IMPORT, _P.ENDORSE),
}
