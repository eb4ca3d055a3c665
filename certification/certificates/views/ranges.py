"""Pages of an issuer's numbers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from certification.certificates.actions import ranges as actions
from certification.certificates.forms import VoidForm
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import ranges as queries
from certification.filings.number_forms import forms, layout_for
from certification.filings.queries import issuer
from foundation.clock import now
from foundation.permission import requires
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on

blueprint = Blueprint("certificate_ranges", __name__)
_P = CertificatePermission


@blueprint.get("/certificates/ranges/<uuid:evaluation_organization_id>")
@requires(_P.NUMBER, of="evaluation_organization_id")
def ranges(evaluation_organization_id: UUID) -> str:
    """Every range of an issuer, and the numbers of the chosen one: used, or voided with the reason."""
    return _page(evaluation_organization_id, VoidForm(formdata=None))


def _page(issuer_id: UUID, form: VoidForm) -> str:
    row, found = issuer(issuer_id), queries.ranges(issuer_id)
    form.offer(layout_for(row).grades)
    asked = listing.asked(orders=("serial",), filters=("year", "digit", "state"))
    chosen = next(
        (one for one in found if (str(one.year), one.digit) == (asked.filters.get("year"), asked.filters.get("digit"))),
        found[0] if found else None,
    )
    page = None
    if chosen is not None:
        wanted = queries.numbers(issuer_id, chosen.year, chosen.digit, state=asked.filters.get("state", ""))
        page = listing.page_of(wanted, asked)
    navigation.enter(nav="certificates.issuers")
    grades = {mark: grade for grade, mark in layout_for(row).grades.items() if mark}
    return render_template(
        "certification/certificates/ranges.html", row=row, ranges=found, chosen=chosen, page=page, asked=asked,
        form=form, grades=grades, number_form=forms()[row.number_form],
    )  # fmt: skip


@blueprint.post("/certificates/ranges/<uuid:evaluation_organization_id>/void")
@requires(_P.NUMBER, of="evaluation_organization_id")
def void(evaluation_organization_id: UUID) -> Response | tuple[str, int]:
    """Void what was not given yet, up to a serial."""
    form = VoidForm()
    form.offer(layout_for(issuer(evaluation_organization_id)).grades)
    if form.validate():
        with refusals_on(form):
            done = actions.void_numbers(
                evaluation_organization_id, form.grade.data, form.up_to.data or 0, form.reason.data or "", actor=actor(),
                at=now(),
            )  # fmt: skip
            flash(ngettext("%(num)s number was voided.", "%(num)s numbers were voided.", done), "success")
            return redirect(url_for("certificate_ranges.ranges", evaluation_organization_id=evaluation_organization_id))
    return _page(evaluation_organization_id, form), 422
