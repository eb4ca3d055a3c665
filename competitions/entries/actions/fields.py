"""The extra fields of a competition: adding and retiring them, noting answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from competitions.entries.models.entries import Delegation, Entry
from competitions.entries.models.fields import FieldValue, RegistrationField
from competitions.entries.queries import delegations, entries, fields
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from competitions.rules.registration_fields import Field, checked_definition, checked_value, may_fill
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.actions import erase_file, keep_file
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

Paper = tuple[bytes, str]
"""A file that answers a field, checked by the caller (`consent.checked_paper`): bytes and media type."""


def add_field(
    competition_id: UUID, field: Field, label_zh: str, *, label_en: str = "", actor: Actor, at: datetime
) -> UUID:
    """Ask for one thing more. Raises Missing, Refusal field_label_missing, field_key_taken and those of `checked_definition`."""
    checked_definition(field)
    if not label_zh.strip():
        raise Refusal("field_label_missing", field="label_zh")
    with transaction() as writing:
        if writing.get(Competition, competition_id, with_for_update=True) is None:
            raise Missing
        known = fields.fields_of(competition_id, retired=True)
        if any(row.key == field.key for row in known):
            raise Refusal("field_key_taken", field="key")
        row = RegistrationField(
            id=new_id(), competition_id=competition_id, key=field.key, label_zh=label_zh.strip(), label_en=label_en.strip(),
            kind=field.kind, options=[{"code": o.code, "zh": o.zh, "en": o.en} for o in field.options],
            filled_by=field.filled_by, required=field.required, needed_by=field.needed_by, event_id=field.event_id,
            division_kind=field.division_kind, identity_class=field.identity_class, about=field.about,
            position=len(known) + 1, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        record(
            actor, "field:added", "competition", competition_id, at=at, chain=programme.audit_chain(competition_id), key=field.key
        )  # fmt: skip
        return row.id


def retire_field(competition_id: UUID, field_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Ask no more; what was answered stays. Repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(RegistrationField, field_id)
        if row is None or row.competition_id != competition_id:
            raise Missing
        if row.retired_at is None:
            row.retired_at = at
            record(
                actor, "field:retired", "competition", competition_id, at=at, chain=programme.audit_chain(competition_id), key=row.key
            )  # fmt: skip


def note_answers(
    entry_id: UUID, position: int, given: Mapping[str, str], *, papers: Mapping[str, Paper] | None = None, capacity: str,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Note a member's answers by field key; position 0 is the entry as a whole. An empty answer takes it back.

    `capacity` is candidate, leader or organizer. Keys that are not asked here, or are somebody else's to fill in, are left alone.
    Raises Missing and what `checked_value` refuses; then nothing is stored.
    """
    entry = entries.entry(entry_id)
    member = entries.member_at(entry, position) if position else None
    asked = fields.asked(entry, member)
    target = {"member_id": member.id} if member else {"entry_id": entry_id}
    _note(entry.competition_id, target, asked, given, papers or {}, capacity=capacity, actor=actor, at=at)


def note_delegation_answers(
    delegation_id: UUID, given: Mapping[str, str], *, papers: Mapping[str, Paper] | None = None, capacity: str, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """The same for what is asked of a delegation (the head of its form). Raises as `note_answers`."""
    row = delegations.delegation(delegation_id)
    asked = fields.asked_of_delegation(row)
    target = {"delegation_id": delegation_id}
    _note(row.competition_id, target, asked, given, papers or {}, capacity=capacity, actor=actor, at=at)


def _note(
    competition_id: UUID, target: Mapping[str, UUID], asked: fields.Asked, given: Mapping[str, str], papers: Mapping[str, Paper], *,
    capacity: str, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    rules = {row.id: fields.as_rule(row) for row, _value in asked}
    checked, before = {}, {row.id: value for row, value in asked}
    for row, value in asked:
        if not may_fill(rules[row.id], capacity):
            continue
        if row.kind != "file" and row.key in given:
            told = checked_value(rules[row.id], given[row.key])
            if told != value:
                checked[row.id] = told
    for row, _value in asked:  # kept only when every answer is right
        if row.kind == "file" and row.key in papers and may_fill(rules[row.id], capacity):
            data, media_type = papers[row.key]
            checked[row.id] = str(keep_file(data, media_type=media_type, name=row.key, actor=actor, at=at))
    if not checked:
        return
    with transaction() as writing:
        for field_id, value in checked.items():
            store_answer(writing, field_id, target, value, actor=actor, at=at)
        [(kind, key)] = target.items()
        chain = programme.audit_chain(competition_id)
        keys = ",".join(sorted(rules[field_id].key for field_id in checked))
        record(actor, "field:answered", kind.removesuffix("_id"), key, at=at, chain=chain, keys=keys)
    for field_id in checked:
        if rules[field_id].kind == "file" and before[field_id]:
            erase_file(UUID(before[field_id]), at=at)


def store_answer(
    writing: Session, field_id: UUID, target: Mapping[str, UUID], value: str, *, actor: Actor, at: datetime
) -> None:
    """Put one checked answer in place of the one before, inside an open transaction."""
    row = writing.query(FieldValue).filter_by(field_id=field_id, **target).first()
    if row is None:
        row = FieldValue(field_id=field_id, **target)
        writing.add(row)
    row.value, row.noted_by, row.noted_at = Personal(value, keep=0), actor.person, at
    writing.flush()


def check_answered(entry: Entry) -> None:
    """Before an entry is handed in. Raises Refusal fields_unanswered while a required answer is owed that is theirs to give."""
    for member in (*entry.members, None):
        owed = [row for row in fields.unanswered(entry, member, stage="submission") if row.filled_by != "organizer"]
        if owed:
            named = "、".join(row.label_zh for row in owed)
            raise Refusal("fields_unanswered", name=(member or entry.members[0]).person.name_zh, fields=named)


def check_delegation_answered(row: Delegation) -> None:
    """Before a delegation is handed in. Raises Refusal delegation_unanswered while it owes a required answer."""
    owed = [one for one in fields.unanswered_of_delegation(row, stage="submission") if one.filled_by == "leader"]
    if owed:
        raise Refusal("delegation_unanswered", fields="、".join(one.label_zh for one in owed))
