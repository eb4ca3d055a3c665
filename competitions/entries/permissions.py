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


_P = EntryPermission

ROLES: dict[str, tuple[EntryPermission, ...]] = {
    "organizer": tuple(_P),
    "tally_clerk": (_P.VIEW, _P.CHECK_IN),
    "supervisor": (_P.VIEW, _P.CHECK_IN),
}
