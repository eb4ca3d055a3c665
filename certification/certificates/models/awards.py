"""Certificates of prizes, honours and participation: from which publication, for what, printed with which version of a design."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.certificates.models.certificates import Certificate
from certification.certificates.models.designs import DesignVersion
from foundation.db import Base


class AwardCertificate(Base):
    """What a certificate is given for. Append-only; names nobody: who it is stands in the certificate."""

    __tablename__ = "award_certificate"
    __table_args__ = (UniqueConstraint("award_key"), Index(None, "publication_id"), Index(None, "entry_id"))

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    award_key: Mapped[str] = mapped_column(String(160))  # one for what, publication, entry and person
    publication_id: Mapped[UUID]  # no foreign key across packages
    publication_hash: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[UUID]
    given_as: Mapped[str] = mapped_column(String(20))  # prize | coach | title | participation
    prize: Mapped[str] = mapped_column(String(40), default="")
    wording: Mapped[str] = mapped_column(String(60))
    wording_en: Mapped[str] = mapped_column(String(120), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # what the names in braces mean
    dated_on: Mapped[date]
    design_version_id: Mapped[UUID] = mapped_column(ForeignKey("design_version.id"))

    certificate: Mapped[Certificate] = relationship()
    version: Mapped[DesignVersion] = relationship()
