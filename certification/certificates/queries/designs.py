"""Reading the designs of issuers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from certification.certificates.models.certificates import Certificate
from certification.certificates.models.designs import DesignDraft, DesignFolder, DesignVersion
from foundation.db import session
from foundation.refusal import Missing


def versions_of(evaluation_organization_id: UUID, design: str = "") -> Sequence[DesignVersion]:
    """An issuer's versions, of one design or of all, the latest first."""
    wanted = select(DesignVersion).where(DesignVersion.evaluation_organization_id == evaluation_organization_id)
    if design:
        wanted = wanted.where(DesignVersion.design == design)
    return session().scalars(wanted.order_by(DesignVersion.published_at.desc(), DesignVersion.number.desc())).all()


def version(design_version_id: UUID) -> DesignVersion:
    """One version. Raises Missing."""
    found = session().get(DesignVersion, design_version_id)
    if found is None:
        raise Missing
    return found


def version_of_hash(evaluation_organization_id: UUID, digest: str) -> DesignVersion | None:
    """The version a certificate names by its hash."""
    wanted = select(DesignVersion).where(
        DesignVersion.evaluation_organization_id == evaluation_organization_id, DesignVersion.hash == digest
    )
    return session().scalars(wanted).one_or_none()


def version_in_use(evaluation_organization_id: UUID, kind: str) -> DesignVersion | None:
    """The version an issuer published last for certificates of this kind."""
    wanted = select(DesignVersion).where(
        DesignVersion.evaluation_organization_id == evaluation_organization_id, DesignVersion.kind == kind
    )
    latest = wanted.order_by(DesignVersion.published_at.desc(), DesignVersion.number.desc()).limit(1)
    return session().scalars(latest).one_or_none()


def draft(evaluation_organization_id: UUID, design: str) -> DesignDraft | None:
    """What is being changed."""
    wanted = select(DesignDraft).where(
        DesignDraft.evaluation_organization_id == evaluation_organization_id, DesignDraft.design == design
    )
    return session().scalars(wanted).one_or_none()


def drafts_of(evaluation_organization_id: UUID) -> frozenset[str]:
    """The designs an issuer is changing."""
    wanted = select(DesignDraft.design).where(DesignDraft.evaluation_organization_id == evaluation_organization_id)
    return frozenset(session().scalars(wanted))


def folder(digest: str) -> DesignFolder | None:
    """A folder as it was."""
    return session().get(DesignFolder, digest)


def issued_with(evaluation_organization_id: UUID) -> Mapping[str, int]:
    """Hash of a version → how many certificates were issued with it."""
    wanted = select(Certificate.design_hash, func.count()).where(
        Certificate.evaluation_organization_id == evaluation_organization_id, Certificate.issued_on.is_not(None)
    )
    return {row[0]: row[1] for row in session().execute(wanted.group_by(Certificate.design_hash))}
