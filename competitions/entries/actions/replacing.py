"""Before the start: one person in another's place on a statement, members in another order, substitutes, coaches.

Once a competition has started nobody is replaced; a team starts without the absent member ("比赛开始后不得更换", rules of provincial
team events).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from competitions.entries import noting, places
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.eligibility import MemberStatement
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.models.fields import FieldValue
from competitions.entries.models.replacements import EntryCoach, Replacement, Substitute
from competitions.entries.noting import locked, noted
from competitions.entries.queries import delegations
from competitions.entries.queries import entries as queries
from competitions.entries.queries import replacements as replaced
from competitions.programme import queries as programme
from competitions.rules.lifecycle import ENTRY, CompetitionState, EntryState
from foundation.clock import new_id
from foundation.db import transaction
from foundation.files.actions import keep_file
from foundation.messages.actions import send_message
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

_STARTED = (CompetitionState.IN_PROGRESS, *noting.OVER)


def replace_member(
    entry_id: UUID, position: int, facts: MemberFacts, *, reason: str, statement: bytes, media_type: str,
    capacity: str = "organizer", actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Put another person in a member's place; answers the replacement's id. The entry keeps number, pass and codes and is
    reviewed again; what was answered and claimed by the one who left is gone, that they left and why stays.

    Quotas and eligibility are asked of the new person. Raises Missing, Refusal replacement_too_late, reason_missing, same_person,
    already_entered, entry_not_live, those of `places.has_place` and of `MemberFacts.checked`.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    ready = facts.checked()
    file_id = keep_file(statement, media_type=media_type, name="statement", actor=actor, at=at)
    with transaction() as writing:
        entry = _open(writing, entry_id)
        member = queries.member_at(entry, position)
        before, unit = member.person, member.unit_name
        came = noting.person_for(ready, actor=actor, at=at)
        if came == before.id:
            raise Refusal("same_person", field="identity_number")
        if queries.entered_in(came, entry.event_id):
            raise Refusal("already_entered", field="identity_number")
        names = [one.unit_name if one.position != position else ready.unit_name for one in entry.members]
        people = [MemberFacts(name_zh="-", unit_name=name) for name in names]
        who = places.newcomer(entry.event, entry.division_id, entry.delegation_id, people)
        found = places.standings(entry.competition_id, who, without=[entry_id])
        places.has_place(found, entry.event, capacity=capacity, reason=entry.quota_reason)
        _empty(writing, member, came)
        noting.say_of(member, ready)
        member.consent_file_id = ready.consent_file_id
        writing.execute(delete(Substitute).where(Substitute.entry_id == entry_id, Substitute.person_id == came))
        writing.flush()
        noting.note_held(writing, member, programme.event(entry.event_id), ready, actor=actor, at=at)
        noting.note_titles(entry, came, ready, actor=actor, at=at)
        row = Replacement(
            id=new_id(), entry_id=entry_id, position=position, left_id=before.id, left_unit=unit, came_id=came,
            reason=reason.strip(), statement_id=file_id, replaced_by=actor.person, replaced_at=at,
        )  # fmt: skip
        writing.add(row)
        if entry.state == EntryState.ACCEPTED:
            entry.state, entry.submitted_at = ENTRY.advance(entry.state, "change"), at
        noting.judge_anew(writing, entry_id, at)
        for person_id in queries.with_account([before.id]):
            send_message(
                person_id, "message:entry_replaced", actor=actor, at=at, link="/my", scope_id=entry.competition_id, event={"zh": entry.event.name_zh, "en": entry.event.name_en}, reason=reason.strip(),
            )  # fmt: skip
        noted(actor, "entry:member_replaced", entry, at, position=position, replacement=row.id)
        return row.id


def order_members(entry_id: UUID, positions: Sequence[int], *, actor: Actor, at: datetime) -> None:
    """Put a team's members in another order: the present positions, as they shall stand. Some honours go to the first alone.

    Raises Missing, Refusal replacement_too_late, entry_not_live, order_incomplete.
    """
    with transaction() as writing:
        entry = _open(writing, entry_id)
        rows = {member.position: member for member in entry.members}
        if sorted(positions) != sorted(rows):
            raise Refusal("order_incomplete")
        if list(positions) == sorted(rows):
            return
        for member in rows.values():  # a position is taken once: all step aside first
            member.position += 1000
        writing.flush()
        for place, position in enumerate(positions, start=1):
            rows[position].position = place
        if entry.state == EntryState.ACCEPTED:
            entry.state, entry.submitted_at = ENTRY.advance(entry.state, "change"), at
        noting.judge_anew(writing, entry_id, at)
        noted(actor, "entry:members_ordered", entry, at)


def name_substitute(entry_id: UUID, facts: MemberFacts, *, actor: Actor, at: datetime) -> UUID:
    """Name somebody who may step in. Raises Missing, Refusal replacement_too_late, entry_not_live, already_entered, substitute_twice."""
    ready = facts.checked()
    with transaction() as writing:
        entry = _open(writing, entry_id)
        person_id = noting.person_for(ready, actor=actor, at=at)
        if queries.entered_in(person_id, entry.event_id):
            raise Refusal("already_entered", field="identity_number")
        there = replaced.substitutes_of(entry_id)
        if any(one.person_id == person_id for one in there):
            raise Refusal("substitute_twice", field="identity_number")
        row = Substitute(
            id=new_id(), entry_id=entry_id, person_id=person_id, position=max((one.position for one in there), default=0) + 1,
            identity_class=ready.identity_class, unit_name=ready.unit_name.strip(), years_in_trade=ready.years_in_trade, named_at=at,
        )  # fmt: skip
        writing.add(row)
        noted(actor, "entry:substitute_named", entry, at)
        return row.id


def step_in(
    entry_id: UUID, position: int, substitute_id: UUID, *, reason: str, statement: bytes, media_type: str,
    capacity: str = "organizer", actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """A substitute takes a member's place. Raises what `replace_member` raises."""
    found = next((one for one in replaced.substitutes_of(entry_id) if one.id == substitute_id), None)
    if found is None:
        raise Missing
    document = found.person.documents[0] if found.person.documents else None
    facts = MemberFacts(
        name_zh=found.person.name_zh, identity_class=found.identity_class, unit_name=found.unit_name,
        years_in_trade=found.years_in_trade,
    )  # fmt: skip
    if document is not None:
        facts = replace(facts, document_kind=document.kind, document_number=document.number.revealed())
    return replace_member(
        entry_id, position, facts, reason=reason, statement=statement, media_type=media_type, capacity=capacity, actor=actor, at=at
    )  # fmt: skip


def name_coaches(entry_id: UUID, officer_ids: Sequence[UUID], *, actor: Actor, at: datetime) -> None:
    """Say which coaches of the delegation trained an entry, in place of what was said before.

    Raises Missing for somebody else's coach, Refusal coaches_too_many, entry_not_live.
    """
    with transaction() as writing:
        entry = locked(writing, entry_id)
        if entry.state not in queries.LIVE or entry.delegation_id is None:
            raise Refusal("entry_not_live")
        coaches = {one.row.id for one in delegations.officers(entry.delegation_id) if one.row.role == "coach"}
        wanted = list(dict.fromkeys(officer_ids))
        if not set(wanted) <= coaches:
            raise Missing
        _version, rules = programme.rule_set_in_force(entry.competition_id)
        if rules.coaches_most is not None and len(wanted) > rules.coaches_most:
            raise Refusal("coaches_too_many", most=rules.coaches_most)
        writing.execute(delete(EntryCoach).where(EntryCoach.entry_id == entry_id))
        writing.add_all(EntryCoach(entry_id=entry_id, officer_id=one, named_at=at) for one in wanted)
        noted(actor, "entry:coaches_named", entry, at, count=len(wanted))


def _open(writing: Session, entry_id: UUID) -> Entry:
    entry = locked(writing, entry_id)
    if entry.event.competition.state in _STARTED:
        raise Refusal("replacement_too_late")
    if entry.state not in queries.LIVE:
        raise Refusal("entry_not_live")
    return entry


def _empty(writing: Session, member: EntryMember, person_id: UUID) -> None:
    writing.execute(delete(FieldValue).where(FieldValue.member_id == member.id))
    writing.execute(delete(MemberStatement).where(MemberStatement.member_id == member.id))
    member.person_id, member.claimed_at, member.consent_file_id, member.held_grade_id = person_id, None, None, None
    member.unit_name, member.unit_id, member.post, member.years_in_trade = "", None, "", None
