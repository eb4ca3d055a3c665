"""评分作废: what is left out after marking began. The chief judge asks, a supervisor countersigns; everybody concerned reads why."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.people.queries import people
from competitions.marking.actions import voids as actions
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import voids as queries
from competitions.programme import queries as programme
from competitions.rules.voids import WAYS
from competitions.schemes.queries import scheme_in_force
from foundation.clock import new_id, now
from foundation.permission import can, requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor

blueprint = Blueprint("marking_voids", __name__)


@blueprint.get("/events/<uuid:event_id>/voids")
@requires(MarkingPermission.CORRECTIONS, of="event_id")
def voids(event_id: UUID) -> str:
    """Every decision of an event; the chief's form for another one, the supervisor's buttons."""
    return _page(event_id)


def _page(event_id: UUID, wrong: str = "") -> str:
    row, scopes = programme.event(event_id), programme.event_scopes(event_id) or ()
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    found = queries.decisions(event_id)
    known = people(key for one in found for key in (one.asked_by, one.decided_by) if key)
    return render_template(
        "competitions/marking/voids.html", row=row, decisions=found, targets=queries.targets(found),
        scheme=scheme_in_force(event_id), ways=WAYS, names={key: person.name_zh for key, person in known.items()},
        ask=can(actor(), MarkingPermission.CONFIRM, scopes), countersign=can(actor(), MarkingPermission.APPROVE, scopes),
        wrong=wrong, typed=request.form, key=request.form.get("key") or new_id(),
    )  # fmt: skip


@blueprint.post("/events/<uuid:event_id>/voids")
@requires(MarkingPermission.CONFIRM, of="event_id")
def ask(event_id: UUID) -> ResponseReturnValue:
    """The chief judge signs that something is left out. `target` is `level|id`."""
    level, _bar, key = request.form.get("target", "").partition("|")
    try:
        target = UUID(key)
    except ValueError:
        return _page(event_id, sentence("void_target")), Refusal.status
    try:
        actions.ask_void(
            event_id, level, target, request.form.get("way", ""), request.form.get("reason", ""), actor=actor(), at=now(),
            key=request.form.get("key", type=UUID),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _page(event_id, sentence(refusal.code, **refusal.facts)), refusal.status
    flash(_("Signed by you. A supervisor must countersign before anything changes."), "success")
    return redirect(url_for("marking_voids.voids", event_id=event_id))


@blueprint.post("/marking/voids/<uuid:void_id>/agree")
@requires(MarkingPermission.APPROVE, of="void_id")
def agree(void_id: UUID) -> ResponseReturnValue:
    """The supervisor countersigns."""
    actions.agree_void(void_id, actor=actor(), at=now())
    flash(_("Countersigned. Results are computed anew and say what was left out."), "success")
    return redirect(url_for("marking_voids.voids", event_id=queries.event_of_void(void_id)))


@blueprint.post("/marking/voids/<uuid:void_id>/refuse")
@requires(MarkingPermission.APPROVE, of="void_id")
def refuse(void_id: UUID) -> ResponseReturnValue:
    """The supervisor does not agree."""
    actions.refuse_void(void_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("Not agreed; it stays on record."), "success")
    return redirect(url_for("marking_voids.voids", event_id=queries.event_of_void(void_id)))
