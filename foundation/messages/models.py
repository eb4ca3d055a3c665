"""Messages to people: what is said lies sealed, and each way it took is noted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.clock import new_id
from foundation.db import Base, EncryptedText, UtcDateTime
from foundation.encryption.personal import Personal


class Channel(StrEnum):
    """How a message reached somebody. SLIP was printed and handed over, GROUP was copied into a chat group."""

    IN_APP = "in_app"
    SLIP = "slip"
    GROUP = "group"
    MAIL = "mail"
    SMS = "sms"


class MessageState(StrEnum):
    """Waiting in the outbox to be read and released, sent, or dropped before anybody saw it."""

    HELD = "held"
    SENT = "sent"
    DROPPED = "dropped"


class Message(Base):
    """One message to one person: a sentence's code and its facts, so that it reads in the reader's language.

    `scope_id` is whose outbox it stands in (a competition). `edited` is the text somebody wrote instead of the sentence.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "recipient_id", "created_at"),  # the inbox, newest first
        Index(None, "scope_id", "state", "created_at"),  # an outbox, what waits first
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(60))
    facts: Mapped[Personal] = mapped_column(EncryptedText("message.facts", keep=0))
    mail_to: Mapped[Personal | None] = mapped_column(EncryptedText("message.mail_to"))
    sms_to: Mapped[Personal | None] = mapped_column(EncryptedText("message.sms_to"))
    link: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="zh")  # the recipient's, for mail, SMS and paper
    scope_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10), default=MessageState.SENT)
    edited: Mapped[Personal | None] = mapped_column(EncryptedText("message.edited", keep=0))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    deliveries: Mapped[list[MessageDelivery]] = relationship(back_populates="message", order_by="MessageDelivery.at")


class MessageDelivery(Base):
    """One way a message took: when, how, and `failed` as its outcome where the other side did not take it."""

    __tablename__ = "message_delivery"
    __table_args__ = (Index(None, "message_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(200), default="")

    message: Mapped[Message] = relationship(back_populates="deliveries")


class MessageHold(Base):
    """An outbox in which every message waits until somebody releases it."""

    __tablename__ = "message_hold"

    scope_id: Mapped[UUID] = mapped_column(primary_key=True)
    held_by: Mapped[UUID | None]
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
