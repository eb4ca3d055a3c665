"""What the rules of eligibility ask about a person: plain facts, each with how we know it (register | declared | verified | possible)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Title:
    """An honour somebody holds (`held`) or has earned and waits for (`pending`), and how we know.

    Basis `possible`: the name stands on a decision list, and nobody has settled yet whether it is this person.
    """

    name: str
    state: str = "held"
    basis: str = "declared"


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade held, for which occupation and since when, and how we know."""

    name: str
    occupation_code: str = ""
    since: date | None = None
    basis: str = "declared"


@dataclass(frozen=True, slots=True)
class Place:
    """A place taken in an earlier competition of this register: event by name, rank, prize, day of decision."""

    event: str
    rank: int
    prize: str
    on: date
    same_event: bool = False
    basis: str = "register"


@dataclass(frozen=True, slots=True)
class Said:
    """A declared fact: a day (since when), a region or a yes, and its basis (declared | verified)."""

    value: str
    basis: str = "declared"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the rules ask about a person."""

    birth_date: date | None
    identity_class: str = ""
    titles: tuple[Title, ...] = ()
    consent: bool = False
    other_events: int = 0
    """Events of the same competition in which this person is entered as well."""
    birth_basis: str = "declared"
    sex: str = ""
    document_kind: str = ""
    event_code: str = ""
    years_in_trade: int | None = None
    grades: tuple[Grade, ...] = ()
    places: tuple[Place, ...] = ()
    said: Mapping[str, Said] = field(default_factory=dict)
    """What was declared or proved beyond the register, by key: `work_since`, `study_since`, `live_since`,
    `insured_since`, `household_since`, `enrolled_since` (days), `contract`, `insurance`, `full_time_student` (yes | no)."""
