"""Evaluation organizations and what they are filed for; the switch that ends SAMPLE."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class EvaluationOrganization(Base):
    """评价机构: who issues. `prefix` is the 13 characters the authority gave; numbers come from an own range or are returned.

    Until `switched_on_at` every grade certificate of this issuer is a sample and says so.
    """

    __tablename__ = "evaluation_organization"
    __table_args__ = (UniqueConstraint("prefix"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    route: Mapped[str] = mapped_column(String(30))  # filed_host | organising_committee | own_employer | third_party
    prefix: Mapped[str] = mapped_column(String(20))
    number_source: Mapped[str] = mapped_column(String(20))  # own_range | returned
    number_form: Mapped[str] = mapped_column(String(20), default="standard")  # key in number_forms.toml
    special_letter: Mapped[str] = mapped_column(String(1), default="")  # of 特级技师, as the authority told it
    number_pattern: Mapped[str] = mapped_column(String(120))
    certificate_query_url: Mapped[str] = mapped_column(String(200))
    organization_query_url: Mapped[str] = mapped_column(String(200))
    switched_on_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    switched_on_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    filings: Mapped[list[Filing]] = relationship(
        back_populates="evaluation_organization", order_by="Filing.occupation_code"
    )


class Filing(Base):
    """备案: one occupation with grades, for a time."""

    __tablename__ = "filing"
    __table_args__ = (Index(None, "evaluation_organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_organization_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_organization.id"))
    occupation_code: Mapped[str] = mapped_column(String(20))
    occupation_name: Mapped[str] = mapped_column(String(80))
    occupation_edition: Mapped[str] = mapped_column(String(10))
    grades: Mapped[list[str]] = mapped_column(JSON)
    document_number: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    evaluation_organization: Mapped[EvaluationOrganization] = relationship(back_populates="filings")
