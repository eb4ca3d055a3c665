"""The extra fields a competition asks for, and what was filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class RegistrationField(Base):
    """A question of a competition's registration form. What the values mean: `competitions/rules/registration_fields.py`.

    `key` is its name in files and never changes; a retired field keeps its answers and is asked no more.
    """

    __tablename__ = "registration_field"
    __table_args__ = (UniqueConstraint("competition_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    competition_id: Mapped[UUID] = mapped_column(ForeignKey("competition.id"))
    key: Mapped[str] = mapped_column(String(40))
    label_zh: Mapped[str] = mapped_column(String(80))
    label_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(20))
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    filled_by: Mapped[str] = mapped_column(String(20), default="candidate")  # candidate | leader | organizer
    required: Mapped[bool] = mapped_column(default=False)
    needed_by: Mapped[str] = mapped_column(String(20), default="submission")  # submission | start
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    division_kind: Mapped[str] = mapped_column(String(20), default="")
    identity_class: Mapped[str] = mapped_column(String(20), default="")
    about: Mapped[str] = mapped_column(String(20), default="member")  # member | entry | delegation
    position: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FieldValue(Base):
    """An answer of a member, an entry or a delegation. Sealed, because a meal may tell a religion; of a file, its id in the store."""

    __tablename__ = "field_value"
    __table_args__ = (
        UniqueConstraint("field_id", "member_id"),
        UniqueConstraint("field_id", "entry_id"),
        UniqueConstraint("field_id", "delegation_id"),
        CheckConstraint(
            "(CASE WHEN member_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        Index(None, "member_id"),  # the pages of one person, an entry or a delegation read their answers
        Index(None, "entry_id"),
        Index(None, "delegation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    field_id: Mapped[UUID] = mapped_column(ForeignKey("registration_field.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry_member.id"))
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry.id"))
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"))
    value: Mapped[Personal] = mapped_column(EncryptedText("field_value.value", keep=0))
    noted_by: Mapped[UUID | None]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    field: Mapped[RegistrationField] = relationship()
