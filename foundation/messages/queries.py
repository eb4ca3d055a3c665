"""Reading messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from foundation.db import session
from foundation.messages.models import Message
from foundation.translation import sentence


def inbox(recipient_id: UUID, *, limit: int = 100) -> Sequence[Message]:
    """A person's messages, newest first."""
    wanted = (
        select(Message).where(Message.recipient_id == recipient_id).order_by(Message.created_at.desc()).limit(limit)
    )
    return session().scalars(wanted).all()


def unread_count(recipient_id: UUID) -> int:
    """How many messages the person has not opened."""
    wanted = select(func.count()).where(Message.recipient_id == recipient_id, Message.read_at.is_(None))
    return session().scalar(wanted) or 0


def text_of(message: Message) -> str:
    """The message in the reader's language."""
    return sentence(message.code, **json.loads(message.facts.revealed()))


def text_for_group(messages: Sequence[Message]) -> str:
    """The messages as plain text to paste into a chat group, one a line."""
    return "\n".join(text_of(message) for message in messages)
