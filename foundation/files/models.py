"""Stored files: private, sealed, addressed by id."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class StoredFile(Base):
    """A file somebody gave us or we made. `sha256` is of the plain bytes; the store holds them sealed.

    `name` may carry a person's name, so it is sealed too; downloads are named by the view that serves them.
    """

    __tablename__ = "stored_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[Personal] = mapped_column(EncryptedText("stored_file.name"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID | None]
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
