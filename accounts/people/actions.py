"""Noting people and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from accounts.people import queries
from accounts.people.identity import identity_index, phone_index, pinyin_of, plain_phone
from accounts.people.models import Basis, IdentityDocument, Person, Qualification, QualificationKind, QualificationState
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.encryption.sealing import blind_index
from foundation.permission import Actor
from foundation.refusal import Missing


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person. Empty text and None mean: not said, keep what is there."""

    name_zh: str = ""
    name_en: str = ""
    sex: str = ""
    birth_date: date | None = None
    ethnic_group: str = ""
    education: str = ""
    phone: str = ""
    address: str = ""
    photo_id: UUID | None = None


def note_person(
    facts: PersonFacts,
    *,
    actor: Actor,
    at: datetime,
    document: tuple[str, str] | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """Find or make a person and note what is said. `document` is (kind, number): its owner is the person.

    Does not decide who may say it: the calling action does. Returns the person's id.
    """
    with transaction() as writing:
        found = writing.get(Person, person_id) if person_id else None
        if found is None and document is not None:
            found = queries.person_with_document(*document)
        made = found is None
        if found is None:
            found = Person(id=person_id or new_id(), name_zh=facts.name_zh, created_at=at)
            writing.add(found)
        _note_facts(found, facts)
        writing.flush()
        if document is not None and queries.person_with_document(*document) is None:
            kind, number = document
            writing.add(
                IdentityDocument(
                    person_id=found.id,
                    kind=kind,
                    number=Personal(number),
                    number_index=identity_index(kind, number),
                    created_at=at,
                )
            )
            writing.flush()
        record(actor, "person:noted" if made else "person:corrected", "person", found.id, at=at)
        return found.id


def _note_facts(person: Person, facts: PersonFacts) -> None:
    for field in fields(facts):
        value = getattr(facts, field.name)
        if value in ("", None):
            continue
        if field.name == "phone":
            person.phone, person.phone_index = Personal(plain_phone(value)), phone_index(value)
        elif field.name == "address":
            person.address = Personal(value, keep=0)
        else:
            setattr(person, field.name, value)
    person.name_pinyin = pinyin_of(person.name_zh)


@dataclass(frozen=True, slots=True)
class QualificationFacts:
    """A grade, title or licence to note."""

    kind: QualificationKind
    name: str
    state: QualificationState = QualificationState.HELD
    occupation_code: str = ""
    occupation_name: str = ""
    occupation_edition: str = ""
    number: str = ""
    issuer: str = ""
    held_from: date | None = None
    held_until: date | None = None
    basis: Basis = Basis.DECLARED
    basis_note: str = ""
    source_kind: str = ""
    source_id: UUID | None = None


def note_qualification(person_id: UUID, facts: QualificationFacts, *, actor: Actor, at: datetime) -> UUID:
    """Add what somebody holds. The same source noted twice changes nothing."""
    with transaction() as writing:
        if facts.source_id is not None:
            for row in writing.query(Qualification).filter_by(
                person_id=person_id,
                source_kind=facts.source_kind,
                source_id=facts.source_id,
                kind=facts.kind.value,
                name=facts.name,
            ):
                return row.id
        row = Qualification(
            id=new_id(), person_id=person_id, kind=facts.kind.value, state=facts.state.value, name=facts.name,
            occupation_code=facts.occupation_code, occupation_name=facts.occupation_name,
            occupation_edition=facts.occupation_edition,
            number=Personal(facts.number, keep=6) if facts.number else None,
            number_index=blind_index("certificate_number", facts.number) if facts.number else None,
            issuer=facts.issuer, held_from=facts.held_from, held_until=facts.held_until, basis=facts.basis.value,
            basis_note=facts.basis_note, source_kind=facts.source_kind, source_id=facts.source_id, noted_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        record(actor, "qualification:noted", "person", person_id, at=at, kind=facts.kind.value, basis=facts.basis.value)
        return row.id


def end_qualifications(source_kind: str, source_id: UUID, last_day: date, *, actor: Actor, at: datetime) -> int:
    """End what one source gave (a certificate was revoked or withdrawn); what has ended stays as it is. Returns how many."""
    with transaction() as writing:
        rows = writing.scalars(
            select(Qualification)
            .where(
                Qualification.source_kind == source_kind, Qualification.source_id == source_id,
                Qualification.state != QualificationState.ENDED,
            )
            .with_for_update()
        ).all()  # fmt: skip
        for row in rows:
            row.state, row.held_until = QualificationState.ENDED.value, last_day
            record(actor, "qualification:ended", "person", row.person_id, at=at, qualification=row.id)
        return len(rows)


def verify_qualification(qualification_id: UUID, *, note: str, actor: Actor, at: datetime) -> None:
    """Note that somebody looked a declared qualification up: the basis becomes verified, with who, when and how.

    One that is verified, or of our own register, stays as it is. Raises Missing.
    """
    with transaction() as writing:
        row = writing.get(Qualification, qualification_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.basis != Basis.DECLARED:
            return
        row.basis, row.basis_note = Basis.VERIFIED.value, note.strip()
        row.verified_at, row.verified_by = at, actor.person
        record(actor, "qualification:verified", "person", row.person_id, at=at, qualification=row.id)


def note_language(person_id: UUID, language: str) -> None:
    """Keep the language a person reads: messages, slips and mails follow it."""
    with transaction() as writing:
        row = writing.get(Person, person_id)
        if row is not None:
            row.language = language
