"""Designs as issuers use them: folders as they were, versions that never change, and what is being edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.filings.models import EvaluationOrganization
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class DesignFolder(Base):
    """The files of a design as they were when a version was made of them, packed. Append-only."""

    __tablename__ = "design_folder"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DesignVersion(Base):
    """An issuer's design as published: folder, settings and pictures, known by the hash over all of them. Append-only."""

    __tablename__ = "design_version"
    __table_args__ = (
        UniqueConstraint("evaluation_organization_id", "design", "number"),
        UniqueConstraint("evaluation_organization_id", "hash"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    design: Mapped[str] = mapped_column(String(40))  # the folder's key
    kind: Mapped[str] = mapped_column(String(20))  # grade | prize | honour | participation
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(80))
    folder_hash: Mapped[str] = mapped_column(ForeignKey("design_folder.hash"))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    logo_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    seal_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    hash: Mapped[str] = mapped_column(String(64))
    pictures_allowed_by: Mapped[UUID | None]  # who answers for logo and picture of a seal
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    issuer: Mapped[EvaluationOrganization] = relationship()
    folder: Mapped[DesignFolder] = relationship()


class DesignDraft(Base):
    """What an issuer is changing in a design and nobody has published."""

    __tablename__ = "design_draft"
    __table_args__ = (UniqueConstraint("evaluation_organization_id", "design"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    design: Mapped[str] = mapped_column(String(40))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    logo_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    seal_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
