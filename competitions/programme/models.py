"""Competitions, their hosts, rules, events, divisions and parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.organizations.models import Organization
from foundation.clock import new_id
from foundation.db import Base, Exact, ExactFraction, UtcDateTime


class Competition(Base):
    """One run of one named contest. Tier, class, programme and line are codes of their sets.

    `plan_number` is the 文号 of the annual plan that lists it; without one the competition brings no grade, and says so.
    """

    __tablename__ = "competition"
    __table_args__ = (Index(None, "region_code"), Index(None, "state"), Index(None, "starts_on"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    tier: Mapped[str] = mapped_column(String(20))
    competition_class: Mapped[str] = mapped_column(String(20))
    programme: Mapped[str] = mapped_column(String(30))
    line: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(30))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    venue: Mapped[str] = mapped_column(String(120), default="")
    plan_number: Mapped[str] = mapped_column(String(60), default="")
    plan_date: Mapped[date | None]
    registration_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    selects_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("competition.id"))
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_address: Mapped[str] = mapped_column(String(200), default="")
    supervision_phone: Mapped[str] = mapped_column(String(40), default="")
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    rehearsal: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    hosts: Mapped[list[CompetitionHost]] = relationship(
        back_populates="competition", order_by="CompetitionHost.position"
    )
    events: Mapped[list[Event]] = relationship(back_populates="competition", order_by="Event.position")
    rule_sets: Mapped[list[RuleSetVersion]] = relationship(
        back_populates="competition", order_by="RuleSetVersion.number"
    )


class CompetitionHost(Base):
    """A body and what it is to a competition: lead host, host, implementer, …"""

    __tablename__ = "competition_host"
    __table_args__ = (UniqueConstraint("competition_id", "organization_id", "role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    role: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(Integer)

    competition: Mapped[Competition] = relationship(back_populates="hosts")
    organization: Mapped[Organization] = relationship()


class RuleSetVersion(Base):
    """One version of a competition's rules, never changed once another row refers to it."""

    __tablename__ = "rule_set_version"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    number: Mapped[int] = mapped_column(Integer)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    basis: Mapped[str] = mapped_column(String(200), default="")
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    competition: Mapped[Competition] = relationship(back_populates="rule_sets")


class Event(Base):
    """赛项: what is contested. Maps to one occupation by value (edition, code, name): codes change their meaning."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("competition_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    occupation_code: Mapped[str] = mapped_column(String(20))
    occupation_name: Mapped[str] = mapped_column(String(80))
    occupation_edition: Mapped[str] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(80), default="")
    test_level: Mapped[str] = mapped_column(String(20))
    team_size: Mapped[int] = mapped_column(Integer, default=1)
    position: Mapped[int] = mapped_column(Integer)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    competition: Mapped[Competition] = relationship(back_populates="events")
    divisions: Mapped[list[Division]] = relationship(back_populates="event", order_by="Division.position")
    parts: Mapped[list[Part]] = relationship(back_populates="event", order_by="Part.position")


class Division(Base):
    """组别: who is ranked together. `kind` is a code of `division_kind`; the name is what people read."""

    __tablename__ = "division"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    quota: Mapped[int | None] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)

    event: Mapped[Event] = relationship(back_populates="divisions")


class Part(Base):
    """部分: theory or practice, with its full mark, weight in the total, pass mark, and where its score comes from."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(String(20))  # theory | practice
    full_mark: Mapped[Decimal] = mapped_column(Exact(2))
    weight: Mapped[Fraction] = mapped_column(ExactFraction)  # share of the total, 3/10 for 30 %
    pass_mark: Mapped[Decimal | None] = mapped_column(Exact(2))
    source: Mapped[str] = mapped_column(String(20))  # scheme | entered_score
    gate_only: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(Integer)

    event: Mapped[Event] = relationship(back_populates="parts")
