"""The floor record (赛场情况记录表): what happened at a station, and who signed it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class FloorEntry(Base):
    """One thing that happened at a station, under the client's own id. Append-only: a mistake is struck out by another entry.

    The station is the code under which the floor knows the work. `text` may tell of a person: sealed, and in no hash.
    """

    __tablename__ = "floor_entry"
    __table_args__ = (Index(None, "event_id", "work_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    kind: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(40), default="")
    count: Mapped[int] = mapped_column(Integer, default=0)
    text: Mapped[Personal | None] = mapped_column(EncryptedText("floor_entry.text"))
    refers_to: Mapped[UUID | None]  # struck out; or the first use of an id that came again with another body
    judge_id: Mapped[UUID]
    client_at: Mapped[datetime] = mapped_column(UtcDateTime)
    server_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10))  # received | held
    held_code: Mapped[str] = mapped_column(String(60), default="")
    body_hash: Mapped[str] = mapped_column(String(64))


class FloorSignature(Base):
    """A signature under a station's record as it stood: competitor (nameless), floor judge, chief judge."""

    __tablename__ = "floor_signature"
    __table_args__ = (UniqueConstraint("work_id", "role", "record_hash"), Index(None, "event_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    role: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID | None]
    record_hash: Mapped[str] = mapped_column(String(64))
    drawing: Mapped[Personal] = mapped_column(EncryptedText("floor_signature.drawing"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
