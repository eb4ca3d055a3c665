"""On a panel's tablet each judge confirms their column with their PIN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.sign_in import actions as sign_in
from competitions.judges.models import Panel
from competitions.marking.actions.sheets import chain_of, require_seat
from competitions.marking.confirmations import asked_seats, column_hash, columns
from competitions.marking.models.confirmations import SeatConfirmation
from competitions.marking.queries import marks
from competitions.marking.queries.voids import voided_aspects
from competitions.rules.scoring.catalogue import BY_KEY
from foundation.audit.chain import record
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal


@dataclass(frozen=True, slots=True)
class Column:
    """A judge's column of a sheet, and the hash of what the tablet showed in it."""

    panel_id: UUID
    work_id: UUID
    sub_criterion_id: UUID
    seat_id: UUID
    values_hash: str


def confirm_column(key: UUID, column: Column, pin: str, *, client_at: datetime, actor: Actor, at: datetime) -> bool:
    """Confirm a column with the PIN of its judge; True when it had been confirmed under this key before.

    Raises Missing, Refusal not_seated (the recorder), column_changed (other values are on the server), code_wrong, code_locked.
    """
    with transaction() as writing:
        if writing.get(SeatConfirmation, key) is not None:
            return True
        panel = writing.get(Panel, column.panel_id)
        if panel is None or column.seat_id not in asked_seats(panel):
            raise Missing
        require_seat(panel, actor)
        if column.sub_criterion_id not in {one.sub_criterion_id for one in panel.assignments}:
            raise Missing
        seat = next(one for one in panel.seats if one.id == column.seat_id)
        duty_id, person_id, event_id = seat.duty_id, seat.duty.person_id, panel.event_id
    [sub] = marks.sub_criteria([column.sub_criterion_id])
    void = voided_aspects(event_id)
    judged = [aspect.id for aspect in sub.aspects if BY_KEY[aspect.method].by_each_judge and aspect.id not in void]
    values = {(row.aspect_id, row.cell): row.value for row in marks.heads_on([column.work_id], judged)}
    stands = columns(judged, [column.seat_id], values)[column.seat_id]
    if column_hash(column.work_id, sub.id, column.seat_id, stands) != column.values_hash:
        raise Refusal("column_changed")
    sign_in.require_pin("card", duty_id, pin, at=at)
    with transaction() as writing:
        writing.add(
            SeatConfirmation(
                id=key, panel_id=column.panel_id, work_id=column.work_id, sub_criterion_id=sub.id, seat_id=column.seat_id,
                person_id=person_id, values_hash=column.values_hash, client_at=client_at, server_at=at,
            )
        )  # fmt: skip
        record(
            Actor(person_id, actor.via, actor.device), "column:confirmed", "panel", column.panel_id, at=at,
            chain=chain_of(event_id), seat=column.seat_id, hash=column.values_hash,
        )  # fmt: skip
    return False
