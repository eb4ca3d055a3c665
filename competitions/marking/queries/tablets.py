"""The tablets of an event: whose, how they are, which of their numbers are missing, what must be marked again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select

from accounts.people.models import Person
from accounts.sign_in.models import Device
from competitions.codes.models import Work
from competitions.judges.models import JudgeDuty, Panel, PanelAssignment, PanelSeat
from competitions.marking.models.gaps import DeclaredGap, SpentNumber
from competitions.marking.models.marks import Mark, MarkHead
from competitions.programme import queries as programme
from competitions.rules.scoring.aspects import AspectRule
from competitions.schemes.models import Aspect
from foundation.db import session
from foundation.permission import Scope

MOST_ASKED = 500
"""Numbers a tablet is asked for at a time; the next report asks for more."""


@dataclass(frozen=True, slots=True)
class TabletRow:
    """A tablet of an event. `missing` are numbers below its highest that no stored mark, invalid mark or approved gap explains."""

    device: Device
    judge: str
    received: int
    missing: tuple[int, ...]
    declared: DeclaredGap | None


def tablets_of(event_id: UUID) -> list[TabletRow]:
    """The tablets of an event in a constant number of queries, oldest first."""
    pairs = session().execute(
        select(Device, Person.name_zh)
        .join(Person, Person.id == Device.person_id)
        .where(Device.scope_id == event_id)
        .order_by(Device.created_at, Device.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    ids = [device.id for device, _name in pairs]
    declared = {gap.device_id: gap for gap in gaps_of(event_id)}
    counts = {
        row[0]: (row[1], row[2])
        for row in session().execute(
            select(Mark.device_id, func.count(), func.max(Mark.device_sequence))
            .where(Mark.device_id.in_(ids))
            .group_by(Mark.device_id)
        )
    }
    highest = {device.id: max(device.last_sequence, counts.get(device.id, (0, 0))[1]) for device, _name in pairs}
    uneven = [key for key in ids if counts.get(key, (0, 0))[0] < highest[key]]
    known = _numbers(uneven)
    rows = []
    for device, name in pairs:
        gap = declared.get(device.id)
        explained = known.get(device.id, set()) | set(gap.missing if gap is not None and gap.approved_at else ())
        missing = tuple(n for n in range(1, highest[device.id] + 1) if n not in explained) if device.id in known else ()
        rows.append(TabletRow(device, name, counts.get(device.id, (0, 0))[0], missing, gap))
    return rows


def _numbers(devices: Collection[UUID]) -> dict[UUID, set[int]]:
    found: dict[UUID, set[int]] = {device: set() for device in devices}
    for table in (Mark, SpentNumber):
        wanted = select(table.device_id, table.device_sequence).where(table.device_id.in_(devices))
        for row in session().execute(wanted):
            found[row[0]].add(row[1])
    return found


def asked_again(device_id: UUID) -> list[int]:
    """The numbers below a tablet's highest that the server has not: after a restore, what was given since the backup."""
    device = session().get(Device, device_id, populate_existing=True)
    if device is None:
        return []
    known = _numbers([device_id])[device_id]
    return [n for n in range(1, max(device.last_sequence, *known, 0) + 1) if n not in known][:MOST_ASKED]


def with_gaps(event_id: UUID, persons: Collection[UUID] | None = None) -> list[TabletRow]:
    """The tablets that hold marks the server has not seen; of some judges alone when `persons` is given."""
    return [row for row in tablets_of(event_id) if row.missing and (persons is None or row.device.person_id in persons)]


def gaps_of(event_id: UUID) -> Sequence[DeclaredGap]:
    """The gaps declared in an event, oldest first."""
    wanted = (
        select(DeclaredGap).where(DeclaredGap.event_id == event_id).order_by(DeclaredGap.declared_at, DeclaredGap.id)
    )
    return session().scalars(wanted.execution_options(populate_existing=True)).all()


def gap_scopes(gap_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a declared gap: its event's."""
    found = session().get(DeclaredGap, gap_id)
    return programme.event_scopes(found.event_id) if found else None


def device_scopes(device_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a tablet: its event's."""
    found = session().get(Device, device_id)
    return programme.event_scopes(found.scope_id) if found else None


def empty_cells(event_id: UUID, person_id: UUID) -> list[tuple[UUID, UUID]]:
    """(work, aspect) of every cell a judge fills, alone or with the panel, that has no value: what must be marked again."""
    places = (
        select(Work.id, Aspect.id, Aspect.method, Aspect.max_mark, Aspect.options, PanelSeat.id, Panel.id)
        .join(PanelAssignment, PanelAssignment.sub_criterion_id == Aspect.sub_criterion_id)
        .join(Panel, Panel.id == PanelAssignment.panel_id)
        .join(PanelSeat, PanelSeat.panel_id == Panel.id)
        .join(JudgeDuty, JudgeDuty.id == PanelSeat.duty_id)
        .join(Work, Work.event_id == Panel.event_id)
        .where(Panel.event_id == event_id, JudgeDuty.person_id == person_id, Work.withdrawn_at.is_(None))
        .order_by(Work.code, Aspect.code)
    )
    filled = {
        (row[0], row[1], row[2])
        for row in session().execute(
            select(MarkHead.work_id, MarkHead.aspect_id, MarkHead.cell).where(
                MarkHead.event_id == event_id, MarkHead.value.is_not(None)
            )
        )
    }
    found = []
    for work, aspect, method, most, options, seat, panel in session().execute(places):
        cell = seat if AspectRule(method, Fraction(most), options).by_each_judge else panel
        if (work, aspect, cell) not in filled:
            found.append((work, aspect))
    return found


def places_named(cells: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """(work code, aspect code) of stored cells, for a page."""
    works = {str(row[0]): row[1] for row in session().execute(
        select(Work.id, Work.code).where(Work.id.in_({UUID(work) for work, _ in cells})))}  # fmt: skip
    aspects = {str(row[0]): row[1] for row in session().execute(
        select(Aspect.id, Aspect.code).where(Aspect.id.in_({UUID(aspect) for _, aspect in cells})))}  # fmt: skip
    return [(works[work], aspects[aspect]) for work, aspect in cells]
