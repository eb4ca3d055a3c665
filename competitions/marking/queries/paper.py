"""Reading printed sheets: what stands on one, whether it still holds, where it is on its way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from competitions.codes.models import Work
from competitions.judges.models import Panel
from competitions.marking.models.paper import PaperSheet
from competitions.marking.queries import marks as queries
from competitions.programme import queries as programme
from competitions.rules.paper import differences
from competitions.rules.scoring.aspects import AspectRule
from competitions.rules.sheets import cells_of
from competitions.schemes.models import Aspect, SubCriterion
from foundation.audit.chain import canonical
from foundation.db import session
from foundation.permission import Scope
from foundation.refusal import Missing


@dataclass(frozen=True, slots=True)
class Cell:
    """A place to write on the paper: `key` names it, `seat` is a judge's number or None for the panel's value."""

    key: str
    aspect: Aspect
    rule: AspectRule
    seat_id: UUID | None
    seat: int | None


@dataclass(frozen=True, slots=True)
class Form:
    """What a panel's paper looks like: its sub-criteria and cells, and the hash of it all."""

    panel: Panel
    subs: Sequence[SubCriterion]
    cells: dict[UUID, list[Cell]]  # by aspect

    @property
    def flat(self) -> list[Cell]:
        """Every cell, in the order printed."""
        return [cell for sub in self.subs for aspect in sub.aspects for cell in self.cells[aspect.id]]

    @property
    def hash(self) -> str:
        """SHA-256 over what is printed; persons are not."""
        fields = ["laurel.paper_sheet", "1", str(self.panel.id)]
        for cell in self.flat:
            rule = cell.rule
            options = repr(sorted(rule.options.items()))
            fields += [cell.key, cell.aspect.code, rule.method, str(rule.max_mark), options, str(cell.aspect.scheme_id)]
        return hashlib.sha256(canonical(fields)).hexdigest()


def form_of(panel_id: UUID) -> Form:
    """The paper of a panel as it would be printed now. Raises Missing."""
    panel = queries.panel(panel_id)
    subs = queries.sub_criteria([one.sub_criterion_id for one in panel.assignments])
    seats = {seat.id: seat.number for seat in panel.seats}
    cells: dict[UUID, list[Cell]] = {}
    for sub in subs:
        for aspect in sub.aspects:
            rule = AspectRule(aspect.method, Fraction(aspect.max_mark), aspect.options)
            cells[aspect.id] = [
                Cell(f"{aspect.id}|{place}", aspect, rule, place if place in seats else None, seats.get(place))
                for place in cells_of(rule, panel.id, list(seats))
            ]
    return Form(panel, subs, cells)


def paper_sheet(paper_id: UUID) -> PaperSheet:
    """A printed sheet with its keyings. Raises Missing."""
    wanted = select(PaperSheet).where(PaperSheet.id == paper_id).options(selectinload(PaperSheet.keyings))
    found = session().scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing
    return found


def paper_sheets(event_id: UUID) -> Sequence[tuple[PaperSheet, Work]]:
    """The sheets printed for an event in the order of the works, the last print of each only."""
    wanted = select(PaperSheet, Work).join(Work, Work.id == PaperSheet.work_id).where(
        PaperSheet.event_id == event_id, PaperSheet.replaced_at.is_(None)
    ).options(selectinload(PaperSheet.keyings)).order_by(Work.code, PaperSheet.id)  # fmt: skip
    return [(row[0], row[1]) for row in session().execute(wanted).all()]


def paper_scopes(paper_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a printed sheet: its event's."""
    event = session().scalar(select(PaperSheet.event_id).where(PaperSheet.id == paper_id))
    return programme.event_scopes(event) if event else None


def state_of(row: PaperSheet, work: Work, current_hash: str) -> str:
    """Where a printed sheet is: void, entered, printed, keyed (once), differs, agrees."""
    if row.entered_at is not None:
        return "entered"
    if row.replaced_at is not None or row.content_hash != current_hash or work.withdrawn_at is not None:
        return "void"
    if len(row.keyings) < 2:
        return "keyed" if row.keyings else "printed"
    return "differs" if differences(row.keyings[0].values, row.keyings[1].values) else "agrees"
