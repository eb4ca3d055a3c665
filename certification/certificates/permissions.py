"""What may be done with certificates, and which role may."""

from __future__ import annotations

from enum import StrEnum


class CertificatePermission(StrEnum):
    """Permissions of this room."""

    VIEW = "certificate:view"
    NUMBER = "certificate:number"
    REPORT = "certificate:report"
    ISSUE = "certificate:issue"
    ASK = "certificate:ask"
    DECIDE = "certificate:decide"
    KEYS = "certificate:keys"
    DESIGN = "certificate:design"


_P = CertificatePermission

ROLES: dict[str, tuple[CertificatePermission, ...]] = {
    "evaluation_officer": tuple(_P),
    "approving_authority": (_P.VIEW, _P.ASK, _P.DECIDE),
    "auditor": (_P.VIEW,),
}
