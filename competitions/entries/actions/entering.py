"""Entering people, reviewing them, giving passes and claim codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.people.actions import PersonFacts, note_person
from accounts.people.identity import identity_index
from accounts.sign_in import actions as sign_in
from accounts.sign_in.queries import account_of
from catalogue.rules.identity_numbers import checked_identity
from competitions.entries import noting, places
from competitions.entries.actions import joining, waiting
from competitions.entries.actions.reviewing import checked_marks
from competitions.entries.member_facts import MemberFacts, same_name
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.noting import locked, noted
from competitions.entries.queries import deadlines
from competitions.entries.queries import entries as queries
from competitions.entries.queries import photos as photo_rules
from competitions.programme import queries as programme
from competitions.programme.models import Event
from competitions.rules import eligibility
from competitions.rules.lifecycle import ENTRY, CompetitionState, EntryState
from competitions.rules.quotas import first_full
from competitions.rules.reviews import LEVELS
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.sealing import SealBroken
from foundation.files.actions import erase_file, keep_file
from foundation.files.pictures import prepared_photo
from foundation.messages.actions import send_message
from foundation.permission import PUBLIC_ACTOR, Actor
from foundation.refusal import Conflict, Missing, Refusal

# What a candidate may still complete after the entry was submitted; the rest is what was judged.
_COMPLETED_LATER = ("name_en", "ethnic_group", "education", "phone", "address", "years_in_trade", "post")


def enter(
    event_id: UUID, division_id: UUID, members: Sequence[MemberFacts], *, delegation: str = "",
    origin: str = "organizer", state: EntryState = EntryState.SUBMITTED, late_reason: str = "", quota_reason: str = "",
    actor: Actor, at: datetime, key: UUID | None = None,
) -> UUID:  # fmt: skip
    """Enter a candidate or an ordered team; the entry waits for review, or as a draft to be handed in. `key` is its chosen id.

    A known identity number attaches to its person, whose data stay; its owner's name must be the same. Without a place in a quota
    it waits in the list where the rules say so. The organizer enters after the deadlines and beyond a quota with a reason each.
    Raises Missing, Refusal entry_event_cancelled, competition_over, entry_division_wrong, entry_team_size_wrong, identity_name_differs,
    already_entered, late_reason_missing, those of `places.has_place` and of `MemberFacts.checked`.
    """
    facts = [member.checked() for member in members]
    entry_id = key or new_id()
    with transaction() as writing:
        if writing.get(Entry, entry_id) is not None:
            return entry_id
        event = noting.open_event(writing, event_id, division_id)
        if len(facts) != event.team_size:
            raise Refusal("entry_team_size_wrong", size=event.team_size, given=len(facts))
        late = origin == "organizer" and deadlines.is_late(event.competition, at)
        if late and not late_reason.strip():
            raise Refusal("late_reason_missing", field="late_reason")
        body = noting.delegation_of(writing, event.competition_id, delegation, actor=actor, at=at)
        found = places.standings(event.competition_id, places.newcomer(event, division_id, body, facts))
        capacity = "leader" if state == EntryState.DRAFT else "organizer"
        place = places.has_place(found, event, capacity=capacity, reason=quota_reason)
        persons = [noting.person_for(one, actor=actor, at=at) for one in facts]
        entry = noting.new_entry(writing, event, entry_id, division_id, state, origin, actor=actor, at=at)
        entry.delegation_id, entry.late_reason = body, late_reason.strip() if late else ""
        entry.quota_reason = quota_reason.strip() if first_full(found) else ""
        if state == EntryState.SUBMITTED and not place:
            entry.state, entry.waiting_since, entry.submitted_at = EntryState.WAITING, at, None
        for position, (person_id, one) in enumerate(zip(persons, facts, strict=True), start=1):
            noting.add_member(writing, entry, position, person_id, one, actor=actor, at=at)
        noting.judge_anew(writing, entry.id, at)
        noted(actor, "entry:entered", entry, at, origin=origin, members=len(facts))
    return entry_id


def correct(
    entry_id: UUID, position: int, facts: MemberFacts, *, by_candidate: bool = False, by_leader: bool = False, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Correct what is said of a member. After submitting, a candidate completes only what was not judged.

    What a leader changes in an accepted entry is reviewed again: the entry waits for review with its number and pass.

    Raises Missing, Refusal entry_fixed, identity_fixed, identity_known_elsewhere and those of `MemberFacts.checked`.
    """
    entry = queries.own_entry(entry_id, actor.person) if by_candidate else queries.entry(entry_id)
    member = queries.member_at(entry, position)
    if by_candidate:
        if member.person_id != actor.person:
            raise Missing
        facts = replace(facts, document_number="", name_zh=member.person.name_zh, held_basis="declared")
        if entry.state not in (EntryState.DRAFT, EntryState.RETURNED):
            kept = {name: getattr(facts, name) for name in _COMPLETED_LATER}
            facts = MemberFacts(name_zh=member.person.name_zh, identity_class=member.identity_class, **kept)
    ready = facts.checked()
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.event.competition.state in noting.OVER:
            raise Refusal("competition_over")
        if by_leader and entry.event.competition.state == CompetitionState.IN_PROGRESS:
            raise Refusal("registration_not_open")
        member = queries.member_at(entry, position)
        noting.check_against_document(member, ready)
        if ready.document() is not None:
            noting.correct_document(writing, member, ready, at)
        note_person(ready.person(), person_id=member.person_id, actor=actor, at=at)
        noting.say_of(member, ready)
        noting.note_held(writing, member, entry.event, ready, actor=actor, at=at)
        if by_leader and entry.state == EntryState.ACCEPTED:
            entry.state, entry.submitted_at = ENTRY.advance(entry.state, "change"), at
        noting.judge_anew(writing, entry_id, at)
        noted(actor, "entry:corrected", entry, at, position=position)


def review_entry(
    entry_id: UUID, decision: str, *, note: str = "", override_reason: str = "", marks: Sequence[Mapping[str, Any]] = (),
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Accept, return (with a note or marked fields) or refuse (with a reason). Acceptance judges eligibility anew.

    A verdict that is not "pass" needs `override_reason`, which is kept on it. Members with an account are told.
    Raises Missing, Refusal decision_unknown, reason_missing, eligibility_open, review_below, Conflict move_not_allowed.
    """
    goal = {"accept": EntryState.ACCEPTED, "return": EntryState.RETURNED, "refuse": EntryState.REFUSED}.get(decision)
    if goal is None:
        raise Refusal("decision_unknown", field="decision")
    if decision != "accept" and not note.strip() and not (decision == "return" and marks):
        raise Refusal("reason_missing", field="note")
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.state == goal:
            return
        following = ENTRY.advance(entry.state, decision)
        if decision == "accept" and entry.review_level != LEVELS[-1] and not override_reason.strip():
            raise Refusal("review_below", field="override_reason", level=f"@review_level:{entry.review_level}")
        if decision == "accept":
            place = places.standings(entry.competition_id, places.of(entry), without=[entry_id])
            places.has_place(place, entry.event, capacity="organizer", reason=entry.quota_reason or override_reason)
            if first_full(place):
                entry.quota_reason = entry.quota_reason or override_reason.strip()
            joining.settle_members(writing, entry, actor=actor, at=at)
            entry = locked(writing, entry_id)
        verdicts = noting.judge_anew(writing, entry_id, at)
        unmet = [verdict for verdict in verdicts if verdict.verdict != eligibility.Answer.PASS]
        if decision == "accept" and unmet:
            if not override_reason.strip():
                rule = f"@eligibility_rule:{unmet[0].rule}"
                raise Refusal("eligibility_open", field="override_reason", rule=rule, count=len(unmet))
            for verdict in unmet:
                verdict.override_reason, verdict.overridden_by = override_reason.strip(), actor.person
        entry.state, entry.review_note, entry.review_level = following, note.strip(), LEVELS[-1]
        entry.marks = checked_marks(entry, marks) if decision == "return" else []
        entry.reviewed_by, entry.reviewed_at = actor.person, at
        if decision == "refuse":
            waiting.move_up(entry.competition_id, actor=actor, at=at)
        for member in entry.members:
            send_message(
                member.person_id, f"message:entry_{following}", actor=actor, at=at, link=f"/my/entries/{entry_id}",
                scope_id=entry.competition_id, language=member.person.language, note=note.strip(),
                event={"zh": entry.event.name_zh, "en": entry.event.name_en},
            )  # fmt: skip
        noted(
            actor, "entry:reviewed", entry, at, decision=decision, overridden=len(unmet) if decision == "accept" else 0
        )


def keep_photo(entry_id: UUID, position: int, data: bytes, *, actor: Actor, at: datetime) -> UUID:
    """Crop and keep a member's photo in place of the one before, as the competition's rule on photos says.

    Raises Missing and the refusals of photos; where the rule is strict also photo_blurred, photo_ground_uneven, photo_ground_colour.
    """
    found = queries.entry(entry_id)
    member = queries.member_at(found, position)
    made = prepared_photo(data, photo_rules.photo_rule(found.competition_id))
    if made.concerns and photo_rules.photo_strict(found.competition_id):
        raise Refusal(made.concerns[0], field="photo")
    before = member.person.photo_id
    key = keep_file(made.data, media_type="image/jpeg", name="photo.jpg", actor=actor, at=at)
    with transaction() as writing:
        entry = locked(writing, entry_id)
        note_person(
            PersonFacts(name_zh=member.person.name_zh, photo_id=key), person_id=member.person_id, actor=actor, at=at
        )
        noted(actor, "entry:photo_kept", entry, at, position=position)
    if before is not None:
        erase_file(before, at=at)
    return key


def keep_consent(entry_id: UUID, position: int, data: bytes, *, media_type: str, actor: Actor, at: datetime) -> UUID:
    """File a guardian's consent, already checked by the caller (`consent.checked_consent`), and judge anew. Raises Missing."""
    queries.member_at(queries.entry(entry_id), position)
    key = keep_file(data, media_type=media_type, name="consent", actor=actor, at=at)
    with transaction() as writing:
        entry = locked(writing, entry_id)
        queries.member_at(entry, position).consent_file_id = key
        noting.judge_anew(writing, entry_id, at)
        noted(actor, "entry:consent_kept", entry, at, position=position)
    return key


def issue_passes(event_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Number the passes of accepted entries that have none: event code and running number, by division and entry number.

    Returns how many were numbered; repeating it numbers nothing twice.
    """
    with transaction() as writing:
        event = writing.get(Event, event_id, with_for_update=True)
        if event is None:
            raise Missing
        taken, running, count = queries.pass_numbers(event.competition_id), 0, 0
        for entry in queries.entries_of_event(event_id, states=(EntryState.ACCEPTED,)):
            if entry.pass_number:
                continue
            running += 1
            while (number := f"{event.code[:16]}{running:03d}") in taken:
                running += 1
            entry.pass_number = number
            count += 1
        if count:
            chain = programme.audit_chain(event.competition_id)
            record(actor, "entry:passes_issued", "event", event_id, at=at, chain=chain, count=count)
        return count


def issue_claim_code(member_id: UUID, *, actor: Actor, at: datetime) -> str:
    """A fresh code with which a member claims the entry; earlier ones end. Raises Missing, Conflict already_claimed."""
    member = queries.member(member_id)
    if member.claimed_at is not None:
        raise Conflict("already_claimed")
    return sign_in.issue_code("claim", member.person_id, member_id, actor=actor, at=at)


def issue_claim_codes(event_id: UUID, *, actor: Actor, at: datetime) -> dict[UUID, str]:
    """Fresh codes for every unclaimed member of an event's live entries: member → code."""
    with transaction():
        return {
            member.id: sign_in.issue_code("claim", member.person_id, member.id, actor=actor, at=at)
            for entry in queries.entries_of_event(event_id, states=queries.LIVE)
            for member in entry.members
            if member.claimed_at is None
        }


def claim(
    name: str, document_kind: str, number: str, code: str, *, password: str = "", user_name: str = "", phone: str = "",
    actor: Actor = PUBLIC_ACTOR, at: datetime,
) -> UUID:  # fmt: skip
    """Attach an entry to the person on its slip: name, number and code must all match. Returns the person.

    Makes an account, or attaches when the person is signed in. Everything that does not match is answered alike.
    Raises Refusal identity_not_confirmed, Conflict already_claimed, sign_in_to_claim, claim_other_person, and those of accounts.
    """
    try:
        plain = checked_identity(document_kind, number).number
        row = sign_in.code_in_force("claim", code, at=at)
        member = queries.member(row.subject_id)
    except Refusal as wrong:
        raise Refusal("identity_not_confirmed") from wrong
    index, owner = identity_index(document_kind, plain), member.person
    if all(one.number_index != index for one in owner.documents) or not same_name(owner.name_zh, name):
        raise Refusal("identity_not_confirmed")
    if row.used_at is not None or member.claimed_at is not None:
        raise Conflict("already_claimed")
    with transaction() as writing:
        joining.settle(writing, queries.member(member.id), actor=Actor(owner.id), at=at)
        owner = queries.member(member.id).person
        if actor.person is not None and actor.person != owner.id:
            raise Conflict("claim_other_person")
        if actor.person is None:
            if account_of(owner.id) is not None:
                raise Conflict("sign_in_to_claim")
            sign_in.open_account(owner.id, password, user_name=user_name, phone=phone, actor=Actor(owner.id), at=at)
        if not sign_in.use_code(row.id, at=at):
            raise Conflict("already_claimed")
        writing.get_one(EntryMember, member.id).claimed_at = at
        noted(Actor(owner.id), "entry:claimed", member.entry, at)
    return owner.id


def reveal_identity(member_id: UUID, *, actor: Actor, at: datetime) -> str:
    """A member's identity number in clear; the audit log keeps who looked. Raises Missing, SealBroken."""
    member = queries.member(member_id)
    if not member.person.documents:
        raise Missing
    document = member.person.documents[0]
    number = document.number.revealed()
    if identity_index(document.kind, number) != document.number_index:
        raise SealBroken("identity_document.number")
    with transaction():
        noted(actor, "entry:identity_revealed", member.entry, at, member=member_id)
    return number


def note_export(competition_id: UUID, *, count: int, revealed: bool, actor: Actor, at: datetime) -> None:
    """Note that a list left the house, and whether with identity numbers in clear."""
    with transaction():
        chain = programme.audit_chain(competition_id)
        record(
            actor, "entry:exported", "competition", competition_id, at=at, chain=chain, count=count, revealed=revealed
        )
