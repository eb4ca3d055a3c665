"""Links a holder gives away: whoever has one sees the certificate until its day, or until it is withdrawn."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from certification.certificates.models.life import CertificateShare
from certification.certificates.queries import register
from certification.certificates.queries.shares import SHARE_KIND
from certification.rules.certificate_states import CertificateState
from foundation.audit.chain import record
from foundation.clock import china_day, new_id, random_bytes
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.encryption.sealing import blind_index
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

MOST = 20  # links in force for one certificate


def share_certificate(certificate_id: UUID, *, note: str, days: int, actor: Actor, at: datetime) -> UUID:
    """Make a link to the holder's own certificate that works for so many days (0: until it is withdrawn).

    Raises Missing for anybody else's certificate, Refusal share_not_in_force, share_too_many.
    """
    row = register.certificate(certificate_id)
    if actor.person is None or row.person_id != actor.person:
        raise Missing
    if row.state != CertificateState.ISSUED:
        raise Refusal("share_not_in_force")
    token = base64.b32encode(random_bytes(20)).decode().lower()
    made = new_id()
    with transaction() as writing:
        open_links = select(func.count()).where(
            CertificateShare.certificate_id == row.id, CertificateShare.withdrawn_at.is_(None)
        )
        if (writing.scalar(open_links) or 0) >= MOST:
            raise Refusal("share_too_many", most=MOST)
        writing.add(
            CertificateShare(
                id=made, certificate_id=row.id, note=note.strip()[:60], token=Personal(token, keep=0),
                token_index=blind_index(SHARE_KIND, token), made_at=at,
                until=china_day(at) + timedelta(days=days) if days else None,
            )
        )  # fmt: skip
        writing.flush()
        record(actor, "certificate:shared", "certificate_share", made, at=at, certificate=row.id, days=days)
    return made


def withdraw_share(certificate_id: UUID, share_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The link works no longer. Repeating it changes nothing. Raises Missing."""
    row = register.certificate(certificate_id)
    with transaction() as writing:
        share = writing.get(CertificateShare, share_id, with_for_update=True)
        if share is None or share.certificate_id != row.id or actor.person is None or row.person_id != actor.person:
            raise Missing
        if share.withdrawn_at is not None:
            return
        share.withdrawn_at = at
        record(actor, "certificate:share_withdrawn", "certificate_share", share.id, at=at, certificate=row.id)


def note_export(digest: str, *, actor: Actor, at: datetime) -> None:
    """Keep the SHA-256 of an export's index in the audit log."""
    with transaction():
        record(actor, "certificate:exported", "platform", "certificates", at=at, index=digest)
