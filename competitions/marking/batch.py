"""What a batch of marks needs to know before it is judged: works, aspects, panels, seats, sheets, heads, read in few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.sign_in.models import Device
from competitions.codes.models import Work
from competitions.judges.models import JudgeDuty, Panel, PanelAssignment, PanelSeat
from competitions.marking.models.marks import Mark, MarkHead, Sheet, SheetSignature
from competitions.rules.rule_set import RuleSet
from competitions.rules.scoring.aspects import AspectRule
from competitions.schemes.models import Aspect, MarkingScheme


@dataclass(slots=True)
class Head:
    """The head of a cell while marks are applied to it."""

    event_id: UUID
    mark_id: UUID | None = None
    value: str | None = None
    leaves: int = 0
    conflict: bool = False
    note: str = ""
    note_at: datetime | None = None
    note_id: UUID | None = None

    def columns(self) -> dict[str, Any]:
        """As a row of `mark_head`."""
        return {name: getattr(self, name) for name in Head.__slots__}


@dataclass(frozen=True, slots=True)
class KnownAspect:
    """An aspect as marking needs it."""

    id: UUID
    scheme_id: UUID
    sub_criterion_id: UUID
    rule: AspectRule


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A registered tablet: whose it is and where, the key it signs with ("" without), whether it was reported lost."""

    person_id: UUID
    event_id: UUID
    key: str
    revoked: bool


@dataclass(slots=True)
class Batch:
    """What is known. `marks` are the stored ones that came under an id of this batch."""

    works: dict[UUID, Any] = field(default_factory=dict)
    aspects: dict[UUID, KnownAspect] = field(default_factory=dict)
    panels: dict[UUID, Any] = field(default_factory=dict)  # by sub-criterion
    seats: dict[UUID, Any] = field(default_factory=dict)
    schemes: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    devices: dict[UUID, KnownDevice] = field(default_factory=dict)
    marks: dict[UUID, Any] = field(default_factory=dict)
    device_marks: dict[tuple[UUID, int], UUID] = field(default_factory=dict)
    sheets: dict[tuple[UUID, UUID, UUID], Any] = field(default_factory=dict)
    heads: dict[tuple[UUID, UUID, UUID], Head] = field(default_factory=dict)
    rules: dict[UUID, RuleSet] = field(default_factory=dict)  # by event
    void: frozenset[UUID] = frozenset()  # aspects that were left out
    changed: set[tuple[UUID, UUID, UUID]] = field(default_factory=set)
    ids: set[UUID] = field(default_factory=set)
    device_ids: set[UUID] = field(default_factory=set)
    sequences: set[int] = field(default_factory=set)

    def events(self) -> set[UUID]:
        """The events the works are of."""
        return {work.event_id for work in self.works.values()}

    def aspects_of(self, sub_criterion_id: UUID) -> list[KnownAspect]:
        """The aspects of a sub-criterion."""
        return [aspect for aspect in self.aspects.values() if aspect.sub_criterion_id == sub_criterion_id]

    def seats_of(self, panel_id: UUID) -> list[Any]:
        """A panel's seats in their order."""
        return sorted((seat for seat in self.seats.values() if seat.panel_id == panel_id), key=lambda seat: seat.number)

    def load_state(self, writing: Session) -> None:
        """Read what other batches change: call after the streams are locked."""
        stored = select(
            Mark.id, Mark.body_hash, Mark.status, Mark.sequence, Mark.hash, Mark.held_code, Mark.device_id, Mark.device_sequence
        )  # fmt: skip
        asked = or_(
            Mark.id.in_(self.ids), (Mark.device_id.in_(self.device_ids) & Mark.device_sequence.in_(self.sequences))
        )
        for row in writing.execute(stored.where(asked)):
            self.marks[row.id] = row._mapping
            self.device_marks[row.device_id, row.device_sequence] = row.id
        self.load_sheets(writing)
        table = MarkHead.__table__
        wanted = select(table).where(table.c.work_id.in_(self.works), table.c.aspect_id.in_(self.aspects))
        for row in writing.execute(wanted):
            self.heads[row.work_id, row.aspect_id, row.cell] = Head(
                **{name: row._mapping[name] for name in Head.__slots__}
            )

    def load_sheets(self, writing: Session) -> None:
        """Read the sheets concerned, each with the number of signatures under its list."""
        signatures = (
            select(func.count())
            .select_from(SheetSignature)
            .where(SheetSignature.signing_list_id == Sheet.signing_list_id)
            .correlate(Sheet)
            .scalar_subquery()
        )
        columns = (Sheet.id, Sheet.state, Sheet.panel_id, Sheet.sub_criterion_id, Sheet.work_id, Sheet.signing_list_id)
        wanted = select(*columns, signatures.label("signatures")).where(
            Sheet.work_id.in_(self.works),
            Sheet.sub_criterion_id.in_({a.sub_criterion_id for a in self.aspects.values()}),
        )
        for row in writing.execute(wanted):
            self.sheets[row.panel_id, row.sub_criterion_id, row.work_id] = row


def load_batch(writing: Session, bodies: Sequence[Any], derived: Sequence[UUID]) -> Batch:
    """Read what does not change while marks come in."""
    known = Batch(
        ids={body.id for body in bodies} | set(derived),
        device_ids={body.device_id for body in bodies},
        sequences={body.device_sequence for body in bodies},
    )
    works = select(Work.id, Work.event_id, Work.withdrawn_at).where(Work.id.in_({body.work_id for body in bodies}))
    known.works = {row.id: row for row in writing.execute(works)}
    subs = select(Aspect.sub_criterion_id).where(Aspect.id.in_({body.aspect_id for body in bodies}))
    aspects = select(
        Aspect.id, Aspect.scheme_id, Aspect.sub_criterion_id, Aspect.method, Aspect.max_mark, Aspect.options
    ).where(Aspect.sub_criterion_id.in_(subs))
    for row in writing.execute(aspects):
        rule = AspectRule(row.method, Fraction(row.max_mark), row.options)
        known.aspects[row.id] = KnownAspect(row.id, row.scheme_id, row.sub_criterion_id, rule)
    panels = (
        select(PanelAssignment.sub_criterion_id, Panel.id, Panel.event_id, Panel.entry_mode, Panel.frozen_at)
        .join(Panel, Panel.id == PanelAssignment.panel_id)
        .where(PanelAssignment.sub_criterion_id.in_({a.sub_criterion_id for a in known.aspects.values()}))
    )
    known.panels = {row.sub_criterion_id: row for row in writing.execute(panels)}
    sent_seats = {body.seat_id for body in bodies if body.seat_id is not None}
    seats = (
        select(PanelSeat.id, PanelSeat.panel_id, PanelSeat.number, JudgeDuty.person_id, JudgeDuty.state)
        .join(JudgeDuty, JudgeDuty.id == PanelSeat.duty_id)
        .where(or_(PanelSeat.panel_id.in_({p.id for p in known.panels.values()}), PanelSeat.id.in_(sent_seats)))
    )
    known.seats = {row.id: row for row in writing.execute(seats)}
    named = {body.scheme_id for body in bodies} | {a.scheme_id for a in known.aspects.values()}
    schemes = select(MarkingScheme.id, MarkingScheme.event_id, MarkingScheme.state).where(MarkingScheme.id.in_(named))
    known.schemes = {row.id: (row.event_id, row.state) for row in writing.execute(schemes)}
    known.devices = load_devices(writing, known.device_ids)
    return known


def load_devices(reading: Session, ids: Collection[UUID]) -> dict[UUID, KnownDevice]:
    """The registered ones among these tablets."""
    wanted = select(Device.id, Device.person_id, Device.scope_id, Device.public_key, Device.revoked_at).where(
        Device.id.in_(ids)
    )
    return {
        row.id: KnownDevice(row.person_id, row.scope_id, row.public_key, row.revoked_at is not None)
        for row in reading.execute(wanted)
    }
