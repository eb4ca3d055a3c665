"""Reading publications, objections and holds; what a publication's hash covers; checking it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from competitions.codes import queries as codes
from competitions.programme import queries as programme
from competitions.publications.models import (
    Hold,
    Objection,
    Publication,
    PublicationKind,
    PublicationName,
    PublicationRow,
)
from competitions.publications.permissions import PublicationPermission
from competitions.results import queries as results
from competitions.results.permissions import SIGNING
from competitions.results.queries import json_text
from foundation.audit.chain import canonical
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.refusal import Missing
from foundation.web.cards import Card, CardKind

SCHEMA = "laurel.publication"
HASH_VERSION = 1
_HEAD = ("competition_id", "event_id", "division_id", "number", "kind", "run_id", "run_hash", "supersedes_id",
         "correction_reason", "document_number", "document_date", "published_by", "published_at")  # fmt: skip
_ROW = ("entry_id", "position", "rank", "status", "total", "prize", "commitment")


def publication_scopes(publication_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a publication: its event's."""
    event = session().scalar(select(Publication.event_id).where(Publication.id == publication_id))
    return programme.event_scopes(event) if event else None


def objection_scopes(objection_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of an objection: its publication's."""
    found = session().scalar(select(Objection.publication_id).where(Objection.id == objection_id))
    return publication_scopes(found) if found else None


# --- the hash ---------------------------------------------------------------------------------------------------------


def commitment(salt: str, names: str, units: str) -> str:
    """SHA-256 of salt, names and units: binds a publication to names that lie elsewhere and can be erased."""
    return hashlib.sha256(canonical((salt, names, units))).hexdigest()


def publication_hash(head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over everything a publication says: the run's hash, the notice, the facts, and every row with its commitment."""
    fields = [SCHEMA, str(HASH_VERSION), *(_text(head[name]) for name in _HEAD)]
    fields += [json_text(head["notice"]), json_text(head["facts"]), str(len(rows))]
    for row in sorted(rows, key=lambda row: row["position"]):
        fields += [*(_text(row[name]) for name in _ROW), json_text(row["facts"])]
    return hashlib.sha256(canonical(fields)).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class PublicationReport:
    """What checking one publication found. `names_hold` is None when its names were erased."""

    publication_id: UUID
    number: int
    holds: bool
    names_hold: bool | None


def verify_publications() -> list[PublicationReport]:
    """Work out every publication's hash anew from its rows, and every commitment from the names that are still there."""
    reports = []
    wanted = select(Publication).order_by(Publication.competition_id, Publication.number)
    for row in session().scalars(wanted.options(selectinload(Publication.rows))):
        worked_out = publication_hash(
            {name: getattr(row, name) for name in (*_HEAD, "notice", "facts")},
            [{name: getattr(line, name) for name in (*_ROW, "facts")} for line in row.rows],
        )
        names = names_of_publication(row.id)
        kept = [
            commitment(names[line.entry_id].salt, names[line.entry_id].names, names[line.entry_id].units)
            == line.commitment
            for line in row.rows
            if line.entry_id in names
        ]
        reports.append(PublicationReport(row.id, row.number, worked_out == row.hash, all(kept) if kept else None))
    return reports


# --- publications -----------------------------------------------------------------------------------------------------


def publication(publication_id: UUID, *, rows: bool = False) -> Publication:
    """One publication. Raises Missing."""
    wanted = select(Publication).where(Publication.id == publication_id)
    found = session().scalars(wanted.options(selectinload(Publication.rows)) if rows else wanted).first()
    if found is None:
        raise Missing
    return found


def names_of_publication(publication_id: UUID) -> dict[UUID, PublicationName]:
    """entry → names and units as published, where they were not erased."""
    wanted = select(PublicationName).where(PublicationName.publication_id == publication_id)
    return {row.entry_id: row for row in session().scalars(wanted)}


def publications_of_competition(competition_id: UUID) -> Sequence[Publication]:
    """Without rows, the latest first."""
    wanted = select(Publication).where(Publication.competition_id == competition_id)
    return session().scalars(wanted.order_by(Publication.number.desc())).all()


def publications_of_event(event_id: UUID) -> Sequence[Publication]:
    """Without rows, in order."""
    wanted = select(Publication).where(Publication.event_id == event_id)
    return session().scalars(wanted.order_by(Publication.number)).all()


def superseded(rows: Iterable[Publication]) -> dict[UUID, Publication]:
    """publication → what took its place: the one that names it, else the next of the division with another run.

    `rows` must hold all publications of the events it is asked about.
    """
    ordered = sorted(rows, key=lambda row: row.number)
    found: dict[UUID, Publication] = {}
    for at, row in enumerate(ordered):
        for later in ordered[at + 1 :]:
            if later.supersedes_id == row.id or (
                (later.event_id, later.division_id) == (row.event_id, row.division_id) and later.run_id != row.run_id
            ):
                found[row.id] = later
                break
    return found


def superseded_by(row: Publication) -> Publication | None:
    """What took the place of one publication."""
    return superseded(publications_of_event(row.event_id)).get(row.id)


def in_force(event_id: UUID, division_id: UUID, kind: PublicationKind) -> Publication | None:
    """The latest publication of a kind that nothing has superseded."""
    rows = publications_of_event(event_id)
    gone = superseded(rows)
    fitting = [row for row in rows if row.division_id == division_id and row.kind == kind and row.id not in gone]
    return fitting[-1] if fitting else None


def latest(event_id: UUID, division_id: UUID, kind: PublicationKind) -> Publication | None:
    """The latest publication of a kind, superseded or not."""
    rows = [row for row in publications_of_event(event_id) if row.division_id == division_id and row.kind == kind]
    return rows[-1] if rows else None


def notice_dates(row: Publication) -> tuple[date | None, date | None]:
    """First and last day of a notice; nothing for other kinds."""
    first, last = row.notice.get("first"), row.notice.get("last")
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else (None, None)


# --- objections and holds ---------------------------------------------------------------------------------------------


def objections(publication_ids: Sequence[UUID]) -> Sequence[Objection]:
    """The objections to publications, the latest first."""
    wanted = select(Objection).where(Objection.publication_id.in_(publication_ids))
    return session().scalars(wanted.order_by(Objection.received_at.desc())).all()


def held_entries(event_id: UUID, division_id: UUID, run_id: UUID) -> tuple[frozenset[UUID], bool]:
    """Entries whose result may not become final (an open objection, one upheld against this run, a hold), and
    whether the whole event is held."""
    open_objections = session().scalars(
        select(Objection.entry_id)
        .join(Publication, Publication.id == Objection.publication_id)
        .where(Publication.event_id == event_id, Publication.division_id == division_id)
        .where((Objection.state == "open") | ((Objection.state == "upheld") & (Publication.run_id == run_id)))
    )
    holds = list(session().scalars(select(Hold).where(Hold.event_id == event_id, Hold.lifted_at.is_(None))))
    entries = {*open_objections, *(hold.entry_id for hold in holds if hold.entry_id is not None)}
    return frozenset(entries), any(hold.entry_id is None for hold in holds)


def rows_of_entries(entry_ids: Sequence[UUID]) -> Sequence[PublicationRow]:
    """Every published row of some entries, with its publication."""
    wanted = select(PublicationRow).where(PublicationRow.entry_id.in_(entry_ids))
    return session().scalars(wanted.options(selectinload(PublicationRow.publication))).all()


def cards_of(actor: Actor, scope: Scope, _at: datetime) -> list[Card]:
    """For the board of a competition: standings that wait for this person's signature, objections that are open."""
    if scope.kind != ScopeKind.COMPETITION or not actor.signed_in:
        return []
    events = results.events_of_competition(UUID(scope.key))
    found: list[Card] = []
    runs = results.latest_runs([event.id for event in events])
    signed = results.signatures([run.id for run in runs.values()])
    for event in events:
        scopes = programme.event_scopes(event.id) or ()
        for division in event.divisions:
            run = runs.get((event.id, division.id))
            mine = [role for role, permission in SIGNING.items() if can(actor, permission, scopes)]
            if run is not None and any(role not in signed[run.id] for role in mine):
                facts = {"event": f"{event.name_zh} · {division.name_zh}"}
                found.append(Card(CardKind.NEXT_STEP, "step:sign_run", facts, f"/runs/{run.id}", "step:look", order=60))
    rows = publications_of_competition(UUID(scope.key))
    waiting = [one for one in objections([row.id for row in rows]) if one.state == "open"]
    if waiting and can(actor, PublicationPermission.OBJECTION, programme.competition_scopes(UUID(scope.key)) or ()):
        link = f"/publications/{waiting[0].publication_id}/objections"
        found.append(Card(CardKind.FLAG, "flag:objections_open", {"count": len(waiting)}, link, order=60))
    return found


def waiting_for_results(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that are unblinded and have no decided results yet."""
    decided = session().scalars(
        select(Publication.event_id).where(
            Publication.event_id.in_(event_ids), Publication.kind == PublicationKind.DECIDED.value
        )
    )
    return codes.unblinded(event_ids) - set(decided)
