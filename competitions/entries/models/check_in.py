"""The check-in's notes: who noted what of whom at which door, and what became of it. Append-only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competitions.entries.models.entries import Entry
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class CheckInNote(Base):
    """One note. Its id is made at the door: the same note sent twice is stored once.

    `number` runs per entry; `base_id` is the note the door saw last; `settles_id` the note that a decision settles. What they
    do to one another: `competitions/rules/check_in.py`. `missing` lists members of a team who did not come.
    """

    __tablename__ = "check_in_note"
    __table_args__ = (UniqueConstraint("entry_id", "number"), Index(None, "event_id", "received_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int] = mapped_column(Integer)
    step: Mapped[str] = mapped_column(String(10))
    base_id: Mapped[UUID | None]
    settles_id: Mapped[UUID | None]
    missing: Mapped[list[int]] = mapped_column(JSON, default=list)
    reason: Mapped[Personal | None] = mapped_column(
        EncryptedText("check_in_note.reason", keep=0)
    )  # may name a stranger
    client_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(10))
    held_code: Mapped[str] = mapped_column(String(40), default="")

    entry: Mapped[Entry] = relationship()
