"""The extra fields of a competition: adding and retiring them, noting answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from competitions.entries.models.entries import Entry
from competitions.entries.models.fields import FieldValue, RegistrationField
from competitions.entries.queries import entries, fields
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from competitions.rules.registration_fields import Field, checked_definition, checked_value, may_fill
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal


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
            division_kind=field.division_kind, identity_class=field.identity_class, position=len(known) + 1, created_at=at,
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
    entry_id: UUID, position: int, given: Mapping[str, str], *, capacity: str, actor: Actor, at: datetime
) -> None:
    """Note a member's answers by field key; an empty one takes the answer back. `capacity` is candidate, leader or organizer.

    Keys that are not asked of this member, or are somebody else's to fill in, are left alone. Raises Missing and what
    `checked_value` refuses; then nothing is stored.
    """
    entry = entries.entry(entry_id)
    member = entries.member_at(entry, position)
    asked = [row for row in fields.fields_for(entry, member) if row.key in given]
    rules = {row.id: fields.as_rule(row) for row in asked}
    checked = {
        row.id: checked_value(rules[row.id], given[row.key]) for row in asked if may_fill(rules[row.id], capacity)
    }
    with transaction() as writing:
        known = {row.field_id: row for row in writing.query(FieldValue).filter_by(member_id=member.id)}
        changed = []
        for field_id, value in checked.items():
            before = known.get(field_id)
            if (before.value.revealed() if before else "") == value:
                continue
            changed.append(rules[field_id].key)
            if before is None:
                writing.add(
                    FieldValue(field_id=field_id, member_id=member.id, value=Personal(value, keep=0), noted_by=actor.person, noted_at=at)
                )  # fmt: skip
            else:
                before.value, before.noted_by, before.noted_at = Personal(value, keep=0), actor.person, at
        if changed:
            chain = programme.audit_chain(entry.competition_id)
            record(
                actor,
                "field:answered",
                "entry",
                entry_id,
                at=at,
                chain=chain,
                position=position,
                keys=",".join(sorted(changed)),
            )


def check_answered(entry: Entry) -> None:
    """Before an entry is handed in. Raises Refusal fields_unanswered while a member owes a required answer that is theirs to give."""
    for member in entry.members:
        owed = [row for row in fields.unanswered(entry, member, stage="submission") if row.filled_by != "organizer"]
        if owed:
            named = "、".join(row.label_zh for row in owed)
            raise Refusal("fields_unanswered", name=member.person.name_zh, fields=named)
