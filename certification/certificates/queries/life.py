"""Reading what happened to certificates after issue: requests, replaced editions, acts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from certification.certificates.models.certificates import Certificate, CertificateAct
from certification.certificates.models.life import CertificateChange, CertificateEdition
from certification.certificates.queries.register import within
from certification.rules.certificate_states import ChangeState
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind, visible
from foundation.refusal import Missing
from foundation.web.cards import Card, CardKind


def changes(actor: Actor, permission: str, *, state: str = "") -> Select[CertificateChange]:
    """The requests on certificates the actor reaches, those that wait longest first, then the latest decided."""
    wanted = (
        select(CertificateChange)
        .join(Certificate, Certificate.id == CertificateChange.certificate_id)
        .where(within(visible(actor, permission)))
        .options(joinedload(CertificateChange.certificate).joinedload(Certificate.issuer))
    )
    if state:
        wanted = wanted.where(CertificateChange.state == state)
    return wanted.order_by(
        CertificateChange.state != ChangeState.ASKED, CertificateChange.asked_at, CertificateChange.id
    )


def changes_of(certificate_id: UUID) -> Sequence[CertificateChange]:
    """Every request on one certificate, the latest first."""
    wanted = select(CertificateChange).where(CertificateChange.certificate_id == certificate_id)
    return session().scalars(wanted.order_by(CertificateChange.asked_at.desc(), CertificateChange.id)).all()


def change(change_id: UUID, certificate_id: UUID) -> CertificateChange:
    """One request of that certificate. Raises Missing."""
    found = session().get(CertificateChange, change_id)
    if found is None or found.certificate_id != certificate_id:
        raise Missing
    return found


def wanted_values(row: CertificateChange) -> dict[str, str]:
    """What a correction is to print; empty for the other acts, and after erasure."""
    found: dict[str, str] = json.loads(row.wanted.revealed()) if row.wanted else {}
    return found


def values_before(row: CertificateChange) -> dict[str, str]:
    """What the edition printed that this correction replaced; empty before it was agreed, and after erasure."""
    found: dict[str, str] = json.loads(row.before.revealed()) if row.before else {}
    return found


def editions(certificate_id: UUID) -> Sequence[CertificateEdition]:
    """The editions that corrections replaced, the first issued first."""
    wanted = select(CertificateEdition).where(CertificateEdition.certificate_id == certificate_id)
    return session().scalars(wanted.order_by(CertificateEdition.edition)).all()


def edition_with_file(sha256: str) -> CertificateEdition | None:
    """The replaced edition with exactly this file."""
    return session().scalars(select(CertificateEdition).where(CertificateEdition.file_sha256 == sha256)).first()


def last_act(certificate_id: UUID, act: str) -> CertificateAct | None:
    """The latest act of that kind."""
    wanted = select(CertificateAct).where(CertificateAct.certificate_id == certificate_id, CertificateAct.act == act)
    return session().scalars(wanted.order_by(CertificateAct.at.desc())).first()


def waiting_changes(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """For the boards: requests that wait for this person's decision. A request of one's own is another's to decide."""
    if scope.kind != ScopeKind.PLATFORM or actor.person is None or not visible(actor, "certificate:decide").anywhere:
        return []
    wanted = changes(actor, "certificate:decide", state=ChangeState.ASKED).order_by(None)
    counted = select(func.count()).select_from(wanted.where(CertificateChange.asked_by != actor.person).subquery())
    number = session().scalar(counted) or 0
    card = Card(CardKind.NEXT_STEP, "certificate_changes_waiting", {"number": number}, "/certificates/changes?state=asked",
                "certificate_changes_waiting_link", order=82)  # fmt: skip
    return [card] if number else []
