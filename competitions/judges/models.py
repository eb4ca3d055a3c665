"""Duties, panels and seats: who marks what, and as which judge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.people.models import Person
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class JudgeDuty(Base):
    """A role somebody has in an event: chief judge, judge, supervisor … Supervisors stand outside the judges."""

    __tablename__ = "judge_duty"
    __table_args__ = (UniqueConstraint("event_id", "person_id", "role"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20))  # invited | accepted | declined | relieved
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(80), default="")
    grant_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(300), default="")  # why declined or relieved
    carded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class Panel(Base):
    """A group of judges that marks the same sub-criteria. `entry_mode` is own_tablet or panel_tablet."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(40))
    entry_mode: Mapped[str] = mapped_column(String(20))
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    seats: Mapped[list[PanelSeat]] = relationship(back_populates="panel", order_by="PanelSeat.number")
    assignments: Mapped[list[PanelAssignment]] = relationship(back_populates="panel")


class PanelSeat(Base):
    """One judge's place in a panel: A1, A2, A3."""

    __tablename__ = "panel_seat"
    __table_args__ = (
        UniqueConstraint("panel_id", "number"),
        UniqueConstraint("panel_id", "duty_id"),
        Index(None, "duty_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("judge_duty.id"))
    number: Mapped[int] = mapped_column(Integer)

    panel: Mapped[Panel] = relationship(back_populates="seats")
    duty: Mapped[JudgeDuty] = relationship()


class PanelAssignment(Base):
    """A sub-criterion that a panel marks; each is marked by one panel."""

    __tablename__ = "panel_assignment"
    __table_args__ = (UniqueConstraint("sub_criterion_id"), Index(None, "panel_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    sub_criterion_id: Mapped[UUID] = mapped_column(ForeignKey("sub_criterion.id"))

    panel: Mapped[Panel] = relationship(back_populates="assignments")
