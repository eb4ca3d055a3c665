"""A candidate's road: registering, handing in, taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from competitions.entries import noting, places
from competitions.entries.actions import waiting
from competitions.entries.actions.fields import check_answered
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import Entry
from competitions.entries.noting import locked, noted
from competitions.entries.queries import deadlines, delegations
from competitions.rules.lifecycle import ENTRY, EntryState
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal


def register(
    event_id: UUID, division_id: UUID, facts: MemberFacts, *, password: str = "", user_name: str = "",
    delegation_id: UUID | None = None, actor: Actor, at: datetime, key: UUID | None = None,
) -> tuple[UUID, UUID]:  # fmt: skip
    """A candidate registers themselves while registration is open: (entry in draft, person). Strangers get an account.

    A draft holds no place: that is asked again when it is handed in. A number that is known and not the registrant's own is answered like a wrong one (identity_not_confirmed).
    Raises Refusal registration_not_open, team_by_unit, division_full, identity_not_confirmed, identity_not_own, already_entered.
    """
    ready = replace(facts, held_basis="declared").checked()
    entry_id = key or new_id()
    with transaction() as writing:
        known = writing.get(Entry, entry_id)
        if known is not None and actor.person and known.created_by == actor.person:
            return entry_id, actor.person
        event = noting.open_event(writing, event_id, division_id)
        if not deadlines.is_open(event.competition, "candidate", at):
            raise Refusal("registration_not_open")
        if event.team_size != 1:
            raise Refusal("team_by_unit", field="event_id")
        if delegation_id is not None and delegations.delegation(delegation_id).competition_id != event.competition_id:
            raise Missing
        found = places.standings(event.competition_id, places.newcomer(event, division_id, delegation_id, [ready]))
        places.has_place(found, event, capacity="candidate")
        person_id = noting.own_person(ready, password, user_name, actor=actor, at=at)
        self_acting = actor if actor.person else Actor(person_id)
        entry = noting.new_entry(
            writing, event, entry_id, division_id, EntryState.DRAFT, "candidate", actor=self_acting, at=at
        )
        entry.delegation_id = delegation_id
        member = noting.add_member(writing, entry, 1, person_id, ready, actor=self_acting, at=at)
        member.claimed_at = at
        noting.judge_anew(writing, entry.id, at)
        noted(self_acting, "entry:registered", entry, at)
    return entry_id, person_id


def submit(entry_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Hand an entry in for review, or into the waiting list; repeating it does nothing.

    Raises Missing, Conflict move_not_allowed, Refusal registration_not_open after the candidates' deadline (a returned entry may
    still be handed in), fields_unanswered and those of `places.has_place`.
    """
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.state in (EntryState.SUBMITTED, EntryState.WAITING):
            return
        ENTRY.advance(entry.state, "submit")
        check_answered(entry)
        place = entry.state != EntryState.DRAFT
        if not place:
            if not deadlines.is_open(entry.event.competition, "candidate", at):
                raise Refusal("registration_not_open")
            found = places.standings(entry.competition_id, places.of(entry), without=[entry_id])
            place = places.has_place(found, entry.event, capacity="candidate", reason=entry.quota_reason)
        waiting.hand_in(entry, place, at)
        noting.judge_anew(writing, entry_id, at)
        noted(actor, "entry:submit" if place else "entry:waits", entry, at)


def withdraw_entry(entry_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take an entry back; it stays on record with the reason, and its place goes to the next in line where the rules say so.

    Raises Missing, Refusal reason_missing, Conflict move_not_allowed.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.state == EntryState.WITHDRAWN:
            return
        entry.state = ENTRY.advance(entry.state, "withdraw")
        entry.review_note = reason.strip()
        noted(actor, "entry:withdrawn", entry, at)
        waiting.move_up(entry.competition_id, actor=actor, at=at)
