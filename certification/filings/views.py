"""Pages of evaluation organizations and their filings."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people.queries import people
from certification.filings import actions, queries
from certification.filings.actions import IssuerFacts
from certification.filings.forms import FilingForm, IssuerForm
from certification.filings.models import EvaluationOrganization
from certification.filings.permissions import FilingPermission
from foundation.clock import china_day, now
from foundation.permission import requires
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on

blueprint = Blueprint("filings", __name__)


@blueprint.get("/evaluation-organizations")
@requires(FilingPermission.VIEW)
def issuers() -> str:
    """Every evaluation organization the reader may see."""
    asked = listing.asked(orders=("name",))
    return render_template(
        "certification/filings/issuers.html",
        page=listing.page_of(queries.issuers(actor(), search=asked.search), asked),
        asked=asked,
    )


@blueprint.route("/evaluation-organizations/new", methods=["GET", "POST"])
@requires(FilingPermission.EDIT)
def new_issuer() -> Response | str | tuple[str, int]:
    """Enter an evaluation organization."""
    form = IssuerForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.note_issuer(_facts(form), actor=actor(), at=now(), key=UUID(form.key.data))
            flash(
                _("The evaluation organization was entered. Its certificates are samples until it is switched on."),
                "success",
            )
            return redirect(url_for("filings.issuer", evaluation_organization_id=made))
    elif not form.is_submitted():
        form.certificate_query_url.data = current_app.config["LAUREL_CERTIFICATE_QUERY_URL"]
        form.organization_query_url.data = current_app.config["LAUREL_ORGANIZATION_QUERY_URL"]
    navigation.enter(nav="filings.issuers")
    return render_template("certification/filings/issuer_form.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/evaluation-organizations/<uuid:evaluation_organization_id>")
@requires(FilingPermission.VIEW, of="evaluation_organization_id")
def issuer(evaluation_organization_id: UUID) -> str:
    """One evaluation organization: what it is filed for, and whether it issues for real."""
    form = FilingForm()
    form.offer_choices()
    return _page(queries.issuer(evaluation_organization_id), form)


@blueprint.post("/evaluation-organizations/<uuid:evaluation_organization_id>/filings")
@requires(FilingPermission.EDIT, of="evaluation_organization_id")
def new_filing(evaluation_organization_id: UUID) -> Response | tuple[str, int]:
    """Enter a filing."""
    form = FilingForm()
    form.offer_choices()
    if form.validate():
        with refusals_on(form):
            actions.note_filing(evaluation_organization_id, form.facts(), actor=actor(), at=now())
            flash(_("The filing was entered."), "success")
            return redirect(url_for("filings.issuer", evaluation_organization_id=evaluation_organization_id))
    return _page(queries.issuer(evaluation_organization_id), form), 422


@blueprint.post("/evaluation-organizations/<uuid:evaluation_organization_id>/switch")
@requires(FilingPermission.SWITCH_ON, of="evaluation_organization_id")
def switch(evaluation_organization_id: UUID) -> Response:
    """Switch the issuer on or off."""
    actions.switch_issuer(evaluation_organization_id, on=request.form.get("on") == "yes", actor=actor(), at=now())
    flash(_("Done."), "success")
    return redirect(url_for("filings.issuer", evaluation_organization_id=evaluation_organization_id))


def _page(row: EvaluationOrganization, form: FilingForm) -> str:
    navigation.enter(nav="filings.issuers")
    by = people([row.switched_on_by]).get(row.switched_on_by) if row.switched_on_by else None
    return render_template("certification/filings/issuer.html", row=row, form=form, by=by, today=china_day(now()))


def _facts(form: IssuerForm) -> IssuerFacts:
    return IssuerFacts(
        name=form.name.data or "", name_en=form.name_en.data or "", region_code=form.region_code.data or "",
        route=form.route.data, prefix=(form.prefix.data or "").upper(), number_source=form.number_source.data,
        number_form=form.number_form.data, special_letter=(form.special_letter.data or "").upper(),
        prefix_pattern=current_app.config["LAUREL_ISSUER_PREFIX_PATTERN"],
        number_pattern=current_app.config["LAUREL_CERTIFICATE_NUMBER_PATTERN"],
        certificate_query_url=form.certificate_query_url.data or "", organization_query_url=form.organization_query_url.data or "",
    )  # fmt: skip
