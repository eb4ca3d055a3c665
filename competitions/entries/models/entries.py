"""Delegations, entries and their members, eligibility, attendance."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.people.models import Person, Qualification
from competitions.programme.models import Division, Event
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class Attendance(StrEnum):
    """What became of an entry on the day. Late and stopped entries started: they count."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    STOPPED = "stopped"


class Delegation(Base):
    """The people a body sends to a competition. `submitted_at` is when its leader last handed everything in."""

    __tablename__ = "delegation"
    __table_args__ = (UniqueConstraint("competition_id", "organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by: Mapped[UUID | None]


class RegistrationDeadline(Base):
    """Until when one role (`competitions/rules/deadlines.py`) enters, where it is not the competition's general moment."""

    __tablename__ = "registration_deadline"
    __table_args__ = (UniqueConstraint("competition_id", "role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    role: Mapped[str] = mapped_column(String(20))
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Entry(Base):
    """One candidate or one ordered team in one event and division."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("competition_id", "number"),
        UniqueConstraint("competition_id", "pass_number"),
        Index(None, "event_id", "division_id", "state"),
        Index(None, "delegation_id"),
        UniqueConstraint("roster_import_id", "roster_row"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"))
    number: Mapped[int] = mapped_column(Integer)
    pass_number: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(20))  # organizer | candidate | import
    review_note: Mapped[str] = mapped_column(String(300), default="")
    review_level: Mapped[str] = mapped_column(String(20), default="organizer")  # whose review it waits for
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what was marked when it was last returned
    attendance: Mapped[str] = mapped_column(String(10), default=Attendance.EXPECTED)
    attendance_note: Mapped[str] = mapped_column(String(300), default="")
    attended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attendance_fixed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # results are published: no correction
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_reason: Mapped[str] = mapped_column(String(300), default="")  # why it was entered after registration ended
    quota_reason: Mapped[str] = mapped_column(String(300), default="")  # why it may go beyond a quota
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its place in the waiting list
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a place is kept for it until then
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roster_import_id: Mapped[UUID | None]  # the roster that brought it, and the row of its first member there
    roster_row: Mapped[int | None] = mapped_column(Integer)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship()
    division: Mapped[Division] = relationship()
    delegation: Mapped[Delegation | None] = relationship()
    members: Mapped[list[EntryMember]] = relationship(back_populates="entry", order_by="EntryMember.position")
    verdicts: Mapped[list[EligibilityVerdict]] = relationship(
        back_populates="entry", order_by="EligibilityVerdict.position"
    )


class EntryMember(Base):
    """One person of an entry, in the order of registration: some honours go to the first-listed member alone."""

    __tablename__ = "entry_member"
    __table_args__ = (
        UniqueConstraint("entry_id", "position"),
        UniqueConstraint("entry_id", "person_id"),
        Index(None, "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int] = mapped_column(Integer)
    identity_class: Mapped[str] = mapped_column(String(20))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    post: Mapped[str] = mapped_column(String(80), default="")
    years_in_trade: Mapped[int | None] = mapped_column(Integer)
    held_grade_id: Mapped[UUID | None] = mapped_column(ForeignKey("qualification.id"))
    consent_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))  # a guardian's, for a minor
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
    held_grade: Mapped[Qualification | None] = relationship()


class EligibilityVerdict(Base):
    """What one rule says of one entry: pass, fail or needs evidence, with reason and basis. Computed anew at each review."""

    __tablename__ = "eligibility_verdict"
    __table_args__ = (Index(None, "entry_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry_member.id"))
    position: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(30))
    verdict: Mapped[str] = mapped_column(String(20))  # pass | fail | needs_evidence
    code: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    basis: Mapped[str] = mapped_column(String(20), default="")
    override_reason: Mapped[str] = mapped_column(String(300), default="")
    overridden_by: Mapped[UUID | None]
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)

    entry: Mapped[Entry] = relationship(back_populates="verdicts")
