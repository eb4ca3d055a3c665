"""What the award engine is told and what it answers: frozen facts and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from certification.rules.policy import Clause, Policy


class Verdict(StrEnum):
    """What a check found. `note` explains and decides nothing; `open` waits for a person."""

    PASS = "pass"  # noqa: S105  # nosec B105
    FAIL = "fail"
    OPEN = "open"
    NOTE = "note"


class FactBasis(StrEnum):
    """How a fact is known."""

    PUBLISHED = "published"
    REGISTER = "register"
    DECLARED = "declared"
    VERIFIED = "verified"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer, as a code and facts."""

    code: str
    verdict: Verdict
    basis: FactBasis
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldGrade:
    """A grade somebody holds, with its occupation and how we know."""

    grade: str
    occupation_code: str
    occupation_name: str
    occupation_edition: str
    basis: FactBasis


@dataclass(frozen=True, slots=True)
class Contest:
    """What is the same for everybody in one event and division.

    `offered`: grades the occupation's standard offers, None when unknown. `filed`: grades the issuer may issue on the day, None
    without an issuer. `confirmed` grades: a person looked the unknown standard up. `edge_decision`: include | exclude, when the
    policy leaves ties across an edge to the chief judge.
    """

    tier: str
    competition_class: str
    programme: str
    line: str
    in_plan: bool
    rewards_enabled: bool
    final: bool
    day: date
    division: str
    team_size: int
    test_level: str
    attendance: int
    occupation_code: str
    occupation_name: str
    occupation_edition: str
    offered: frozenset[str] | None = None
    filed: frozenset[str] | None = None
    confirmed: frozenset[str] = frozenset()
    edge_decision: str = ""
    year: int = 0  # the calendar year the yearly limit counts; 0: that of `day`


@dataclass(frozen=True, slots=True)
class Achievement:
    """One person's place and what is known of them. `tied`: how many entries share the rank. `on_hold`: an objection is open."""

    rank: int | None
    tied: int = 1
    prize: str = ""
    parts: tuple[tuple[str, bool | None], ...] = ()
    identity_class: str = "worker"
    age: int | None = None
    position: int = 1
    held: tuple[HeldGrade, ...] = ()
    promotions_this_year: int = 0
    promotions_in_occupation: int = 0
    on_hold: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person gets: the clause, a grade, a title, honours, the right to apply; or `reason` says why not.

    `target` is what the clause came to before limits, standard and filing; `grade` what is proposed in the end.
    """

    clause: str = ""
    grade: str = ""
    target: str = ""
    title: str = ""
    title_clause: str = ""
    honours: tuple[str, ...] = ()
    may_apply: str = ""
    checks: tuple[Check, ...] = ()
    reason: str = ""
    reason_facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def awarded(self) -> bool:
        """Does the person get anything that needs a case?"""
        return bool(self.grade or self.title or self.honours or self.may_apply)

    @property
    def open(self) -> tuple[Check, ...]:
        """What a person must look at before the case can go on."""
        return tuple(check for check in self.checks if check.verdict == Verdict.OPEN)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A policy made ready for one contest: the gates' answers and the clauses that can apply, with their last place."""

    policy: Policy
    contest: Contest
    gates: tuple[Check, ...]
    clauses: tuple[tuple[Clause, int | None], ...]
    last_place: int
