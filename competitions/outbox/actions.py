"""Writing messages into the outbox, editing, sending, handing over on paper or in a group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.people.models import Person
from competitions.entries.queries.entries import LIVE
from competitions.outbox import queries
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from foundation.audit.chain import record
from foundation.clock import CHINA
from foundation.db import transaction
from foundation.messages import actions as messages
from foundation.messages.models import Channel
from foundation.permission import Actor
from foundation.refusal import Refusal

_OWN_TEXT = ("candidates", "leaders")
Drafted = tuple[Person, str, str, dict[str, Any]]


def write_messages(
    competition_id: UUID, kind: str, *, text: str = "", claim_address: str = "", publication_address: str = "", actor: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Write one message to everybody a kind concerns; they wait in the outbox. Says how many.

    `publication_address` has `{}` where the publication's id goes. Raises Missing, Refusal outbox_kind_unknown,
    outbox_text_missing, message_too_long, deadline_not_set, outbox_nobody.
    """
    if kind not in KINDS:
        raise Refusal("outbox_kind_unknown", field="kind")
    if kind in _OWN_TEXT and not text.strip():
        raise Refusal("outbox_text_missing", field="text")
    if len(text.strip()) > messages.LONGEST_TEXT:
        raise Refusal("message_too_long", field="text", most=messages.LONGEST_TEXT)
    with transaction():
        competition = programme.competition(competition_id)
        drafts = list(_WRITERS[kind](_Wish(competition, text.strip(), claim_address, publication_address)))
        if not drafts:
            raise Refusal("outbox_nobody")
        for person, code, link, facts in drafts:
            messages.send_message(
                person.id, code, actor=actor, at=at, link=link, scope_id=competition_id, hold=True, language=person.language,
                **facts,
            )  # fmt: skip
        _noted(actor, "outbox:written", competition_id, at, kind=kind, count=len(drafts))
    return len(drafts)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What `write_messages` was asked, for the kinds to read."""

    competition: Competition
    text: str
    claim_address: str
    publication_address: str

    @property
    def named(self) -> dict[str, Any]:
        return {"competition": {"zh": self.competition.name_zh, "en": self.competition.name_en}}


def _claim(wish: _Wish) -> Iterator[Drafted]:
    for member in queries.members(wish.competition.id, states=LIVE, unclaimed=True):
        facts = {**wish.named, **_event(member), "address": wish.claim_address}
        yield member.person, "message:claim_invitation", "/claim", facts


def _deadline(wish: _Wish) -> Iterator[Drafted]:
    closes = wish.competition.registration_closes_at
    if closes is None:
        raise Refusal("deadline_not_set")
    facts = {**wish.named, "deadline": _moment(closes)}
    for member in queries.members(wish.competition.id, states=queries.UNSUBMITTED):
        yield member.person, "message:deadline_reminder", f"/my/entries/{member.entry_id}", {**facts, **_event(member)}
    for delegation, person, count in queries.leaders(wish.competition.id):
        if count:
            told = {**facts, "delegation": delegation.name, "count": str(count)}
            yield person, "message:deadline_leader", f"/delegations/{delegation.id}", told


def _lacking(wish: _Wish) -> Iterator[Drafted]:
    for member in queries.members(wish.competition.id, states=LIVE):
        if gaps := queries.gaps_of(member):
            facts = {**_event(member), "gaps": [f"@{gap}" for gap in gaps]}
            yield member.person, "message:data_missing", f"/my/entries/{member.entry_id}", facts


def _results(wish: _Wish) -> Iterator[Drafted]:
    for publication, member in queries.published_members(wish.competition.id):
        facts = {**wish.named, **_event(member), "address": wish.publication_address.format(publication)}
        yield member.person, "message:results_published", f"/publications/{publication}", facts


def _leaders(wish: _Wish) -> Iterator[Drafted]:
    for delegation, person, _count in queries.leaders(wish.competition.id):
        yield person, "message:free", f"/delegations/{delegation.id}", {"text": wish.text}


def _candidates(wish: _Wish) -> Iterator[Drafted]:
    told: set[UUID] = set()
    for member in queries.members(wish.competition.id, states=LIVE):
        if member.person_id not in told:
            told.add(member.person_id)
            yield member.person, "message:free", f"/my/entries/{member.entry_id}", {"text": wish.text}


_WRITERS: dict[str, Callable[[_Wish], Iterator[Drafted]]] = {
    "claim": _claim, "deadline": _deadline, "lacking": _lacking, "results": _results, "candidates": _candidates,
    "leaders": _leaders,
}  # fmt: skip
KINDS = tuple(_WRITERS)


def _event(member: Any) -> dict[str, Any]:
    return {"event": {"zh": member.entry.event.name_zh, "en": member.entry.event.name_en}}


def _moment(at: datetime) -> dict[str, str]:
    """A moment as both languages write it: a message may be read a year later in either."""
    local = at.astimezone(CHINA)
    return {"zh": f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}", "en": f"{local.day} {local:%B %Y %H:%M}"}


def edit(message_id: UUID, text: str, *, actor: Actor, at: datetime) -> None:
    """Write another text for one message that waits. Raises Missing, Conflict message_sent, Refusal message_too_long."""
    with transaction():
        row = queries.message(message_id)
        messages.edit_message(message_id, text, at=at)
        if row.scope_id is not None:
            _noted(actor, "outbox:edited", row.scope_id, at, message=message_id)


def release(
    competition_id: UUID, message_ids: Sequence[UUID], *, by_sms: bool = False, actor: Actor, at: datetime
) -> int:
    """Send messages; with `by_sms` also as SMS to everybody who left a phone. Says how many were sent now.

    Raises Refusal outbox_nothing_chosen, sms_off.
    """
    with transaction():
        rows = _chosen(competition_id, message_ids)
        count = messages.release_messages([row.id for row, _person in rows], actor=actor, at=at)
        for row, person in rows:
            if by_sms and person.phone:
                messages.order_sms(row.id, person.phone.revealed(), actor=actor, at=at)
        _noted(actor, "outbox:released", competition_id, at, count=count, sms=by_sms)
    return count


def drop(competition_id: UUID, message_ids: Sequence[UUID], *, actor: Actor, at: datetime) -> int:
    """Drop messages that wait. Says how many. Raises Refusal outbox_nothing_chosen."""
    with transaction():
        rows = _chosen(competition_id, message_ids)
        count = messages.drop_messages([row.id for row, _person in rows], at=at)
        _noted(actor, "outbox:dropped", competition_id, at, count=count)
    return count


def hand_over(
    competition_id: UUID, message_ids: Sequence[UUID], channel: Channel, *, actor: Actor, at: datetime
) -> list[UUID]:
    """Note that messages were printed on slips or copied for the group: with it they are sent. Answers those that stand here.

    Raises Refusal outbox_nothing_chosen.
    """
    with transaction():
        rows = [row for row, _person in _chosen(competition_id, message_ids) if row.state != "dropped"]
        keys = [row.id for row in rows]
        messages.release_messages(keys, actor=actor, at=at)
        messages.note_delivery(keys, channel, at=at)
        _noted(actor, "outbox:handed", competition_id, at, count=len(keys), channel=channel.value)
    return keys


def hold_everything(competition_id: UUID, holds: bool, *, actor: Actor, at: datetime) -> None:
    """Let every message of the competition wait until it is read and sent, or send each at once again."""
    with transaction():
        programme.competition(competition_id)
        messages.hold_all(competition_id, holds, actor=actor, at=at)
        _noted(actor, "outbox:holding", competition_id, at, holds=holds)


def _chosen(competition_id: UUID, message_ids: Sequence[UUID]) -> list[tuple[Any, Person]]:
    rows = queries.chosen(competition_id, message_ids)
    if not rows:
        raise Refusal("outbox_nothing_chosen")
    return rows


def _noted(actor: Actor, verb: str, competition_id: UUID, at: datetime, **facts: object) -> None:
    record(actor, verb, "competition", competition_id, at=at, chain=programme.audit_chain(competition_id), **facts)
