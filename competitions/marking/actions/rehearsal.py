"""Starting a rehearsal, marking in it, and erasing it. Nothing of it touches works, marks or sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accounts.sign_in import actions as sign_in
from accounts.sign_in.device_keys import canonical_key
from competitions.judges.actions import token_ends
from competitions.judges.models import PanelAssignment
from competitions.marking.actions.sheets import chain_of
from competitions.marking.actions.tablets import Paired
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import Answer
from competitions.marking.models.rehearsal import Rehearsal, RehearsalMark, RehearsalWork
from competitions.marking.queries import marks as queries
from competitions.programme.models import Event
from competitions.rules.codes import draw_codes
from competitions.rules.scoring.aspects import AspectRule, checked_value
from competitions.schemes.models import Aspect
from foundation.audit.chain import record
from foundation.clock import new_id, random_source
from foundation.db import session, transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

MOST_WORKS = 60


def start_rehearsal(event_id: UUID, works: int, *, actor: Actor, at: datetime) -> None:
    """Invent works under random codes for the event's panels to mark. While one runs a second click changes nothing.

    Raises Missing, Refusal rehearsal_size, rehearsal_no_panel.
    """
    if not 1 <= works <= MOST_WORKS:
        raise Refusal("rehearsal_size", field="works", most=MOST_WORKS)
    with transaction() as writing:
        if writing.get(Event, event_id, with_for_update=True) is None:
            raise Missing
        if writing.get(Rehearsal, event_id) is not None:
            return
        if not queries.panels(event_id):
            raise Refusal("rehearsal_no_panel")
        real = [work.code for work in queries.works(event_id)]  # never the code of a real work
        writing.add(Rehearsal(event_id=event_id, started_by=actor.person, started_at=at))
        writing.flush()
        for code in draw_codes(works, taken=real, rng=random_source()):
            writing.add(RehearsalWork(id=new_id(), event_id=event_id, code=code))
        record(actor, "rehearsal:started", "event", event_id, at=at, chain=chain_of(event_id), works=works)


def erase_rehearsal(event_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Erase invented works, their marks and the tokens of the tablets that took part. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.get(Rehearsal, event_id, with_for_update=True)
        if row is None:
            return
        for table in (RehearsalMark, RehearsalWork):
            writing.execute(delete(table).where(table.event_id == event_id))
        sign_in.forget_devices(row.id)
        writing.delete(row)
        record(actor, "rehearsal:erased", "event", event_id, at=at, chain=chain_of(event_id))


def join_rehearsal(event_id: UUID, public_key: object | None, *, label: str, actor: Actor, at: datetime) -> Paired:
    """Give a judge's browser an identity for the rehearsal, apart from the one it marks with. Raises Missing."""
    person = actor.person
    row = session().get(Rehearsal, event_id)
    if row is None or person is None:
        raise Missing
    if event_id not in {seat.panel.event_id for seat in queries.seats_of_person(person)}:
        raise Missing
    key, ends = "" if public_key is None else canonical_key(public_key), token_ends(event_id, at)
    with transaction():
        token, device = sign_in.pair_device(
            person, row.id, label=label, ends_at=ends, actor=actor, at=at, public_key=key
        )
    return Paired(device, token, event_id, person, bool(key), 0, ends)


def receive_rehearsed(batch: Sequence[MarkBody], *, actor: Actor, at: datetime) -> list[Answer]:
    """Take in marks of a rehearsal: an answer for each. What is no invented work, no own cell or no value is `invalid`."""
    with transaction() as writing:
        return [_receive(writing, body, actor, at) for body in batch]


def _receive(writing: Session, body: MarkBody, actor: Actor, at: datetime) -> Answer:
    if writing.get(RehearsalMark, body.id) is not None:
        return Answer(body.id, "duplicate")
    work, aspect = writing.get(RehearsalWork, body.work_id), writing.get(Aspect, body.aspect_id)
    if work is None or aspect is None:
        return Answer(body.id, "invalid", code="rehearsal_over")
    panel_id = writing.scalar(
        select(PanelAssignment.panel_id).where(PanelAssignment.sub_criterion_id == aspect.sub_criterion_id)
    )
    panel = queries.panel(panel_id) if panel_id else None
    mine = {seat.id for seat in panel.seats if seat.duty.person_id == actor.person} if panel else set()
    if panel is None or panel.event_id != work.event_id or not mine:
        return Answer(body.id, "invalid", code="rehearsal_not_seated")
    rule = AspectRule(aspect.method, Fraction(aspect.max_mark), aspect.options)
    seats = {seat.id for seat in panel.seats} if panel.entry_mode == "panel_tablet" else mine
    if (rule.by_each_judge and body.seat_id not in seats) or body.kind not in ("set", "clear", "note"):
        return Answer(body.id, "invalid", code="rehearsal_not_seated")
    value = body.value
    if body.kind == "set":
        try:
            value = checked_value(rule, body.value or "")
        except Refusal as refusal:
            return Answer(body.id, "invalid", code=refusal.code, facts=refusal.facts)
    last = writing.scalar(select(func.max(RehearsalMark.sequence)).where(RehearsalMark.event_id == work.event_id)) or 0
    writing.add(
        RehearsalMark(
            id=body.id, event_id=work.event_id, sequence=last + 1, work_id=work.id, aspect_id=aspect.id,
            cell=body.seat_id if rule.by_each_judge and body.seat_id else panel.id, kind=body.kind, value=value,
            base_id=body.base_id, judge_id=actor.person, given_at=at,
        )
    )  # fmt: skip
    writing.flush()
    return Answer(body.id, "received", sequence=last + 1)
