"""People: a human, their papers, what they hold. An account is not a person; imported people have none."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal
from foundation.files.models import StoredFile


class Person(Base):
    """One human. Everything here can be erased; chains, publications and hashes know only the id."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "name_zh"), Index(None, "phone_index"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    name_pinyin: Mapped[str] = mapped_column(String(200), default="")
    sex: Mapped[str] = mapped_column(String(1), default="")
    birth_date: Mapped[date | None]
    ethnic_group: Mapped[str] = mapped_column(String(2), default="")
    education: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[Personal | None] = mapped_column(EncryptedText("person.phone"))
    phone_index: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[Personal | None] = mapped_column(EncryptedText("person.address", keep=0))
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    language: Mapped[str] = mapped_column(String(5), default="zh")
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    photo: Mapped[StoredFile | None] = relationship()
    documents: Mapped[list[IdentityDocument]] = relationship(
        back_populates="person", order_by="IdentityDocument.created_at"
    )
    qualifications: Mapped[list[Qualification]] = relationship(
        back_populates="person", order_by="Qualification.noted_at"
    )


class IdentityDocument(Base):
    """A paper that says who somebody is. `kind` is a code of `identity_document_kind`; the number is sealed.

    One number of one kind belongs to one person: the blind index is unique. A roster only asserts a number (`asserted`): until
    a review or the person's own claim settles whose it is, it makes nobody known, so that an import tells nothing of strangers.
    """

    __tablename__ = "identity_document"
    __table_args__ = (
        Index(
            "uq_identity_document_kind_number_index", "kind", "number_index", unique=True,
            sqlite_where=text("asserted = 0"), postgresql_where=text("NOT asserted"),
        ),
        Index(None, "number_index"),
        Index(None, "person_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[Personal] = mapped_column(EncryptedText("identity_document.number"))
    number_index: Mapped[str] = mapped_column(String(64))
    asserted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[UUID | None]

    person: Mapped[Person] = relationship(back_populates="documents")


class QualificationKind(StrEnum):
    """What can be held."""

    GRADE = "grade"
    TITLE = "title"
    JUDGE_LICENCE = "judge_licence"


class QualificationState(StrEnum):
    """Held, or earned and waiting for its document."""

    HELD = "held"
    PENDING = "pending"
    ENDED = "ended"


class Basis(StrEnum):
    """How we know it."""

    REGISTER = "register"  # in this installation's own register
    DECLARED = "declared"  # the person says so
    VERIFIED = "verified"  # somebody checked it, on a day


class Qualification(Base):
    """A grade, title or judge's licence somebody holds, by value: later changes elsewhere do not change it."""

    __tablename__ = "qualification"
    __table_args__ = (Index(None, "person_id", "kind"), Index(None, "number_index"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))  # grade key (L5…L1, special_technician…) or the title's name
    occupation_code: Mapped[str] = mapped_column(String(20), default="")
    occupation_name: Mapped[str] = mapped_column(String(100), default="")
    occupation_edition: Mapped[str] = mapped_column(String(10), default="")
    number: Mapped[Personal | None] = mapped_column(EncryptedText("qualification.number", keep=6))
    number_index: Mapped[str | None] = mapped_column(String(64))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    held_from: Mapped[date | None]
    held_until: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(10))
    basis_note: Mapped[str] = mapped_column(String(300), default="")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[UUID | None]
    source_kind: Mapped[str] = mapped_column(String(30), default="")  # what made it: award_case, certificate, import…
    source_id: Mapped[UUID | None]
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="qualifications")


class Placing(Base):
    """A place somebody took in a competition, by value, from a decided publication: for the lifelong record."""

    __tablename__ = "placing"
    __table_args__ = (UniqueConstraint("publication_id", "person_id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    publication_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    competition_name: Mapped[str] = mapped_column(String(120))
    event_name: Mapped[str] = mapped_column(String(80))
    division_name: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int]
    of_how_many: Mapped[int]
    prize: Mapped[str] = mapped_column(String(40), default="")
    decided_on: Mapped[date]
    document_number: Mapped[str] = mapped_column(String(60), default="")
