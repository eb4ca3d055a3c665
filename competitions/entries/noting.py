"""What entering and correcting write, inside the transactions that `actions` opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from accounts.organizations.queries import organization_named
from accounts.people import queries as people
from accounts.people.actions import PersonFacts, QualificationFacts, note_person, note_qualification
from accounts.people.identity import identity_index
from accounts.people.models import (
    Basis,
    IdentityDocument,
    Person,
    Qualification,
    QualificationKind,
    QualificationState,
)
from accounts.sign_in import actions as sign_in
from accounts.sign_in.queries import account_of
from catalogue.rules.identity_numbers import checked_identity
from competitions.entries.member_facts import MemberFacts, same_name
from competitions.entries.models.entries import Delegation, EligibilityVerdict, Entry, EntryMember
from competitions.entries.queries import eligibility as eligibility_queries
from competitions.entries.queries import entries as queries
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Event
from competitions.rules import eligibility
from competitions.rules.lifecycle import CompetitionState, EntryState
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.encryption.personal import Personal
from foundation.permission import Actor
from foundation.refusal import Refusal

OVER = (CompetitionState.CONCLUDED, CompetitionState.ARCHIVED, CompetitionState.CANCELLED)


def open_event(writing: Session, event_id: UUID, division_id: UUID) -> Event:
    """The event, open for entering, its competition locked so that entry numbers run without gaps. Raises what `enter` says."""
    event = programme.event(event_id)
    writing.get(Competition, event.competition_id, with_for_update=True)  # entry numbers run without gaps
    if event.cancelled_at is not None:
        raise Refusal("entry_event_cancelled")
    if event.competition.state in OVER:
        raise Refusal("competition_over")
    if all(division.id != division_id for division in event.divisions):
        raise Refusal("entry_division_wrong", field="division_id")
    return event


def new_entry(
    writing: Session, event: Event, entry_id: UUID, division_id: UUID, state: EntryState, origin: str, *, actor: Actor,
    at: datetime,
) -> Entry:  # fmt: skip
    """An entry with the next number of its competition."""
    entry = Entry(
        id=entry_id, competition_id=event.competition_id, event_id=event.id, division_id=division_id,
        number=queries.highest_number(event.competition_id) + 1, state=state, origin=origin,
        submitted_at=at if state == EntryState.SUBMITTED else None, created_by=actor.person, created_at=at,
    )  # fmt: skip
    writing.add(entry)
    writing.flush()
    return entry


def add_member(
    writing: Session, entry: Entry, position: int, person_id: UUID, facts: MemberFacts, *, actor: Actor, at: datetime
) -> EntryMember:
    """Add a person to an entry with what was said. Raises Refusal already_entered."""
    if queries.entered_in(person_id, entry.event_id):
        raise Refusal("already_entered", field="identity_number")
    member = EntryMember(
        id=new_id(), entry_id=entry.id, person_id=person_id, position=position, consent_file_id=facts.consent_file_id
    )
    say_of(member, facts)
    writing.add(member)
    writing.flush()
    note_held(writing, member, programme.event(entry.event_id), facts, actor=actor, at=at)
    note_titles(entry, person_id, facts, actor=actor, at=at)
    return member


def note_titles(entry: Entry, person_id: UUID, facts: MemberFacts, *, actor: Actor, at: datetime) -> None:
    """Note the titles a person says to hold."""
    for title in facts.titles:
        note_qualification(
            person_id, QualificationFacts(QualificationKind.TITLE, title, source_kind="entry", source_id=entry.id),
            actor=actor, at=at,
        )  # fmt: skip


def say_of(member: EntryMember, facts: MemberFacts) -> None:
    """Note what belongs to the member rather than to the person."""
    member.identity_class = facts.identity_class or member.identity_class
    if facts.unit_name.strip() and facts.unit_name.strip() != member.unit_name:
        member.unit_name = facts.unit_name.strip()
        body = organization_named(member.unit_name)
        member.unit_id = body.id if body else None
    member.unit_name = member.unit_name or ""
    member.post = facts.post.strip() or member.post or ""
    if facts.years_in_trade is not None:
        member.years_in_trade = facts.years_in_trade


def note_held(
    writing: Session, member: EntryMember, event: Event, facts: MemberFacts, *, actor: Actor, at: datetime
) -> None:
    """Note the grade a member says to hold; what was said before is ended."""
    if not facts.held_grade:
        return
    before = writing.get(Qualification, member.held_grade_id) if member.held_grade_id else None
    number = facts.held_number or (before.number.revealed() if before and before.number else "")
    if before is not None:
        same = (before.name, before.occupation_code, before.occupation_name, before.basis)
        said = (facts.held_grade, facts.held_occupation_code, facts.held_occupation_name, facts.held_basis)
        if same == said and (not facts.held_number or (before.number and before.number.revealed() == number)):
            return
        ended = update(Qualification).where(Qualification.id == before.id)
        writing.execute(ended.values(state=QualificationState.ENDED.value))
    held = QualificationFacts(
        QualificationKind.GRADE, facts.held_grade, occupation_code=facts.held_occupation_code,
        occupation_name=facts.held_occupation_name, number=number, basis=Basis(facts.held_basis),
        occupation_edition=event.occupation_edition if facts.held_occupation_code == event.occupation_code else "",
        source_kind="entry",
    )  # fmt: skip
    member.held_grade_id = note_qualification(member.person_id, held, actor=actor, at=at)
    row = writing.get_one(Qualification, member.held_grade_id)
    if held.basis == Basis.VERIFIED:
        row.verified_at, row.verified_by = at, actor.person
    writing.flush()


def judge_anew(writing: Session, entry_id: UUID, at: datetime) -> list[EligibilityVerdict]:
    """Judge eligibility with the rules in force and put the verdicts in place of the earlier ones.

    What somebody accepted all the same stays accepted as long as the verdict says the same.
    """
    writing.flush()
    writing.expire_all()
    entry = queries.entry(entry_id)
    _version, rules = programme.rule_set_in_force(entry.competition_id)
    rows: list[EligibilityVerdict] = []
    accepted = {
        (row.member_id, row.rule, row.code): (row.override_reason, row.overridden_by)
        for row in entry.verdicts
        if row.override_reason
    }
    for member in entry.members:
        found = eligibility.judge(
            rules.eligibility, eligibility_queries.applicant(member), entry.event.competition.starts_on
        )
        rows += [
            EligibilityVerdict(
                id=new_id(), entry_id=entry_id, member_id=member.id, position=len(rows) + place, rule=verdict.rule,
                verdict=verdict.answer.value, code=verdict.code, facts=dict(verdict.facts), basis=verdict.basis, judged_at=at,
            )
            for place, verdict in enumerate(found)
        ]  # fmt: skip
    for row in rows:
        row.override_reason, row.overridden_by = accepted.get((row.member_id, row.rule, row.code), ("", None))
    writing.execute(delete(EligibilityVerdict).where(EligibilityVerdict.entry_id == entry_id))
    writing.expire(entry, ["verdicts"])
    writing.add_all(rows)
    writing.flush()
    return rows


def person_for(facts: MemberFacts, *, actor: Actor, at: datetime) -> UUID:
    """The person an organizer means: the owner of the number, or a new one. Raises Refusal identity_name_differs."""
    document = facts.document()
    owner = people.person_with_document(*document) if document else None
    said = facts.person()
    if owner is not None:
        if not same_name(owner.name_zh, facts.name_zh):
            raise Refusal("identity_name_differs", field="name_zh")
        # What is known of a person is not changed by entering them again; only what is missing is added.
        for name in PersonFacts.__slots__:
            if getattr(owner, name):
                said = replace(said, **{name: None if name in ("birth_date", "photo_id") else ""})  # type: ignore[arg-type]
    return note_person(said, document=document, actor=actor, at=at)


def own_person(facts: MemberFacts, password: str, user_name: str, *, actor: Actor, at: datetime) -> UUID:
    """The person who registers: known by their session, or new with an account. Raises what `register` says."""
    document = facts.document()
    if document is None:
        raise Refusal("identity_number_form", field="identity_number", length=0)
    owner = people.person_with_document(*document)
    if actor.person is None:
        if owner is not None:
            raise Refusal("identity_not_confirmed")
        person_id = note_person(facts.person(), document=document, actor=actor, at=at)
        phone = facts.phone if not user_name else ""
        sign_in.open_account(person_id, password, user_name=user_name, phone=phone, actor=Actor(person_id), at=at)
        return person_id
    own = people.person(actor.person)
    if owner is not None and owner.id != own.id:
        raise Refusal("identity_not_confirmed")
    if not same_name(own.name_zh, facts.name_zh) or (owner is None and own.documents):
        raise Refusal("identity_not_own", field="name_zh")
    return note_person(
        replace(facts.person(), name_zh=own.name_zh), document=document, person_id=own.id, actor=actor, at=at
    )


def check_against_document(member: EntryMember, facts: MemberFacts) -> None:
    """A birth date or sex given later has to agree with the number on file. Raises what `MemberFacts.checked` says."""
    # A new birth date or sex has to agree with the number on file as well as with one typed now.
    if facts.document_number:
        return
    for document in member.person.documents:
        said = checked_identity(document.kind, document.number.revealed())
        if said.birth_date and facts.birth_date and said.birth_date != facts.birth_date:
            raise Refusal("birth_date_disagrees", field="birth_date")
        if said.sex and facts.sex in ("1", "2") and said.sex != facts.sex:
            raise Refusal("sex_disagrees", field="sex")


def correct_document(writing: Session, member: EntryMember, facts: MemberFacts, at: datetime) -> None:
    """Put a right number in place of a wrong one. Raises Refusal identity_known_elsewhere, identity_fixed."""
    kind, number = facts.document_kind, facts.document_number
    owner = people.person_with_document(kind, number)
    if owner is not None and owner.id == member.person_id:
        return
    if owner is not None:
        raise Refusal("identity_known_elsewhere", field="identity_number")
    person = writing.get_one(Person, member.person_id)
    if not person.documents:
        writing.add(
            IdentityDocument(
                person_id=person.id, kind=kind, number=Personal(number), number_index=identity_index(kind, number), created_at=at
            )
        )  # fmt: skip
        return
    if account_of(person.id) is not None or len(queries.entries_of_person(person.id)) > 1:
        raise Refusal("identity_fixed", field="identity_number")
    document = person.documents[0]
    document.kind, document.number, document.number_index = kind, Personal(number), identity_index(kind, number)
    document.verified_at = document.verified_by = None


def delegation_of(writing: Session, competition_id: UUID, name: str, *, actor: Actor, at: datetime) -> UUID | None:
    """The delegation of that name, made when there is none; None without a name."""
    if not name.strip():
        return None
    body = found_organization(name.strip(), kind=OrganizationKind.OTHER, actor=actor, at=at)
    row = writing.query(Delegation).filter_by(competition_id=competition_id, organization_id=body).first()
    if row is None:
        row = Delegation(
            id=new_id(), competition_id=competition_id, organization_id=body, name=name.strip(), created_at=at
        )
        writing.add(row)
        writing.flush()
    return row.id


def locked(writing: Session, entry_id: UUID) -> Entry:
    """The entry, its competition's row locked first so that places are given one after the other. Raises Missing."""
    competition_id = queries.entry(entry_id).competition_id
    writing.get(Competition, competition_id, with_for_update=True)
    writing.get(Entry, entry_id, with_for_update=True)
    return queries.entry(entry_id)


def noted(actor: Actor, verb: str, entry: Entry, at: datetime, **facts: object) -> None:
    """Note what was done to an entry in its competition's chain."""
    record(actor, verb, "entry", entry.id, at=at, chain=programme.audit_chain(entry.competition_id), **facts)
