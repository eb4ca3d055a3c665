"""The staff of a competition: who works here, appointing, dismissing, the slip with a first password."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.programme import actions, queries
from competitions.programme.forms.staff import AppointForm, DismissForm
from competitions.programme.permissions import ProgrammePermission
from competitions.programme.views.blueprint import blueprint
from foundation.clock import now
from foundation.permission import requires
from foundation.refusal import Missing
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on


@blueprint.route("/competitions/<uuid:competition_id>/staff", methods=["GET", "POST"])
@requires(ProgrammePermission.STAFF, of="competition_id")
def staff(competition_id: UUID) -> Response | str | tuple[str, int]:
    """Who holds which role; appoint by user name, or with a name to open an account and print its slip."""
    row = queries.competition(competition_id)
    navigation.enter(competition_id=competition_id)
    form = AppointForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            if not form.name.data:
                actions.appoint(competition_id, form.user_name.data, form.role.data, actor=actor(), at=now())
                flash(_("The role was given."), "success")
                return redirect(url_for("programme.staff", competition_id=competition_id))
            _person, password = actions.appoint_new(
                competition_id, form.name.data, form.user_name.data, form.role.data, actor=actor(), at=now()
            )
            return render_template(
                "competitions/programme/account_slip.html",
                row=row,
                name=form.name.data,
                user_name=form.user_name.data,
                password=password,
                role=form.role.data,
                address=f"{current_app.config['PUBLIC_URL']}{url_for('sign_in.sign_in')}",
            )
    page = render_template(
        "competitions/programme/staff.html",
        row=row,
        form=form,
        posts=queries.staff(row, now()),
        staff_roles=actions.STAFF_ROLES,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/competitions/<uuid:competition_id>/staff/dismiss")
@requires(ProgrammePermission.STAFF, of="competition_id")
def dismiss(competition_id: UUID) -> Response:
    """Withdraw a role."""
    form = DismissForm()
    try:
        grant = UUID(form.grant.data or "")
    except ValueError as wrong:
        raise Missing from wrong
    actions.dismiss(competition_id, grant, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("The role was withdrawn."), "success")
    return redirect(url_for("programme.staff", competition_id=competition_id))
