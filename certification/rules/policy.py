"""Award policies as data: what a provincial document says about grades, titles and honours for places in a competition."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from catalogue.rules.seniority import HIGHEST_BY_COMPETITION
from foundation.exact import Rounding


class BandKind(StrEnum):
    """What a clause goes by."""

    RANK = "rank"
    PRIZE = "prize"
    SHARE = "share"
    PASSED = "passed"


class HeldRule(StrEnum):
    """What happens to somebody who holds the clause's grade, or a senior one, in the same occupation already."""

    UP_ONE_IF_HELD = "up_one_if_held"
    NO_FURTHER = "no_further"
    UP_ONE_FROM_CURRENT = "up_one_from_current"
    MAY_APPLY = "may_apply"
    NOT_STATED = "not_stated"


class EdgePolicy(StrEnum):
    """What happens to a tie that reaches across a band's lower edge."""

    INCLUDE_ALL = "include_all"
    EXCLUDE_ALL = "exclude_all"
    CHIEF_DECIDES = "chief_decides"


@dataclass(frozen=True, slots=True)
class Band:
    """Who a clause means. `last` None is open downwards; a share is percent of the entries that started."""

    kind: BandKind
    first: int = 1
    last: int | None = None
    prizes: tuple[str, ...] = ()
    percent: Fraction = Fraction(0)
    rounding: Rounding = Rounding.DOWN


@dataclass(frozen=True, slots=True)
class Reaches:
    """Where a policy or clause applies; an empty tuple means everywhere."""

    tiers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    team_sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a person and a field must meet beside the band. `parts` names the parts to be passed, where the event has them."""

    parts: tuple[str, ...] = ()
    identity_classes: tuple[str, ...] = ()
    least_age: int | None = None
    least_field: int | None = None
    test_level: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a clause brings. `grade` empty: no grade. `may_apply`: the right to apply for that grade's evaluation."""

    grade: str = ""
    held_rule: HeldRule = HeldRule.NOT_STATED
    cap: str = HIGHEST_BY_COMPETITION
    may_apply: str = ""
    title: str = ""
    title_identity_classes: tuple[str, ...] = ()
    honours: tuple[str, ...] = ()
    first_member_only: bool = False

    @property
    def brings_grade(self) -> bool:
        """Does the clause speak of a grade at all?"""
        return bool(self.grade or self.may_apply) or self.held_rule == HeldRule.UP_ONE_FROM_CURRENT


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `article` is where it stands in the document, `source` where we have it from."""

    key: str
    article: str
    source: str
    band: Band
    outcome: Outcome
    reaches: Reaches = field(default_factory=Reaches)
    conditions: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds every clause. The cap is never above the highest grade a competition can bring."""

    once_per_year: bool = False
    once_per_occupation: bool = False
    cap: str = HIGHEST_BY_COMPETITION


@dataclass(frozen=True, slots=True)
class Policy:
    """A document's rules, in its order: the first clause that fits decides the grade, the first with a title the title."""

    key: str
    title: str
    issuer: str
    document: str
    document_number: str
    region_code: str
    valid_from: date | None
    valid_until: date | None
    clauses: tuple[Clause, ...]
    reaches: Reaches = field(default_factory=Reaches)
    limits: Limits = field(default_factory=Limits)
    edge: EdgePolicy = EdgePolicy.INCLUDE_ALL
    needs_plan: bool = True
    verify_declared: bool = True
    notice_days: int = 5
    invented: bool = False
    note: str = ""

    def clause(self, key: str) -> Clause | None:
        """The clause of that key, or None."""
        return next((clause for clause in self.clauses if clause.key == key), None)
