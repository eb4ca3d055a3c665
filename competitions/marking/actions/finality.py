"""The gate of finality: refuses, in one sentence, whatever would become final over something open."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from competitions.judges.models import Panel
from competitions.marking.models.marks import MarkStream
from competitions.marking.queries import finality as queries
from competitions.rules.finality import OpenMatter
from foundation.db import transaction
from foundation.refusal import Refusal


def hold_stream(event_id: UUID) -> None:
    """Until the end of the transaction no mark enters the event's ledger: what the gate sees stays true until COMMIT.

    Take it before any list or sheet is locked: receiving marks locks in this order.
    """
    with transaction() as writing:
        writing.execute(select(MarkStream.sequence).where(MarkStream.stream == f"event:{event_id}").with_for_update())


def refuse_open_event(event_id: UUID) -> None:
    """Raise Refusal marking_not_final, naming what is open, while anything of the event's marks is. Call inside `transaction()`."""
    hold_stream(event_id)
    _refuse(queries.open_in_event(event_id))


def refuse_open_panel(panel: Panel) -> None:
    """As `refuse_open_event`, for what is open of one panel: another panel's dispute does not hold up its list."""
    persons = {seat.duty.person_id for seat in panel.seats}
    subs = {assignment.sub_criterion_id for assignment in panel.assignments}
    _refuse(queries.open_in_panel(panel.event_id, persons, subs))


def _refuse(found: tuple[OpenMatter, ...]) -> None:
    if found:
        raise Refusal("marking_not_final", open=tuple((matter.code, matter.facts) for matter in found))
