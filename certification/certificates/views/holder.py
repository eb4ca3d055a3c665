"""The holder's own certificates: only the owner, everybody else gets 404."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certification.certificates.actions import shares as actions
from certification.certificates.actions.issuing import PDF
from certification.certificates.forms import ShareForm
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries import register as queries
from certification.certificates.queries import shares
from certification.certificates.queries.awards import awards
from certification.certificates.queries.credentials import credential_of
from foundation.clock import china_day, now
from foundation.files.queries import file_bytes
from foundation.permission import SIGNED_IN, requires
from foundation.print.printer import picture_of
from foundation.refusal import Missing
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("my_certificates", __name__)


@blueprint.get("/my/certificates")
@requires(SIGNED_IN)
def certificates() -> str:
    """Everything the reader holds, with the steps of what is still on its way."""
    rows = queries.of_person(_person())
    given = awards(row.id for row in rows if row.kind != "grade")
    return render_template("certification/certificates/mine.html", rows=rows, awards=given)


@blueprint.get("/my/certificates/<uuid:mine>")
@requires(SIGNED_IN)
def certificate(mine: UUID) -> str:
    """One certificate with all that stands on it, the files, and the links the holder gave away."""
    return _certificate(mine, ShareForm(formdata=None))


def _certificate(mine: UUID, form: ShareForm) -> str:
    row = _own(mine)
    return render_template(
        "certification/certificates/own.html", row=row, award=awards([row.id]).get(row.id), values=queries.printed_values(row), form=form,
        full=request.args.get("full") == "yes", shares=shares.shares_of(row.id), today=china_day(now()),
        public_url=current_app.config["PUBLIC_URL"], credential=credential_of(row.id, row.edition),
    )  # fmt: skip


@blueprint.post("/my/certificates/<uuid:mine>/shares")
@requires(SIGNED_IN)
def share(mine: UUID) -> Response | tuple[str, int]:
    """Make a link."""
    form = ShareForm()
    if form.validate():
        with refusals_on(form):
            actions.share_certificate(
                mine, note=form.note.data or "", days=form.days.data or 0, actor=actor(), at=now()
            )
            flash(_("The link is ready. Copy it and send it on."), "success")
            return redirect(url_for("my_certificates.certificate", mine=mine, _anchor="links"))
    return _certificate(mine, form), 422


@blueprint.post("/my/certificates/<uuid:mine>/shares/<uuid:link>/withdraw")
@requires(SIGNED_IN)
def withdraw_share(mine: UUID, link: UUID) -> Response:
    """Withdraw a link."""
    actions.withdraw_share(mine, link, actor=actor(), at=now())
    flash(_("The link works no longer."), "success")
    return redirect(url_for("my_certificates.certificate", mine=mine, _anchor="links"))


@blueprint.get("/my/certificates/<uuid:mine>/certificate.pdf")
@requires(SIGNED_IN)
def pdf(mine: UUID) -> Response:
    """The PDF as a download."""
    row, data = _file(mine)
    return send_bytes(data, media_type=PDF, name=f"{row.number}.pdf")


@blueprint.get("/my/certificates/<uuid:mine>/credential.jwt")
@requires(SIGNED_IN)
def credential(mine: UUID) -> Response:
    """The credential the file carries (Open Badges 3.0), for a wallet."""
    row = _own(mine)
    found = credential_of(row.id, row.edition)
    if found is None:
        raise Missing
    return send_bytes(found.token.revealed().encode(), media_type="application/vc+jwt", name=f"{row.number}.jwt")


@blueprint.get("/my/certificates/<uuid:mine>/certificate.png")
@requires(SIGNED_IN)
def picture(mine: UUID) -> Response:
    """The certificate as a picture."""
    row, data = _file(mine)
    return send_bytes(picture_of(data, dpi=200), media_type="image/png", name=f"{row.number}.png", inline=True)


@blueprint.get("/my/certificates/<uuid:mine>/image")
@requires(SIGNED_IN)
def image(mine: UUID) -> str:
    """The picture on a page, to press and save: the browser inside WeChat downloads nothing."""
    row = _own(mine)
    return render_template("certification/certificates/image.html", row=row)


@blueprint.get("/my/certificates/<uuid:mine>/show")
@requires(SIGNED_IN)
def show(mine: UUID) -> str:
    """The QR code large, for whoever wants to check."""
    row = _own(mine)
    token = row.token.revealed() if row.token else ""
    return render_template(
        "certification/certificates/show.html", row=row, address=f"{current_app.config['PUBLIC_URL']}/verify/{token}"
    )


def _person() -> UUID:
    person = actor().person
    if person is None:
        raise Missing
    return person


def _own(certificate_id: UUID) -> Certificate:
    row = queries.certificate(certificate_id)
    if row.person_id != _person() or row.file_id is None:
        raise Missing
    return row


def _file(certificate_id: UUID) -> tuple[Certificate, bytes]:
    row = _own(certificate_id)
    if row.file_id is None:
        raise Missing
    return row, file_bytes(row.file_id)
