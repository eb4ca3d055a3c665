"""The ledger of marks, and what can be rebuilt from it: heads, sheets, signing lists."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competitions.judges.models import Panel
from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class MarkStatus(StrEnum):
    """How a mark was received. Nothing is ever dropped: what is untimely or unseated is held for a person to decide."""

    RECEIVED = "received"
    CONFLICT = "conflict"
    HELD = "held"


class Mark(Base):
    """One revision: one judge or panel × one aspect × one work. Append-only; the client chose the id.

    `seat_id` is None for a value the panel agreed on. `value` is the text as sent, "NA" for not attempted, None for a clear.
    """

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("stream", "sequence"),
        UniqueConstraint("device_id", "device_sequence"),
        Index(None, "work_id", "aspect_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(String(60))
    sequence: Mapped[int] = mapped_column(Integer)
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    aspect_id: Mapped[UUID] = mapped_column(ForeignKey("aspect.id"))
    panel_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel.id"))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel_seat.id"))
    judge_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))  # set | clear | note
    value: Mapped[str | None] = mapped_column(Text)
    base_id: Mapped[UUID | None]
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("marking_scheme.id"))
    device_id: Mapped[UUID]
    device_sequence: Mapped[int] = mapped_column(Integer)
    client_at: Mapped[datetime] = mapped_column(UtcDateTime)
    server_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10))
    held_code: Mapped[str] = mapped_column(String(60), default="")  # why it is held
    # A decision: the mark it chose. Held for a reused id: that id. Held for a reused sequence: the device that sent it.
    refers_to: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    body_hash: Mapped[str] = mapped_column(String(64))
    device_signature: Mapped[str | None] = mapped_column(Text)
    hash_version: Mapped[int] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class MarkStream(Base):
    """The head of a stream of marks (one an event); locked while marks are added."""

    __tablename__ = "mark_stream"

    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class MarkHead(Base):
    """The value in force of one cell. `cell` is the seat's id, or the panel's for an agreed value. A projection."""

    __tablename__ = "mark_head"
    __table_args__ = (Index(None, "event_id"),)

    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"), primary_key=True)
    aspect_id: Mapped[UUID] = mapped_column(ForeignKey("aspect.id"), primary_key=True)
    cell: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    mark_id: Mapped[UUID | None] = mapped_column(ForeignKey("mark.id"))
    value: Mapped[str | None] = mapped_column(Text)
    leaves: Mapped[int] = mapped_column(Integer, default=0)  # revisions nobody built upon
    conflict: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    note_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note_id: Mapped[UUID | None]


class HeldDecision(Base):
    """What was decided about a held mark: taken over as a further mark, or left out; with the reason."""

    __tablename__ = "held_decision"

    mark_id: Mapped[UUID] = mapped_column(ForeignKey("mark.id"), primary_key=True)
    taken: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChiefCall(Base):
    """A judge asks the chief judge to come, from one sheet."""

    __tablename__ = "chief_call"
    __table_args__ = (Index(None, "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    aspect_id: Mapped[UUID | None] = mapped_column(ForeignKey("aspect.id"))
    called_by: Mapped[UUID]
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Sheet(Base):
    """评分表: one panel × one sub-criterion × one work."""

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("panel_id", "sub_criterion_id", "work_id"), Index(None, "event_id", "state"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    sub_criterion_id: Mapped[UUID] = mapped_column(ForeignKey("sub_criterion.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("work.id"))
    state: Mapped[str] = mapped_column(String(20))
    signing_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("signing_list.id"))
    hash: Mapped[str] = mapped_column(String(64), default="")
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SigningList(Base):
    """签字单: the sheets of a panel that its judges sign together, bound by the hash of their hashes."""

    __tablename__ = "signing_list"
    __table_args__ = (Index(None, "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    title: Mapped[str] = mapped_column(String(120))
    hash: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by every seat
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    panel: Mapped[Panel] = relationship()
    signatures: Mapped[list[SheetSignature]] = relationship(back_populates="signing_list")


class SheetSignature(Base):
    """A judge's signature under a signing list. `kind`: drawn, typed, paper (on the printed sheets), sign_in.

    `drawing` holds the strokes or the typed name, sealed; the hash it is bound to is the list's.
    """

    __tablename__ = "sheet_signature"
    __table_args__ = (UniqueConstraint("signing_list_id", "seat_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    signing_list_id: Mapped[UUID] = mapped_column(ForeignKey("signing_list.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("panel_seat.id"))
    person_id: Mapped[UUID]
    list_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(10), default="sign_in")
    drawing: Mapped[Personal | None] = mapped_column(EncryptedText("sheet_signature.drawing"))
    client_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when given on a tablet without network
    device_id: Mapped[UUID | None]

    signing_list: Mapped[SigningList] = relationship(back_populates="signatures")
