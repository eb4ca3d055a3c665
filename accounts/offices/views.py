"""The people who serve the whole platform: organizers, evaluation officers, approving authorities, auditors."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from accounts.offices import actions, queries
from accounts.offices.forms import DismissForm, OfficeForm
from accounts.offices.permissions import OfficePermission
from foundation.clock import now
from foundation.permission import PLATFORM, can, requires
from foundation.refusal import Missing
from foundation.web.access import actor
from foundation.web.forms import refusals_on

blueprint = Blueprint("offices", __name__)


def _of_the_platform() -> None:
    """A grant on less than the platform does not reach these pages. Raises Forbidden."""
    if not can(actor(), OfficePermission.APPOINT, (PLATFORM,)):
        raise Forbidden


@blueprint.route("/people", methods=["GET", "POST"])
@requires(OfficePermission.APPOINT)
def people() -> Response | str | tuple[str, int]:
    """Who holds which office; appoint by user name, or with a name to open an account and print its slip."""
    _of_the_platform()
    form = OfficeForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            password = actions.appoint(
                form.role.data, form.user_name.data or "", form.name.data or "", actor=actor(), at=now()
            )
            if password:
                address = f"{current_app.config['PUBLIC_URL']}{url_for('sign_in.sign_in')}"
                return render_template("accounts/offices/slip.html", form=form, password=password, address=address)
            flash(_("The role was given."), "success")
            return redirect(url_for("offices.people"))
    page = render_template("accounts/offices/people.html", form=form, offices=queries.offices(now()))
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/people/dismiss")
@requires(OfficePermission.APPOINT)
def dismiss() -> Response:
    """Withdraw an office."""
    _of_the_platform()
    form = DismissForm()
    try:
        grant = UUID(form.grant.data or "")
    except ValueError as wrong:
        raise Missing from wrong
    actions.dismiss(grant, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("The role was withdrawn."), "success")
    return redirect(url_for("offices.people"))
