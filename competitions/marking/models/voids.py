"""Decisions to leave something out after marking began: asked by the chief judge, agreed by a supervisor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class VoidDecision(Base):
    """评分作废: an aspect, a sub-criterion or a criterion (`level`, `target_id`) and the way it counts from then on.

    `way` and `level` are of `competitions/rules/voids.py`; of several agreed decisions the last one holds.
    """

    __tablename__ = "void_decision"
    __table_args__ = (Index(None, "event_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("marking_scheme.id"))
    level: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[UUID]
    way: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number: Mapped[int | None] = mapped_column(Integer)  # in the order agreed; the last about an aspect holds
    refusal: Mapped[str] = mapped_column(Text, default="")
