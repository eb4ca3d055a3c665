"""What may be done with the audit log."""

from __future__ import annotations

from enum import StrEnum


class AuditPermission(StrEnum):
    """Permissions of the audit log."""

    VIEW = "audit:view"


ROLES: dict[str, tuple[AuditPermission, ...]] = {
    "platform_administrator": (AuditPermission.VIEW,),
    "auditor": (AuditPermission.VIEW,),
    "organizer": (AuditPermission.VIEW,),
    "supervisor": (AuditPermission.VIEW,),
}
