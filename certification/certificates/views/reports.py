"""Pages of uploads: what was sent, what the authority answered, what is sent again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certification.certificates import reporting_sheet
from certification.certificates.actions import reports as actions
from certification.certificates.forms import ReceiptForm
from certification.certificates.number_lists import RowFault
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import register
from certification.certificates.queries import reports as queries
from foundation.clock import china_day, now
from foundation.files.queries import file_bytes
from foundation.permission import requires
from foundation.refusal import Missing
from foundation.spreadsheets.writing import MEDIA_TYPE
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("certificate_reports", __name__)
_P = CertificatePermission


@blueprint.get("/certificates/reports")
@requires(_P.REPORT)
def reports() -> str:
    """Every upload, the latest first."""
    asked = listing.asked(orders=("made",))
    page = listing.page_of(queries.reports(actor(), _P.REPORT), asked)
    navigation.enter(nav="certificates.steps")
    return render_template(
        "certification/certificates/reports.html", page=page, asked=asked,
        counts=queries.states_of(row.id for row in page.rows),
    )  # fmt: skip


@blueprint.get("/certificates/reports/<uuid:report_id>")
@requires(_P.REPORT, of="report_id")
def report(report_id: UUID) -> str:
    """One upload person by person: what is lacking in its sheet, what the authority answered."""
    return _page(report_id, ReceiptForm(formdata=None), ())


def _page(report_id: UUID, form: ReceiptForm, faults: Sequence[RowFault]) -> str:
    row, items = queries.report(report_id), queries.items(report_id)
    people = [item.certificate.person_id for item in items]
    holders, more = register.holders(people), queries.reported(people)
    lacking = {
        item.position: reporting_sheet.lacking(
            reporting_sheet.line(
                item.position, item.certificate, holders.get(item.certificate.person_id),
                more.get(item.certificate.person_id), row.issue_day,
            )
        )
        for item in items
    }  # fmt: skip
    navigation.enter(nav="certificates.steps")
    return render_template(
        "certification/certificates/report.html", row=row, items=items, people=holders, lacking=lacking, form=form,
        faults=faults, counts=queries.states_of([report_id])[report_id],
    )  # fmt: skip


@blueprint.get("/certificates/reports/<uuid:report_id>/sheet.xlsx")
@requires(_P.REPORT, of="report_id")
def sheet(report_id: UUID) -> Response:
    """The sheet as it was made."""
    row = queries.report(report_id)
    name = f"{_('Data of certificates for the upload')}-{row.number}.xlsx"
    return send_bytes(file_bytes(row.sheet_id), media_type=MEDIA_TYPE, name=name)


@blueprint.get("/certificates/reports/<uuid:report_id>/receipt.xlsx")
@requires(_P.REPORT, of="report_id")
def receipt_file(report_id: UUID) -> Response:
    """The answer as it came."""
    row = queries.report(report_id)
    if row.receipt_id is None:
        raise Missing
    return send_bytes(file_bytes(row.receipt_id), media_type=MEDIA_TYPE, name=f"{_('Answer')}-{row.number}.xlsx")


@blueprint.post("/certificates/reports/<uuid:report_id>/receipt")
@requires(_P.REPORT, of="report_id")
def receipt(report_id: UUID) -> Response | tuple[str, int]:
    """Take in the authority's answer."""
    form = ReceiptForm()
    faults: Sequence[RowFault] = ()
    if form.validate():
        with refusals_on(form):
            data = form.file.data.read() if form.file.data else None
            counts, faults = actions.note_receipt(
                report_id, form.reference.data or "", data or None, actor=actor(), at=now()
            )
            if not faults:
                flash(
                    _("Accepted: %(accepted)s. Refused: %(rejected)s. Without an answer: %(sent)s.", **counts),
                    "success",
                )
                return redirect(url_for("certificate_reports.report", report_id=report_id))
    return _page(report_id, form, faults), 422


@blueprint.post("/certificates/reports/<uuid:report_id>/again")
@requires(_P.REPORT, of="report_id")
def again(report_id: UUID) -> Response:
    """Put the refused ones into a new upload."""
    made = actions.send_again(report_id, china_day(now()), actor=actor(), at=now())
    return redirect(url_for("certificate_reports.report", report_id=made))
