"""The keys an issuer signs with. Of a private key nothing lies in the database: file keys lie in LAUREL_DATA/keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.filings.models import EvaluationOrganization
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class SigningKey(Base):
    """One key pair of an issuer, made or imported by a named person; retired keys stay, what they signed stays checkable.

    `use` is `pdf` (X.509, signs the files) or `credential` (Ed25519, signs what they carry). `holder` is `file` or `token` (PKCS#11: `token` says module, token and label;
    the PIN is a setting).
    """

    __tablename__ = "signing_key"
    __table_args__ = (Index(None, "evaluation_organization_id", "use"), Index(None, "fingerprint"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    use: Mapped[str] = mapped_column(String(12))
    holder: Mapped[str] = mapped_column(String(8))
    algorithm: Mapped[str] = mapped_column(String(12))  # p256 | rsa | ed25519
    origin: Mapped[str] = mapped_column(String(10))  # made | imported
    token: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    public_key: Mapped[str] = mapped_column(Text)  # PEM: the chain of certificates, its own first; Ed25519: the key
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of its certificate, of an Ed25519 key itself
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_by: Mapped[UUID | None]
    retire_reason: Mapped[str] = mapped_column(String(300), default="")

    issuer: Mapped[EvaluationOrganization] = relationship()


class CertificateSignature(Base):
    """Which key signed a certificate's file, and when."""

    __tablename__ = "certificate_signature"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    signing_key_id: Mapped[UUID] = mapped_column(ForeignKey("signing_key.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    key: Mapped[SigningKey] = relationship()
