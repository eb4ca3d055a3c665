"""Corrections of signed marks: asked by the chief judge, agreed by a supervisor, both values kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class Correction(Base):
    """更正: one cell of a signed or confirmed sheet, its old and new value, why, and the two people who signed.

    The marks stay in the ledger; `mark_id` is the one that was in force, `new_mark_id` the revision that followed.
    """

    __tablename__ = "correction"
    __table_args__ = (Index(None, "event_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("sheet.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    aspect_id: Mapped[UUID] = mapped_column(ForeignKey("aspect.id"))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel_seat.id"))
    state: Mapped[str] = mapped_column(String(20))
    mark_id: Mapped[UUID] = mapped_column(ForeignKey("mark.id"))
    old_value: Mapped[str] = mapped_column(Text)
    new_value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str] = mapped_column(Text, default="")
    new_mark_id: Mapped[UUID | None] = mapped_column(ForeignKey("mark.id"))
