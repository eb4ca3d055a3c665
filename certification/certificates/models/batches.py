"""Batches (批次): certificates of one issuer and kind that are checked, made and packed together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.certificates.models.certificates import Certificate
from certification.filings.models import EvaluationOrganization
from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class CertificateBatch(Base):
    """One batch. `run` counts its starts: a worker of an earlier run stops when it sees another number.

    `competition_id` and `region_code` are set when all its certificates share them: their officers see the batch. `looked`
    holds which finished pages were looked at; `fault` why it stopped (code and facts without names).
    """

    __tablename__ = "certificate_batch"
    __table_args__ = (UniqueConstraint("evaluation_organization_id", "number"), Index(None, "state"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    competition_id: Mapped[UUID | None]
    region_code: Mapped[str] = mapped_column(String(6), default="")
    state: Mapped[str] = mapped_column(String(10))
    run: Mapped[int] = mapped_column(Integer, default=0)
    size: Mapped[int] = mapped_column(Integer)
    public_url: Mapped[str] = mapped_column(String(200))
    job_id: Mapped[UUID | None]
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    looked: Mapped[list[str]] = mapped_column(JSON, default=list)  # ids of certificates
    ordered_by: Mapped[UUID | None]
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    issuer: Mapped[EvaluationOrganization] = relationship()


class CertificateBatchItem(Base):
    """One certificate of a batch: waiting, blocked (by a gate), issued, refused (while it was made)."""

    __tablename__ = "certificate_batch_item"
    __table_args__ = (Index(None, "certificate_id"), Index(None, "batch_id", "state", "position"))

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    state: Mapped[str] = mapped_column(String(10))
    faults: Mapped[Personal | None] = mapped_column(
        EncryptedText("certificate_batch_item.faults", keep=0)
    )  # JSON: codes and facts, names among them

    certificate: Mapped[Certificate] = relationship()
