"""A rehearsal (彩排): the event's own panels and scheme, invented works, marks in tables of their own that are erased afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class Rehearsal(Base):
    """The rehearsal of an event that runs now. Its id is the scope of the tablets that take part, apart from the real ones."""

    __tablename__ = "rehearsal"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    started_by: Mapped[UUID | None]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RehearsalWork(Base):
    """An invented work; nobody made it."""

    __tablename__ = "rehearsal_work"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("rehearsal.event_id"))
    code: Mapped[str] = mapped_column(String(12))


class RehearsalMark(Base):
    """A mark given in a rehearsal: it counts nowhere, is chained nowhere and goes with the rehearsal."""

    __tablename__ = "rehearsal_mark"
    __table_args__ = (UniqueConstraint("event_id", "sequence"), Index(None, "work_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("rehearsal.event_id"))
    sequence: Mapped[int] = mapped_column(Integer)
    work_id: Mapped[UUID] = mapped_column(ForeignKey("rehearsal_work.id"))
    aspect_id: Mapped[UUID] = mapped_column(ForeignKey("aspect.id"))
    cell: Mapped[UUID]  # the seat's id, or the panel's for an agreed value
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str | None] = mapped_column(Text)
    base_id: Mapped[UUID | None]
    judge_id: Mapped[UUID]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
