"""Entered scores, and runs: stored computations of a standing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, Exact, ExactFraction, UtcDateTime


class ScoreImport(Base):
    """Scores of a part that came from elsewhere (machine exam), by pass number; a second person confirms them."""

    __tablename__ = "score_import"
    __table_args__ = (Index(None, "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("part.id"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(20))  # entered | confirmed | withdrawn
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdraw_reason: Mapped[str] = mapped_column(String(300), default="")

    scores: Mapped[list[EnteredScore]] = relationship(back_populates="score_import")


class EnteredScore(Base):
    """One entry's score in a part."""

    __tablename__ = "entered_score"
    __table_args__ = (UniqueConstraint("score_import_id", "entry_id"), Index(None, "entry_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    score_import_id: Mapped[UUID] = mapped_column(ForeignKey("score_import.id"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    score: Mapped[Decimal] = mapped_column(Exact(4))

    score_import: Mapped[ScoreImport] = relationship(back_populates="scores")


class ResultRun(Base):
    """计算批次: a standing as computed at a moment from frozen inputs. Append-only; holds the hash of the head of its marks."""

    __tablename__ = "result_run"
    __table_args__ = (UniqueConstraint("event_id", "division_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    number: Mapped[int] = mapped_column(Integer)
    rule_set_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_set_version.id"))
    scheme_id: Mapped[UUID | None] = mapped_column(ForeignKey("marking_scheme.id"))
    attendance: Mapped[int] = mapped_column(Integer)
    correction_reason: Mapped[str] = mapped_column(String(300), default="")
    inputs: Mapped[dict[str, str]] = mapped_column(JSON)  # what else the hash covers: rules, scheme, imports, marks
    marks_hash: Mapped[str] = mapped_column(String(64))
    hash_version: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    computed_by: Mapped[UUID | None]
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rows: Mapped[list[ResultRow]] = relationship(back_populates="run", order_by="ResultRow.position")


class ResultRow(Base):
    """One entry's place in a run. `parts` is a list of {kind, score, weight, full_mark, pass_mark, passed,
    gate_only, criteria}, numbers as exact text."""

    __tablename__ = "result_row"
    __table_args__ = (UniqueConstraint("run_id", "entry_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("result_run.id"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    work_id: Mapped[UUID | None] = mapped_column(ForeignKey("work.id"))
    position: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))  # ranked | absent | stopped | incomplete
    total: Mapped[Fraction | None] = mapped_column(ExactFraction)
    shown_total: Mapped[Decimal | None] = mapped_column(Exact(6))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_by: Mapped[str] = mapped_column(String(80), default="")  # steps of the tie-break, joined by commas

    run: Mapped[ResultRun] = relationship(back_populates="rows")


class RunSignature(Base):
    """Chief judge's and supervisor's signature under a run, in the app or on a returned 成绩确认单. Append-only."""

    __tablename__ = "run_signature"
    __table_args__ = (UniqueConstraint("run_id", "role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("result_run.id"))
    role: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[UUID]
    run_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
