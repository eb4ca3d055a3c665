"""Reading the extra fields of a competition and what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.models.fields import FieldValue, RegistrationField
from competitions.entries.queries.entries import LIVE
from competitions.rules.registration_fields import Field, Option, Subject, applies, open_fields
from foundation.db import session


def fields_of(competition_id: UUID, *, retired: bool = False) -> Sequence[RegistrationField]:
    """The fields a competition asks for, in order; the retired ones too when asked."""
    wanted = select(RegistrationField).where(RegistrationField.competition_id == competition_id)
    if not retired:
        wanted = wanted.where(RegistrationField.retired_at.is_(None))
    return session().scalars(wanted.order_by(RegistrationField.position, RegistrationField.key)).all()


def as_rule(row: RegistrationField) -> Field:
    """A stored field as the rules read it."""
    return Field(
        row.key, row.kind, row.filled_by, row.required, row.needed_by,
        tuple(Option(one["code"], one["zh"], one.get("en", "")) for one in row.options), row.event_id, row.division_kind,
        row.identity_class,
    )  # fmt: skip


def subject(entry: Entry, member: EntryMember) -> Subject:
    """Of whom fields are asked."""
    return Subject(entry.event_id, entry.division.kind, member.identity_class)


def fields_for(entry: Entry, member: EntryMember) -> list[RegistrationField]:
    """The fields asked of one member."""
    asked = subject(entry, member)
    return [row for row in fields_of(entry.competition_id) if applies(as_rule(row), asked)]


def answers_of(member_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """Member → field key → stored answer, in one query."""
    wanted = (
        select(FieldValue.member_id, RegistrationField.key, FieldValue.value)
        .join(RegistrationField, RegistrationField.id == FieldValue.field_id)
        .where(FieldValue.member_id.in_(member_ids))
    )
    found: dict[UUID, dict[str, str]] = {}
    for member, key, value in session().execute(wanted):
        found.setdefault(member, {})[key] = value.revealed()
    return found


def asked(entry: Entry, member: EntryMember) -> list[tuple[RegistrationField, str]]:
    """The fields asked of a member, each with the stored answer or an empty text."""
    given = answers_of([member.id]).get(member.id, {})
    return [(row, given.get(row.key, "")) for row in fields_for(entry, member)]


def unanswered(entry: Entry, member: EntryMember, *, stage: str = "start") -> list[RegistrationField]:
    """The required fields a member has not answered."""
    rows = {row.key: row for row in fields_of(entry.competition_id)}
    given = answers_of([member.id]).get(member.id, {})
    keys = open_fields([as_rule(row) for row in rows.values()], given, subject(entry, member), stage=stage)
    return [rows[key] for key in keys]


def counts(competition_id: UUID) -> list[tuple[RegistrationField, list[tuple[str, int]]]]:
    """For each field how many live members gave which answer, most frequent first; `""` counts those without one."""
    rows = list(fields_of(competition_id))
    people = session().execute(
        select(EntryMember, Entry)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.competition_id == competition_id, Entry.state.in_(LIVE))
    )
    everybody = [(entry, member) for member, entry in people]
    given = answers_of([member.id for _entry, member in everybody])
    found = []
    for row in rows:
        rule = as_rule(row)
        counted = Counter(
            given.get(member.id, {}).get(row.key, "")
            for entry, member in everybody
            if applies(rule, subject(entry, member))
        )
        found.append((row, counted.most_common()))
    return found
