"""The chief judge's page of an event's marking; the organizer sees progress on it and no scores."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking import desk
from competitions.marking.actions import sheets as actions
from competitions.marking.actions import signing
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import checks, evidence, recheck
from competitions.marking.queries import marks as queries
from competitions.marking.queries.finality import open_in_event
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import can, requires
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.showing import show_moment

blueprint = Blueprint("marking_chief", __name__)


@blueprint.get("/events/<uuid:event_id>/marking")
@requires(MarkingPermission.PROGRESS, of="event_id")
def event(event_id: UUID) -> str:
    """Progress by panel and sub-criterion; for the chief what waits for a decision."""
    row = programme.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    scores = can(actor(), MarkingPermission.SCORES, programme.event_scopes(event_id) or ())
    boards = desk.event_boards(event_id, actor().person)
    names = {a.id: a for board in boards for sub in board.subs for a in sub.aspects}
    works = {work.id: work for board in boards for work in board.works}
    return render_template(
        "competitions/marking/event.html",
        row=row,
        boards=boards,
        work=queries.open_work(event_id),
        lists=queries.lists_of(event_id),
        calls=queries.open_calls(event_id) if scores else [],
        disputes=_disputes(event_id, names, works) if scores else [],
        held=list(queries.held(event_id)) if scores else [],
        spreads=_spreads(boards) if scores else [],
        aspects=names,
        works=works,
        scores=scores,
        recheck_open=not recheck.settled(event_id),
        open_matters=open_in_event(event_id) if scores else (),
        tablets=checks.failed_tablets(event_id),
        photos=evidence.photos_of(event_id) if scores else [],
        corrections_shown=can(actor(), MarkingPermission.CORRECTIONS, programme.event_scopes(event_id) or ()),
    )


def _disputes(event_id: UUID, names: dict[UUID, Any], works: dict[UUID, Any]) -> list[dict[str, Any]]:
    found = []
    for head in queries.conflicts(event_id):
        marks = [
            m for m in queries.revisions_at(head.work_id, head.aspect_id) if (m.seat_id or m.panel_id) == head.cell
        ]
        based = {mark.base_id for mark in marks}
        leaves = [mark for mark in marks if mark.id not in based]
        found.append({"aspect": names.get(head.aspect_id), "work": works.get(head.work_id), "marks": leaves})
    return found


def _spreads(boards: list[desk.PanelBoard]) -> list[tuple[desk.PanelBoard, Any, Any, Any]]:
    return [
        (board, work, sub, next(a for a in sub.aspects if a.id == aspect))
        for board in boards
        for sub in board.subs
        for work in board.works
        for aspect in board.sheets[sub.id, work.id].findings.discuss
    ]


@blueprint.post("/marking/lists/<uuid:list_id>/confirm")
@requires(MarkingPermission.CONFIRM, of="list_id")
def confirm(list_id: UUID) -> ResponseReturnValue:
    """Confirm a signed list."""
    done = signing.confirm_list(list_id, actor=actor(), at=now())
    if done.again:
        flash(_("This list was already confirmed: %(at)s.", at=show_moment(done.at)), "success")
    elif done.finished:
        flash(_("Confirmed. Every sheet of this event is confirmed; unblinding may be asked for."), "success")
    else:
        flash(_("Confirmed."), "success")
    return _back(queries.signing_list(list_id).event_id)


@blueprint.post("/marking/lists/<uuid:list_id>/return")
@requires(MarkingPermission.CONFIRM, of="list_id")
def give_back(list_id: UUID) -> ResponseReturnValue:
    """Return a list to its panel."""
    signing.return_list(list_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("The list was returned to the panel."), "success")
    return _back(queries.signing_list(list_id).event_id)


@blueprint.post("/marking/marks/<uuid:mark_id>/resolve")
@requires(MarkingPermission.CONFIRM, of="mark_id")
def resolve(mark_id: UUID) -> ResponseReturnValue:
    """Decide a conflict for this mark's value."""
    actions.resolve_conflict(mark_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("Decided."), "success")
    return _back(queries.event_of_mark(mark_id))


@blueprint.post("/marking/marks/<uuid:mark_id>/settle")
@requires(MarkingPermission.CONFIRM, of="mark_id")
def settle(mark_id: UUID) -> ResponseReturnValue:
    """Take a held mark over, or leave it out."""
    taken = request.form.get("decision") == "take"
    actions.settle_held(mark_id, taken=taken, reason=request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("Decided."), "success")
    return _back(queries.event_of_mark(mark_id))


@blueprint.post("/marking/calls/<uuid:call_id>/answer")
@requires(MarkingPermission.CONFIRM, of="call_id")
def answer(call_id: UUID) -> ResponseReturnValue:
    """The chief judge has been there."""
    actions.answer_call(call_id, actor=actor(), at=now())
    return _back(queries.event_of_call(call_id))


def _back(event_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("marking_chief.event", event_id=event_id))
