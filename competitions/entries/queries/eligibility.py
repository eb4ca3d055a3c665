"""Reading what the rules of eligibility ask: about a member, on decision lists, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.people.models import Person, Placing, QualificationKind, QualificationState
from competitions.entries.models.eligibility import (
    DecisionList,
    DecisionMatch,
    DecisionName,
    EligibilityCheck,
    MemberStatement,
)
from competitions.entries.models.entries import EligibilityVerdict, Entry, EntryMember
from competitions.entries.queries.entries import LIVE, other_events
from competitions.programme import queries as programme
from competitions.rules.applicants import Applicant, Grade, Place, Said, Title
from competitions.rules.eligibility import Answer
from competitions.rules.eligibility_options import needed
from competitions.rules.lifecycle import EntryState
from foundation.db import session
from foundation.refusal import Missing


def applicant(found: EntryMember) -> Applicant:
    """What the rules of eligibility ask about a member."""
    person = found.person
    verified = any(document.verified_at for document in person.documents)
    stated = statements(found.id)
    said = {key: Said(row.value.revealed(), row.basis) for key, row in stated.items() if row.value}
    titles, places = _on_lists(found)
    return Applicant(
        birth_date=person.birth_date,
        identity_class=found.identity_class,
        titles=(
            *(
                Title(row.name, row.state, row.basis)
                for row in person.qualifications
                if row.kind == QualificationKind.TITLE
            ),
            *titles,
        ),
        consent=found.consent_file_id is not None,
        other_events=other_events(found.person_id, found.entry),
        birth_basis="verified" if verified else "declared",
        sex=person.sex,
        document_kind=person.documents[0].kind if person.documents else "",
        event_code=found.entry.event.code,
        years_in_trade=found.years_in_trade,
        grades=tuple(
            _grade(row, said if row.id == found.held_grade_id else {})
            for row in person.qualifications
            if row.kind == QualificationKind.GRADE and row.state != QualificationState.ENDED
        ),
        places=(*_places(found), *places),
        said=said,
    )


def _grade(row: Any, said: Mapping[str, Said]) -> Grade:
    since, basis = row.held_from, row.basis
    if since is None and "grade_since" in said:
        since, basis = date.fromisoformat(said["grade_since"].value), said["grade_since"].basis
    return Grade(row.name, row.occupation_code, since, basis)


def _places(found: EntryMember) -> tuple[Place, ...]:
    """Places in earlier competitions of this register."""
    event = found.entry.event
    wanted = select(Placing).where(Placing.person_id == found.person_id, Placing.entry_id != found.entry_id)
    return tuple(
        Place(row.event_name, row.rank, row.prize, row.decided_on, row.event_name == event.name_zh)
        for row in session().scalars(wanted.order_by(Placing.decided_on.desc()))
    )


def _on_lists(found: EntryMember) -> tuple[list[Title], list[Place]]:
    """What decision lists say of the member: settled as the same person, or possibly so. A settled title stands in the register."""
    wanted = (
        select(DecisionName, DecisionMatch.same)
        .join(DecisionList, DecisionList.id == DecisionName.list_id)
        .outerjoin(
            DecisionMatch, (DecisionMatch.name_id == DecisionName.id) & (DecisionMatch.person_id == found.person_id)
        )
        .where(DecisionList.competition_id == found.entry.competition_id, DecisionName.name == found.person.name_zh)
        .options(joinedload(DecisionName.list))
    )
    titles: list[Title] = []
    places: list[Place] = []
    event = found.entry.event.name_zh
    for name, told in session().execute(wanted):
        same: bool | None = told
        basis = "possible" if same is None else "verified"
        if same is False:
            continue
        if name.list.kind == "title" and same is None:
            titles.append(Title(name.list.title, name.list.state, basis))
        elif name.list.kind == "winners":
            of = name.event or name.list.title
            places.append(Place(of, name.rank or 0, name.prize, name.list.decided_on, name.event == event, basis))
    return titles, places


# --- statements -------------------------------------------------------------------------------------------------------


def statements(member_id: UUID) -> dict[str, MemberStatement]:
    """What a member stated, by key."""
    wanted = select(MemberStatement).where(MemberStatement.member_id == member_id)
    return {row.key: row for row in session().scalars(wanted)}


def asked_statements(entry: Entry, member: EntryMember) -> list[tuple[str, MemberStatement | None]]:
    """What the rules in force ask this member to state, each with what was stated."""
    _key, rules = programme.rule_set_in_force(entry.competition_id)
    who = Applicant(None, member.identity_class, event_code=entry.event.code)
    keys = needed(rules.eligibility, who)
    known = statements(member.id) if keys else {}
    return [(key, known.get(key)) for key in keys]


# --- decision lists ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Possible:
    """A name of a list and somebody entered under it, not settled yet."""

    name: DecisionName
    person: Person
    entry: Entry
    unit: str


def decision_lists(competition_id: UUID) -> Sequence[tuple[DecisionList, int]]:
    """The lists of a competition, latest decision first, with how many names each has."""
    wanted = (
        select(DecisionList, func.count(DecisionName.id))
        .outerjoin(DecisionName, DecisionName.list_id == DecisionList.id)
        .where(DecisionList.competition_id == competition_id)
        .group_by(DecisionList.id)
        .order_by(DecisionList.decided_on.desc(), DecisionList.title)
    )
    return [(row, count) for row, count in session().execute(wanted)]


def possible_matches(competition_id: UUID) -> list[Possible]:
    """Everybody entered in a competition whose name stands on one of its lists, as long as nobody settled it. One query."""
    wanted = (
        select(DecisionName, Person, Entry, EntryMember.unit_name)
        .join(DecisionList, DecisionList.id == DecisionName.list_id)
        .join(Person, Person.name_zh == DecisionName.name)
        .join(EntryMember, EntryMember.person_id == Person.id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .outerjoin(DecisionMatch, (DecisionMatch.name_id == DecisionName.id) & (DecisionMatch.person_id == Person.id))
        .where(
            DecisionList.competition_id == competition_id,
            Entry.competition_id == competition_id,
            Entry.state.in_(LIVE),
            DecisionMatch.id.is_(None),
        )
        .options(joinedload(DecisionName.list), joinedload(Entry.event))
        .order_by(DecisionList.decided_on.desc(), DecisionName.position, Entry.number)
    )
    return [Possible(name, person, entry, unit) for name, person, entry, unit in session().execute(wanted)]


def decision_name(competition_id: UUID, name_id: UUID) -> DecisionName:
    """One name of a competition's lists. Raises Missing."""
    found = session().get(DecisionName, name_id)
    if found is None or found.list.competition_id != competition_id:
        raise Missing
    return found


# --- before awards ----------------------------------------------------------------------------------------------------


def open_verdicts(event_ids: Sequence[UUID]) -> Sequence[EligibilityVerdict]:
    """Verdicts of accepted entries that are not met and that nobody accepted all the same, with their entries."""
    wanted = (
        select(EligibilityVerdict)
        .join(Entry, Entry.id == EligibilityVerdict.entry_id)
        .where(
            Entry.event_id.in_(event_ids),
            Entry.state == EntryState.ACCEPTED.value,
            EligibilityVerdict.verdict != Answer.PASS.value,
            EligibilityVerdict.override_reason == "",
        )
        .options(joinedload(EligibilityVerdict.entry).joinedload(Entry.event))
        .order_by(Entry.number, EligibilityVerdict.position)
    )
    return session().scalars(wanted).all()


def last_checks(event_ids: Sequence[UUID]) -> dict[UUID, EligibilityCheck]:
    """The latest judging anew of each event."""
    wanted = select(EligibilityCheck).where(EligibilityCheck.event_id.in_(event_ids))
    return {row.event_id: row for row in session().scalars(wanted.order_by(EligibilityCheck.checked_at))}
