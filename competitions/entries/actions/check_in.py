"""Noting who came: from a door's device, at the desk, and what the organizer decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from competitions.entries import noting
from competitions.entries.models.check_in import CheckInNote
from competitions.entries.models.entries import Attendance, Entry
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import check_in as queries
from competitions.entries.queries import entries
from competitions.programme import queries as programme
from competitions.rules.check_in import AT_THE_DOOR, Answer, Outcome, Standing, Step, Told, missing_members, take
from competitions.rules.lifecycle import EntryState
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.permission import Actor, can
from foundation.refusal import Conflict, Missing, Refusal


@dataclass(frozen=True, slots=True)
class CheckInBody:
    """What a door says. `client_at` is the device's time of the tap, `base_id` the note it saw last."""

    id: UUID
    entry_id: UUID
    step: str
    client_at: datetime
    base_id: UUID | None = None
    reason: str = ""
    missing: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class CheckInAnswer:
    """What became of a note: received, agrees or held, `repeated` when it was here before; `code` says why it is held."""

    id: UUID
    outcome: str
    code: str = ""
    repeated: bool = False


def receive_note(body: CheckInBody, *, actor: Actor, at: datetime) -> CheckInAnswer:
    """Take a note in, once: sent again it is answered as the first time. What cannot be applied is kept and held.

    Raises Missing (also for an event where the actor checks nobody in), Refusal check_in_malformed, check_in_id_reused,
    attendance_note_missing, check_in_members_wrong.
    """
    if body.step not in AT_THE_DOOR:
        raise Refusal("check_in_malformed")
    with transaction() as writing:
        entry = _locked(writing, body.entry_id)
        if not can(actor, EntryPermission.CHECK_IN, programme.event_scopes(entry.event_id) or ()):
            raise Missing
        known = writing.get(CheckInNote, body.id)
        if known is not None:
            if (known.entry_id, known.step, known.client_at) != (body.entry_id, body.step, body.client_at):
                raise Refusal("check_in_id_reused")
            return CheckInAnswer(known.id, known.outcome, known.held_code, repeated=True)
        told = Told(body.id, Step(body.step), body.base_id, body.reason)
        answer = _take(writing, entry, told, body.missing, client_at=body.client_at, actor=actor, at=at)
    return CheckInAnswer(body.id, answer.outcome, answer.code)


def note_attendance(
    entry_id: UUID, attendance: Attendance, *, note: str = "", missing: Sequence[int] = (), actor: Actor, at: datetime
) -> None:
    """Note at the desk who came; `expected` takes it back. A stop and a correction need a note. Repeating it does nothing.

    Raises Missing, Refusal not_accepted, attendance_note_missing, attendance_fixed, check_in_identity_open.
    """
    with transaction() as writing:
        entry = _locked(writing, entry_id)
        standing = _standing(entry)
        if entry.state == EntryState.ACCEPTED and (entry.attendance == attendance and not missing):
            return
        step = Step.UNDO if attendance == Attendance.EXPECTED else Step(attendance.value)
        told = Told(new_id(), step, standing.head, note)
        answer = _take(writing, entry, told, missing, client_at=at, actor=actor, at=at)
        if answer.outcome == Outcome.HELD:
            raise Refusal(answer.code)


def doubt_identity(entry_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Note at the desk that who stands here is not who the pass names (人证不符). Raises Missing, Refusal attendance_note_missing."""
    with transaction() as writing:
        entry = _locked(writing, entry_id)
        told = Told(new_id(), Step.MISMATCH, _standing(entry).head, reason)
        answer = _take(writing, entry, told, (), client_at=at, actor=actor, at=at)
        if answer.outcome == Outcome.HELD:
            raise Refusal(answer.code)


def settle_note(note_id: UUID, step: str, *, reason: str, actor: Actor, at: datetime) -> None:
    """Decide a held note or a doubted identity: what holds from now on, with the reason. KEEP leaves what was noted.

    Raises Missing, Refusal check_in_malformed, attendance_note_missing, attendance_fixed, Conflict check_in_settled.
    """
    if step not in set(Step) - {Step.MISMATCH}:
        raise Refusal("check_in_malformed")
    if not reason.strip():
        raise Refusal("attendance_note_missing", field="reason")
    with transaction() as writing:
        entry = _locked(writing, queries.note(note_id).entry_id)
        waiting = {row.id for row in queries.waiting_of(queries.notes_of_entry(entry.id))}
        if note_id not in waiting:
            raise Conflict("check_in_settled")
        told = Told(new_id(), Step(step), _standing(entry).head, reason, decides=True)
        answer = _take(writing, entry, told, (), client_at=at, settles=note_id, actor=actor, at=at)
        if answer.outcome == Outcome.HELD:
            raise Refusal(answer.code)


def close_check_in(event_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Note everybody who is still expected as absent; doubted identities are left to their decision. Says how many."""
    with transaction() as writing:
        programme.event(event_id)
        still = [
            one.entry_id
            for one in queries.states(event_id)
            if one.standing.attendance == Attendance.EXPECTED and not one.standing.identity_open
        ]
        for entry_id in sorted(still):
            entry = _locked(writing, entry_id)
            told = Told(new_id(), Step.ABSENT, _standing(entry).head)
            _take(writing, entry, told, (), client_at=at, actor=actor, at=at)
    return len(still)


def fix_attendance(event_id: UUID, division_id: UUID | None = None, *, actor: Actor, at: datetime) -> None:
    """Close the check-in of an event or of one division: its results are final. Called by publications; repeating does nothing."""
    with transaction() as writing:
        wanted = update(Entry).where(Entry.event_id == event_id, Entry.attendance_fixed_at.is_(None))
        if division_id is not None:
            wanted = wanted.where(Entry.division_id == division_id)
        fixed = writing.execute(wanted.values(attendance_fixed_at=at).returning(Entry.id)).all()
        if fixed:
            writing.expire_all()
            chain = programme.audit_chain(programme.event(event_id).competition_id)
            record(actor, "entry:attendance_fixed", "event", event_id, at=at, chain=chain, count=len(fixed))


def _locked(writing: Session, entry_id: UUID) -> Entry:
    writing.get(Entry, entry_id, with_for_update=True)
    return entries.entry(entry_id)


def _standing(entry: Entry) -> Standing:
    return queries.standing_of(entry.attendance, queries.notes_of_entry(entry.id))


def _take(
    writing: Session, entry: Entry, told: Told, missing: Sequence[int], *, client_at: datetime, settles: UUID | None = None,
    actor: Actor, at: datetime,
) -> Answer:  # fmt: skip
    """Judge a note, store it, and put what it changes into the entry."""
    positions = missing_members(missing, len(entry.members))
    notes = queries.notes_of_entry(entry.id)
    standing = queries.standing_of(entry.attendance, notes)
    fixed = entry.attendance_fixed_at is not None or entry.event.competition.state in noting.OVER
    answer = take(standing, told, accepted=entry.state == EntryState.ACCEPTED, fixed=fixed)
    writing.add(
        CheckInNote(
            id=told.id, event_id=entry.event_id, entry_id=entry.id, number=len(notes) + 1, step=told.step.value,
            base_id=told.base, settles_id=settles, missing=list(positions),
            reason=Personal(told.reason.strip()) if told.reason.strip() else None, client_at=client_at, received_at=at,
            noted_by=actor.person, outcome=answer.outcome.value, held_code=answer.code,
        )
    )  # fmt: skip
    before = entry.attendance
    if answer.outcome == Outcome.RECEIVED:
        entry.attendance = answer.standing.attendance
        entry.attendance_note = told.reason.strip()[:300]
        entry.attended_at = min(client_at, at) if entry.attendance in entries.COUNTED else None
    verb = "entry:attendance_settled" if settles else "entry:attendance_noted"
    if answer.outcome == Outcome.HELD:
        verb = "entry:attendance_held"
    chain = programme.audit_chain(entry.competition_id)
    record(
        actor, verb, "entry", entry.id, at=at, chain=chain, before=before, after=entry.attendance, step=told.step.value
    )
    writing.flush()
    return answer
