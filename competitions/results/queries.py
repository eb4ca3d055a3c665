"""Reading lists of scores and runs; what a run's hash covers; checking it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from competitions.entries.models.entries import Entry, EntryMember
from competitions.marking.models.marks import Sheet
from competitions.programme import queries as programme
from competitions.programme.models import Division, Event
from competitions.results.models import ResultRow, ResultRun, RunSignature, ScoreImport
from competitions.rules.ranking import Contender
from competitions.rules.rule_set import RuleSet, rule_set
from competitions.rules.totals import PartRule, PartScore, Total
from foundation.audit.chain import canonical
from foundation.db import session
from foundation.exact import exact, fraction_from_text, fraction_text
from foundation.permission import Scope
from foundation.refusal import Missing

SCHEMA = "laurel.result_run"
HASH_VERSION = 1
SIGNING_ROLES = ("chief_judge", "supervisor")


def run_scopes(run_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a run: its event's."""
    event = session().scalar(select(ResultRun.event_id).where(ResultRun.id == run_id))
    return programme.event_scopes(event) if event else None


def score_import_scopes(score_import_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a list of scores: its event's."""
    event = session().scalar(select(ScoreImport.event_id).where(ScoreImport.id == score_import_id))
    return programme.event_scopes(event) if event else None


# --- the hash ---------------------------------------------------------------------------------------------------------


def json_text(value: Any) -> str:
    """JSON in one form: names sorted, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def run_hash(head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over what a run rests on (its inputs and the head of the marks) and every figure of every row, in order.

    Not over its number, its reason and when it was computed: equal inputs and figures are the same run.
    """
    fields = [
        SCHEMA, str(HASH_VERSION), *(str(head[name] or "") for name in ("event_id", "division_id", "rule_set_id", "scheme_id")),
        str(head["attendance"]), head["marks_hash"], json_text(head["inputs"]), str(len(rows)),
    ]  # fmt: skip
    for row in sorted(rows, key=lambda row: row["position"]):
        total, shown = row["total"], row["shown_total"]
        fields += [
            str(row["entry_id"]), str(row["work_id"] or ""), str(row["position"]), str(row["rank"] or ""), row["status"],
            "" if total is None else fraction_text(Fraction(total)), "" if shown is None else fraction_text(Fraction(shown)),
            json_text(row["parts"]), row["decided_by"],
        ]  # fmt: skip
    return hashlib.sha256(canonical(fields)).hexdigest()


_ROW = ("entry_id", "work_id", "position", "rank", "status", "total", "shown_total", "parts", "decided_by")
_HEAD = ("event_id", "division_id", "rule_set_id", "scheme_id", "attendance", "marks_hash", "inputs")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What checking one run found."""

    run_id: UUID
    number: int
    holds: bool
    signatures_hold: bool


def verify_runs() -> list[RunReport]:
    """Work out every run's hash anew from its rows, and compare it with the run and with what was signed."""
    reports = []
    wanted = select(ResultRun).order_by(ResultRun.event_id, ResultRun.division_id, ResultRun.number)
    for run in session().scalars(wanted.options(selectinload(ResultRun.rows))):
        worked_out = run_hash(
            {name: getattr(run, name) for name in _HEAD},
            [{name: getattr(row, name) for name in _ROW} for row in run.rows],
        )
        signed = session().scalars(select(RunSignature.run_hash).where(RunSignature.run_id == run.id))
        reports.append(
            RunReport(run.id, run.number, worked_out == run.hash, all(found == worked_out for found in signed))
        )
    return reports


# --- runs -------------------------------------------------------------------------------------------------------------


def run(run_id: UUID) -> ResultRun:
    """A run with its rows. Raises Missing."""
    found = (
        session().scalars(select(ResultRun).where(ResultRun.id == run_id).options(selectinload(ResultRun.rows))).first()
    )
    if found is None:
        raise Missing
    return found


def signed_roles(run_id: UUID) -> tuple[str, ...]:
    """Who signed a run, as what."""
    wanted = select(RunSignature.role).where(RunSignature.run_id == run_id).order_by(RunSignature.role)
    return tuple(session().scalars(wanted))


def run_head(run_id: UUID) -> ResultRun:
    """A run without its rows. Raises Missing."""
    found = session().get(ResultRun, run_id)
    if found is None:
        raise Missing
    return found


def runs_of_event(event_id: UUID) -> dict[UUID, list[ResultRun]]:
    """division → runs, the latest first."""
    found: dict[UUID, list[ResultRun]] = {}
    wanted = select(ResultRun).where(ResultRun.event_id == event_id).order_by(ResultRun.number.desc())
    for row in session().scalars(wanted):
        found.setdefault(row.division_id, []).append(row)
    return found


def latest_run(event_id: UUID, division_id: UUID) -> ResultRun | None:
    """The run in force."""
    wanted = select(ResultRun).where(ResultRun.event_id == event_id, ResultRun.division_id == division_id)
    return session().scalars(wanted.order_by(ResultRun.number.desc()).limit(1)).first()


def signatures(run_ids: Sequence[UUID]) -> dict[UUID, dict[str, RunSignature]]:
    """run → role → signature."""
    found: dict[UUID, dict[str, RunSignature]] = {key: {} for key in run_ids}
    for row in session().scalars(select(RunSignature).where(RunSignature.run_id.in_(run_ids))):
        found[row.run_id][row.role] = row
    return found


def rules_of_run(row: ResultRun) -> RuleSet:
    """The rules a run was computed with, from what its hash covers."""
    return rule_set(json.loads(row.inputs["rules"]))


def left_out(row: ResultRun) -> list[dict[str, str]]:
    """What had been left out of the marking when a run was computed."""
    found: list[dict[str, str]] = json.loads(row.inputs.get("voids", "[]"))
    return found


def division_names(event: Event) -> dict[UUID, Division]:
    """The divisions of an event by id."""
    return {division.id: division for division in event.divisions}


@dataclass(frozen=True, slots=True)
class Named:
    """How an entry is called where it may be called by name."""

    number: int
    pass_number: str
    names: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def name(self) -> str:
        """All names."""
        return "、".join(self.names)

    @property
    def unit(self) -> str:
        """All units, each once."""
        return "、".join(dict.fromkeys(unit for unit in self.units if unit))


def names_of(event_id: UUID, division_id: UUID | None = None) -> dict[UUID, Named]:
    """Names and units of an event's entries, in a constant number of queries. After unblinding only."""
    wanted = select(Entry).where(Entry.event_id == event_id)
    if division_id is not None:
        wanted = wanted.where(Entry.division_id == division_id)
    found = session().scalars(wanted.options(selectinload(Entry.members).joinedload(EntryMember.person)))
    return {
        entry.id: Named(
            entry.number,
            entry.pass_number or "",
            tuple(member.person.name_zh for member in entry.members),
            tuple(member.unit_name for member in entry.members),
        )
        for entry in found
    }


def stored_parts(row: ResultRow) -> tuple[PartScore, ...]:
    """A row's parts as the rules know them."""
    return tuple(
        PartScore(
            PartRule(
                part["kind"],
                exact_decimal(part["full_mark"]),
                fraction_from_text(part["weight"]),
                exact_decimal(part["pass_mark"]) if part["pass_mark"] else None,
                part["gate_only"],
            ),
            fraction_from_text(part["score"]) if part["score"] else None,
            {code: fraction_from_text(value) if value else None for code, value in part["criteria"]},
        )
        for part in row.parts
    )


def exact_decimal(text: str) -> Decimal:
    """A stored decimal."""
    exact(text)
    return Decimal(text)


def stored_total(row: ResultRow) -> Total:
    """A row's total as the rules know it."""
    return Total(row.total, row.shown_total, stored_parts(row))


def stored_contender(row: ResultRow) -> Contender:
    """A row as ranking knows it, for showing how its ties were broken."""
    parts = stored_parts(row)
    return Contender(
        row.entry_id, row.status, row.total, row.position,
        {part.rule.kind: part.score for part in parts},
        {part.rule.kind: part.rule.weight for part in parts if not part.rule.gate_only},
        tuple(value for part in parts for value in part.criteria.values()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry in two runs."""

    entry_id: UUID
    before: ResultRow | None
    after: ResultRow | None

    @property
    def changed(self) -> bool:
        """Is anything that is published different?"""
        if self.before is None or self.after is None:
            return True
        return any(
            getattr(self.before, name) != getattr(self.after, name) for name in ("rank", "status", "total", "parts")
        )


def compared(before: ResultRun, after: ResultRun) -> list[Difference]:
    """Entry by entry, in the order of the later run."""
    earlier = {row.entry_id: row for row in before.rows}
    found = [Difference(row.entry_id, earlier.pop(row.entry_id, None), row) for row in after.rows]
    return [*found, *(Difference(key, row, None) for key, row in earlier.items())]


# --- lists of scores and the state of marking ---------------------------------------------------------------------------


def score_import(score_import_id: UUID) -> ScoreImport:
    """A list with its scores. Raises Missing."""
    found = (
        session()
        .scalars(select(ScoreImport).where(ScoreImport.id == score_import_id).options(selectinload(ScoreImport.scores)))
        .first()
    )
    if found is None:
        raise Missing
    return found


def score_imports(event_id: UUID) -> list[tuple[ScoreImport, int]]:
    """An event's lists with the number of their scores, the latest first."""
    wanted = select(ScoreImport).where(ScoreImport.event_id == event_id).order_by(ScoreImport.entered_at.desc())
    found = session().scalars(wanted.options(selectinload(ScoreImport.scores))).all()
    return [(row, len(row.scores)) for row in found]


def sheets_by_state(event_id: UUID) -> dict[str, int]:
    """How many sheets of the event stand in which state."""
    wanted = select(Sheet.state, func.count().label("sheets")).where(Sheet.event_id == event_id).group_by(Sheet.state)
    return {row.state: row.sheets for row in session().execute(wanted)}


def attendance_open(event_id: UUID, division_id: UUID) -> int:
    """Accepted entries of whom nobody said whether they came."""
    wanted = select(func.count()).where(
        Entry.event_id == event_id,
        Entry.division_id == division_id,
        Entry.state == "accepted",
        Entry.attendance == "expected",
    )
    return session().scalar(wanted) or 0


def events_of_competition(competition_id: UUID) -> Sequence[Event]:
    """The events with divisions, in order. Raises Missing."""
    return programme.competition(competition_id).events


def latest_runs(event_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], ResultRun]:
    """(event, division) → the run in force, in one query."""
    wanted = select(ResultRun).where(ResultRun.event_id.in_(event_ids)).order_by(ResultRun.number)
    return {(row.event_id, row.division_id): row for row in session().scalars(wanted)}
