"""Who leads and coaches a delegation, and what it hands in on paper."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.people.models import Person
from competitions.entries.models.entries import Delegation
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class OfficerRole(StrEnum):
    """What somebody is to a delegation: 领队, 教练（指导教师）."""

    LEADER = "leader"
    COACH = "coach"


class DelegationOfficer(Base):
    """A leader or coach of a delegation. Who left stays on record with the reason."""

    __tablename__ = "delegation_officer"
    __table_args__ = (Index(None, "delegation_id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    appointed_by: Mapped[UUID | None]
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")

    delegation: Mapped[Delegation] = relationship()
    person: Mapped[Person] = relationship()


class DelegationSummary(Base):
    """One printing of the summary (报名汇总表): its code, the hash of what it said, and the sealed scan when it came back."""

    __tablename__ = "delegation_summary"
    __table_args__ = (UniqueConstraint("code"), Index(None, "delegation_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    code: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int] = mapped_column(Integer)
    printed_by: Mapped[UUID | None]
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scan_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    filed_by: Mapped[UUID | None]
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
