"""The evaluation officer's pages: the register, the steps of a batch, one certificate, the issuers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from certification.certificates import drawing, face, number_lists, production
from certification.certificates.actions import batches, reports
from certification.certificates.actions import issuing as actions
from certification.certificates.forms import ChosenForm, ReportForm, ReturnedForm
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import keys as signing_keys
from certification.certificates.queries import life
from certification.certificates.queries import register as queries
from certification.certificates.queries.awards import awards
from certification.certificates.queries.designs import version_of_hash
from certification.certificates.views.batches import address_of
from certification.rules import certificate_states, numbering, wording
from certification.rules.certificate_states import CertificateState
from certification.rules.numbering import Fault
from foundation.clock import china_day, now
from foundation.files.queries import file_bytes
from foundation.permission import requires
from foundation.print import designs, printer
from foundation.refusal import Missing
from foundation.spreadsheets.writing import MEDIA_TYPE
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("certificates", __name__)
_P = CertificatePermission
_S = CertificateState
Answer = Response | str | tuple[str, int]


@blueprint.get("/certificates/steps")
@requires(_P.NUMBER)
def steps() -> str:
    """What waits for its number, for the upload, for issue."""
    return _steps(ChosenForm(formdata=None), ReportForm(formdata=None), ReturnedForm(formdata=None))


def _steps(
    chosen: ChosenForm, report: ReportForm, returned: ReturnedForm, faults: Sequence[number_lists.RowFault] = ()
) -> str:
    waiting = queries.in_states(actor(), _P.NUMBER, _S.APPROVED, _S.NUMBERED, _S.REPORTED)
    navigation.enter(nav="certificates.steps")
    return render_template(
        "certification/certificates/steps.html",
        groups={state: [row for row in waiting if row.state == state] for state in (_S.APPROVED, _S.NUMBERED, _S.REPORTED)},
        people=queries.holders(row.person_id for row in waiting),
        problems=production.problems(waiting),
        counts=queries.counts(actor(), _P.VIEW),
        issuers={row.evaluation_organization_id: row.issuer for row in waiting if row.state == _S.APPROVED
                 and row.issuer.number_source == "returned"},
        chosen_form=chosen,
        report_form=report,
        returned_form=returned,
        faults=faults,
    )  # fmt: skip


@blueprint.post("/certificates/number")
@requires(_P.NUMBER)
def number() -> Answer:
    """Give numbers of the own range to the ticked ones."""
    form = ChosenForm()
    if form.validate():
        with refusals_on(form):
            done = actions.number_certificates(form.ids(), actor=actor(), at=now())
            flash(ngettext("%(num)s certificate was numbered.", "%(num)s certificates were numbered.", done), "success")
            return redirect(url_for("certificates.steps"))
    return _steps(form, ReportForm(formdata=None), ReturnedForm(formdata=None)), 422


@blueprint.get("/certificates/to-number/<uuid:issuer_id>.xlsx")
@requires(_P.NUMBER)
def to_number(issuer_id: UUID) -> Response:
    """The persons of one issuer to be numbered, for the authority."""
    rows = [
        row for row in queries.in_states(actor(), _P.NUMBER, _S.APPROVED) if row.evaluation_organization_id == issuer_id
    ]
    if not rows:
        raise NotFound
    data = number_lists.to_number(rows, queries.holders(row.person_id for row in rows))
    return send_bytes(data, media_type=MEDIA_TYPE, name=f"{_('Persons to be numbered')}.xlsx")


@blueprint.post("/certificates/returned/<uuid:issuer_id>")
@requires(_P.NUMBER)
def returned(issuer_id: UUID) -> Answer:
    """Take in the numbers the authority returned: all of them, or none with everything that is wrong."""
    form = ReturnedForm()
    faults: Sequence[number_lists.RowFault] = ()
    if form.validate():
        with refusals_on(form):
            done, faults = actions.note_returned_numbers(issuer_id, form.file.data.read(), actor=actor(), at=now())
            if done:
                flash(
                    ngettext("%(num)s certificate was numbered.", "%(num)s certificates were numbered.", done),
                    "success",
                )
                return redirect(url_for("certificates.steps"))
            if not faults:
                form.form_errors.append(_("Nothing in this list waits for a number."))
    return _steps(ChosenForm(formdata=None), ReportForm(formdata=None), form, faults), 422


@blueprint.post("/certificates/reports")
@requires(_P.REPORT)
def make_report() -> Answer:
    """Put the ticked ones into an upload with its sheet."""
    form = ReportForm()
    if form.validate():
        with refusals_on(form):
            made = reports.make_report(form.ids(), china_day(now()), actor=actor(), at=now())
            if len(made) == 1:
                return redirect(url_for("certificate_reports.report", report_id=made[0]))
            return redirect(url_for("certificate_reports.reports"))
    return _steps(ChosenForm(formdata=None), form, ReturnedForm(formdata=None)), 422


@blueprint.post("/certificates/report")
@requires(_P.REPORT)
def report() -> Answer:
    """Note that the ticked ones were uploaded."""
    form = ReportForm()
    if form.validate():
        with refusals_on(form):
            done = actions.report_certificates(form.ids(), form.reference.data or "", actor=actor(), at=now())
            flash(ngettext("%(num)s certificate was reported.", "%(num)s certificates were reported.", done), "success")
            return redirect(url_for("certificates.steps"))
    return _steps(ChosenForm(formdata=None), form, ReturnedForm(formdata=None)), 422


@blueprint.post("/certificates/issue")
@requires(_P.ISSUE)
def issue() -> Answer:
    """Issue the ticked ones: one at once, several in a batch whose gates are checked first."""
    form = ChosenForm()
    if form.validate():
        with refusals_on(form):
            ids, url = form.ids(), current_app.config["PUBLIC_URL"]
            if len(ids) > 1:
                return redirect(address_of(batches.order_batches(ids, public_url=url, actor=actor(), at=now())))
            actions.issue_certificate(ids[0], public_url=url, actor=actor(), at=now())
            flash(_("The certificate was issued."), "success")
            return redirect(url_for("certificates.certificate", certificate_id=ids[0]))
    return _steps(form, ReportForm(formdata=None), ReturnedForm(formdata=None)), 422


@blueprint.get("/certificates/<uuid:certificate_id>")
@requires(_P.VIEW, of="certificate_id")
def certificate(certificate_id: UUID) -> str:
    """One certificate: what is printed, its way, its links in the chain."""
    row = queries.certificate(certificate_id)
    navigation.enter(nav="certificate_register.register")
    return render_template(
        "certification/certificates/certificate.html",
        row=row,
        person=queries.holders([row.person_id]).get(row.person_id),
        values=queries.printed_values(row),
        faults=production.problems([row])[row] if row.state in certificate_states.COURSE[:-1] else (),
        acts=queries.acts(certificate_id),
        moves=certificate_states.acts_from(row.state),
        course=certificate_states.COURSE,
        waiting=[one for one in life.changes_of(certificate_id) if one.state == certificate_states.ChangeState.ASKED],
        editions=life.editions(certificate_id),
        version=version_of_hash(row.evaluation_organization_id, row.design_hash),
        award=awards([row.id]).get(row.id),
    )


@blueprint.get("/certificates/<uuid:certificate_id>/file.pdf")
@requires(_P.VIEW, of="certificate_id")
def file(certificate_id: UUID) -> Response:
    """The issued PDF."""
    row = queries.certificate(certificate_id)
    if row.file_id is None:
        raise Missing
    return send_bytes(file_bytes(row.file_id), media_type=actions.PDF, name=f"{row.number}.pdf", inline=True)


@blueprint.get("/certificates/issuers")
@requires(_P.NUMBER)
def issuers() -> str:
    """The issuers: numbers, addresses, the font that prints, sample or switched on, words that are reserved."""
    rows = queries.issuers(actor(), _P.NUMBER)
    return render_template(
        "certification/certificates/issuers.html",
        rows=rows,
        signing={row.id for row in rows if signing_keys.key_in_force(row.id, "pdf", now())},
        words={row.id: face.reserved_in(row) for row in rows},
        font=designs.filled_font(),
        designs=designs.catalogue(),
        standard=numbering.STANDARD,
        emblems={one.key: wording.state_emblems(one.files) for one in designs.catalogue()},
    )


@blueprint.get("/certificates/specimen.png")
@requires(_P.NUMBER)
def specimen() -> Response:
    """A design with invented data, as a picture. An unknown design answers 404."""
    found = designs.design(request.args.get("design", drawing.PLAIN))
    data = face.specimen(found, designs.specimen_photo(), f"{current_app.config['PUBLIC_URL']}/verify")
    return send_bytes(printer.picture_of(data, dpi=110), media_type="image/png", name="specimen.png", inline=True)


@blueprint.app_template_global("fault_text")
def fault_text(fault: Fault) -> str:
    """A fault as a sentence."""
    return sentence(fault.code, **fault.facts)
