"""Corrections of signed marks: the chief judge asks, a supervisor countersigns; both values stay in sight."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.people.queries import people
from competitions.marking import desk
from competitions.marking.actions import corrections as actions
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import corrections as queries
from competitions.programme import queries as programme
from foundation.clock import new_id, now
from foundation.permission import can, requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor

blueprint = Blueprint("marking_corrections", __name__)


@blueprint.get("/events/<uuid:event_id>/corrections")
@requires(MarkingPermission.CORRECTIONS, of="event_id")
def corrections(event_id: UUID) -> str:
    """Every correction of an event; the chief's form for another one, the supervisor's buttons."""
    return _page(event_id)


def _page(event_id: UUID, wrong: str = "") -> str:
    row, scopes = programme.event(event_id), programme.event_scopes(event_id) or ()
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    boards = desk.event_boards(event_id, actor().person)
    found = queries.corrections(event_id)
    known = people(key for one in found for key in (one.asked_by, one.decided_by) if key)
    return render_template(
        "competitions/marking/corrections.html",
        row=row,
        boards=boards,
        corrections=found,
        works={work.id: work for board in boards for work in board.works},
        aspects={aspect.id: aspect for board in boards for sub in board.subs for aspect in sub.aspects},
        seats={seat.id: seat for board in boards for seat in board.panel.seats},
        names={key: person.name_zh for key, person in known.items()},
        ask=can(actor(), MarkingPermission.CONFIRM, scopes),
        countersign=can(actor(), MarkingPermission.APPROVE, scopes),
        wrong=wrong,
        typed=request.form,
        key=request.form.get("key") or new_id(),
    )


@blueprint.post("/events/<uuid:event_id>/corrections")
@requires(MarkingPermission.CONFIRM, of="event_id")
def ask(event_id: UUID) -> ResponseReturnValue:
    """The chief judge signs a correction."""
    work, aspect = request.form.get("work_id", type=UUID), request.form.get("aspect_id", type=UUID)
    if work is None or aspect is None:
        return _page(event_id, sentence("correction_place")), Refusal.status
    try:
        actions.ask_correction(
            event_id, work, aspect, request.form.get("seat_id", type=UUID), request.form.get("value", ""),
            request.form.get("reason", ""), actor=actor(), at=now(), key=request.form.get("key", type=UUID),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _page(event_id, sentence(refusal.code, **refusal.facts)), refusal.status
    flash(_("Signed by you. A supervisor must countersign before the value changes."), "success")
    return redirect(url_for("marking_corrections.corrections", event_id=event_id))


@blueprint.post("/marking/corrections/<uuid:correction_id>/agree")
@requires(MarkingPermission.APPROVE, of="correction_id")
def agree(correction_id: UUID) -> ResponseReturnValue:
    """The supervisor countersigns."""
    actions.agree_correction(correction_id, actor=actor(), at=now())
    flash(
        _("Corrected. The judges sign the sheet again, the chief judge confirms it, and results are computed anew."),
        "success",
    )
    return _back(correction_id)


@blueprint.post("/marking/corrections/<uuid:correction_id>/refuse")
@requires(MarkingPermission.APPROVE, of="correction_id")
def refuse(correction_id: UUID) -> ResponseReturnValue:
    """The supervisor does not agree."""
    actions.refuse_correction(correction_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("Not agreed; the correction stays on record."), "success")
    return _back(correction_id)


def _back(correction_id: UUID) -> ResponseReturnValue:
    event_id = queries.event_of_correction(correction_id)
    return redirect(url_for("marking_corrections.corrections", event_id=event_id))
