"""Leaders' meetings (领队会): the meeting, who came, what was asked, the numbered clarifications and who has read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competitions.entries.models.entries import Delegation
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class Meeting(Base):
    """One meeting of the leaders: when, where, what about. `notes` are the minutes' free part."""

    __tablename__ = "meeting"
    __table_args__ = (Index(None, "competition_id", "begins_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    title: Mapped[str] = mapped_column(String(120))
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(120), default="")
    agenda: Mapped[str] = mapped_column(Text, default="")  # one item a line
    notes: Mapped[str] = mapped_column(Text, default="")
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingSignIn(Base):
    """A delegation was there: who signed for it, when, by their own phone or at the table."""

    __tablename__ = "meeting_sign_in"
    __table_args__ = (UniqueConstraint("meeting_id", "delegation_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    name: Mapped[str] = mapped_column(String(60))  # who came, by value: it may be a deputy
    way: Mapped[str] = mapped_column(String(10))  # phone | table
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[UUID | None]

    delegation: Mapped[Delegation] = relationship()


class Question(Base):
    """What a leader asks. Anonymous to other delegations when chosen; the organizer knows who asked."""

    __tablename__ = "question"
    __table_args__ = (Index(None, "competition_id", "asked_at"), Index(None, "delegation_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    asked_by: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(Text)
    anonymous: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declined: Mapped[str] = mapped_column(String(300), default="")  # why it is not answered to all
    clarification_id: Mapped[UUID | None] = mapped_column(ForeignKey("clarification.id"))

    delegation: Mapped[Delegation] = relationship()


class Clarification(Base):
    """What holds for everybody, numbered in its competition; never changed: a later one corrects it. Append-only."""

    __tablename__ = "clarification"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    number: Mapped[int] = mapped_column(Integer)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    question: Mapped[str] = mapped_column(Text, default="")  # as it is shown to all
    asked_for: Mapped[str] = mapped_column(
        String(120), default=""
    )  # the delegation's name; empty: anonymous or nobody asked
    answer: Mapped[str] = mapped_column(Text)
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("clarification.id"))
    public: Mapped[bool] = mapped_column(default=False)
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClarificationReading(Base):
    """A delegation confirmed that it has read a clarification. Append-only."""

    __tablename__ = "clarification_reading"
    __table_args__ = (UniqueConstraint("clarification_id", "delegation_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clarification_id: Mapped[UUID] = mapped_column(ForeignKey("clarification.id"))
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    read_by: Mapped[UUID | None]
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
