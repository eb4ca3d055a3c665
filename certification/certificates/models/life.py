"""What happens to a certificate after issue: requests, the editions that were replaced, links that a holder shares."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.certificates.models.certificates import Certificate
from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class CertificateChange(Base):
    """A request for one of the four acts: who asked and why, who decided, and what came of it.

    `wanted` is what a correction is to print, `before` what the replaced edition printed (both sealed JSON, erasable).
    """

    __tablename__ = "certificate_change"
    __table_args__ = (
        Index(None, "certificate_id", "state"),
        Index(None, "state", "asked_at"),  # the list of what waits
        UniqueConstraint("print_serial"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    act: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date | None]  # withdraw: the last day it held
    replaced_by: Mapped[str] = mapped_column(String(30), default="")  # the number that takes its place
    wanted: Mapped[Personal | None] = mapped_column(EncryptedText("certificate_change.wanted", keep=0))
    before: Mapped[Personal | None] = mapped_column(EncryptedText("certificate_change.before", keep=0))
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    print_serial: Mapped[str | None] = mapped_column(String(40))  # reissue: of the new paper
    asked_by: Mapped[UUID]
    asked_as: Mapped[str] = mapped_column(String(10))  # holder | officer
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(Text, default="")

    certificate: Mapped[Certificate] = relationship()


class CertificateEdition(Base):
    """A file that was in force and was replaced by a correction. Its hash is the link before the next edition's."""

    __tablename__ = "certificate_edition"
    __table_args__ = (UniqueConstraint("certificate_id", "edition"), Index(None, "file_sha256"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    edition: Mapped[int] = mapped_column(Integer)  # 1 is what was issued first
    change_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_change.id"))  # what replaced it
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    printed_commitment: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateShare(Base):
    """A link that lets whoever has it see one certificate, until its day or until the holder withdraws it."""

    __tablename__ = "certificate_share"
    __table_args__ = (UniqueConstraint("token_index"), Index(None, "certificate_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    note: Mapped[str] = mapped_column(String(60), default="")  # for whom, for the holder's own memory
    token: Mapped[Personal] = mapped_column(EncryptedText("certificate_share.token", keep=0))
    token_index: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date | None]  # the last day, in China
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    certificate: Mapped[Certificate] = relationship()
