"""The door: all that certification sees of a competition. Frozen values from numbered publications that never change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from competitions.entries.models.entries import EntryMember
from competitions.marking import verification as marks
from competitions.programme import queries as programme
from competitions.publications import queries, signals
from competitions.publications.models import Publication, PublicationKind, PublicationName, PublicationRow
from competitions.results import queries as results
from foundation.db import session
from foundation.exact import fraction_from_text
from foundation.permission import Actor

results_published = signals.results_published  # publication_id=…, after COMMIT
results_superseded = signals.results_superseded  # publication_id=…, superseded_by=…


@dataclass(frozen=True, slots=True)
class PublishedCompetition:
    """A competition as published."""

    id: UUID
    name_zh: str
    name_en: str
    tier: str
    competition_class: str
    programme: str
    line: str
    region_code: str
    plan_number: str
    starts_on: date
    ends_on: date
    lead_host: str
    hosts: tuple[tuple[str, str], ...]  # (role, name)


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event and division as published."""

    id: UUID
    name_zh: str
    name_en: str
    occupation_code: str
    occupation_name: str
    occupation_edition: str
    direction: str
    test_level: str
    team_size: int
    division_id: UUID
    division_kind: str
    division_name: str
    rewards_enabled: bool
    rule_set_id: UUID | None
    division_name_en: str = ""


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """A part's score, exact, with its pass."""

    kind: str
    score: Fraction | None
    full_mark: Decimal
    weight: Fraction
    pass_mark: Decimal | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class PublishedMember:
    """One person of an entry, in the order of registration."""

    person_id: UUID
    position: int
    identity_class: str
    age: int | None  # at the first day of the competition
    unit_name: str


@dataclass(frozen=True, slots=True)
class PublishedResult:
    """One entry's result."""

    entry_id: UUID
    rank: int | None
    status: str
    total: str
    award_rank: int | None
    """The rank that prizes, titles and grades go by: after succession, None for an entry without reward."""
    prize: str
    parts: tuple[PublishedPart, ...]
    members: tuple[PublishedMember, ...]
    held: bool = False
    coaches: tuple[UUID, ...] = ()  # honoured with this prize, as the rules say


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """One publication with everything a policy may ask for."""

    publication_id: UUID
    number: int
    kind: str
    published_at: datetime
    document_number: str
    document_date: date | None
    hash: str
    run_hash: str
    marks_hash: str
    competition: PublishedCompetition
    event: PublishedEvent
    attendance: int
    results: tuple[PublishedResult, ...]
    superseded_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class PublicationSummary:
    """One publication without its rows."""

    id: UUID
    competition_id: UUID
    competition_name: str
    event_id: UUID
    event_name: str
    division_id: UUID
    division_name: str
    number: int
    kind: str
    published_at: datetime
    document_number: str
    superseded_by: UUID | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonResult:
    """A person's result in the latest publication of an event."""

    publication: PublicationSummary
    result: PublishedResult
    attendance: int


@dataclass(frozen=True, slots=True)
class PublishedLink:
    """One link of the evidence under a publication (a stream of marks, a run, a publication), worked out anew."""

    kind: str
    key: str
    hash: str
    holds: bool


@dataclass(frozen=True, slots=True)
class PublishedEvidence:
    """What a publication rests on, link by link: the head of the marks, the run over them, who signed it, the publication."""

    marks_hash: str
    run_number: int
    run_hash: str
    computed_at: datetime
    signed_roles: tuple[str, ...]
    number: int
    kind: str
    published_at: datetime
    document_number: str
    hash: str


def evidence_of(publication_id: UUID) -> PublishedEvidence | None:
    """The links under one publication; None when there is none of that id."""
    row = session().get(Publication, publication_id)
    if row is None:
        return None
    run = results.run_head(row.run_id)
    roles = results.signed_roles(row.run_id)
    return PublishedEvidence(
        marks_hash=run.marks_hash, run_number=run.number, run_hash=run.hash, computed_at=run.computed_at,
        signed_roles=roles, number=row.number, kind=row.kind, published_at=row.published_at,
        document_number=row.document_number, hash=row.hash,
    )  # fmt: skip


def verified_links() -> Iterator[PublishedLink]:
    """Every stream of marks, run and publication of this installation; each holds or does not."""
    for stream in marks.verify():
        yield PublishedLink("marks", stream.stream, stream.head, stream.broken_at is None)
    for run in results.verify_runs():
        yield PublishedLink("run", str(run.run_id), "", run.holds and run.signatures_hold)
    kept = {row.id: row.hash for row in session().scalars(select(Publication))}
    for row in queries.verify_publications():
        holds = row.holds and row.names_hold is not False
        yield PublishedLink("publication", str(row.publication_id), kept[row.publication_id], holds)


def _summary(row: Publication, gone: dict[UUID, Publication]) -> PublicationSummary:
    event = row.facts["event"]
    return PublicationSummary(
        row.id, row.competition_id, row.facts["competition"]["name_zh"], row.event_id, event["name_zh"], row.division_id,
        event["division_name"], row.number, row.kind, row.published_at, row.document_number,
        gone[row.id].id if row.id in gone else None, tuple(name for _role, name in row.facts["competition"]["hosts"]),
    )  # fmt: skip


def _summaries(rows: Sequence[Publication], everything: Sequence[Publication]) -> tuple[PublicationSummary, ...]:
    gone = queries.superseded(everything)
    return tuple(_summary(row, gone) for row in rows)


def results_of(publication_id: UUID) -> PublishedResults:
    """One publication with everything a policy may ask for, in four queries. Raises Missing."""
    row = queries.publication(publication_id, rows=True)
    names = queries.names_of_publication(publication_id)
    later = queries.superseded_by(row)
    said, event = row.facts["competition"], row.facts["event"]
    return PublishedResults(
        publication_id=row.id, number=row.number, kind=row.kind, published_at=row.published_at,
        document_number=row.document_number, document_date=row.document_date, hash=row.hash, run_hash=row.run_hash,
        marks_hash=row.facts["marks_hash"],
        competition=PublishedCompetition(
            id=row.competition_id, name_zh=said["name_zh"], name_en=said["name_en"], tier=said["tier"],
            competition_class=said["competition_class"], programme=said["programme"], line=said["line"],
            region_code=said["region_code"], plan_number=said["plan_number"],
            starts_on=date.fromisoformat(said["starts_on"]), ends_on=date.fromisoformat(said["ends_on"]),
            lead_host=said["lead_host"], hosts=tuple((role, name) for role, name in said["hosts"]),
        ),
        event=PublishedEvent(
            id=row.event_id, name_zh=event["name_zh"], name_en=event["name_en"], occupation_code=event["occupation_code"],
            occupation_name=event["occupation_name"], occupation_edition=event["occupation_edition"],
            direction=event["direction"], test_level=event["test_level"], team_size=event["team_size"],
            division_id=row.division_id, division_kind=event["division_kind"], division_name=event["division_name"],
            rewards_enabled=event["rewards_enabled"],
            rule_set_id=UUID(event["rule_set_id"]) if event["rule_set_id"] else None,
            division_name_en=event.get("division_name_en", ""),
        ),
        attendance=row.facts["attendance"],
        results=tuple(_result(line, names.get(line.entry_id)) for line in row.rows),
        superseded_by=later.id if later else None,
    )  # fmt: skip


def _result(line: PublicationRow, name: PublicationName | None) -> PublishedResult:
    units = name.units.split("\n") if name is not None else []
    return PublishedResult(
        entry_id=line.entry_id, rank=line.rank, award_rank=line.facts.get("award_rank", line.rank), status=line.status, total=line.total, prize=line.prize,
        parts=tuple(
            PublishedPart(
                kind=part["kind"],
                score=fraction_from_text(part["score"]) if part["score"] else None,
                full_mark=Decimal(part["full_mark"]),
                weight=fraction_from_text(part["weight"]),
                pass_mark=Decimal(part["pass_mark"]) if part["pass_mark"] else None,
                passed=part["passed"],
            )
            for part in line.facts["parts"]
        ),
        members=tuple(
            PublishedMember(
                person_id=UUID(member["person_id"]), position=member["position"], identity_class=member["identity_class"],
                age=member["age"], unit_name=units[index] if index < len(units) else "",
            )
            for index, member in enumerate(line.facts["members"])
        ),
        held=bool(line.facts.get("held")),
        coaches=tuple(UUID(key) for key in line.facts.get("coaches", ())),
    )  # fmt: skip


def since(number: int, competition_id: UUID | None = None) -> list[UUID]:
    """Publications numbered after `number` (numbers run in each competition), in the order they were made."""
    wanted = select(Publication.id).where(Publication.number > number)
    if competition_id is not None:
        wanted = wanted.where(Publication.competition_id == competition_id)
    return list(session().scalars(wanted.order_by(Publication.published_at, Publication.number)))


def publications_of(competition_id: UUID) -> tuple[PublicationSummary, ...]:
    """A competition's publications, the latest first, in one query."""
    rows = queries.publications_of_competition(competition_id)
    return _summaries(rows, rows)


def decided_publications(actor: Actor | None = None) -> tuple[PublicationSummary, ...]:
    """Every decided publication that nothing has superseded, the latest first; of the competitions `actor` may see when given."""
    wanted = select(Publication).where(Publication.kind == PublicationKind.DECIDED)
    if actor is not None:
        wanted = wanted.where(
            Publication.competition_id.in_([row.id for row in session().scalars(programme.competitions(actor))])
        )
    rows = session().scalars(wanted.order_by(Publication.published_at.desc())).all()
    events = {row.event_id for row in rows}
    everything = session().scalars(select(Publication).where(Publication.event_id.in_(events))).all()
    return tuple(found for found in _summaries(rows, everything) if found.superseded_by is None)


def person_results(person_id: UUID) -> tuple[PersonResult, ...]:
    """A person's results, each in the latest publication that holds it, the latest first."""
    entries = list(session().scalars(select(EntryMember.entry_id).where(EntryMember.person_id == person_id)))
    lines = queries.rows_of_entries(entries)
    latest: dict[UUID, PublicationRow] = {}
    for line in sorted(lines, key=lambda line: line.publication.number):
        latest[line.entry_id] = line
    found = [
        PersonResult(_summary(line.publication, {}), _result(line, None), line.publication.facts["attendance"])
        for line in latest.values()
    ]
    return tuple(sorted(found, key=lambda one: one.publication.published_at, reverse=True))


def display_names(publication_id: UUID) -> dict[UUID, tuple[str, str]]:
    """entry → (names, units) as published, several joined by 、; entries whose names were erased are not in it."""
    return {
        entry: ("、".join(row.names.split("\n")), "、".join(dict.fromkeys(filter(None, row.units.split("\n")))))
        for entry, row in queries.names_of_publication(publication_id).items()
    }
