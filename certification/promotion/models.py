"""竞赛晋升: award lists and cases from publications: check, notice, approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certification.filings.models import EvaluationOrganization
from certification.policies.models import AwardPolicyVersion
from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class AwardList(Base):
    """The cases of one publication under one policy; goes through notice and approval together."""

    __tablename__ = "award_list"
    __table_args__ = (UniqueConstraint("publication_id", "policy_version_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    publication_id: Mapped[UUID]  # of competitions, through the door: no foreign key across
    publication_hash: Mapped[str] = mapped_column(String(64))
    competition_id: Mapped[UUID]
    competition_name: Mapped[str] = mapped_column(String(120))
    event_name: Mapped[str] = mapped_column(String(80))
    division_name: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(6))
    policy_version_id: Mapped[UUID] = mapped_column(ForeignKey("award_policy_version.id"))
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    state: Mapped[str] = mapped_column(String(20))
    edge_decision: Mapped[str] = mapped_column(String(10), default="")  # the chief judge's on ties: include | exclude
    confirmed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # grade → who, when, note: standard looked up
    notice: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # days, first, last, assumed, contacts
    superseded_by: Mapped[UUID | None]  # the later publication
    approval_number: Mapped[str] = mapped_column(String(60), default="")
    approval_date: Mapped[date | None]
    approval_outside: Mapped[bool] = mapped_column(default=False)
    approval_scan_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    policy: Mapped[AwardPolicyVersion] = relationship()
    evaluation_organization: Mapped[EvaluationOrganization] = relationship()
    cases: Mapped[list[AwardCase]] = relationship(back_populates="award_list", order_by="AwardCase.position")


class AwardCase(Base):
    """核发件: one person's case. `decision` keeps clause, outcome and each check as codes and facts; names nobody."""

    __tablename__ = "award_case"
    __table_args__ = (UniqueConstraint("award_list_id", "entry_id", "person_id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_list_id: Mapped[UUID] = mapped_column(ForeignKey("award_list.id"))
    entry_id: Mapped[UUID]
    person_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    clause: Mapped[str] = mapped_column(String(60), default="")
    grade: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(60), default="")
    occupation_code: Mapped[str] = mapped_column(String(20))
    occupation_name: Mapped[str] = mapped_column(String(80))
    occupation_edition: Mapped[str] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(80), default="")
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    held_from: Mapped[str] = mapped_column(String(20), default="")
    hold_reason: Mapped[str] = mapped_column(Text, default="")
    review_needed: Mapped[bool] = mapped_column(default=False)  # approved, then its publication was superseded
    previous_hash: Mapped[str] = mapped_column(String(64))  # the publication's
    hash: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    award_list: Mapped[AwardList] = relationship(back_populates="cases")
