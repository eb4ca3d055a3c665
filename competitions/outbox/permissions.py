"""What may be done with a competition's outbox, and which role may."""

from __future__ import annotations

from enum import StrEnum


class OutboxPermission(StrEnum):
    """Permissions of this room."""

    MANAGE = "outbox:manage"


ROLES: dict[str, tuple[OutboxPermission, ...]] = {"organizer": (OutboxPermission.MANAGE,)}
