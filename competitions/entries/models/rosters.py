"""Rosters that were sent as spreadsheets, and how each body names its columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class RosterImport(Base):
    """One spreadsheet of people, as sent; checked, then accepted or discarded. `report` names every wrong cell.

    With a delegation its rows go into that delegation alone. `columns` says what each column holds: index → field.
    """

    __tablename__ = "roster_import"
    __table_args__ = (Index(None, "competition_id", "created_at"), Index(None, "delegation_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(20))
    columns: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    form: Mapped[str] = mapped_column(String(20), default="")
    rows_new: Mapped[int] = mapped_column(Integer, default=0)
    rows_known: Mapped[int] = mapped_column(Integer, default=0)
    rows_wrong: Mapped[int] = mapped_column(Integer, default=0)
    rows_changed: Mapped[int] = mapped_column(Integer, default=0)  # known ones whose extra answers differ
    report: Mapped[Personal] = mapped_column(EncryptedText("roster_import.report", keep=0))
    job_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RosterColumns(Base):
    """What a body calls its columns: remembered when somebody assigned them by hand. `heads` is a hash of the row of heads."""

    __tablename__ = "roster_columns"
    __table_args__ = (UniqueConstraint("organization_id", "heads"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    heads: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
