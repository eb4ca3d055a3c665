"""Reading rosters that were sent, and what a roster's rows are compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accounts.people.models import IdentityDocument, Person
from catalogue.codes.queries import code_set
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.models.rosters import RosterColumns, RosterImport
from competitions.entries.queries import fields
from competitions.entries.queries.delegations import delegation, delegation_scopes
from competitions.entries.queries.entries import LIVE
from competitions.entries.roster.answers import Asked, ExtraField
from competitions.entries.roster.columns import plain_head
from competitions.entries.roster.reading import EventPlace, Known, Surroundings
from competitions.programme import queries as programme
from competitions.programme.models import CompetitionHost, Event
from foundation.db import session
from foundation.permission import Scope
from foundation.refusal import Missing

_CODES = {"document_kind": "identity_document_kind", "sex": "sex", "ethnic_group": "ethnic_group", "education": "education",
          "identity_class": "identity_class", "held_grade": "grade"}  # fmt: skip


def roster_import(roster_import_id: UUID) -> RosterImport:
    """One roster. Raises Missing."""
    found = session().get(RosterImport, roster_import_id)
    if found is None:
        raise Missing
    return found


def rosters(competition_id: UUID, delegation_id: UUID | None, *, limit: int = 20) -> Sequence[RosterImport]:
    """The latest rosters of a competition, or of one delegation."""
    wanted = select(RosterImport).where(RosterImport.competition_id == competition_id)
    if delegation_id is not None:
        wanted = wanted.where(RosterImport.delegation_id == delegation_id)
    return session().scalars(wanted.order_by(RosterImport.created_at.desc()).limit(limit)).all()


def report_of(row: RosterImport) -> dict[str, Any]:
    """What the check found: sheet, head row, heads, wrong rows, the first good ones."""
    found: dict[str, Any] = json.loads(row.report.revealed())
    return found


def sender_body(competition_id: UUID, delegation_id: UUID | None) -> UUID | None:
    """The body whose way of naming columns is remembered: the delegation's, else the competition's first host."""
    if delegation_id is not None:
        return delegation(delegation_id).organization_id
    wanted = select(CompetitionHost.organization_id).where(CompetitionHost.competition_id == competition_id)
    return session().scalars(wanted.order_by(CompetitionHost.position)).first()


def remembered_columns(organization_id: UUID | None, heads: str) -> Mapping[int, str] | None:
    """How a body assigned these heads before, or None."""
    wanted = select(RosterColumns).where(RosterColumns.organization_id == organization_id, RosterColumns.heads == heads)
    found = session().scalars(wanted).first()
    return {int(place): field for place, field in found.columns.items()} if found else None


def surroundings(competition_id: UUID, *, delegation_id: UUID | None, event_id: UUID | None) -> Surroundings:
    """What the rows are compared with, in a constant number of queries. With a delegation: its own entries and nobody else's."""
    wanted = (
        select(
            Entry.number,
            Entry.event_id,
            Person.name_zh,
            EntryMember.unit_name,
            IdentityDocument.number_index,
            Entry.division_id,
            EntryMember.identity_class,
            EntryMember.id,
            Entry.id,
        )  # fmt: skip
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .outerjoin(IdentityDocument, IdentityDocument.person_id == Person.id)
        .where(Entry.competition_id == competition_id, Entry.state.in_(LIVE))
    )
    if delegation_id is not None:
        wanted = wanted.where(Entry.delegation_id == delegation_id)
    known = [
        Known(row[0], row[1], row[2], row[3], row[4] or "", row[5], row[6], row[7], row[8])
        for row in session().execute(wanted)
    ]
    extra = extra_fields(competition_id)
    stored = fields.answers_in(competition_id, delegation_id) if extra else {}
    return Surroundings(
        events=_events(competition_id), codes={field: _words(name) for field, name in _CODES.items()}, known=known,
        event_id=event_id, delegation=delegation(delegation_id).name if delegation_id else None,
        asked=Asked(extra, "leader" if delegation_id else "organizer", stored),
    )  # fmt: skip


def extra_fields(competition_id: UUID) -> list[ExtraField]:
    """What a competition asks beside the usual, with the heads under which a roster may hold it."""
    return [
        ExtraField(
            row.id,
            fields.as_rule(row),
            frozenset(plain_head(name) for name in (row.label_zh, row.label_en, row.key) if name),
        )
        for row in fields.fields_of(competition_id)
    ]


def _events(competition_id: UUID) -> list[EventPlace]:
    wanted = select(Event).where(Event.competition_id == competition_id, Event.cancelled_at.is_(None))
    return [
        EventPlace(
            event.id,
            frozenset(_plain(name) for name in (event.code, event.name_zh, event.name_en, event.occupation_name) if name),
            event.team_size,
            {_plain(name): row.id for row in event.divisions for name in (row.kind, row.name_zh, row.name_en) if name},
            event.occupation_name,
            {row.id: row.kind for row in event.divisions},
        )
        for event in session().scalars(wanted.options(selectinload(Event.divisions)).order_by(Event.position))
    ]  # fmt: skip


def _words(name: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for code in code_set(name).values():
        for word in (code.code, code.name_zh, code.name_en, *code.name_zh.split("/"), code.name_zh.removesuffix("族")):
            words.setdefault(_plain(word), code.code)
    return words


def _plain(word: str) -> str:
    return "".join(word.split()).lower()


def roster_scopes(roster_import_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a roster: its competition's, and its delegation."""
    found = session().get(RosterImport, roster_import_id)
    if found is None:
        return None
    return (
        delegation_scopes(found.delegation_id)
        if found.delegation_id
        else programme.competition_scopes(found.competition_id)
    )


def already_stored(roster_import_id: UUID) -> set[int]:
    """The rows of a roster that were entered before its worker was interrupted."""
    wanted = select(Entry.roster_row).where(Entry.roster_import_id == roster_import_id)
    return {row for row in session().scalars(wanted) if row is not None}
