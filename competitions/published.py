"""The door: all that certification sees of a competition. Frozen values from numbered publications that never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from blinker import Namespace

from foundation.refusal import Missing

_signals = Namespace()
results_published = _signals.signal("results-published")  # publication_id=…, after COMMIT
results_superseded = _signals.signal("results-superseded")  # publication_id=…, superseded_by=…


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
    prize: str
    parts: tuple[PublishedPart, ...]
    members: tuple[PublishedMember, ...]
    held: bool = False


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


def results_of(publication_id: UUID) -> PublishedResults:  # noqa: ARG001
    """One publication. Raises Missing."""
    raise Missing


def since(number: int, competition_id: UUID | None = None) -> list[UUID]:  # noqa: ARG001
    """The publications after `number`, oldest first."""
    return []
