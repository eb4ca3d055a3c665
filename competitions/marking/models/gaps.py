"""Numbers of tablets that no stored mark carries: spent on what was invalid, or declared lost with the tablet."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class SpentNumber(Base):
    """A number a registered tablet used for a mark that was invalid and not stored: no gap, the tablet shows it to its judge."""

    __tablename__ = "spent_number"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    device_sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    mark_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeclaredGap(Base):
    """The chief judge declares what a lost tablet still held as lost; it holds when a supervisor has approved.

    `missing` are the numbers; `again` the cells that were empty then, as [work, aspect]: what must be marked again.
    """

    __tablename__ = "declared_gap"
    __table_args__ = (Index(None, "event_id"), Index(None, "device_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    missing: Mapped[list[int]] = mapped_column(JSON)
    again: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[UUID | None]
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
