"""What people state beyond the register, decision lists with their names, how possible matches were settled."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class MemberStatement(Base):
    """One thing a rule asks and no register knows: since when somebody is insured here, whether there is a contract. With its paper."""

    __tablename__ = "member_statement"
    __table_args__ = (UniqueConstraint("member_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("entry_member.id"))
    key: Mapped[str] = mapped_column(String(30))
    value: Mapped[Personal] = mapped_column(EncryptedText("member_statement.value", keep=0))
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    basis: Mapped[str] = mapped_column(String(10))  # declared | verified
    noted_by: Mapped[UUID | None]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_by: Mapped[UUID | None]
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DecisionList(Base):
    """A list of names that a decision published (表彰决定, 通报): who got a title, or who won before. Kept for one competition."""

    __tablename__ = "decision_list"
    __table_args__ = (Index(None, "competition_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    kind: Mapped[str] = mapped_column(String(10))  # title | winners
    title: Mapped[str] = mapped_column(String(100))  # the title given, or the contest that was won
    state: Mapped[str] = mapped_column(String(10))  # held | pending
    document_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    names: Mapped[list[DecisionName]] = relationship(back_populates="list", order_by="DecisionName.position")


class DecisionName(Base):
    """One name of a list, with what the list says beside it."""

    __tablename__ = "decision_name"
    __table_args__ = (Index(None, "list_id"), Index(None, "name"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("decision_list.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(200), default="")
    event: Mapped[str] = mapped_column(String(80), default="")
    rank: Mapped[int | None] = mapped_column(Integer)
    prize: Mapped[str] = mapped_column(String(40), default="")

    list: Mapped[DecisionList] = relationship(back_populates="names")


class DecisionMatch(Base):
    """Whether a name of a list is a person entered here: settled by somebody, with a reason."""

    __tablename__ = "decision_match"
    __table_args__ = (UniqueConstraint("name_id", "person_id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name_id: Mapped[UUID] = mapped_column(ForeignKey("decision_name.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    same: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EligibilityCheck(Base):
    """One judging anew of an event's accepted entries, such as before awards: how many, and how many were open."""

    __tablename__ = "eligibility_check"
    __table_args__ = (Index(None, "event_id", "checked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    entries: Mapped[int] = mapped_column(Integer)
    open: Mapped[int] = mapped_column(Integer)
    checked_by: Mapped[UUID | None]
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
