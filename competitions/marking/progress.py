"""How far marking is, and whose turn it is: cards for the organizer's board and the chief judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from competitions.codes.models import Work
from competitions.marking.models.marks import ChiefCall, HeldDecision, Mark, MarkHead, MarkStatus, Sheet, SigningList
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries.corrections import corrections_waiting
from competitions.marking.queries.recheck import rechecks_open
from competitions.programme.models import Event
from competitions.programme.queries import competition, event_scopes
from competitions.rules.lifecycle import SHEET_FINAL, SheetState
from competitions.schemes.models import Criterion, MarkingScheme, SubCriterion
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.web.cards import Card, CardKind


def _counts(statement: object) -> dict[UUID, int]:
    return {row[0]: row[1] for row in session().execute(statement)}  # type: ignore[call-overload]


def cards(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """Figures and next steps of marking for each event of a competition, in a constant number of queries."""
    if scope.kind != ScopeKind.COMPETITION:
        return []
    events = competition(UUID(scope.key)).events
    ids = [event.id for event in events]
    subs = _counts(
        select(MarkingScheme.event_id, func.count(SubCriterion.id))
        .join(Criterion, Criterion.scheme_id == MarkingScheme.id)
        .join(SubCriterion, SubCriterion.criterion_id == Criterion.id)
        .where(MarkingScheme.event_id.in_(ids), MarkingScheme.state != "superseded")
        .group_by(MarkingScheme.event_id)
    )
    works = _counts(
        select(Work.event_id, func.count(Work.id))
        .where(Work.event_id.in_(ids), Work.withdrawn_at.is_(None))
        .group_by(Work.event_id)
    )
    done: dict[UUID, int] = {}
    confirmed: dict[UUID, int] = {}
    for event_id, state, count in session().execute(
        select(Sheet.event_id, Sheet.state, func.count(Sheet.id))
        .join(Work, Work.id == Sheet.work_id)
        .where(Sheet.event_id.in_(ids), Sheet.state != SheetState.OPEN, Work.withdrawn_at.is_(None))
        .group_by(Sheet.event_id, Sheet.state)
    ):
        done[event_id] = done.get(event_id, 0) + count
        if state in SHEET_FINAL:
            confirmed[event_id] = confirmed.get(event_id, 0) + count
    lists = _counts(
        select(SigningList.event_id, func.count(SigningList.id))
        .where(
            SigningList.event_id.in_(ids),
            SigningList.signed_at.is_not(None),
            SigningList.confirmed_at.is_(None),
            SigningList.withdrawn_at.is_(None),
        )
        .group_by(SigningList.event_id)
    )
    disputed = _counts(
        select(MarkHead.event_id, func.count())
        .where(MarkHead.event_id.in_(ids), MarkHead.conflict.is_(True))
        .group_by(MarkHead.event_id)
    )
    held = _counts(
        select(Mark.stream, func.count(Mark.id))
        .outerjoin(HeldDecision, HeldDecision.mark_id == Mark.id)
        .where(
            Mark.stream.in_([f"event:{key}" for key in ids]),
            Mark.status == MarkStatus.HELD,
            HeldDecision.mark_id.is_(None),
        )
        .group_by(Mark.stream)
    )
    calls = _counts(
        select(ChiefCall.event_id, func.count(ChiefCall.id))
        .where(ChiefCall.event_id.in_(ids), ChiefCall.answered_at.is_(None))
        .group_by(ChiefCall.event_id)
    )
    asked = corrections_waiting(ids)
    unsettled = rechecks_open(UUID(scope.key), ids)
    found: list[Card] = []
    for event in events:
        sheets = subs.get(event.id, 0) * works.get(event.id, 0)
        if not sheets or not can(actor, MarkingPermission.PROGRESS, event_scopes(event.id) or ()):
            continue
        chief = can(actor, MarkingPermission.CONFIRM, event_scopes(event.id) or ())
        link, name, share = f"/events/{event.id}/marking", event.name_zh, done.get(event.id, 0) * 100 // sheets
        figure = {"event": name, "value": f"{share} %", "of": "", "note": f"{done.get(event.id, 0)} / {sheets}"}
        found.append(Card(CardKind.FIGURE, "figure:marking", figure, link=link, order=50))
        decide = disputed.get(event.id, 0) + held.get(f"event:{event.id}", 0)  # type: ignore[call-overload]
        waiting = (
            ("next_step:marking_call", calls.get(event.id, 0), 38),
            ("next_step:marking_decide", decide, 39),
            ("next_step:marking_confirm", lists.get(event.id, 0), 40),
        )
        if sheets == confirmed.get(event.id, 0):
            found += _recheck_step(actor, event, chief, unsettled.get(event.id))
        if asked.get(event.id) and can(actor, MarkingPermission.APPROVE, event_scopes(event.id) or ()):
            facts = {"count": asked[event.id], "event": name}
            address = f"/events/{event.id}/corrections"
            found.append(Card(CardKind.NEXT_STEP, "next_step:marking_countersign", facts, address, "marking:open", 37))
        if chief:
            found += [
                Card(CardKind.NEXT_STEP, code, {"count": count, "event": name}, link, "marking:open", order)
                for code, count, order in waiting
                if count
            ]
        elif lists.get(event.id):
            facts = {"count": lists[event.id], "event": name}
            found.append(
                Card(
                    CardKind.NEXT_STEP, "next_step:marking_waits_for_chief", facts, link, "marking:open", 41, mine=False
                )
            )
        elif done.get(event.id, 0) > 0 and confirmed.get(event.id, 0) < sheets:
            found.append(
                Card(
                    CardKind.NEXT_STEP,
                    "next_step:marking_running",
                    {"event": name},
                    link,
                    "marking:open",
                    42,
                    mine=False,
                )
            )
    return found


def _recheck_step(actor: Actor, event: Event, chief: bool, turn: str | None) -> list[Card]:
    """The next step of a re-check, for the one whose turn it is."""
    code = {"check": "next_step:marking_recheck", "agree": "next_step:marking_recheck_sign"}.get(turn or "")
    mine = chief if turn == "agree" else can(actor, MarkingPermission.RECHECK, event_scopes(event.id) or ())
    if code is None or not mine:
        return []
    return [Card(CardKind.NEXT_STEP, code, {"event": event.name_zh}, f"/events/{event.id}/recheck", "marking:open", 36)]
