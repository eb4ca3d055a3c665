"""Works under random codes, and the one sealed link to the people behind them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class Work(Base):
    """What is marked. Judges, pages, file names and sort orders know its code and nothing else."""

    __tablename__ = "work"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    code: Mapped[str] = mapped_column(String(12))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkEntry(Base):
    """Whose work it is. Read by custodians, and by results after unblinding."""

    __tablename__ = "work_entry"
    __table_args__ = (UniqueConstraint("entry_id"),)

    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))


class CodeSeal(Base):
    """The custody of an event's codes: sealed when made, unblinded by two people, after confirmation."""

    __tablename__ = "code_seal"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    sealed_by: Mapped[UUID | None]
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # marking is confirmed: unblinding may be asked for
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_by: Mapped[UUID | None]
    unblinded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
