"""Reviews below the organizer's: a unit or a delegation passes an entry on, or returns it with marked fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from competitions.entries.models.entries import Entry
from competitions.entries.noting import locked, noted
from competitions.entries.queries import entries as queries
from competitions.entries.queries.reviews import review_levels
from competitions.rules import reviews
from competitions.rules.lifecycle import ENTRY, EntryState
from foundation.db import transaction
from foundation.messages.actions import send_message
from foundation.permission import Actor
from foundation.refusal import Conflict, Refusal

MOST_MARKS = 60
_REMARK = 200


def checked_marks(entry: Entry, marks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Marks as they are stored: position, field, remark. Raises Refusal mark_unknown."""
    positions = {member.position for member in entry.members}
    made = []
    for one in marks[:MOST_MARKS]:
        if one["position"] not in positions or one["field"] not in reviews.MARKABLE:
            raise Refusal("mark_unknown")
        made.append(
            {"position": one["position"], "field": one["field"], "remark": str(one["remark"]).strip()[:_REMARK]}
        )
    return made


def pass_on(entry_id: UUID, level: str, *, actor: Actor, at: datetime) -> None:
    """A unit or delegation has no objection: the next level reviews. Raises Missing, Conflict review_elsewhere."""
    with transaction() as writing:
        entry = locked(writing, entry_id)
        _here(entry, level)
        entry.review_level = reviews.after(review_levels(entry), level)
        noted(actor, "entry:passed_on", entry, at, level=level, to=entry.review_level)


def return_below(
    entry_id: UUID, level: str, *, note: str, marks: Sequence[Mapping[str, Any]] = (), actor: Actor, at: datetime
) -> None:
    """A unit or delegation gives an entry back with a note or marked fields. Raises Missing, Conflict review_elsewhere, Refusal reason_missing."""
    with transaction() as writing:
        entry = locked(writing, entry_id)
        _here(entry, level)
        made = checked_marks(entry, marks)
        if not note.strip() and not made:
            raise Refusal("reason_missing", field="note")
        entry.state = ENTRY.advance(entry.state, "return")
        entry.review_note, entry.marks = note.strip(), made
        entry.reviewed_by, entry.reviewed_at = actor.person, at
        for person_id in queries.with_account(member.person_id for member in entry.members):
            send_message(
                person_id, "message:entry_returned", actor=actor, at=at, link=f"/my/entries/{entry_id}",
                scope_id=entry.competition_id, event={"zh": entry.event.name_zh, "en": entry.event.name_en}, note=note.strip(),
            )  # fmt: skip
        noted(actor, "entry:reviewed", entry, at, decision="return", level=level, marks=len(made))


def _here(entry: Entry, level: str) -> None:
    if entry.state != EntryState.SUBMITTED or entry.review_level != level or level == reviews.LEVELS[-1]:
        raise Conflict("review_elsewhere", level=f"@review_level:{entry.review_level}")
