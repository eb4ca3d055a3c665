"""Selection links between events of different competitions, and the nominations that publishing below makes above."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competitions.entries.models.entries import Delegation
from competitions.programme.models import Event
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class SelectionLink(Base):
    """选拔关系: the decided results of one event and division below send people into a delegation of an event above.

    `choice` is the stored form of `competitions.rules.selection.Choice`; `seats` the most that may be confirmed (None: as chosen).
    """

    __tablename__ = "selection_link"
    __table_args__ = (
        UniqueConstraint("source_division_id", "target_division_id"),
        Index(None, "target_event_id"),
        Index(None, "source_event_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source_event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    source_division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    target_event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    target_division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    choice: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    source: Mapped[Event] = relationship(foreign_keys=[source_event_id])
    target: Mapped[Event] = relationship(foreign_keys=[target_event_id])
    delegation: Mapped[Delegation] = relationship()
    nominations: Mapped[list[Nomination]] = relationship(back_populates="link", order_by="Nomination.position")


class Nomination(Base):
    """晋级提名: one entry below that goes on, or waits as a substitute with its place in the order.

    `target_entry_id` is the entry above once the leader has confirmed. What became of it stays, with the reason.
    """

    __tablename__ = "nomination"
    __table_args__ = (UniqueConstraint("link_id", "source_entry_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("selection_link.id"))
    publication_id: Mapped[UUID]
    source_entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    position: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    nominated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")
    target_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry.id"))

    link: Mapped[SelectionLink] = relationship(back_populates="nominations")
