"""Events: adding, looking at, correcting, cancelling."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalogue.occupations import queries as occupations
from competitions.programme import actions, queries
from competitions.programme.forms.events import DIVISIONS, CancelEventForm, EventForm
from competitions.programme.models import Competition, Event
from competitions.programme.permissions import ProgrammePermission
from competitions.programme.views.blueprint import blueprint
from foundation.clock import now
from foundation.permission import requires
from foundation.web import cards, navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on


@blueprint.route("/competitions/<uuid:competition_id>/events/new", methods=["GET", "POST"])
@requires(ProgrammePermission.EDIT, of="competition_id")
def add_event(competition_id: UUID) -> Response | str | tuple[str, int]:
    """Add an event to a competition."""
    competition = queries.competition(competition_id)
    form = EventForm()
    form.offer([event.code for event in competition.events])
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.add_event(competition_id, form.facts(), actor=actor(), at=now(), key=form.chosen_key())
            flash(_("The event was added."), "success")
            return redirect(url_for("programme.event", event_id=made))
    return _event_page(form, competition, None)


@blueprint.get("/events/<uuid:event_id>")
@requires(ProgrammePermission.VIEW, of="event_id")
def event(event_id: UUID) -> str:
    """One event: its facts, and what the rooms offer for it."""
    row = queries.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id, nav="programme.competition")
    scopes = queries.event_scopes(event_id) or ()
    return render_template(
        "competitions/programme/event.html",
        row=row,
        links=cards.event_links(actor(), {event_id: scopes})[event_id],
        offered=occupations.grades_offered(row.occupation_edition, row.occupation_code),
        cancel_form=CancelEventForm(),
    )


@blueprint.route("/events/<uuid:event_id>/edit", methods=["GET", "POST"])
@requires(ProgrammePermission.EDIT, of="event_id")
def edit_event(event_id: UUID) -> Response | str | tuple[str, int]:
    """Correct an event."""
    row = queries.event(event_id)
    form = EventForm()
    form.offer([])
    if form.validate_on_submit():
        with refusals_on(form):
            actions.correct_event(event_id, form.facts(), actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("programme.event", event_id=event_id))
    elif not form.is_submitted():
        form.show(row)
    return _event_page(form, row.competition, row)


def _event_page(form: EventForm, competition: Competition, row: Event | None) -> tuple[str, int]:
    navigation.enter(competition_id=competition.id, nav="programme.competition")
    page = render_template(
        "competitions/programme/event_form.html",
        form=form,
        competition=competition,
        row=row,
        divisions=DIVISIONS,
        occupations=occupations.occupation_choices(),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<uuid:event_id>/cancel")
@requires(ProgrammePermission.EDIT, of="event_id")
def cancel_event(event_id: UUID) -> Response:
    """Cancel an event."""
    form = CancelEventForm()
    actions.cancel_event(event_id, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("The event was cancelled."), "success")
    return redirect(url_for("programme.event", event_id=event_id))
