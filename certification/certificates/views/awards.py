"""Certificates of prizes, honours and participation: choose a publication, see who gets what, issue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from certification.certificates.actions import awards as actions
from certification.certificates.forms import AwardForm
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import awards as queries
from certification.certificates.queries import designs
from certification.certificates.recipients import KIND_OF
from certification.filings.queries import issuer
from foundation.clock import now
from foundation.permission import requires
from foundation.print.printer import picture_of
from foundation.refusal import Missing, Refusal
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on
from foundation.web.limits import limiter

blueprint = Blueprint("awards", __name__)
_P = CertificatePermission
Answer = WerkzeugResponse | str | tuple[str, int]
_PATH = "/evaluation-organizations/<uuid:evaluation_organization_id>/awards"


@blueprint.get(_PATH)
@requires(_P.ISSUE, of="evaluation_organization_id")
def index(evaluation_organization_id: UUID) -> str:
    """The decided publications this issuer may give certificates for, with what was given."""
    navigation.enter(nav="certificates.issuers")
    row = issuer(evaluation_organization_id)
    found = queries.publications(row, actor())
    return render_template(
        "certification/certificates/awards.html", issuer=row, rows=found, kinds=tuple(KIND_OF),
        counts=queries.counts(one.id for one in found),
    )  # fmt: skip


@blueprint.get(f"{_PATH}/<uuid:publication>")
@requires(_P.ISSUE, of="evaluation_organization_id")
def choose(evaluation_organization_id: UUID, publication: UUID) -> str:
    """Who would get what, and what stops whom; nothing is written by looking."""
    form = _form(evaluation_organization_id, request.args)
    return _page(evaluation_organization_id, publication, form, asked="version" in request.args)


@blueprint.post(f"{_PATH}/<uuid:publication>")
@requires(_P.ISSUE, of="evaluation_organization_id")
def issue(evaluation_organization_id: UUID, publication: UUID) -> Answer:
    """Number those who pass and have their files made."""
    form = _form(evaluation_organization_id, request.form)
    if form.validate():
        with refusals_on(form):
            job = actions.order_awards(
                evaluation_organization_id, publication, form.asked(), UUID(form.version.data),
                public_url=current_app.config["PUBLIC_URL"], actor=actor(), at=now(),
            )  # fmt: skip
            here = url_for("awards.index", evaluation_organization_id=evaluation_organization_id)
            return redirect(url_for("web.job", job_id=job, back=here))
    return _page(evaluation_organization_id, publication, form, asked=True), 422


@blueprint.get(f"{_PATH}/<uuid:publication>/specimen.png")
@requires(_P.ISSUE, of="evaluation_organization_id")
@limiter.limit("60/minute")
def specimen(evaluation_organization_id: UUID, publication: UUID) -> Response:
    """The first certificate of the plan, marked as a sample."""
    form = _form(evaluation_organization_id, request.args)
    if not form.validate():
        raise Missing
    made = actions.plan(
        evaluation_organization_id, publication, form.asked(), UUID(form.version.data), actor=actor(), at=now()
    )
    data = actions.specimen(made, address=f"{current_app.config['PUBLIC_URL']}/verify")
    return send_bytes(picture_of(data, dpi=96), media_type="image/png", name="specimen.png", inline=True)


def _form(evaluation_organization_id: UUID, sent: MultiDict[str, str]) -> AwardForm:
    # Looking changes nothing and asks for no token.
    form = AwardForm(sent or None) if request.method == "POST" else AwardForm(sent or None, meta={"csrf": False})
    form.offer(designs.versions_of(evaluation_organization_id), form.given_as.data or "prize")
    return form


def _page(evaluation_organization_id: UUID, publication: UUID, form: AwardForm, *, asked: bool) -> str:
    navigation.enter(nav="certificates.issuers")
    row = issuer(evaluation_organization_id)
    summary = next((one for one in queries.publications(row, actor()) if one.id == publication), None)
    if summary is None:
        raise Missing
    made: Any = None
    if form.version.choices and (not asked or not form.errors):
        try:
            if form.version.data not in {key for key, _label in form.version.choices}:
                form.version.data = form.version.choices[0][0]  # another kind of certificate was chosen
            version = UUID(form.version.data)
            made = actions.plan(row.id, publication, form.asked(), version, actor=actor(), at=now())
        except Refusal as refusal:
            if asked:
                form.refuse(refusal)
    return render_template(
        "certification/certificates/award.html", issuer=row, publication=summary, form=form, plan=made,
        unfinished=queries.unfinished(row.id, publication),
    )  # fmt: skip
