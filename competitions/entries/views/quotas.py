"""Quotas, deadlines by role and the waiting list: the organizer's page, and how a place is offered and taken."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import delegations as deadline_actions
from competitions.entries.actions import quotas as actions
from competitions.entries.actions import waiting
from competitions.entries.forms import DeadlineForm, QuotaForm, ReasonForm, WaitingForm
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import deadlines
from competitions.entries.queries import entries as entry_queries
from competitions.entries.queries import quotas as queries
from competitions.entries.views.delegations import blueprint
from competitions.entries.views.room import named
from competitions.programme import queries as programme
from competitions.rules.deadlines import ROLES
from foundation.clock import now
from foundation.permission import SIGNED_IN, requires
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on


@blueprint.route("/competitions/<uuid:competition_id>/quotas", methods=["GET", "POST"])
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def quotas(competition_id: UUID) -> Response | tuple[str, int]:
    """How many may come, until when, and who waits; add a quota of the notice."""
    form = QuotaForm()
    form.offer(programme.competition(competition_id))
    if form.validate_on_submit():
        with refusals_on(form):
            actions.add_quota(competition_id, form.stored(), actor=actor(), at=now())
            flash(_("The quota is in force; it stands in the rules as their next version."), "success")
            return redirect(url_for("delegations.quotas", competition_id=competition_id))
    return _page(competition_id, form)


def _page(
    competition_id: UUID, form: QuotaForm, reason: ReasonForm | None = None, policy: WaitingForm | None = None,
    until: DeadlineForm | None = None,
) -> tuple[str, int]:  # fmt: skip
    row = programme.competition(competition_id)
    _version, rules = programme.rule_set_in_force(competition_id)
    found = queries.quotas_of(competition_id)
    line = queries.waiting(competition_id)
    if policy is None:
        policy = WaitingForm(formdata=None)
        policy.show(rules)
    if until is None:
        until = DeadlineForm(formdata=None)
        until.show(row.registration_closes_at, deadlines.own_deadlines(competition_id))
    navigation.enter(nav="delegations.quotas", competition_id=competition_id)
    page = render_template(
        "competitions/entries/quotas.html", row=row, form=form, quotas=found, lines=queries.lines_of_competition(row, found),
        waiting=line, places=queries.places_in_line(line), turn={one.id for one in queries.whose_turn(competition_id)},
        events={event.code: event for event in row.events}, policy=policy, deadline=until,
        reason=reason or ReasonForm(formdata=None), named=named,
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/competitions/<uuid:competition_id>/quotas/remove")
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def remove_quota(competition_id: UUID) -> Response:
    """Lift a quota."""
    actions.remove_quota(competition_id, request.form.get("key", ""), actor=actor(), at=now())
    flash(_("The quota was lifted; the earlier version of the rules keeps it."), "success")
    return redirect(url_for("delegations.quotas", competition_id=competition_id))


@blueprint.post("/competitions/<uuid:competition_id>/quotas/waiting")
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def set_waiting(competition_id: UUID) -> Response | tuple[str, int]:
    """What a full division does, and how free places are offered."""
    form = WaitingForm()
    form.offer_choices()
    if form.validate():
        with refusals_on(form):
            actions.set_waiting(
                competition_id, full_division=form.full_division.data, waiting_offers=form.waiting_offers.data,
                offer_hours=form.offer_hours.data or 0, coaches_most=form.coaches_most.data, units_open=bool(form.units_open.data), review_levels=form.levels(), actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Saved."), "success")
            return redirect(url_for("delegations.quotas", competition_id=competition_id))
    other = QuotaForm(formdata=None)
    other.offer(programme.competition(competition_id))
    return _page(competition_id, other, policy=form)


@blueprint.post("/competitions/<uuid:competition_id>/delegations/deadline")
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def set_deadline(competition_id: UUID) -> Response | tuple[str, int]:
    """Fix until when everybody, and each role, enters."""
    form = DeadlineForm()
    if form.validate():
        with refusals_on(form):
            moments = {role: form.moment(role) for role in ("", *ROLES)}
            deadline_actions.set_deadlines(competition_id, moments, actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("delegations.quotas", competition_id=competition_id))
    other = QuotaForm(formdata=None)
    other.offer(programme.competition(competition_id))
    return _page(competition_id, other, until=form)


# --- the waiting list -------------------------------------------------------------------------------------------------


@blueprint.post("/entries/<uuid:entry_id>/offer")
@requires(EntryPermission.REVIEW, of="entry_id")
def offer_place(entry_id: UUID) -> Response | tuple[str, int]:
    """Offer a place to somebody who waits."""
    form, competition_id = ReasonForm(), entry_queries.entry(entry_id).competition_id
    if form.validate():
        with refusals_on(form):
            waiting.offer_place(entry_id, reason=form.reason.data or "", actor=actor(), at=now())
            flash(_("The place is offered; it is kept for the hours of the rules."), "success")
            return redirect(url_for("delegations.quotas", competition_id=competition_id))
    other = QuotaForm(formdata=None)
    other.offer(programme.competition(competition_id))
    return _page(competition_id, other, reason=form)


@blueprint.post("/entries/<uuid:entry_id>/take")
@requires(EntryPermission.ENTER, of="entry_id")
def take_place(entry_id: UUID) -> Response:
    """A leader takes the place offered to one of the delegation's people."""
    waiting.take_place(entry_id, actor=actor(), at=now())
    flash(_("The place is taken; the entry waits for review."), "success")
    return redirect(url_for("entries.entry", entry_id=entry_id))


@blueprint.post("/my/entries/<uuid:entry_id>/take")
@requires(SIGNED_IN)
def take_own_place(entry_id: UUID) -> Response:
    """A candidate takes the offered place."""
    entry_queries.own_entry(entry_id, actor().person)
    waiting.take_place(entry_id, actor=actor(), at=now())
    flash(_("The place is taken; the entry waits for review."), "success")
    return redirect(url_for("entries.my_entry", entry_id=entry_id))
