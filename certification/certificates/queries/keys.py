"""Reading the keys of issuers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from certification.certificates.models.keys import SigningKey
from foundation.db import session
from foundation.refusal import Missing


def keys_of(evaluation_organization_id: UUID) -> Sequence[SigningKey]:
    """Every key an issuer has or had for its files, the latest first."""
    wanted = select(SigningKey).where(
        SigningKey.evaluation_organization_id == evaluation_organization_id, SigningKey.use == "pdf"
    )
    return session().scalars(wanted.order_by(SigningKey.made_at.desc(), SigningKey.id)).all()


def key_in_force(evaluation_organization_id: UUID, use: str, at: datetime) -> SigningKey | None:
    """The latest key of that use that may sign at this moment."""
    wanted = (
        select(SigningKey)
        .where(
            SigningKey.evaluation_organization_id == evaluation_organization_id, SigningKey.use == use,
            SigningKey.retired_at.is_(None), SigningKey.valid_from <= at,
            or_(SigningKey.valid_until.is_(None), SigningKey.valid_until > at),
        )
        .options(joinedload(SigningKey.issuer))
        .order_by(SigningKey.made_at.desc(), SigningKey.id)
    )  # fmt: skip
    return session().scalars(wanted).first()


def key(signing_key_id: UUID) -> SigningKey:
    """One key. Raises Missing."""
    found = session().get(SigningKey, signing_key_id)
    if found is None:
        raise Missing
    return found


def with_fingerprint(fingerprint: str) -> SigningKey | None:
    """Whose certificate it is, retired ones included: what they signed stays checkable."""
    wanted = select(SigningKey).where(SigningKey.fingerprint == fingerprint).options(joinedload(SigningKey.issuer))
    return session().scalars(wanted).first()
