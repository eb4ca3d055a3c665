"""Bodies: authorities, enterprises, schools, associations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class OrganizationKind(StrEnum):
    """What kind of body it is."""

    AUTHORITY = "authority"
    ENTERPRISE = "enterprise"
    SCHOOL = "school"
    ASSOCIATION = "association"
    UNION = "union"
    OTHER = "other"


class Organization(Base):
    """A body. `region_code` is six digits of GB/T 2260; `parent_id` the body above it."""

    __tablename__ = "organization"
    __table_args__ = (Index(None, "name"), Index(None, "region_code"), Index(None, "parent_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    region_code: Mapped[str] = mapped_column(String(6), default="")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    aliases: Mapped[list[OrganizationAlias]] = relationship(back_populates="organization")


class OrganizationAlias(Base):
    """Another name of a body: what rosters call it."""

    __tablename__ = "organization_alias"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(200))

    organization: Mapped[Organization] = relationship(back_populates="aliases")
