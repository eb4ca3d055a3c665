"""Arranging a leaders' meeting, signing in, asking, answering to all, confirming what was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.people.queries import person
from competitions.entries.queries.delegations import delegation as delegation_row
from competitions.meetings import queries
from competitions.meetings.models import Clarification, ClarificationReading, Meeting, MeetingSignIn, Question
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from foundation.audit.chain import record
from foundation.clock import CHINA, new_id
from foundation.db import transaction
from foundation.messages.actions import send_message
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal

LONGEST = 2000
OPENS_BEFORE = timedelta(hours=1)


def arrange_meeting(
    competition_id: UUID, title: str, begins_at: datetime, *, place: str = "", agenda: str = "", meeting_id: UUID | None = None,
    actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Arrange a meeting, or change one that is not closed. Raises Missing, Refusal meeting_title_missing, meeting_closed."""
    if not title.strip():
        raise Refusal("meeting_title_missing", field="title")
    with transaction() as writing:
        programme.competition(competition_id)
        row = writing.get(Meeting, meeting_id) if meeting_id else None
        if row is None:
            row = Meeting(
                id=meeting_id or new_id(), competition_id=competition_id, created_by=actor.person, created_at=at
            )
            writing.add(row)
        _open(row, competition_id)
        row.title, row.begins_at, row.place, row.agenda = (
            title.strip()[:120],
            begins_at,
            place.strip()[:120],
            agenda.strip(),
        )
        writing.flush()
        _noted(actor, "meeting:arranged", "meeting", row.id, competition_id, at)
        return row.id


def announce_meeting(meeting_id: UUID, *, address: str, actor: Actor, at: datetime) -> int:
    """Show a meeting to the leaders and write each a notice into the outbox, where it is read before it leaves. Says how many.

    Repeating it writes the notices anew, for a changed time. Raises Missing, Refusal meeting_closed.
    """
    with transaction() as writing:
        row = writing.get_one(Meeting, queries.meeting(meeting_id).id)
        _open(row, row.competition_id)
        row.announced_at = at
        local, told = row.begins_at.astimezone(CHINA), 0
        moment = {
            "zh": f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}",
            "en": f"{local.day} {local:%B %Y %H:%M}",
        }
        for delegation, leader in queries.leaders_in(row.competition_id):
            send_message(
                leader.id, "message:meeting_announced", actor=actor, at=at, link=f"/delegations/{delegation.id}/meetings",
                scope_id=row.competition_id, hold=True, language=leader.language, title=row.title, moment=moment,
                place=row.place or "—", address=address.format(delegation.id),
            )  # fmt: skip
            told += 1
        _noted(actor, "meeting:announced", "meeting", row.id, row.competition_id, at, count=told)
        return told


def sign_in_leader(
    meeting_id: UUID, delegation_id: UUID, *, name: str = "", way: str = "phone", actor: Actor, at: datetime
) -> None:
    """A delegation is there: its leader by the own phone, or somebody named at the table. Repeating it does nothing.

    By phone it opens an hour before the meeting. Raises Missing, Refusal meeting_closed, meeting_not_today.
    """
    with transaction() as writing:
        row = queries.meeting(meeting_id)
        delegation = delegation_row(delegation_id)
        if delegation.competition_id != row.competition_id or (way == "phone" and row.announced_at is None):
            raise Missing
        if queries.signed_in(meeting_id, delegation_id) is not None:
            return
        _open(row, row.competition_id)
        if way == "phone" and at < row.begins_at - OPENS_BEFORE:
            raise Refusal("meeting_not_today")
        who = name.strip()[:60] or (person(actor.person).name_zh if actor.person else "")
        writing.add(
            MeetingSignIn(
                meeting_id=meeting_id, delegation_id=delegation_id, name=who, way=way, signed_at=at, noted_by=actor.person
            )
        )  # fmt: skip
        _noted(actor, "meeting:signed_in", "delegation", delegation_id, row.competition_id, at, way=way)


def close_meeting(meeting_id: UUID, notes: str, *, actor: Actor, at: datetime) -> None:
    """Close a meeting with its minutes; afterwards neither changes. Raises Missing, Refusal meeting_closed."""
    with transaction() as writing:
        row = writing.get_one(Meeting, queries.meeting(meeting_id).id)
        _open(row, row.competition_id)
        row.notes, row.closed_at = notes.strip(), at
        _noted(actor, "meeting:closed", "meeting", row.id, row.competition_id, at)


def ask(
    delegation_id: UUID, text: str, *, anonymous: bool = False, key: UUID | None = None, actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Ask a question for a delegation; it belongs to the meeting that comes next. `key` is its chosen id.

    Raises Missing, Refusal question_empty, text_too_long.
    """
    _checked(text, "question_empty", "text")
    question_id = key or new_id()
    with transaction() as writing:
        row = delegation_row(delegation_id)
        if writing.get(Question, question_id) is not None:
            return question_id
        writing.add(
            Question(
                id=question_id, competition_id=row.competition_id, delegation_id=delegation_id,
                meeting_id=queries.current_meeting(row.competition_id),
                asked_by=actor.person, text=text.strip(), anonymous=anonymous, asked_at=at,
            )
        )  # fmt: skip
        _noted(actor, "question:asked", "question", question_id, row.competition_id, at)
    return question_id


def decline_question(question_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Do not answer a question to all; the asking leader reads why. Raises Missing, Refusal answer_empty, Conflict question_answered."""
    _checked(reason, "answer_empty", "reason")
    with transaction() as writing:
        row = _unsettled(writing.get(Question, question_id))
        row.declined = reason.strip()[:300]
        _noted(actor, "question:declined", "question", question_id, row.competition_id, at)


def publish_clarification(
    competition_id: UUID, answer: str, *, question: str = "", question_id: UUID | None = None,
    corrects_id: UUID | None = None, public: bool = False, actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Publish the next numbered clarification and tell every leader. An anonymous question names no delegation.

    Raises Missing, Refusal answer_empty, text_too_long, clarification_unknown, Conflict question_answered.
    """
    _checked(answer, "answer_empty", "answer")
    with transaction() as writing:
        competition = writing.get(Competition, competition_id, with_for_update=True)  # numbers run without gaps
        if competition is None:
            raise Missing
        asked = _unsettled(writing.get(Question, question_id)) if question_id else None
        if asked is not None and asked.competition_id != competition_id:
            raise Missing
        if corrects_id and queries.clarification(corrects_id).competition_id != competition_id:
            raise Refusal("clarification_unknown")
        row = Clarification(
            id=new_id(), competition_id=competition_id, number=queries.highest_number(competition_id) + 1,
            meeting_id=(asked.meeting_id if asked else None) or queries.current_meeting(competition_id), question=(question.strip() or (asked.text if asked else ""))[:LONGEST],
            asked_for=asked.delegation.name if asked and not asked.anonymous else "", answer=answer.strip(),
            corrects_id=corrects_id, public=public, published_by=actor.person, published_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        if asked is not None:
            asked.clarification_id = row.id
        named = {"zh": competition.name_zh, "en": competition.name_en}
        for delegation, leader in queries.leaders_in(competition_id):
            send_message(
                leader.id, "message:clarification", actor=actor, at=at, link=f"/delegations/{delegation.id}/meetings",
                scope_id=competition_id, language=leader.language, number=str(row.number), competition=named,
            )  # fmt: skip
        _noted(
            actor,
            "clarification:published",
            "clarification",
            row.id,
            competition_id,
            at,
            number=row.number,
            public=public,
        )
        return row.id


def confirm_reading(clarification_id: UUID, delegation_id: UUID, *, actor: Actor, at: datetime) -> None:
    """A leader confirms for the delegation that a clarification was read; repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row, delegation = queries.clarification(clarification_id), delegation_row(delegation_id)
        if row.competition_id != delegation.competition_id:
            raise Missing
        if clarification_id in queries.read_by(delegation_id):
            return
        writing.add(
            ClarificationReading(
                id=new_id(), clarification_id=clarification_id, delegation_id=delegation_id, read_by=actor.person, read_at=at
            )
        )  # fmt: skip
        _noted(actor, "clarification:read", "delegation", delegation_id, row.competition_id, at, number=row.number)


def _unsettled(row: Question | None) -> Question:
    if row is None:
        raise Missing
    if row.clarification_id is not None or row.declined:
        raise Conflict("question_answered")
    return row


def _open(row: Meeting, competition_id: UUID) -> None:
    if row.competition_id != competition_id:
        raise Missing
    if row.closed_at is not None:
        raise Refusal("meeting_closed")


def _checked(text: str, code: str, field: str) -> None:
    if not text.strip():
        raise Refusal(code, field=field)
    if len(text.strip()) > LONGEST:
        raise Refusal("text_too_long", field=field, most=LONGEST)


def _noted(actor: Actor, verb: str, kind: str, key: UUID, competition_id: UUID, at: datetime, **facts: object) -> None:
    record(actor, verb, kind, key, at=at, chain=programme.audit_chain(competition_id), **facts)
