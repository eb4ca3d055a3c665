"""A judge's word on a panel's tablet: the recorder entered what I showed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, UtcDateTime


class SeatConfirmation(Base):
    """One judge confirmed with their PIN what stands in their column of a sheet. It holds while `values_hash` is that of the column."""

    __tablename__ = "seat_confirmation"
    __table_args__ = (Index(None, "panel_id", "work_id", "sub_criterion_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    sub_criterion_id: Mapped[UUID] = mapped_column(ForeignKey("sub_criterion.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("panel_seat.id"))
    person_id: Mapped[UUID]
    values_hash: Mapped[str] = mapped_column(String(64))
    client_at: Mapped[datetime] = mapped_column(UtcDateTime)
    server_at: Mapped[datetime] = mapped_column(UtcDateTime)
