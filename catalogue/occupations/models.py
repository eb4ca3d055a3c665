"""Occupations, the standards that say which grades they offer, and regions."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base


class Occupation(Base):
    """One occupation of one edition of the classification. Codes change their meaning: edition, code and name go together."""

    __tablename__ = "occupation"
    __table_args__ = (UniqueConstraint("edition", "code"), Index(None, "name"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    minor_group: Mapped[str] = mapped_column(String(12), default="")
    work_types: Mapped[list[str]] = mapped_column(JSON, default=list)
    former_codes: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # codes under which its standards were published
    name_pinyin: Mapped[str] = mapped_column(String(200), default="")
    confidence: Mapped[str] = mapped_column(String(10), default="")


class OccupationStandard(Base):
    """A national occupational standard and the grades it offers. An occupation without a row has an unknown standard."""

    __tablename__ = "occupation_standard"
    __table_args__ = (UniqueConstraint("occupation_code", "edition", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    occupation_code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    edition: Mapped[str] = mapped_column(String(10))
    grades: Mapped[list[str]] = mapped_column(JSON)  # grade keys, junior first


class Region(Base):
    """A region of GB/T 2260. Codes that no longer exist stay valid for old identity numbers."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    full_name: Mapped[str] = mapped_column(String(120))
    withdrawn: Mapped[bool] = mapped_column(default=False)
