"""Verifiable credentials of certificates, their places in the status lists, and the signed roots of what was issued together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class CredentialSlot(Base):
    """The place of one edition of a certificate in its issuer's status lists; kept for ever, given once."""

    __tablename__ = "credential_slot"
    __table_args__ = (UniqueConstraint("evaluation_organization_id", "list_number", "place"),)

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(Integer, primary_key=True)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    list_number: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)


class CertificateCredential(Base):
    """The credential of one edition, byte for byte as it lies in the PDF. Names its holder: sealed, erasable."""

    __tablename__ = "certificate_credential"
    __table_args__ = (Index(None, "sha256"),)

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(Integer, primary_key=True)
    signing_key_id: Mapped[UUID] = mapped_column(ForeignKey("signing_key.id"))
    token: Mapped[Personal] = mapped_column(EncryptedText("certificate_credential.token", keep=0))  # the JWT
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateRoot(Base):
    """A signed Merkle root over the files of certificates that were issued together."""

    __tablename__ = "certificate_root"
    __table_args__ = (UniqueConstraint("evaluation_organization_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    number: Mapped[int] = mapped_column(Integer)
    signing_key_id: Mapped[UUID] = mapped_column(ForeignKey("signing_key.id"))
    root: Mapped[str] = mapped_column(String(64))
    leaves: Mapped[list[Any]] = mapped_column(JSON)  # sorted; what the root is made of
    token: Mapped[str] = mapped_column(Text)  # the JWT that signs it
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateRootEntry(Base):
    """Which root covers which edition."""

    __tablename__ = "certificate_root_entry"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(Integer, primary_key=True)
    certificate_root_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_root.id"))
