"""Photos that were sent in bulk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class PhotoBatch(Base):
    """One archive of photos, as sent: matched with people by the files' names, then filed or put aside.

    `report` says of each file whose it is and what became of it; it is sealed because files are named with identity numbers.
    """

    __tablename__ = "photo_batch"
    __table_args__ = (Index(None, "competition_id", "created_at"), Index(None, "delegation_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(20))  # checked | filing | filed | discarded
    files: Mapped[int] = mapped_column(Integer)
    matched: Mapped[int] = mapped_column(Integer)
    filed: Mapped[int] = mapped_column(Integer, default=0)
    report: Mapped[Personal] = mapped_column(EncryptedText("photo_batch.report", keep=0))
    job_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
