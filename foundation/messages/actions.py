"""Sending messages and noting how they went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.jobs.actions import order_job
from foundation.messages import mail
from foundation.messages.models import Channel, Message, MessageDelivery
from foundation.permission import Actor
from foundation.translation import known

MAIL_JOB = "messages:mail"


def send_message(
    recipient_id: UUID, code: str, *, actor: Actor, at: datetime, link: str = "", mail_to: str = "", **facts: str
) -> UUID:
    """Put a message in a person's inbox, in the open transaction; with `mail_to` and mail switched on, mail it as well.

    `code` is a registered sentence; `link` a path in the application. Raises KeyError for an unknown code.
    """
    if not known(code):
        raise KeyError(code)
    message_id = new_id()
    with transaction() as writing:
        writing.add(
            Message(
                id=message_id,
                recipient_id=recipient_id,
                code=code,
                facts=Personal(json.dumps(facts, ensure_ascii=False), keep=0),
                link=link,
                mail_to=Personal(mail_to) if mail_to else None,
                created_at=at,
            )
        )
        writing.flush()
        writing.add(MessageDelivery(message_id=message_id, channel=Channel.IN_APP, at=at))
        if mail_to and mail.switched_on():
            order_job(MAIL_JOB, {"message_id": str(message_id)}, actor=actor, at=at)
    return message_id


def note_delivery(message_ids: Sequence[UUID], channel: Channel, *, at: datetime, outcome: str = "") -> None:
    """Note that messages were printed on slips, copied into the group or mailed."""
    with transaction() as writing:
        writing.add_all(
            MessageDelivery(message_id=message_id, channel=channel, at=at, outcome=outcome)
            for message_id in message_ids
        )


def mark_read(recipient_id: UUID, *, at: datetime) -> int:
    """Mark everything in a person's inbox as read; says how many were unread."""
    with transaction() as writing:
        unread = writing.scalars(
            select(Message).where(Message.recipient_id == recipient_id, Message.read_at.is_(None))
        ).all()
        for message in unread:
            message.read_at = at
        return len(unread)
