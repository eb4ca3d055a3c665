"""Sending messages and noting how they went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.jobs.actions import order_job
from foundation.messages import mail, sms
from foundation.messages.models import Channel, Message, MessageDelivery, MessageHold, MessageState
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from foundation.translation import known

MAIL_JOB = "messages:mail"
SMS_JOB = "messages:sms"
FAILED = "failed"
LONGEST_TEXT = 500


def send_message(
    recipient_id: UUID, code: str, *, actor: Actor, at: datetime, link: str = "", mail_to: str = "", scope_id: UUID | None = None,
    hold: bool = False, language: str = "zh", **facts: Any,
) -> UUID:  # fmt: skip
    """Put a message in a person's inbox, in the open transaction; with `mail_to` and mail switched on, mail it as well.

    `code` is a registered sentence; `link` a path in the application. Facts are texts, codes as `@code`, lists of them, or
    `{"zh": …, "en": …}`; `language` is the recipient's. In the outbox of `scope_id` it waits when asked to (`hold`) or when that outbox holds everything.
    Raises KeyError for an unknown code.
    """
    if not known(code):
        raise KeyError(code)
    message_id = new_id()
    with transaction() as writing:
        waits = scope_id is not None and (hold or writing.get(MessageHold, scope_id) is not None)
        writing.add(
            Message(
                id=message_id, recipient_id=recipient_id, code=code, facts=Personal(json.dumps(facts, ensure_ascii=False), keep=0),
                link=link, mail_to=Personal(mail_to) if mail_to else None, scope_id=scope_id, created_at=at, language=language,
                state=MessageState.HELD if waits else MessageState.SENT,
            )
        )  # fmt: skip
        writing.flush()
        if not waits:
            release_messages([message_id], actor=actor, at=at)
    return message_id


def release_messages(message_ids: Sequence[UUID], *, actor: Actor, at: datetime) -> int:
    """Send what waits: into the inbox, and by mail where an address is known. Says how many; what was sent is not sent again."""
    with transaction() as writing:
        rows = writing.scalars(select(Message).where(Message.id.in_(message_ids), Message.sent_at.is_(None))).all()
        rows = [row for row in rows if row.state != MessageState.DROPPED]
        for row in rows:
            row.state, row.sent_at = MessageState.SENT, at
            writing.add(MessageDelivery(message_id=row.id, channel=Channel.IN_APP, at=at))
            if row.mail_to and mail.switched_on():
                order_job(MAIL_JOB, {"message_id": str(row.id)}, actor=actor, at=at)
        return len(rows)


def edit_message(message_id: UUID, text: str, *, at: datetime) -> None:  # noqa: ARG001 - an action's time
    """Write another text for a message that waits; an empty one puts the sentence back.

    Raises Missing, Conflict message_sent, Refusal message_too_long.
    """
    if len(text.strip()) > LONGEST_TEXT:
        raise Refusal("message_too_long", field="text", most=LONGEST_TEXT)
    with transaction() as writing:
        row = writing.get(Message, message_id)
        if row is None:
            raise Missing
        if row.state != MessageState.HELD:
            raise Conflict("message_sent")
        row.edited = Personal(text.strip()) if text.strip() else None


def drop_messages(message_ids: Sequence[UUID], *, at: datetime) -> int:  # noqa: ARG001 - an action's time
    """Drop messages that wait; they stay in the outbox as dropped. Says how many."""
    with transaction() as writing:
        wanted = select(Message).where(Message.id.in_(message_ids), Message.state == MessageState.HELD.value)
        rows = writing.scalars(wanted).all()
        for row in rows:
            row.state = MessageState.DROPPED
        return len(rows)


def order_sms(message_id: UUID, number: str, *, actor: Actor, at: datetime) -> None:
    """Send a message by SMS as well, in the background. Raises Missing, Refusal sms_off."""
    if not sms.switched_on():
        raise Refusal("sms_off")
    with transaction() as writing:
        row = writing.get(Message, message_id)
        if row is None:
            raise Missing
        row.sms_to = Personal(number)
        order_job(SMS_JOB, {"message_id": str(message_id)}, actor=actor, at=at)


def hold_all(scope_id: UUID, holds: bool, *, actor: Actor, at: datetime) -> None:
    """Let every message of an outbox wait from now on, or send each at once again; repeating it does nothing."""
    with transaction() as writing:
        row = writing.get(MessageHold, scope_id)
        if holds and row is None:
            writing.add(MessageHold(scope_id=scope_id, held_by=actor.person, held_at=at))
        elif not holds and row is not None:
            writing.delete(row)


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
            select(Message).where(
                Message.recipient_id == recipient_id,
                Message.read_at.is_(None),
                Message.state == MessageState.SENT.value,
            )
        ).all()
        for message in unread:
            message.read_at = at
        return len(unread)
