"""Marking schemes: criterion, sub-criterion, aspect; versioned, frozen when marking starts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, Exact, UtcDateTime


class SchemeState(StrEnum):
    """A scheme is in force until another version takes its place; the first mark freezes it."""

    IN_FORCE = "in_force"
    FROZEN = "frozen"
    SUPERSEDED = "superseded"


class MarkingScheme(Base):
    """One version of an event's scheme."""

    __tablename__ = "marking_scheme"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), default="")
    total: Mapped[Decimal] = mapped_column(Exact(4))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # standards sections: code, name, max mark as text
    source_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    criteria: Mapped[list[Criterion]] = relationship(back_populates="scheme", order_by="Criterion.position")


class Criterion(Base):
    """评分项: A, B, C …"""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("scheme_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("marking_scheme.id"))
    code: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(Integer)

    scheme: Mapped[MarkingScheme] = relationship(back_populates="criteria")
    sub_criteria: Mapped[list[SubCriterion]] = relationship(
        back_populates="criterion", order_by="SubCriterion.position"
    )


class SubCriterion(Base):
    """评分子项: A1, A2 …, marked on one day by one panel."""

    __tablename__ = "sub_criterion"
    __table_args__ = (UniqueConstraint("criterion_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criterion.id"))
    code: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    day: Mapped[int | None] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)

    criterion: Mapped[Criterion] = relationship(back_populates="sub_criteria")
    aspects: Mapped[list[Aspect]] = relationship(back_populates="sub_criterion", order_by="Aspect.position")


class Aspect(Base):
    """评分点: what is marked. `method` and `options` are of `competitions/rules/scoring/aspects.py`."""

    __tablename__ = "aspect"
    __table_args__ = (UniqueConstraint("sub_criterion_id", "code"), Index(None, "scheme_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("marking_scheme.id"))
    sub_criterion_id: Mapped[UUID] = mapped_column(ForeignKey("sub_criterion.id"))
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(30))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    max_mark: Mapped[Decimal] = mapped_column(Exact(4))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    guidance: Mapped[str] = mapped_column(Text, default="")  # extra description, tolerance, requirement
    descriptors: Mapped[list[str]] = mapped_column(JSON, default=list)  # judgement: what 0, 1, 2, 3 mean
    section: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int] = mapped_column(Integer)

    sub_criterion: Mapped[SubCriterion] = relationship(back_populates="aspects")
