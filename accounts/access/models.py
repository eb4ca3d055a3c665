"""Grants: who holds which role where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class RoleGrant(Base):
    """One role on one scope for one person, until it ends or is withdrawn. Never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(None, "person_id"),  # asked on every request
        Index(None, "scope_kind", "scope_key"),  # who holds roles on this competition
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(30))
    scope_kind: Mapped[str] = mapped_column(String(20))
    scope_key: Mapped[str] = mapped_column(String(40), default="")
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
