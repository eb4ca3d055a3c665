"""Reading meetings, questions, clarifications and who has read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.people.models import Person
from competitions.entries.models.delegations import DelegationOfficer, OfficerRole
from competitions.entries.models.entries import Delegation
from competitions.entries.queries.delegations import delegation_scopes
from competitions.meetings.models import Clarification, ClarificationReading, Meeting, MeetingSignIn, Question
from competitions.programme import queries as programme
from foundation.db import session
from foundation.permission import Scope
from foundation.refusal import Missing


def meeting(meeting_id: UUID) -> Meeting:
    """One meeting. Raises Missing."""
    found = session().get(Meeting, meeting_id)
    if found is None:
        raise Missing
    return found


def question(question_id: UUID) -> Question:
    """One question. Raises Missing."""
    found = session().get(Question, question_id)
    if found is None:
        raise Missing
    return found


def clarification(clarification_id: UUID) -> Clarification:
    """One clarification. Raises Missing."""
    found = session().get(Clarification, clarification_id)
    if found is None:
        raise Missing
    return found


def meeting_scopes(meeting_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a meeting: its competition's."""
    found = session().get(Meeting, meeting_id)
    return programme.competition_scopes(found.competition_id) if found else None


def question_scopes(question_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a question: its delegation's."""
    found = session().get(Question, question_id)
    return delegation_scopes(found.delegation_id) if found else None


def meetings(competition_id: UUID, *, announced: bool = False) -> Sequence[Meeting]:
    """The meetings of a competition, first to last; only announced ones when asked."""
    wanted = select(Meeting).where(Meeting.competition_id == competition_id)
    if announced:
        wanted = wanted.where(Meeting.announced_at.is_not(None))
    return session().scalars(wanted.order_by(Meeting.begins_at, Meeting.id)).all()


def current_meeting(competition_id: UUID) -> UUID | None:
    """The announced meeting that is not closed and begins first: what is asked and answered now belongs to it."""
    return next((one.id for one in meetings(competition_id, announced=True) if one.closed_at is None), None)


@dataclass(frozen=True, slots=True)
class Seat:
    """One delegation at a meeting: its leaders, and who signed in for it."""

    delegation: Delegation
    leaders: tuple[str, ...]
    signed: MeetingSignIn | None


def seats(row: Meeting) -> list[Seat]:
    """Every delegation of the competition with its sign-in, in three queries."""
    signed = {
        one.delegation_id: one
        for one in session().scalars(select(MeetingSignIn).where(MeetingSignIn.meeting_id == row.id))
    }
    leaders = _leaders(row.competition_id)
    return [Seat(one, leaders.get(one.id, ()), signed.get(one.id)) for one in delegations(row.competition_id)]


def delegations(competition_id: UUID) -> Sequence[Delegation]:
    """The delegations of a competition by name."""
    wanted = select(Delegation).where(Delegation.competition_id == competition_id)
    return session().scalars(wanted.order_by(Delegation.name)).all()


def leaders_in(competition_id: UUID) -> list[tuple[Delegation, Person]]:
    """The leaders in office with their delegation."""
    wanted = (
        select(Delegation, Person)
        .join(DelegationOfficer, DelegationOfficer.delegation_id == Delegation.id)
        .join(Person, Person.id == DelegationOfficer.person_id)
        .where(
            Delegation.competition_id == competition_id,
            DelegationOfficer.role == OfficerRole.LEADER.value,
            DelegationOfficer.left_at.is_(None),
        )
        .order_by(Delegation.name, DelegationOfficer.appointed_at)
    )
    return [(delegation, person) for delegation, person in session().execute(wanted)]


def _leaders(competition_id: UUID) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for delegation, person in leaders_in(competition_id):
        found[delegation.id] = (*found.get(delegation.id, ()), person.name_zh)
    return found


def questions(competition_id: UUID, *, open_only: bool = False) -> Sequence[Question]:
    """What leaders asked, first to last."""
    wanted = select(Question).where(Question.competition_id == competition_id).options(joinedload(Question.delegation))
    if open_only:
        wanted = wanted.where(Question.clarification_id.is_(None), Question.declined == "")
    return session().scalars(wanted.order_by(Question.asked_at, Question.id)).all()


def questions_of(delegation_id: UUID) -> Sequence[Question]:
    """What one delegation asked, latest first."""
    wanted = select(Question).where(Question.delegation_id == delegation_id)
    return session().scalars(wanted.order_by(Question.asked_at.desc(), Question.id)).all()


def clarifications(competition_id: UUID, *, public: bool = False) -> Sequence[Clarification]:
    """The clarifications of a competition, latest first; only those for the public when asked."""
    wanted = select(Clarification).where(Clarification.competition_id == competition_id)
    if public:
        wanted = wanted.where(Clarification.public.is_(True))
    return session().scalars(wanted.order_by(Clarification.number.desc())).all()


def highest_number(competition_id: UUID) -> int:
    """The number of the last clarification."""
    wanted = select(func.max(Clarification.number)).where(Clarification.competition_id == competition_id)
    return session().scalar(wanted) or 0


def unread_by(competition_id: UUID) -> dict[UUID, list[str]]:
    """Clarification → the names of delegations that have not confirmed it, in two queries."""
    everybody = {one.id: one.name for one in delegations(competition_id)}
    wanted = (
        select(Clarification.id, ClarificationReading.delegation_id)
        .outerjoin(ClarificationReading, ClarificationReading.clarification_id == Clarification.id)
        .where(Clarification.competition_id == competition_id)
    )
    read: dict[UUID, set[UUID]] = {}
    for key, delegation in session().execute(wanted):
        read.setdefault(key, set())
        if delegation is not None:
            read[key].add(delegation)
    return {key: [name for one, name in everybody.items() if one not in seen] for key, seen in read.items()}


def open_counts(competition_id: UUID) -> tuple[int, int]:
    """(questions that wait, clarifications that some delegation has not confirmed), in one query: for boards."""
    asked = select(func.count()).where(
        Question.competition_id == competition_id, Question.clarification_id.is_(None), Question.declined == ""
    )
    everybody = select(func.count()).where(Delegation.competition_id == competition_id).scalar_subquery()
    confirmed = (
        select(func.count())
        .where(ClarificationReading.clarification_id == Clarification.id)
        .correlate(Clarification)
        .scalar_subquery()
    )
    silent = select(func.count()).where(Clarification.competition_id == competition_id, confirmed < everybody)
    row = session().execute(select(asked.scalar_subquery(), silent.scalar_subquery())).one()
    return row[0] or 0, row[1] or 0


def read_by(delegation_id: UUID) -> set[UUID]:
    """The clarifications a delegation has confirmed."""
    wanted = select(ClarificationReading.clarification_id).where(ClarificationReading.delegation_id == delegation_id)
    return set(session().scalars(wanted))


def signed_in(meeting_id: UUID, delegation_id: UUID) -> MeetingSignIn | None:
    """The sign-in of a delegation at a meeting."""
    wanted = select(MeetingSignIn).where(
        MeetingSignIn.meeting_id == meeting_id, MeetingSignIn.delegation_id == delegation_id
    )
    return session().scalars(wanted).first()
