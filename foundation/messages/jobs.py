"""Mailing, in the background."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from foundation.clock import now
from foundation.db import session
from foundation.jobs.kinds import JobKind, Progress
from foundation.messages import mail
from foundation.messages.actions import MAIL_JOB, note_delivery
from foundation.messages.models import Channel, Message
from foundation.messages.queries import text_of
from foundation.permission import Actor
from foundation.translation import sentence


def _mail(arguments: dict[str, Any], _actor: Actor, _progress: Progress) -> None:
    message = session().get_one(Message, UUID(arguments["message_id"]))
    if message.mail_to is None or any(delivery.channel == Channel.MAIL for delivery in message.deliveries):
        return
    mail.server().send(message.mail_to.revealed(), sentence("mail_subject"), text_of(message))
    note_delivery([message.id], Channel.MAIL, at=now())


KINDS = (JobKind(MAIL_JOB, _mail),)
