"""What a tablet's self-test found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, UtcDateTime


class TabletCheck(Base):
    """终端自检: the latest self-test of a tablet. `clock_offset` is in milliseconds, the tablet's clock minus ours."""

    __tablename__ = "tablet_check"
    __table_args__ = (Index(None, "event_id"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failed: Mapped[list[str]] = mapped_column(JSON, default=list)
    warned: Mapped[list[str]] = mapped_column(JSON, default=list)
    clock_offset: Mapped[int] = mapped_column(Integer, default=0)
    browser: Mapped[str] = mapped_column(String(120), default="")
