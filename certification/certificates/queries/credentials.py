"""Reading credentials, status lists and roots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from certification.certificates.models.certificates import Certificate
from certification.certificates.models.credentials import (
    CertificateCredential,
    CertificateRoot,
    CertificateRootEntry,
    CredentialSlot,
)
from certification.certificates.models.keys import SigningKey
from certification.rules.certificate_states import CertificateState
from foundation.db import session


def slots(certificate_ids: Iterable[UUID]) -> Mapping[tuple[UUID, int], CredentialSlot]:
    """(certificate, edition) → place."""
    wanted = select(CredentialSlot).where(CredentialSlot.certificate_id.in_(set(certificate_ids)))
    return {(row.certificate_id, row.edition): row for row in session().scalars(wanted)}


def given_slots(evaluation_organization_id: UUID) -> int:
    """How many places an issuer has given."""
    wanted = select(func.count()).where(CredentialSlot.evaluation_organization_id == evaluation_organization_id)
    return session().scalar(wanted) or 0


def ended_places(evaluation_organization_id: UUID, list_number: int) -> Sequence[int]:
    """The places of one list whose edition is no longer in force: revoked, withdrawn, or replaced by a correction."""
    wanted = (
        select(CredentialSlot.place)
        .join(Certificate, Certificate.id == CredentialSlot.certificate_id)
        .where(
            CredentialSlot.evaluation_organization_id == evaluation_organization_id,
            CredentialSlot.list_number == list_number,
            or_(
                Certificate.state.in_((CertificateState.REVOKED, CertificateState.WITHDRAWN)),
                CredentialSlot.edition < Certificate.edition,
            ),
        )
    )
    return session().scalars(wanted.order_by(CredentialSlot.place)).all()


def credential_of(certificate_id: UUID, edition: int) -> CertificateCredential | None:
    """The credential of one edition."""
    return session().get(CertificateCredential, (certificate_id, edition))


def credential_with(sha256: str) -> CertificateCredential | None:
    """The credential that is exactly these bytes."""
    return session().scalars(select(CertificateCredential).where(CertificateCredential.sha256 == sha256)).first()


def credential_keys(evaluation_organization_id: UUID | None = None) -> Sequence[SigningKey]:
    """Every key that signs or signed credentials, of one issuer or of all, the latest first."""
    wanted = select(SigningKey).where(SigningKey.use == "credential").options(joinedload(SigningKey.issuer))
    if evaluation_organization_id is not None:
        wanted = wanted.where(SigningKey.evaluation_organization_id == evaluation_organization_id)
    return session().scalars(wanted.order_by(SigningKey.made_at.desc(), SigningKey.id)).all()


def file_keys() -> Sequence[SigningKey]:
    """Every key that signs or signed files."""
    wanted = select(SigningKey).where(SigningKey.use == "pdf").options(joinedload(SigningKey.issuer))
    return session().scalars(wanted.order_by(SigningKey.made_at.desc(), SigningKey.id)).all()


def without_root(evaluation_organization_id: UUID) -> Sequence[Certificate]:
    """Issued certificates of an issuer whose file in force no root covers yet."""
    covered = exists().where(
        CertificateRootEntry.certificate_id == Certificate.id, CertificateRootEntry.edition == Certificate.edition
    )
    wanted = select(Certificate).where(
        Certificate.evaluation_organization_id == evaluation_organization_id, Certificate.state == CertificateState.ISSUED, ~covered
    )  # fmt: skip
    return session().scalars(wanted.order_by(Certificate.id)).all()


def roots(evaluation_organization_id: UUID | None = None) -> Sequence[CertificateRoot]:
    """The signed roots of an issuer, or all."""
    wanted = select(CertificateRoot)
    if evaluation_organization_id is not None:
        wanted = wanted.where(CertificateRoot.evaluation_organization_id == evaluation_organization_id)
    return session().scalars(wanted.order_by(CertificateRoot.evaluation_organization_id, CertificateRoot.number)).all()


def root_of_edition(certificate_id: UUID, edition: int) -> CertificateRoot | None:
    """The root that covers an edition."""
    entry = session().get(CertificateRootEntry, (certificate_id, edition))
    return session().get(CertificateRoot, entry.certificate_root_id) if entry else None


def last_root_number(evaluation_organization_id: UUID) -> int:
    """The number of the issuer's latest root; 0 before the first."""
    wanted = select(func.max(CertificateRoot.number)).where(
        CertificateRoot.evaluation_organization_id == evaluation_organization_id
    )
    return session().scalar(wanted) or 0


def list_numbers(evaluation_organization_id: UUID) -> Sequence[int]:
    """The status lists of an issuer that hold something."""
    wanted = select(CredentialSlot.list_number).where(
        CredentialSlot.evaluation_organization_id == evaluation_organization_id
    )
    return session().scalars(wanted.distinct().order_by(CredentialSlot.list_number)).all()


def issuers_of(certificate_ids: Iterable[UUID]) -> Sequence[UUID]:
    """Who issues these certificates."""
    wanted = select(Certificate.evaluation_organization_id).where(Certificate.id.in_(set(certificate_ids)))
    return session().scalars(wanted.distinct().order_by(Certificate.evaluation_organization_id)).all()
