"""Reading photos sent in bulk: whom they may be of, what a competition wants of a photo."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.people.models import IdentityDocument, Person
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.models.photos import PhotoBatch
from competitions.entries.queries.delegations import delegation_scopes
from competitions.entries.queries.entries import LIVE
from competitions.programme import queries as programme
from competitions.programme.models import Event
from competitions.rules.photo_names import Sitter, safe_name
from foundation.db import session
from foundation.files.pictures import PhotoRule
from foundation.permission import Scope
from foundation.refusal import Missing


def photo_rule(competition_id: UUID) -> PhotoRule:
    """What the rules in force want of a photo."""
    wanted = programme.rule_set_in_force(competition_id)[1].photo
    width, height = int(wanted["width"]), int(wanted["height"])
    return PhotoRule(width, height, width * 5 // 7, height * 5 // 7, str(wanted["ground"]), int(wanted["sharpness"]))


def photo_strict(competition_id: UUID) -> bool:
    """Is a photo refused whose ground or sharpness does not fit, or only marked?"""
    return bool(programme.rule_set_in_force(competition_id)[1].photo["strict"])


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody in the sender's own lists: as a sitter, with the index of the identity number, and whether a photo is on file."""

    sitter: Sitter
    index: str
    photo: bool
    entry_id: UUID


def seen(competition_id: UUID, delegation_id: UUID | None) -> list[Seen]:
    """Everybody of a competition, or of one delegation and nobody else, in one query."""
    wanted = (
        select(Person.id, Person.name_zh, EntryMember.unit_name, Entry.number, Entry.pass_number, Entry.id, Person.photo_id,
               IdentityDocument.number_index)
        .join(EntryMember, EntryMember.person_id == Person.id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .outerjoin(IdentityDocument, IdentityDocument.person_id == Person.id)
        .where(Entry.competition_id == competition_id, Entry.state.in_(LIVE))
        .order_by(Entry.number, EntryMember.position)
    )  # fmt: skip
    if delegation_id is not None:
        wanted = wanted.where(Entry.delegation_id == delegation_id)
    return [
        Seen(Sitter(person, name, unit, number, passed or ""), index or "", photo is not None, entry)
        for person, name, unit, number, passed, entry, photo, index in session().execute(wanted)
    ]


def photo_batch(photo_batch_id: UUID) -> PhotoBatch:
    """One archive. Raises Missing."""
    found = session().get(PhotoBatch, photo_batch_id)
    if found is None:
        raise Missing
    return found


def report_of(row: PhotoBatch) -> list[dict[str, Any]]:
    """Its files: path, person (or none), how they were told, state, concerns."""
    found: list[dict[str, Any]] = json.loads(row.report.revealed())
    return found


def photo_batches(competition_id: UUID, delegation_id: UUID | None, *, limit: int = 20) -> Sequence[PhotoBatch]:
    """The latest archives of a competition, or of one delegation."""
    wanted = select(PhotoBatch).where(PhotoBatch.competition_id == competition_id)
    if delegation_id is not None:
        wanted = wanted.where(PhotoBatch.delegation_id == delegation_id)
    return session().scalars(wanted.order_by(PhotoBatch.created_at.desc()).limit(limit)).all()


def photo_batch_scopes(photo_batch_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of an archive: its competition's, and its delegation."""
    found = session().get(PhotoBatch, photo_batch_id)
    if found is None:
        return None
    return (
        delegation_scopes(found.delegation_id)
        if found.delegation_id
        else programme.competition_scopes(found.competition_id)
    )


def photos_on_file(
    competition_id: UUID, delegation_id: UUID | None = None, event: str = ""
) -> Iterator[tuple[str, UUID]]:
    """(file name without identity number, file) of every live member with a photo: event, number, name, unit."""
    wanted = (
        select(Event.code, Entry.number, EntryMember.position, Person.name_zh, EntryMember.unit_name, Person.photo_id)
        .join(Entry, Entry.event_id == Event.id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .where(Entry.competition_id == competition_id, Entry.state.in_(LIVE), Person.photo_id.is_not(None))
        .order_by(Event.position, Entry.number, EntryMember.position)
    )
    if delegation_id is not None:
        wanted = wanted.where(Entry.delegation_id == delegation_id)
    if event:
        wanted = wanted.where(Event.code == event)
    for code, number, position, name, unit, photo in session().execute(wanted):
        place = f"{number:04d}" if position == 1 else f"{number:04d}_{position}"
        if photo is not None:
            yield f"{safe_name(code, place, name, unit)}.jpg", photo
