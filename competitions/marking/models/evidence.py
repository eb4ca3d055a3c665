"""Photos that judges take as evidence, and the drawings they look at while marking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class EvidencePhoto(Base):
    """A photo a judge took of a work for one aspect. The client chose the id; it arrives in parts of `PART` bytes.

    `received` counts the bytes that are here; `file_id` is the whole photo, written anew from its pixels, once all have come.
    """

    __tablename__ = "evidence_photo"
    __table_args__ = (Index(None, "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    aspect_id: Mapped[UUID] = mapped_column(ForeignKey("aspect.id"))
    person_id: Mapped[UUID]
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    received: Mapped[int] = mapped_column(Integer, default=0)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))


class Drawing(Base):
    """A drawing or picture of the task, of the whole event or of one aspect; kept on the tablets."""

    __tablename__ = "drawing"
    __table_args__ = (Index(None, "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    aspect_code: Mapped[str] = mapped_column(
        String(20), default=""
    )  # "" for all; a code outlives versions of the scheme
    title: Mapped[str] = mapped_column(String(120))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    added_by: Mapped[UUID | None]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
