"""What can be done with the offices of the whole platform."""

from __future__ import annotations

from enum import StrEnum


class OfficePermission(StrEnum):
    """Permissions of this room. They mean something on the platform's scope alone."""

    APPOINT = "office:appoint"


ROLES: dict[str, tuple[OfficePermission, ...]] = {"platform_administrator": (OfficePermission.APPOINT,)}
