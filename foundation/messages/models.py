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


class Message(Base):
    """One message to one person: a sentence's code and its facts, so that it reads in the reader's language."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "recipient_id", "created_at"),)  # the inbox, newest first

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(60))
    facts: Mapped[Personal] = mapped_column(EncryptedText("message.facts", keep=0))
    mail_to: Mapped[Personal | None] = mapped_column(EncryptedText("message.mail_to"))
    link: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    deliveries: Mapped[list[MessageDelivery]] = relationship(back_populates="message", order_by="MessageDelivery.at")


class MessageDelivery(Base):
    """One way a message took: when, how, and for mail what the server answered."""

    __tablename__ = "message_delivery"
    __table_args__ = (Index(None, "message_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(200), default="")

    message: Mapped[Message] = relationship(back_populates="deliveries")
