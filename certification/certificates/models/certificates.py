"""Certificates: number, state, what was printed, the file's hash; the register."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.filings.models import EvaluationOrganization
from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class CertificateNumber(Base):
    """One number of an issuer's own range: used, or voided with its reason. A number is never given twice."""

    __tablename__ = "certificate_number"
    __table_args__ = (UniqueConstraint("evaluation_organization_id", "year", "grade_digit", "serial"),)

    number: Mapped[str] = mapped_column(String(30), primary_key=True)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    year: Mapped[int] = mapped_column(Integer)
    grade_digit: Mapped[str] = mapped_column(String(1))
    serial: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))  # used | voided
    reason: Mapped[str] = mapped_column(String(200), default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Certificate(Base):
    """One certificate. Holds the hash of the award case before it, and its own; the file's SHA-256 once it was made."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("award_case_id", "kind"),
        UniqueConstraint("number"),
        UniqueConstraint("token_index"),
        Index(None, "person_id"),
        Index(None, "file_sha256"),
        Index(None, "state"),
        Index(None, "evaluation_organization_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))  # grade
    award_case_id: Mapped[UUID | None] = mapped_column(ForeignKey("award_case.id"))
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    person_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(30))
    grade: Mapped[str] = mapped_column(String(20))
    occupation_code: Mapped[str] = mapped_column(String(20))
    occupation_name: Mapped[str] = mapped_column(String(80))
    occupation_edition: Mapped[str] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date | None]
    sample: Mapped[bool] = mapped_column(default=True)
    design: Mapped[str] = mapped_column(String(60), default="")
    design_hash: Mapped[str] = mapped_column(String(64), default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    token: Mapped[Personal | None] = mapped_column(
        EncryptedText("certificate.token", keep=0)
    )  # what the QR code carries
    token_index: Mapped[str | None] = mapped_column(String(64))
    competition_id: Mapped[UUID | None]  # where it was won; no foreign key across packages
    region_code: Mapped[str] = mapped_column(String(6), default="")
    previous_hash: Mapped[str] = mapped_column(String(64))  # the award case's
    printed_commitment: Mapped[str] = mapped_column(
        String(64), default=""
    )  # SHA-256 of what was printed, salt included
    hash: Mapped[str] = mapped_column(String(64), default="")
    approved_on: Mapped[date | None]
    numbered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report_reference: Mapped[str] = mapped_column(String(80), default="")
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]  # revoked or withdrawn
    edition: Mapped[int] = mapped_column(Integer, default=1)  # each correction makes the next
    replaced_by: Mapped[str] = mapped_column(String(30), default="")  # ended: the number that took its place
    print_serial: Mapped[str] = mapped_column(String(40), default="")  # 印制流水码 of the paper in force
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    printed: Mapped[CertificatePrint | None] = relationship(back_populates="certificate")
    issuer: Mapped[EvaluationOrganization] = relationship()


class CertificatePrint(Base):
    """What stands on the certificate, by value, sealed and erasable: later corrections of a person change nothing here."""

    __tablename__ = "certificate_print"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    values: Mapped[Personal] = mapped_column(EncryptedText("certificate_print.values", keep=0))  # JSON
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    certificate: Mapped[Certificate] = relationship(back_populates="printed")


class CertificateAct(Base):
    """What happened to a certificate after issue, with reason, who and when."""

    __tablename__ = "certificate_act"
    __table_args__ = (Index(None, "certificate_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate_change.id"))
    act: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
