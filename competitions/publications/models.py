"""Numbered publications: what was made public, when, by whom; immutable and hashed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class PublicationKind(StrEnum):
    """赛场公布, 成绩公示, 公布文件（通报）; interim for the live board; external for contests run elsewhere."""

    INTERIM = "interim"
    EXTERNAL = "external"
    POSTED = "posted"
    PROPOSED = "proposed"
    DECIDED = "decided"


class Publication(Base):
    """One act of making results public. Append-only; a correction is the next number. Names nobody."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("competition_id", "number"), Index(None, "event_id", "division_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    run_id: Mapped[UUID] = mapped_column(ForeignKey("result_run.id"))
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("publication.id"))
    correction_reason: Mapped[str] = mapped_column(String(300), default="")
    notice: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # days, first, last, assumed, contacts
    document_number: Mapped[str] = mapped_column(String(60), default="")
    document_date: Mapped[date | None]
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # tier, class, plan, occupation, attendance … by value
    run_hash: Mapped[str] = mapped_column(String(64))
    hash_version: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))

    rows: Mapped[list[PublicationRow]] = relationship(back_populates="publication", order_by="PublicationRow.position")


class PublicationRow(Base):
    """One entry as published: places and figures. `commitment` is SHA-256 of salt and names, which lie elsewhere."""

    __tablename__ = "publication_row"
    __table_args__ = (UniqueConstraint("publication_id", "entry_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"))
    entry_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
    total: Mapped[str] = mapped_column(String(40), default="")
    prize: Mapped[str] = mapped_column(String(40), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # parts, member ids in order with identity class and age
    commitment: Mapped[str] = mapped_column(String(64))

    publication: Mapped[Publication] = relationship(back_populates="rows")


class PublicationName(Base):
    """Names and units as published, with the salt of the commitment: erasable, so that a publication can outlive them."""

    __tablename__ = "publication_name"

    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    names: Mapped[str] = mapped_column(Text)
    units: Mapped[str] = mapped_column(Text)


class Objection(Base):
    """An objection to a notice, in writing and with a real name; only the entry concerned is held up."""

    __tablename__ = "objection"
    __table_args__ = (Index(None, "publication_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"))
    entry_id: Mapped[UUID]
    raised_by: Mapped[Personal] = mapped_column(EncryptedText("objection.raised_by", keep=0))
    matter: Mapped[Personal] = mapped_column(EncryptedText("objection.matter", keep=0))
    state: Mapped[str] = mapped_column(String(20))  # open | upheld | dismissed
    answer: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[UUID | None]


class Hold(Base):
    """What stops an entry's result from becoming final; placed by this or a higher room."""

    __tablename__ = "hold"
    __table_args__ = (Index(None, "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    entry_id: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(String(60))
    placed_by: Mapped[UUID | None]
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
