"""Mail and SMS, in the background. A failed try is noted and tried again; the log names the message, nobody and no text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from foundation.clock import now
from foundation.db import session
from foundation.jobs.kinds import JobKind, Progress
from foundation.messages import mail, sms
from foundation.messages.actions import FAILED, MAIL_JOB, SMS_JOB, note_delivery
from foundation.messages.models import Channel, Message
from foundation.messages.queries import text_of
from foundation.permission import Actor
from foundation.translation import reading, sentence


def _mail(arguments: dict[str, Any], _actor: Actor, _progress: Progress) -> None:
    message = _waiting(arguments, Channel.MAIL)
    if message is not None and message.mail_to is not None:
        to = message.mail_to.revealed()
        _deliver(message, Channel.MAIL, lambda: mail.server().send(to, sentence("mail_subject"), text_of(message)))


def _sms(arguments: dict[str, Any], _actor: Actor, _progress: Progress) -> None:
    message = _waiting(arguments, Channel.SMS)
    if message is not None and message.sms_to is not None:
        to = message.sms_to.revealed()
        _deliver(message, Channel.SMS, lambda: sms.gateway().send(str(message.id), to, text_of(message)))


def _waiting(arguments: dict[str, Any], channel: Channel) -> Message | None:
    message = session().get_one(Message, UUID(arguments["message_id"]))
    gone = any(one.channel == channel and one.outcome != FAILED for one in message.deliveries)
    return None if gone else message


def _deliver(message: Message, channel: Channel, send: Callable[[], None]) -> None:
    try:
        with reading(message.language):
            send()
    except Exception:
        note_delivery([message.id], channel, at=now(), outcome=FAILED)
        raise
    note_delivery([message.id], channel, at=now())


KINDS = (JobKind(MAIL_JOB, _mail), JobKind(SMS_JOB, _sms))
