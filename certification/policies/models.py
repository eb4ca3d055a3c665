"""Award policies: versions of documents as data, put in force by a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class AwardPolicyVersion(Base):
    """One version of a policy file. The content never changes; a changed file is the next number."""

    __tablename__ = "award_policy_version"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(120))
    document_number: Mapped[str] = mapped_column(String(80), default="")
    region_code: Mapped[str] = mapped_column(String(6), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_force_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
