"""Reading certificates of prizes, honours and participation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from certification.certificates.models.awards import AwardCertificate
from certification.certificates.models.certificates import Certificate
from certification.filings.models import EvaluationOrganization
from certification.rules.certificate_states import CertificateState
from competitions import published
from competitions.published import PublicationSummary
from foundation.db import session
from foundation.permission import Actor


def award(certificate_id: UUID) -> AwardCertificate | None:
    """What a certificate is given for; None for a grade certificate."""
    return session().get(AwardCertificate, certificate_id)


def awards(certificate_ids: Iterable[UUID]) -> Mapping[UUID, AwardCertificate]:
    """Several at once."""
    wanted = select(AwardCertificate).where(AwardCertificate.certificate_id.in_(list(certificate_ids)))
    return {row.certificate_id: row for row in session().scalars(wanted)}


def with_keys(keys: Iterable[str]) -> Mapping[str, AwardCertificate]:
    """Those that were given already, by their key, with their certificates."""
    listed, found = list(keys), {}
    for start in range(0, len(listed), 500):
        wanted = select(AwardCertificate).where(AwardCertificate.award_key.in_(listed[start : start + 500]))
        for row in session().scalars(wanted.options(joinedload(AwardCertificate.certificate))):
            found[row.award_key] = row
    return found


def earlier(entry_ids: Iterable[UUID], given_as: str, publication_id: UUID) -> Sequence[AwardCertificate]:
    """What was given for the same entries out of another publication and is in force: a correction does not give twice."""
    wanted = (
        select(AwardCertificate)
        .join(Certificate, Certificate.id == AwardCertificate.certificate_id)
        .where(
            AwardCertificate.entry_id.in_(list(entry_ids)), AwardCertificate.given_as == given_as,
            AwardCertificate.publication_id != publication_id,
            Certificate.state.not_in((CertificateState.REVOKED, CertificateState.WITHDRAWN)),
        )
        .options(joinedload(AwardCertificate.certificate))
    )  # fmt: skip
    return session().scalars(wanted).all()


def unfinished(evaluation_organization_id: UUID, publication_id: UUID) -> Sequence[UUID]:
    """An issuer's certificates out of a publication that have a number and no file yet."""
    wanted = (
        select(Certificate.id)
        .join(AwardCertificate, AwardCertificate.certificate_id == Certificate.id)
        .where(
            AwardCertificate.publication_id == publication_id,
            Certificate.state == CertificateState.NUMBERED,
            Certificate.evaluation_organization_id == evaluation_organization_id,
        )
        .order_by(Certificate.number)
    )
    return session().scalars(wanted).all()


def counts(publication_ids: Iterable[UUID]) -> Mapping[tuple[UUID, str], int]:
    """(publication, given as) → how many were issued and are in force."""
    wanted = (
        select(AwardCertificate.publication_id, AwardCertificate.given_as, func.count())
        .join(Certificate, Certificate.id == AwardCertificate.certificate_id)
        .where(AwardCertificate.publication_id.in_(list(publication_ids)), Certificate.state == CertificateState.ISSUED)
        .group_by(AwardCertificate.publication_id, AwardCertificate.given_as)
    )
    return {(row[0], row[1]): row[2] for row in session().execute(wanted)}


def publications(issuer: EvaluationOrganization, actor: Actor) -> Sequence[PublicationSummary]:
    """The decided publications an issuer may give certificates for: of competitions the officer may see, or that it hosts."""
    seen = {one.id: one for one in published.decided_publications(actor)}
    hosted = {one.id: one for one in published.decided_publications() if issuer.name in one.hosts}
    return sorted({**seen, **hosted}.values(), key=lambda one: one.published_at, reverse=True)
