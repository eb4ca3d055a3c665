"""Reading messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from foundation.db import session
from foundation.messages.models import Message, MessageHold, MessageState
from foundation.translation import language, sentence


def inbox(recipient_id: UUID, *, limit: int = 100) -> Sequence[Message]:
    """A person's messages, newest first."""
    wanted = (
        select(Message)
        .where(Message.recipient_id == recipient_id, Message.state == MessageState.SENT.value)
        .order_by(Message.sent_at.desc(), Message.created_at.desc())
        .limit(limit)
    )
    return session().scalars(wanted).all()


def unread_count(recipient_id: UUID) -> int:
    """How many messages the person has not opened."""
    wanted = select(func.count()).where(
        Message.recipient_id == recipient_id, Message.read_at.is_(None), Message.state == MessageState.SENT.value
    )
    return session().scalar(wanted) or 0


def text_of(message: Message) -> str:
    """The message in the language read now; what somebody wrote instead stays as they wrote it."""
    if message.edited:
        return message.edited.revealed()
    return sentence(
        message.code, **{name: _fact(value) for name, value in json.loads(message.facts.revealed()).items()}
    )


def _fact(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get(language()) or value["zh"]
    if isinstance(value, list):
        joined = [sentence(one[1:]) if one.startswith("@") else one for one in value]
        return ("、" if language() == "zh" else ", ").join(joined)
    return value


def holds_all(scope_id: UUID) -> bool:
    """Does every message of this outbox wait?"""
    return session().get(MessageHold, scope_id) is not None


def text_for_group(messages: Sequence[Message]) -> str:
    """The messages as plain text to paste into a chat group, one a line."""
    return "\n".join(text_of(message) for message in messages)
