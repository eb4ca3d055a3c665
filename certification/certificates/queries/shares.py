"""Reading the links holders gave away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from certification.certificates.models.certificates import Certificate
from certification.certificates.models.life import CertificateShare
from foundation.clock import china_day
from foundation.db import session
from foundation.encryption.sealing import blind_index

SHARE_KIND = "certificate_share"


def shares_of(certificate_id: UUID) -> Sequence[CertificateShare]:
    """Every link to a certificate, the latest first."""
    wanted = select(CertificateShare).where(CertificateShare.certificate_id == certificate_id)
    return session().scalars(wanted.order_by(CertificateShare.made_at.desc(), CertificateShare.id)).all()


def shared(token: str, at: datetime) -> Certificate | None:
    """The certificate a link shows now; None for a link that is unknown, over or withdrawn."""
    wanted = (
        select(Certificate)
        .join(CertificateShare, CertificateShare.certificate_id == Certificate.id)
        .where(
            CertificateShare.token_index == blind_index(SHARE_KIND, token),
            CertificateShare.withdrawn_at.is_(None),
            or_(CertificateShare.until.is_(None), CertificateShare.until >= china_day(at)),
        )
        .options(joinedload(Certificate.issuer), joinedload(Certificate.printed))
    )
    return session().scalars(wanted).unique().one_or_none()
