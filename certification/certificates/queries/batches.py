"""Reading batches: what waits to be made, one batch, its people, its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from certification.certificates.models.batches import CertificateBatch, CertificateBatchItem
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries.register import within
from certification.certificates.queries.shared_scopes import shared_scopes
from certification.filings.models import EvaluationOrganization
from certification.rules.certificate_states import CertificateState
from certification.rules.lifecycle import BatchState
from certification.rules.numbering import Fault
from foundation.db import session
from foundation.files.models import StoredFile
from foundation.permission import Actor, Scope, visible
from foundation.refusal import Missing

OPEN = (BatchState.CHECKING, BatchState.READY, BatchState.RUNNING, BatchState.PAUSED, BatchState.STOPPED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Certificates that may be issued and are in no open batch, of one issuer, kind, occupation and day of approval."""

    evaluation_organization_id: UUID
    issuer: str
    kind: str
    occupation: str
    approved_on: date | None
    count: int

    @property
    def key(self) -> str:
        """What a form sends back to mean this group."""
        return json.dumps(
            [str(self.evaluation_organization_id), self.kind, self.occupation, str(self.approved_on or "")],
            ensure_ascii=False,
        )


def _free(actor: Actor, permission: str) -> list[Any]:
    taken = (
        select(CertificateBatchItem.certificate_id)
        .join(CertificateBatch, CertificateBatch.id == CertificateBatchItem.batch_id)
        .where(CertificateBatch.state.in_(OPEN), CertificateBatchItem.state != "issued")
    )
    return [
        within(visible(actor, permission)),
        Certificate.state == CertificateState.REPORTED,
        Certificate.id.not_in(taken),
    ]


def waiting(actor: Actor, permission: str) -> Sequence[Waiting]:
    """What could be made now, in groups; one query."""
    parts = (
        Certificate.evaluation_organization_id, EvaluationOrganization.name, Certificate.kind, Certificate.occupation_name,
        Certificate.approved_on,
    )  # fmt: skip
    wanted = (
        select(*parts, func.count())
        .join(EvaluationOrganization, EvaluationOrganization.id == Certificate.evaluation_organization_id)
        .where(*_free(actor, permission))
        .group_by(*parts)
        .order_by(EvaluationOrganization.name, Certificate.kind, Certificate.approved_on, Certificate.occupation_name)
    )
    return [Waiting(*row) for row in session().execute(wanted)]


def of_groups(actor: Actor, permission: str, keys: Iterable[str]) -> Sequence[UUID]:
    """The certificates of these groups, whatever their number, by number. Keys that mean nothing are left out."""
    places = []
    for key in keys:
        try:
            issuer, kind, occupation, day = json.loads(key)
            approved = date.fromisoformat(day) if day else None
            places.append(
                (Certificate.evaluation_organization_id == UUID(issuer))
                & (Certificate.kind == str(kind))
                & (Certificate.occupation_name == str(occupation))
                & (Certificate.approved_on == approved if approved else Certificate.approved_on.is_(None))
            )
        except (ValueError, TypeError, AttributeError):
            continue
    if not places:
        return []
    wanted = select(Certificate.id).where(*_free(actor, permission), or_(*places))
    return session().scalars(wanted.order_by(Certificate.number, Certificate.id)).all()


def batches(actor: Actor, permission: str, *, state: str = "") -> Select[Any]:
    """The batches the actor sees, the latest first."""
    reach = visible(actor, permission)
    wanted = select(CertificateBatch).options(joinedload(CertificateBatch.issuer))
    if not reach.everywhere:
        places = [CertificateBatch.region_code.startswith(key) for key in reach.regions]
        if reach.competitions:
            places.append(CertificateBatch.competition_id.in_(reach.competitions))
        issuers = select(EvaluationOrganization.id).where(
            EvaluationOrganization.organization_id.in_(reach.organizations)
        )
        wanted = wanted.where(or_(CertificateBatch.evaluation_organization_id.in_(issuers), *places))
    if state:
        wanted = wanted.where(CertificateBatch.state == state)
    return wanted.order_by(CertificateBatch.ordered_at.desc(), CertificateBatch.id)


def batch(batch_id: UUID) -> CertificateBatch:
    """One batch. Raises Missing."""
    wanted = (
        select(CertificateBatch).where(CertificateBatch.id == batch_id).options(joinedload(CertificateBatch.issuer))
    )
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise Missing
    return found


def batch_scopes(batch_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a batch: its issuer's, and the region and competition all its certificates share."""
    row = session().get(CertificateBatch, batch_id)
    return None if row is None else shared_scopes(row)


def states_of(batch_ids: Iterable[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """How many certificates of each batch are waiting, blocked, issued, refused; one query."""
    found: dict[UUID, dict[str, int]] = {
        key: dict.fromkeys(("waiting", "blocked", "issued", "refused"), 0) for key in batch_ids
    }
    wanted = (
        select(CertificateBatchItem.batch_id, CertificateBatchItem.state, func.count())
        .where(CertificateBatchItem.batch_id.in_(found))
        .group_by(CertificateBatchItem.batch_id, CertificateBatchItem.state)
    )
    for key, state, count in session().execute(wanted):
        found[key][state] = count
    return found


def items(batch_id: UUID, *states: str, after: int = -1, limit: int) -> Sequence[CertificateBatchItem]:
    """Certificates of a batch in these states after a position, with what making them needs; three queries."""
    wanted = (
        select(CertificateBatchItem)
        .where(
            CertificateBatchItem.batch_id == batch_id, CertificateBatchItem.state.in_(states),
            CertificateBatchItem.position > after,
        )
        .options(
            joinedload(CertificateBatchItem.certificate).joinedload(Certificate.issuer),
            joinedload(CertificateBatchItem.certificate).joinedload(Certificate.printed),
        )
        .order_by(CertificateBatchItem.position)
        .limit(limit)
    )  # fmt: skip
    return session().scalars(wanted).unique().all()


def faults_of(item: CertificateBatchItem) -> Sequence[Fault]:
    """What a gate or the press said about this certificate."""
    if item.faults is None or not item.faults:
        return ()
    return [Fault(code, facts) for code, facts in json.loads(item.faults.revealed())]


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One issued file of a batch and what the index says of it."""

    file_id: UUID
    certificate_id: UUID
    number: str
    sha256: str
    size: int
    issued_on: date | None
    state: str


def files(batch_id: UUID) -> Sequence[BatchFile]:
    """Every issued file of a batch, in its order; one query."""
    wanted = (
        select(
            Certificate.file_id, Certificate.id, Certificate.number, Certificate.file_sha256, StoredFile.size,
            Certificate.issued_on, Certificate.state,
        )
        .join(CertificateBatchItem, CertificateBatchItem.certificate_id == Certificate.id)
        .join(StoredFile, StoredFile.id == Certificate.file_id)
        .where(CertificateBatchItem.batch_id == batch_id, CertificateBatchItem.state == "issued")
        .order_by(CertificateBatchItem.position)
    )  # fmt: skip
    return [
        BatchFile(file_id, key, number or "", sha256, size, issued_on, state)
        for file_id, key, number, sha256, size, issued_on, state in session().execute(wanted)
        if file_id is not None
    ]


def last_number(evaluation_organization_id: UUID) -> int:
    """The number of an issuer's latest batch."""
    wanted = select(func.max(CertificateBatch.number)).where(
        CertificateBatch.evaluation_organization_id == evaluation_organization_id
    )
    return session().scalar(wanted) or 0
