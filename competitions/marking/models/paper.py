"""Printed sheets: one a panel and work, keyed in by two clerks, with the scan beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class PaperSheet(Base):
    """A printed sheet set of one panel and one work. Its id is in the QR; marks that come from it carry it as their device.

    `content_hash` covers what was printed (scheme, aspects, seats): when that is another one now, the paper is void.
    """

    __tablename__ = "paper_sheet"
    __table_args__ = (Index(None, "event_id"), Index(None, "panel_id", "work_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    printed_by: Mapped[UUID | None]
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # printed again
    scan_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_seats: Mapped[list[int]] = mapped_column(JSON, default=list)  # seats whose signature both clerks saw

    keyings: Mapped[list[PaperKeying]] = relationship(order_by="PaperKeying.number")


class PaperKeying(Base):
    """What one clerk read from the paper, without seeing the other's."""

    __tablename__ = "paper_keying"
    __table_args__ = (UniqueConstraint("paper_sheet_id", "number"), UniqueConstraint("paper_sheet_id", "clerk_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    paper_sheet_id: Mapped[UUID] = mapped_column(ForeignKey("paper_sheet.id"))
    number: Mapped[int] = mapped_column(Integer)
    clerk_id: Mapped[UUID]
    keyed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    signed_seats: Mapped[list[int]] = mapped_column(JSON, default=list)
