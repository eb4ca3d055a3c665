"""The waiting list: a free place is offered to the next in line, who takes it or lets it go."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from competitions.entries import places
from competitions.entries.models.entries import Entry
from competitions.entries.noting import locked, noted
from competitions.entries.queries import entries as entry_queries
from competitions.entries.queries import quotas as queries
from competitions.entries.queries.reviews import review_levels
from competitions.programme import queries as programme
from competitions.rules.lifecycle import ENTRY, CompetitionState, EntryState
from competitions.rules.quotas import first_full
from competitions.rules.reviews import LEVELS
from foundation.db import transaction
from foundation.messages.actions import send_message
from foundation.permission import Actor
from foundation.refusal import Conflict, Refusal

_OFFERED_IN = (
    CompetitionState.ANNOUNCED,
    CompetitionState.REGISTRATION_OPEN,
    CompetitionState.REGISTRATION_CLOSED,
)


def offer_place(entry_id: UUID, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Offer a place to somebody who waits; it is kept for the hours the rules say. Repeating it does nothing.

    Out of turn or beyond a quota it needs a reason, which stays. Raises Missing, Conflict move_not_allowed, Refusal
    offer_out_of_turn, and those of `places.has_place`.
    """
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.state == EntryState.OFFERED:
            return
        ENTRY.advance(entry.state, "offer")
        found = places.standings(entry.competition_id, places.of(entry))
        beyond = first_full(found)
        if beyond is not None and not reason.strip():
            code, facts = places.why(beyond, entry.event)
            raise Refusal(code, field="reason", **facts)
        turn = [one.id for one in queries.whose_turn(entry.competition_id)]
        ahead = turn.index(entry_id) if entry_id in turn else len(turn)
        if ahead and not reason.strip():
            raise Refusal("offer_out_of_turn", field="reason", count=ahead)
        if beyond is not None:
            places.has_place(found, entry.event, capacity="organizer", reason=reason)
            entry.quota_reason = reason.strip()
        _offer(entry, actor=actor, at=at, reason=reason.strip())


def move_up(competition_id: UUID, *, actor: Actor, at: datetime) -> int:
    """After a place became free: offers that ran out go back to the end of the line; where the rules offer automatically,
    everybody whose turn it is gets an offer. Answers how many. Called inside the transaction that freed the place."""
    _version, rules = programme.rule_set_in_force(competition_id)
    competition = programme.competition(competition_id)
    with transaction() as writing:
        for entry in queries.waiting(competition_id):
            if entry.state == EntryState.OFFERED and entry.offered_until is not None and entry.offered_until <= at:
                entry.state = ENTRY.advance(entry.state, "lapse")
                entry.waiting_since, entry.offered_until = at, None
                noted(actor, "entry:offer_lapsed", entry, at)
        if rules.waiting_offers != "automatic" or competition.state not in _OFFERED_IN:
            return 0
        writing.flush()
        turn = queries.whose_turn(competition_id)
        for entry in turn:
            _offer(entry, actor=actor, at=at)
        return len(turn)


def hand_in(entry: Entry, place: bool, at: datetime, *, by_body: bool = False) -> None:
    """Submit an entry to whoever reviews it first, or put it at the end of the waiting list when there is no place.

    What a delegation hands in has its word: the organizer reviews.
    """
    entry.review_level = LEVELS[-1] if by_body else review_levels(entry)[0]
    entry.state = ENTRY.advance(entry.state, "submit" if place else "wait")
    if place:
        entry.submitted_at = at
    else:
        entry.waiting_since = at


def take_place(entry_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take an offered place: the entry is submitted. Repeating it does nothing. Raises Missing, Conflict offer_over, move_not_allowed."""
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.state == EntryState.SUBMITTED:
            return
        following = ENTRY.advance(entry.state, "take")
        if entry.offered_until is not None and entry.offered_until <= at:
            raise Conflict("offer_over", when=entry.offered_until)
        entry.state, entry.submitted_at, entry.offered_until = following, at, None
        noted(actor, "entry:place_taken", entry, at)


def _offer(entry: Entry, *, actor: Actor, at: datetime, reason: str = "") -> None:
    _version, rules = programme.rule_set_in_force(entry.competition_id)
    entry.state = ENTRY.advance(entry.state, "offer")
    entry.offered_until = at + timedelta(hours=rules.offer_hours)
    for person_id in entry_queries.with_account(member.person_id for member in entry.members):
        send_message(
            person_id, "message:place_offered", actor=actor, at=at, link=f"/my/entries/{entry.id}",
            scope_id=entry.competition_id, event={"zh": entry.event.name_zh, "en": entry.event.name_en}, hours=str(rules.offer_hours),
        )  # fmt: skip
    noted(actor, "entry:place_offered", entry, at, reason=reason)
