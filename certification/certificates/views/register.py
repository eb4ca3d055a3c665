"""The register of certificates: search, filters in the address, export of the certificates' own fields."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy import Select
from werkzeug.wrappers import Response

from certification.certificates import register_sheet
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import register as queries
from certification.rules import wording
from certification.rules.certificate_states import CertificateState
from foundation.permission import requires
from foundation.spreadsheets.writing import MEDIA_TYPE
from foundation.web import listing
from foundation.web.access import actor
from foundation.web.downloads import send_bytes

blueprint = Blueprint("certificate_register", __name__)
_P = CertificatePermission
FILTERS = ("state", "grade", "kind", "issuer", "occupation", "since", "until")
ORDERS = ("created", "number", "issued", "grade", "state")
MOST = 20_000  # rows of one spreadsheet


@blueprint.get("/certificates")
@requires(_P.VIEW)
def register() -> str:
    """The register of certificates."""
    asked, wanted = _asked()
    page = listing.page_of(wanted, asked)
    return render_template(
        "certification/certificates/register.html",
        page=page,
        asked=asked,
        states=tuple(CertificateState),
        grades=tuple(wording.GRADE_TEXT),
        issuers=queries.issuers(actor(), _P.VIEW),
        counts=queries.counts(actor(), _P.VIEW),
        people=queries.holders(row.person_id for row in page.rows),
        values={row.id: queries.printed_values(row) for row in page.rows},
        most=MOST,
    )


@blueprint.get("/certificates/export.xlsx")
@requires(_P.VIEW)
def export() -> Response:
    """The register as filtered, as a spreadsheet; identity numbers masked."""
    asked, wanted = _asked()
    page = listing.page_of(wanted, asked, size=MOST)
    if page.total > MOST:
        flash(
            _("%(total)s rows are too many for one sheet (%(most)s). Narrow the filters.", total=page.total, most=MOST),
            "warning",
        )
        return redirect(asked.link().replace("/certificates/export.xlsx", "/certificates"))
    holders = queries.holders(row.person_id for row in page.rows)
    name = f"{_('Register of certificates')}.xlsx"
    return send_bytes(register_sheet.workbook_of(page.rows, holders), media_type=MEDIA_TYPE, name=name)


def _asked() -> tuple[listing.Listing, Select[Any]]:
    asked = listing.asked(orders=ORDERS, filters=FILTERS)
    wanted = queries.certificates(
        actor(), _P.VIEW, search=asked.search, filters=asked.filters, order=asked.order, descending=asked.descending
    )
    return asked, wanted
