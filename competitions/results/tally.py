"""From the database to a standing: reads the values in force as bare rows, one slot each, and hands them to the rules.

Marks never become objects: a slot is a flat list of texts, one a work, equal texts are one text, and equal marks of an aspect
are worked out once. 450,000 marks need little more than the lists of slots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, cast, select, type_coerce

from competitions.codes.models import Work
from competitions.entries.models.entries import Entry
from competitions.judges.models import Panel, PanelAssignment, PanelSeat
from competitions.marking.models.marks import MarkHead, MarkStream
from competitions.marking.queries import floor, voids
from competitions.programme import queries as programme
from competitions.programme.models import Part
from competitions.results.models import EnteredScore, ScoreImport
from competitions.rules.ranking import Contender
from competitions.rules.rule_set import RuleSet
from competitions.rules.totals import (
    AspectPlace,
    PartRule,
    PartScore,
    SchemeScore,
    SchemeTally,
    Total,
    total_of,
    with_deduction,
)
from competitions.rules.voids import applied
from competitions.schemes import queries as schemes
from foundation.db import session

ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Basis:
    """What a computation of an event rests on."""

    rule_set_id: UUID | None
    rules: RuleSet
    scheme_id: UUID | None
    scheme_hash: str
    tally: SchemeTally | None
    parts: tuple[tuple[UUID, str, PartRule], ...]  # id, source, rule


def basis_of(event_id: UUID) -> Basis:
    """Rules, scheme and parts in force. Raises Missing."""
    event = programme.event(event_id)
    rule_set_id, rules = programme.rule_set_in_force(event.competition_id)
    scheme = schemes.scheme_in_force(event_id)
    tally = None
    if scheme is not None:
        rules_of = schemes.aspect_rules(scheme.id)
        panels = _cells(event_id)
        places = []
        for criterion in scheme.criteria:
            for sub in criterion.sub_criteria:
                panel, seats = panels.get(sub.id, (None, ()))
                for aspect in sub.aspects:
                    rule = rules_of[aspect.id]
                    cells = seats if rule.by_each_judge else (panel,) if panel else ()
                    places.append(AspectPlace(aspect.id, aspect.code, criterion.code, sub.code, rule, cells))
        tally = SchemeTally(applied(places, voids.as_rules(voids.agreed(event_id))), spread=rules.judgement_spread)
    parts = tuple((part.id, part.source, part_rule(part)) for part in event.parts)
    return Basis(rule_set_id, rules, scheme.id if scheme else None, scheme.content_hash if scheme else "", tally, parts)


def part_rule(part: Part) -> PartRule:
    """What of a part decides the total."""
    return PartRule(part.kind, part.full_mark, part.weight, part.pass_mark, part.gate_only)


def _cells(event_id: UUID) -> dict[UUID, tuple[UUID, tuple[UUID, ...]]]:
    seats: dict[UUID, list[UUID]] = {}
    wanted = select(PanelSeat.panel_id, PanelSeat.id).join(Panel, Panel.id == PanelSeat.panel_id)
    for panel, seat in session().execute(wanted.where(Panel.event_id == event_id).order_by(PanelSeat.number)):
        seats.setdefault(panel, []).append(seat)
    assigned = select(PanelAssignment.sub_criterion_id, PanelAssignment.panel_id).join(
        Panel, Panel.id == PanelAssignment.panel_id
    )
    return {
        sub: (panel, tuple(seats.get(panel, ())))
        for sub, panel in session().execute(assigned.where(Panel.event_id == event_id))
    }


def scheme_scores(event_id: UUID, tally: SchemeTally, works: Mapping[UUID, Any]) -> dict[UUID, SchemeScore]:
    """Every work's score, from the values in force read as bare rows."""
    columns = _columns(event_id, tally, works)
    return dict(zip(works, tally.score_all(columns, len(works)), strict=True))


def totals_by_work(event_id: UUID) -> dict[UUID, Fraction | None]:
    """Every counting work's exact points under the scheme in force, by work alone: nobody's name is read."""
    tally = basis_of(event_id).tally
    works = session().scalars(select(Work.id).where(Work.event_id == event_id, Work.withdrawn_at.is_(None))).all()
    if tally is None:
        return dict.fromkeys(works)
    return {work: score.value for work, score in scheme_scores(event_id, tally, dict.fromkeys(works)).items()}


def _columns(
    event_id: UUID, tally: SchemeTally, works: Mapping[UUID, Any], *, work_id: UUID | None = None
) -> list[list[str | None]]:
    """For every slot the marks of all `works`, in their order."""
    connection = session().connection()
    # Ids stay texts (SQLite keeps 32 digits, PostgreSQL casts): nothing is converted row by row.
    sqlite = connection.dialect.name == "sqlite"

    def bare(key: UUID) -> str:
        return key.hex if sqlite else str(key)

    columns: list[list[str | None]] = [[None] * len(works) for _slot in range(tally.width)]
    column_of = {
        bare(aspect): {bare(cell): columns[index] for cell, index in cells.items()}
        for aspect, cells in tally.slot_of().items()
    }
    place_of = {bare(work): place for place, work in enumerate(works)}
    head = MarkHead.__table__.c
    ids = (head.work_id, head.aspect_id, head.cell)
    texts = (type_coerce(column, Text) if sqlite else cast(column, Text) for column in ids)
    wanted: Any = select(*texts, head.value)
    wanted = wanted.where(head.event_id == event_id)
    if work_id is not None:
        wanted = wanted.where(head.work_id == work_id)
    same: dict[str | None, str | None] = {}
    for rows in _bare_rows(connection, wanted):
        for work, aspect, cell, value in rows:
            try:
                column_of[aspect][cell][place_of[work]] = same.setdefault(value, value)
            except KeyError:  # a work of another division, an aspect of an earlier version
                continue
    return columns


def _bare_rows(connection: Connection, wanted: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows in portions: streamed from the server on PostgreSQL, the driver's own tuples on SQLite."""
    if connection.dialect.name != "sqlite":
        yield from connection.execute(wanted.execution_options(yield_per=ROWS_AT_ONCE)).partitions()
        return
    with connection.execute(wanted) as result:
        cursor = result.cursor
        while cursor is not None and (rows := cursor.fetchmany(ROWS_AT_ONCE)):
            yield rows


def marks_of_work(event_id: UUID, tally: SchemeTally, work_id: UUID) -> list[str | None]:
    """One work's marks in slot order."""
    return [column[0] for column in _columns(event_id, tally, {work_id: None}, work_id=work_id)]


def stream_head(event_id: UUID) -> tuple[int, str]:
    """Sequence and hash of the head of the event's marks; (0, "") when nothing was marked."""
    found = (
        session()
        .execute(select(MarkStream.sequence, MarkStream.hash).where(MarkStream.stream == f"event:{event_id}"))
        .first()
    )
    return (found.sequence, found.hash) if found else (0, "")


def confirmed_imports(event_id: UUID) -> list[UUID]:
    """The lists of scores in force, by when they were entered."""
    wanted = select(ScoreImport.id).where(ScoreImport.event_id == event_id, ScoreImport.state == "confirmed")
    return list(session().scalars(wanted.order_by(ScoreImport.entered_at, ScoreImport.id)))


def entered_scores(event_id: UUID) -> dict[UUID, dict[UUID, Decimal]]:
    """part → entry → confirmed score."""
    wanted = (
        select(ScoreImport.part_id, EnteredScore.entry_id, EnteredScore.score)
        .join(EnteredScore, EnteredScore.score_import_id == ScoreImport.id)
        .where(ScoreImport.event_id == event_id, ScoreImport.state == "confirmed")
    )
    found: dict[UUID, dict[UUID, Decimal]] = {}
    for part, entry, score in session().execute(wanted):
        found.setdefault(part, {})[entry] = score
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """One entry as counted."""

    contender: Contender
    total: Total
    work_id: UUID | None


def count(event_id: UUID, division_id: UUID, basis: Basis, entry_of_work: Mapping[UUID, UUID]) -> list[Counted]:
    """Every accepted entry of a division with its parts and total, in the order of registration."""
    work_of_entry = {entry: work for work, entry in entry_of_work.items()}
    wanted = select(Entry.id, Entry.number, Entry.attendance).where(
        Entry.event_id == event_id, Entry.division_id == division_id, Entry.state == "accepted"
    )
    entries = session().execute(wanted.order_by(Entry.number)).all()
    works = {work_of_entry[entry]: entry for entry, _number, _attendance in entries if entry in work_of_entry}
    scored = scheme_scores(event_id, basis.tally, works) if basis.tally is not None else {}
    for marked, penalty in floor.penalties(event_id).items():
        if marked in scored:
            scored[marked] = with_deduction(scored[marked], penalty.marks, stopped=penalty.stopped)
    entered = entered_scores(event_id)
    counted = []
    for entry, number, attendance in entries:
        work = work_of_entry.get(entry)
        parts = []
        score = scored.get(work) if work is not None else None
        for part_id, source, rule in basis.parts:
            if source == "scheme":
                parts.append(PartScore(rule, score.value if score else None, score.criteria if score else {}))
            else:
                value = entered.get(part_id, {}).get(entry)
                parts.append(PartScore(rule, None if value is None else Fraction(value)))
        stopped = score is not None and score.stopped and attendance != "absent"
        status = "stopped" if stopped else attendance
        counted.append(_counted(entry, number, status, work, total_of(parts, places=basis.rules.score_places)))
    return counted


def _counted(entry: UUID, number: int, attendance: str, work: UUID | None, total: Total) -> Counted:
    away = attendance in ("absent", "stopped")
    status = attendance if away else "incomplete" if total.exact is None else "ranked"
    if away:
        total = Total(None, None, total.parts)
    return Counted(contender(entry, status, total.exact, number, total.parts), total, work)


def contender(entry: UUID, status: str, total: Fraction | None, order: int, parts: tuple[PartScore, ...]) -> Contender:
    """What ranking asks of an entry."""
    return Contender(
        entry_id=entry,
        status=status,
        total=total,
        order=order,
        parts={part.rule.kind: part.score for part in parts},
        weights={part.rule.kind: part.rule.weight for part in parts if not part.rule.gate_only},
        criteria=tuple(value for part in parts for value in part.criteria.values()),
    )
