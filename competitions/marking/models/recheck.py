"""The record of a re-check (复核记录表): which works, what was found, who signed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competitions.codes.models import Work
from foundation.db import Base, Exact, UtcDateTime


class Recheck(Base):
    """抽检复核 of an event, drawn by work code before anybody knows a name. Shares and limit, in percent, are those in force then.

    `seed` makes the draw repeatable. `full_at` is when the error rate went over the limit and every work was added.
    """

    __tablename__ = "recheck"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(60))
    seed: Mapped[str] = mapped_column(String(64))
    top: Mapped[Decimal] = mapped_column(Exact(2))
    rest: Mapped[Decimal] = mapped_column(Exact(2))
    limit: Mapped[Decimal] = mapped_column(Exact(2))
    drawn_by: Mapped[UUID]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    full_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[UUID | None]  # the supervisor
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_by: Mapped[UUID | None]  # the chief judge
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    items: Mapped[list[RecheckItem]] = relationship(back_populates="recheck", order_by="RecheckItem.place")


class RecheckItem(Base):
    """One work to check again. `total` is its exact sum when it was drawn, as text `p/q`; `wrong` is None until it was checked."""

    __tablename__ = "recheck_item"
    __table_args__ = (Index(None, "event_id", "place"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("recheck.event_id"), primary_key=True)
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    group: Mapped[str] = mapped_column(String(10))  # top | drawn | full
    total: Mapped[str] = mapped_column(String(60), default="")
    wrong: Mapped[bool | None]
    error: Mapped[str] = mapped_column(String(20), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[UUID | None]
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recheck: Mapped[Recheck] = relationship(back_populates="items")
    work: Mapped[Work] = relationship()
