"""What stood on a signing list, kept when its sheets have moved on to another."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base


class SigningListSheet(Base):
    """A sheet on a signing list with the hash it had then: what a signature was given for. Append-only."""

    __tablename__ = "signing_list_sheet"
    __table_args__ = (Index(None, "sheet_id"),)

    signing_list_id: Mapped[UUID] = mapped_column(ForeignKey("signing_list.id"), primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("sheet.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
