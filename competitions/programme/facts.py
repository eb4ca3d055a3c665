"""What an organizer says of a competition and of an event, and which combinations cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from catalogue.codes.queries import code_set
from catalogue.occupations import queries as occupations
from catalogue.rules.seniority import GRADES
from foundation.refusal import Refusal


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    """What an organizer says of a competition. Codes are of their sets; `hosts` are (role, name of the body)."""

    name_zh: str
    tier: str
    competition_class: str
    programme: str
    line: str
    region_code: str
    starts_on: date
    ends_on: date
    hosts: Sequence[tuple[str, str]]
    name_en: str = ""
    venue: str = ""
    plan_number: str = ""
    plan_date: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_address: str = ""
    supervision_phone: str = ""

    def check(self) -> None:
        """Raises Refusal dates_reversed, lead_host_missing."""
        if self.ends_on < self.starts_on:
            raise Refusal("dates_reversed", field="ends_on", starts=self.starts_on, ends=self.ends_on)
        if sum(role == "lead_host" for role, _ in self.hosts) != 1:
            raise Refusal("lead_host_missing", field="lead_host")


SOURCES = {"theory": "entered_score", "practice": "scheme"}
"""Where a part's score comes from: theory is imported from the examination, practice is marked by a scheme."""
LARGEST_TEAM = 10


@dataclass(frozen=True, slots=True)
class DivisionFacts:
    """A division (组别): who is ranked together. `kind` is a code of `division_kind`; no quota means no limit."""

    kind: str
    name_zh: str
    name_en: str = ""
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part (部分): its weight is a share of the total, 3/10 for 30 %; a gate alone has the weight 0 and a pass mark."""

    kind: str
    weight: Fraction
    pass_mark: Decimal | None = Decimal(60)
    source: str = ""
    full_mark: Decimal = Decimal(100)
    gate_only: bool = False

    @property
    def scored_by(self) -> str:
        """The source, the usual one of its kind when none was said."""
        return self.source or SOURCES.get(self.kind, "")

    def check(self) -> None:
        """Raises Refusal part_unknown, part_source_wrong, part_weight_wrong, pass_mark_wrong, gate_without_pass_mark."""
        if self.kind not in SOURCES:
            raise Refusal("part_unknown", kind=self.kind)
        named = {"part": f"@part:{self.kind}"}
        if self.scored_by != SOURCES[self.kind]:
            raise Refusal("part_source_wrong", right=f"@part_source:{SOURCES[self.kind]}", **named)
        if self.full_mark <= 0 or not (0 <= self.weight <= 1) or (self.gate_only and self.weight):
            raise Refusal("part_weight_wrong", field=f"{self.kind}_weight", **named)
        if not self.gate_only and not self.weight:
            raise Refusal("part_weight_wrong", field=f"{self.kind}_weight", **named)
        if self.pass_mark is not None and not (0 <= self.pass_mark <= self.full_mark):
            raise Refusal("pass_mark_wrong", field=f"{self.kind}_pass", most=self.full_mark, **named)
        if self.gate_only and self.pass_mark is None:
            raise Refusal("gate_without_pass_mark", field=f"{self.kind}_pass", **named)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What an organizer says of an event. The occupation is of the catalogue and stored by value."""

    code: str
    name_zh: str
    occupation_code: str
    test_level: str
    divisions: Sequence[DivisionFacts]
    parts: Sequence[PartFacts] = (PartFacts("theory", Fraction(3, 10)), PartFacts("practice", Fraction(7, 10)))
    occupation_edition: str = occupations.EDITION
    name_en: str = ""
    direction: str = ""
    team_size: int = 1

    def check(self) -> None:
        """Refuse combinations that cannot be.

        Raises Refusal team_size_wrong, test_level_unknown, test_level_not_offered, divisions_missing, division_wrong,
        quota_wrong, parts_wrong, weights_sum, occupation_unknown, and what `PartFacts.check` raises.
        """
        if not 1 <= self.team_size <= LARGEST_TEAM:
            raise Refusal("team_size_wrong", field="team_size", most=LARGEST_TEAM)
        self._check_occupation()
        self._check_divisions()
        kinds = [part.kind for part in self.parts]
        if not kinds or len(set(kinds)) != len(kinds) or "practice" not in kinds:
            raise Refusal("parts_wrong")
        for part in self.parts:
            part.check()
        total = sum((part.weight for part in self.parts), Fraction(0))
        if total != 1:
            raise Refusal("weights_sum", field="practice_weight", total=total * 100)

    def _check_occupation(self) -> None:
        if occupations.occupation(self.occupation_edition, self.occupation_code) is None:
            raise Refusal(
                "occupation_unknown", field="occupation", code=self.occupation_code, edition=self.occupation_edition
            )
        if self.test_level not in GRADES:
            raise Refusal("test_level_unknown", field="test_level")
        offered = occupations.grades_offered(self.occupation_edition, self.occupation_code)
        if offered is not None and self.test_level not in offered:
            levels = "/".join(
                code_set("grade")[grade].name_zh if grade in code_set("grade") else grade for grade in offered
            )
            raise Refusal("test_level_not_offered", field="test_level", code=self.occupation_code, offered=levels)

    def _check_divisions(self) -> None:
        if not self.divisions:
            raise Refusal("divisions_missing", field="division_worker")
        kinds = [division.kind for division in self.divisions]
        if len(set(kinds)) != len(kinds) or not set(kinds) <= set(code_set("division_kind")):
            raise Refusal("division_wrong", field="division_worker")
        if "open" in kinds and len(kinds) > 1:
            raise Refusal("division_open_alone", field="division_open")
        for division in self.divisions:
            if division.quota is not None and division.quota < 1:
                raise Refusal("quota_wrong", field=f"quota_{division.kind}")
