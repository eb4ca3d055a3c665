"""Organizers' pages of a competition."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalogue.codes.queries import code_set
from catalogue.occupations.queries import region_choices
from competitions.programme import actions, queries
from competitions.programme.forms.competitions import CompetitionForm, MoveForm
from competitions.programme.models import Competition
from competitions.programme.permissions import ProgrammePermission
from competitions.programme.views.blueprint import blueprint
from competitions.rules import lifecycle
from foundation.audit import queries as audit
from foundation.audit.permissions import AuditPermission
from foundation.clock import now
from foundation.permission import Scope, ScopeKind, requires
from foundation.web import cards, listing, navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on


@blueprint.get("/competitions")
@requires(ProgrammePermission.VIEW)
def competitions() -> str:
    """Every competition the reader may see."""
    asked = listing.asked(orders=("starts_on",), filters=("state", "tier"))
    wanted = queries.competitions(actor(), search=asked.search, **asked.filters)
    return render_template(
        "competitions/programme/competitions.html",
        page=listing.page_of(wanted, asked),
        asked=asked,
        states=lifecycle.COMPETITION.states(),
        tiers=code_set("tier").values(),
    )


@blueprint.route("/competitions/new", methods=["GET", "POST"])
@requires(ProgrammePermission.CREATE)
def set_up() -> Response | str | tuple[str, int]:
    """Set up a competition."""
    form = CompetitionForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.set_up_competition(form.facts(), actor=actor(), at=now(), key=form.chosen_key())
            flash(_("The competition was set up as a draft."), "success")
            return redirect(url_for("programme.competition", competition_id=made))
    navigation.enter(nav="programme.competitions")
    return render_template(
        "competitions/programme/competition_form.html", form=form, row=None, regions=region_choices()
    ), 422 if form.is_submitted() else 200


@blueprint.get("/competitions/<uuid:competition_id>")
@requires(ProgrammePermission.VIEW, of="competition_id", below=True)
def competition(competition_id: UUID) -> str:
    """The organizer's board of one competition: what is next, figures, events."""
    row = queries.competition(competition_id)
    navigation.enter(competition_id=competition_id)
    _rules_id, rules = queries.rule_set_in_force(competition_id)
    found = cards.cards(actor(), Scope(ScopeKind.COMPETITION, str(competition_id)), now())
    return render_template(
        "competitions/programme/competition.html",
        row=row,
        rules=rules,
        cards=found,
        lifecycle=lifecycle.COMPETITION,
        move_form=MoveForm(),
        links=links_of(row),
    )


def links_of(row: Competition) -> dict[UUID, list[cards.EventLinkShown]]:
    """What the rooms offer for each event that goes on, what is due first."""
    going = [event.id for event in row.events if event.cancelled_at is None]
    above = queries.competition_scopes(row.id) or ()
    return cards.event_links(actor(), {key: (*above, Scope(ScopeKind.EVENT, str(key))) for key in going})


@blueprint.route("/competitions/<uuid:competition_id>/edit", methods=["GET", "POST"])
@requires(ProgrammePermission.EDIT, of="competition_id")
def edit(competition_id: UUID) -> Response | str | tuple[str, int]:
    """Correct what is said of a competition."""
    row = queries.competition(competition_id)
    form = CompetitionForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.correct_competition(competition_id, form.facts(), actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("programme.competition", competition_id=competition_id))
    elif not form.is_submitted():
        form.show(row)
    navigation.enter(competition_id=competition_id)
    return render_template(
        "competitions/programme/competition_form.html", form=form, row=row, regions=region_choices()
    ), 422 if form.is_submitted() else 200


@blueprint.post("/competitions/<uuid:competition_id>/move")
@requires(ProgrammePermission.MOVE, of="competition_id")
def move(competition_id: UUID) -> Response:
    """Take the competition one step on its way."""
    form = MoveForm()
    if form.validate():
        actions.move_competition(competition_id, form.move.data, reason=form.reason.data or "", actor=actor(), at=now())
        flash(_("Done."), "success")
    return redirect(url_for("programme.competition", competition_id=competition_id))


@blueprint.get("/competitions/<uuid:competition_id>/audit")
@requires(AuditPermission.VIEW, of="competition_id")
def audit_log(competition_id: UUID) -> str:
    """What was done to this competition, newest first."""
    navigation.enter(competition_id=competition_id)
    return render_template(
        "competitions/programme/audit.html",
        row=queries.competition(competition_id),
        entries=audit.entries_of_chain(queries.audit_chain(competition_id)),
    )
