"""数据上传: which certificates were sent to the authority together, in what sheet, and what it answered person by person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.certificates.models.certificates import Certificate
from certification.filings.models import EvaluationOrganization
from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class CertificateReport(Base):
    """One upload of one issuer. The sheet is kept as it was sent, the receipt as it came back; both sealed."""

    __tablename__ = "certificate_report"
    __table_args__ = (UniqueConstraint("evaluation_organization_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    number: Mapped[int] = mapped_column(Integer)
    competition_id: Mapped[UUID | None]
    region_code: Mapped[str] = mapped_column(String(6), default="")
    size: Mapped[int] = mapped_column(Integer)
    issue_day: Mapped[date]  # what the sheet says of the date of issue
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    receipt_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    reference: Mapped[str] = mapped_column(String(80), default="")
    repeats_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("certificate_report.id")
    )  # sends again what that one had refused
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    issuer: Mapped[EvaluationOrganization] = relationship()


class CertificateReportItem(Base):
    """One person of an upload: sent, accepted, rejected (with the authority's words), or sent again in a later one."""

    __tablename__ = "certificate_report_item"
    __table_args__ = (Index(None, "certificate_id"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    state: Mapped[str] = mapped_column(String(10))
    error: Mapped[Personal | None] = mapped_column(EncryptedText("certificate_report_item.error", keep=0))

    certificate: Mapped[Certificate] = relationship()
