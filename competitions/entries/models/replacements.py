"""Who was entered before somebody else took the place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.people.models import Person
from competitions.entries.models.delegations import DelegationOfficer
from competitions.entries.models.entries import Entry
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class Replacement(Base):
    """One person in another's place in an entry (换人): who left and who came, why, on which statement. It stays for ever.

    Number, pass and codes belong to the entry and go on with it.
    """

    __tablename__ = "replacement"
    __table_args__ = (Index(None, "entry_id"), Index(None, "left_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    position: Mapped[int] = mapped_column(Integer)
    left_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    left_unit: Mapped[str] = mapped_column(String(200), default="")
    came_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    replaced_by: Mapped[UUID | None]
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)

    entry: Mapped[Entry] = relationship()
    left: Mapped[Person] = relationship(foreign_keys=[left_id])
    came: Mapped[Person] = relationship(foreign_keys=[came_id])


class Substitute(Base):
    """Somebody named beforehand who may step in (替补), in this order. They take no place until they do."""

    __tablename__ = "substitute"
    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int] = mapped_column(Integer)
    identity_class: Mapped[str] = mapped_column(String(20))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    years_in_trade: Mapped[int | None] = mapped_column(Integer)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class EntryCoach(Base):
    """A coach (指导教师) of the delegation who trained this entry."""

    __tablename__ = "entry_coach"
    __table_args__ = (UniqueConstraint("entry_id", "officer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("delegation_officer.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)

    officer: Mapped[DelegationOfficer] = relationship()
