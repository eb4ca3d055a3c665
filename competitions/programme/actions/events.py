"""Adding, correcting and cancelling events (赛项)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalogue.codes.queries import code_set
from catalogue.occupations import queries as occupations
from catalogue.rules.seniority import GRADES
from competitions.programme import queries
from competitions.programme.models import Competition, Division, Event, Part
from competitions.rules.lifecycle import CompetitionState
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal

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


def add_event(competition_id: UUID, facts: EventFacts, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID:
    """Add an event with its divisions and parts to a competition that has not begun.

    `key` is the new event's id when the caller chose it: sending the same form twice makes one event.
    Raises Missing, Conflict events_closed, Refusal event_code_taken, and what `EventFacts.check` raises.
    """
    facts.check()
    event_id = key or new_id()
    with transaction() as writing:
        if writing.get(Event, event_id) is not None:
            return event_id
        _open_competition(writing, competition_id)
        last = writing.scalar(select(func.max(Event.position)).where(Event.competition_id == competition_id))
        row = Event(
            id=event_id, competition_id=competition_id, position=0 if last is None else last + 1, created_at=at,
            **_columns(facts),
        )  # fmt: skip
        _store(writing, row, facts)
        _note_divisions_and_parts(writing, row, facts)
        record(
            actor, "event:added", "event", event_id, at=at, chain=queries.audit_chain(competition_id),
            occupation=facts.occupation_code, edition=facts.occupation_edition, test_level=facts.test_level,
        )  # fmt: skip
    return event_id


def correct_event(event_id: UUID, facts: EventFacts, *, actor: Actor, at: datetime) -> None:
    """Change what is said of an event before the competition begins; divisions and parts keep their ids by kind.

    Raises Missing, Conflict events_closed, event_cancelled, Refusal event_code_taken, division_in_use, part_in_use, and
    what `EventFacts.check` raises.
    """
    facts.check()
    with transaction() as writing:
        row = writing.get(Event, event_id, with_for_update=True)
        if row is None:
            raise Missing
        _open_competition(writing, row.competition_id)
        if row.cancelled_at is not None:
            raise Conflict("event_cancelled")
        for name, value in _columns(facts).items():
            setattr(row, name, value)
        _store(writing, row, facts)
        _note_divisions_and_parts(writing, row, facts)
        record(
            actor, "event:corrected", "event", event_id, at=at, chain=queries.audit_chain(row.competition_id),
            occupation=facts.occupation_code, edition=facts.occupation_edition, test_level=facts.test_level,
        )  # fmt: skip


def cancel_event(event_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel an event; it stays visible with its reason. Repeating it does nothing.

    Raises Missing, Conflict competition_over, Refusal reason_missing.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(Event, event_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.cancelled_at is not None:
            return
        if row.competition.state in _OVER:
            raise Conflict("competition_over")
        row.cancelled_at, row.cancel_reason = at, reason.strip()
        record(actor, "event:cancelled", "event", event_id, at=at, chain=queries.audit_chain(row.competition_id))


_OVER = (CompetitionState.CONCLUDED, CompetitionState.ARCHIVED, CompetitionState.CANCELLED)


def _open_competition(writing: Session, competition_id: UUID) -> None:
    competition = writing.get(Competition, competition_id, with_for_update=True)
    if competition is None:
        raise Missing
    if competition.state in (*_OVER, CompetitionState.IN_PROGRESS):
        raise Conflict("events_closed", state=f"@competition_state:{competition.state}")


def _columns(facts: EventFacts) -> dict[str, object]:
    found = occupations.occupation(facts.occupation_edition, facts.occupation_code)
    named = {name: getattr(facts, name) for name in EventFacts.__slots__ if name not in ("divisions", "parts")}
    return {**named, "occupation_name": found.name if found else ""}


def _store(writing: Session, row: Event, facts: EventFacts) -> None:
    taken = select(Event.id).where(
        Event.competition_id == row.competition_id, Event.code == facts.code, Event.id != row.id
    )
    with writing.no_autoflush:
        if writing.scalar(taken) is not None:
            raise Refusal("event_code_taken", field="code", code=facts.code)
    writing.add(row)
    writing.flush()


def _note_divisions_and_parts(writing: Session, row: Event, facts: EventFacts) -> None:
    divisions = {division.kind: division for division in row.divisions}
    for position, said in enumerate(facts.divisions):
        division = divisions.pop(said.kind, None) or Division(event_id=row.id, kind=said.kind)
        division.name_zh, division.name_en, division.quota = said.name_zh, said.name_en, said.quota
        division.position = position
        writing.add(division)
    parts = {part.kind: part for part in row.parts}
    for position, told in enumerate(facts.parts):
        part = parts.pop(told.kind, None) or Part(event_id=row.id, kind=told.kind)
        part.full_mark, part.weight, part.pass_mark = told.full_mark, told.weight, told.pass_mark
        part.source, part.gate_only, part.position = told.scored_by, told.gate_only, position
        writing.add(part)
    for code, gone in (("division_in_use", divisions), ("part_in_use", parts)):
        for unused in gone.values():
            try:
                with writing.begin_nested():
                    writing.delete(unused)
            except IntegrityError as in_use:
                raise Refusal(code) from in_use
    writing.flush()
    writing.expire(row, ["divisions", "parts"])
