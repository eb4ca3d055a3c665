"""Reading the extra fields of a competition and what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from competitions.entries.models.entries import Delegation, Entry, EntryMember
from competitions.entries.models.fields import FieldValue, RegistrationField
from competitions.entries.queries.entries import LIVE
from competitions.rules.registration_fields import Field, Option, Subject, applies, open_fields
from foundation.db import session
from foundation.refusal import Missing

Asked = list[tuple[RegistrationField, str]]
"""Fields with their stored answers; an empty text where there is none."""


def fields_of(competition_id: UUID, *, retired: bool = False, about: str = "") -> Sequence[RegistrationField]:
    """The fields a competition asks for, in order; the retired ones too when asked; those about members alone, and so on."""
    wanted = select(RegistrationField).where(RegistrationField.competition_id == competition_id)
    if not retired:
        wanted = wanted.where(RegistrationField.retired_at.is_(None))
    if about:
        wanted = wanted.where(RegistrationField.about == about)
    return session().scalars(wanted.order_by(RegistrationField.position, RegistrationField.key)).all()


def as_rule(row: RegistrationField) -> Field:
    """A stored field as the rules read it."""
    return Field(
        row.key, row.kind, row.filled_by, row.required, row.needed_by,
        tuple(Option(one["code"], one["zh"], one.get("en", "")) for one in row.options), row.event_id, row.division_kind,
        row.identity_class, row.about,
    )  # fmt: skip


def subject(entry: Entry, member: EntryMember | None = None) -> Subject:
    """Of whom fields are asked: a member, or the entry as a whole."""
    if member is None:
        return Subject(entry.event_id, entry.division.kind, "", "entry")
    return Subject(entry.event_id, entry.division.kind, member.identity_class)


def fields_for(entry: Entry, member: EntryMember | None = None) -> list[RegistrationField]:
    """The fields asked of one member, or of the entry as a whole."""
    asked_of = subject(entry, member)
    return [row for row in fields_of(entry.competition_id) if applies(as_rule(row), asked_of)]


def _answers(column: Any, ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    wanted = (
        select(column, RegistrationField.key, FieldValue.value)
        .join(RegistrationField, RegistrationField.id == FieldValue.field_id)
        .where(column.in_(ids))
    )
    found: dict[UUID, dict[str, str]] = {}
    for key, name, value in session().execute(wanted):
        found.setdefault(key, {})[name] = value.revealed()
    return found


def answers_of(member_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Member → field key → stored answer, in one query."""
    return _answers(FieldValue.member_id, member_ids)


def entry_answers(entry_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Entry → field key → what was answered about the entry as a whole."""
    return _answers(FieldValue.entry_id, entry_ids)


def delegation_answers(delegation_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Delegation → field key → stored answer."""
    return _answers(FieldValue.delegation_id, delegation_ids)


def answers_in(competition_id: UUID, delegation_id: UUID | None) -> dict[UUID, dict[str, str]]:
    """Member or entry → answers, of everybody in a competition or one delegation: what a roster is compared with."""
    inside = select(Entry.id).where(Entry.competition_id == competition_id)
    if delegation_id is not None:
        inside = inside.where(Entry.delegation_id == delegation_id)
    wanted = (
        select(FieldValue.member_id, FieldValue.entry_id, RegistrationField.key, FieldValue.value)
        .join(RegistrationField, RegistrationField.id == FieldValue.field_id)
        .outerjoin(EntryMember, EntryMember.id == FieldValue.member_id)
        .where(FieldValue.entry_id.in_(inside) | EntryMember.entry_id.in_(inside))
    )
    found: dict[UUID, dict[str, str]] = {}
    for member, entry, key, value in session().execute(wanted):
        if whom := member or entry:
            found.setdefault(whom, {})[key] = value.revealed()
    return found


def asked(entry: Entry, member: EntryMember | None = None) -> Asked:
    """The fields asked of a member, or of the entry as a whole, each with the stored answer."""
    if member is None:
        given = entry_answers([entry.id]).get(entry.id, {})
    else:
        given = answers_of([member.id]).get(member.id, {})
    return [(row, given.get(row.key, "")) for row in fields_for(entry, member)]


def asked_of_delegation(row: Delegation) -> Asked:
    """The fields asked of a delegation, each with the stored answer."""
    given = delegation_answers([row.id]).get(row.id, {})
    return [(one, given.get(one.key, "")) for one in fields_of(row.competition_id, about="delegation")]


def unanswered(entry: Entry, member: EntryMember | None = None, *, stage: str = "start") -> list[RegistrationField]:
    """The required fields that a member, or the entry as a whole, has not answered."""
    found = asked(entry, member)
    return _open(found, subject(entry, member), stage)


def unanswered_of_delegation(row: Delegation, *, stage: str = "start") -> list[RegistrationField]:
    """The required fields a delegation has not answered."""
    return _open(asked_of_delegation(row), Subject(about="delegation"), stage)


def _open(found: Asked, asked_of: Subject, stage: str) -> list[RegistrationField]:
    rows = {row.key: row for row, _value in found}
    given = {row.key: value for row, value in found}
    keys = open_fields([as_rule(row) for row in rows.values()], given, asked_of, stage=stage)
    return [rows[key] for key in keys]


def answered_file(found: Asked, key: str) -> UUID:
    """The file that answers a field. Raises Missing."""
    for row, value in found:
        if row.key == key and row.kind == "file" and value:
            return UUID(value)
    raise Missing


def counts(competition_id: UUID) -> list[tuple[RegistrationField, list[tuple[str, int]]]]:
    """For each field how many live members (entries, delegations) gave which answer, most frequent first; `""` counts those without one.

    Of files only whether one is there.
    """
    rows = list(fields_of(competition_id))
    people = session().execute(
        select(EntryMember, Entry)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.competition_id == competition_id, Entry.state.in_(LIVE))
    )
    everybody = [(entry, member) for member, entry in people]
    entries = list({entry.id: entry for entry, _member in everybody}.values())
    bodies = session().scalars(select(Delegation).where(Delegation.competition_id == competition_id)).all()
    asked_of: dict[str, list[tuple[UUID, Subject]]] = {
        "member": [(member.id, subject(entry, member)) for entry, member in everybody],
        "entry": [(entry.id, subject(entry)) for entry in entries],
        "delegation": [(body.id, Subject(about="delegation")) for body in bodies],
    }
    given = {
        "member": answers_of([key for key, _s in asked_of["member"]]),
        "entry": entry_answers([key for key, _s in asked_of["entry"]]),
        "delegation": delegation_answers([key for key, _s in asked_of["delegation"]]),
    }
    found = []
    for row in rows:
        rule = as_rule(row)
        values: Iterable[str] = (
            given[row.about].get(key, {}).get(row.key, "") for key, who in asked_of[row.about] if applies(rule, who)
        )
        if row.kind == "file":
            values = ("yes" if value else "" for value in values)
        found.append((row, Counter(values).most_common()))
    return found
