"""彩排: the page of those who lead it (start, look, erase) and the judges' pages, marked as a rehearsal on every screen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking import rehearsing
from competitions.marking.actions import rehearsal as actions
from competitions.marking.entering import EntryPage
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import rehearsal as queries
from competitions.marking.views import sheets
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor

blueprint = Blueprint("marking_rehearsal", __name__)


@blueprint.get("/events/<uuid:event_id>/rehearsal")
@requires(MarkingPermission.REHEARSE, of="event_id")
def event(event_id: UUID) -> str:
    """Start one, see how far the panels are, erase it."""
    return _event(event_id)


def _event(event_id: UUID, wrong: str = "") -> str:
    row = programme.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    running = queries.rehearsal_of(event_id)
    boards = rehearsing.event_boards(event_id) if running else []
    return render_template(
        "competitions/marking/rehearsal.html", event=row, running=running, boards=boards, wrong=wrong,
        works=queries.works(event_id), typed=request.form.get("works", "6"), most=actions.MOST_WORKS,
    )  # fmt: skip


@blueprint.post("/events/<uuid:event_id>/rehearsal")
@requires(MarkingPermission.REHEARSE, of="event_id")
def start(event_id: UUID) -> ResponseReturnValue:
    """Start."""
    try:
        actions.start_rehearsal(event_id, request.form.get("works", 0, type=int), actor=actor(), at=now())
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _event(event_id, sentence(refusal.code, **refusal.facts)), refusal.status
    flash(_("The rehearsal runs. Judges find it under “My seats”."), "success")
    return redirect(url_for("marking_rehearsal.event", event_id=event_id))


@blueprint.post("/events/<uuid:event_id>/rehearsal/erase")
@requires(MarkingPermission.REHEARSE, of="event_id")
def erase(event_id: UUID) -> ResponseReturnValue:
    """Erase."""
    actions.erase_rehearsal(event_id, actor=actor(), at=now())
    flash(_("The rehearsal is erased: no invented work and no mark of it is left."), "success")
    return redirect(url_for("marking_rehearsal.event", event_id=event_id))


@blueprint.get("/rehearsal/panels/<uuid:panel_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def panel(panel_id: UUID) -> str:
    """A judge's invented works."""
    board = rehearsing.panel_board(panel_id, actor().person)
    return render_template(
        "competitions/marking/rehearsal_panel.html", board=board, event=programme.event(board.panel.event_id)
    )


@blueprint.get("/rehearsal/panels/<uuid:panel_id>/works/<uuid:work_id>/<uuid:sub_criterion_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def sheet(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID) -> str:
    """The sheet, as on the day."""
    page = rehearsing.work_page(panel_id, work_id, sub_criterion_id, actor().person)
    home = url_for("marking_rehearsal.panel", panel_id=panel_id)

    def address(key: UUID | None) -> str:
        if key is None:
            return home
        return url_for("marking_rehearsal.sheet", panel_id=panel_id, work_id=key, sub_criterion_id=sub_criterion_id)

    return sheets.show(
        page, _config(page), home, rehearsal=True, before=address(page.before), after=address(page.after),
        other=lambda _sheet, _aspect: address(work_id),
    )  # fmt: skip


@blueprint.get("/rehearsal/panels/<uuid:panel_id>/works/<uuid:work_id>/<uuid:sub_criterion_id>/state")
@requires(MarkingPermission.MARK, of="panel_id")
def state(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID) -> ResponseReturnValue:
    """What the sheet looks like now."""
    return jsonify(sheets.state_of(rehearsing.work_page(panel_id, work_id, sub_criterion_id, actor().person)))


def _config(page: EntryPage) -> dict[str, Any]:
    place: dict[str, Any] = {"panel_id": page.panel.id, "work_id": page.work.id, "sub_criterion_id": page.sub.id}
    return {
        "person": str(actor().person), "event": str(page.event.id), "panel": str(page.panel.id), "sub": str(page.sub.id),
        "page": f"rehearsal|{page.panel.id}|{page.work.id}|{page.sub.id}|{actor().person}",
        **sheets.said(page),
        "urls": {"marks": url_for("marking_api.rehearsed_marks"), "devices": url_for("marking_api.rehearsed_devices"),
                 "calls": url_for("marking_api.calls"), "state": url_for("marking_rehearsal.state", **place)},
    }  # fmt: skip
