"""The holder's own certificates: only the owner, everybody else gets 404."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

from certification.certificates.actions.issuing import PDF
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries import register as queries
from foundation.files.queries import file_bytes
from foundation.permission import SIGNED_IN, requires
from foundation.print.printer import picture_of
from foundation.refusal import Missing
from foundation.web.access import actor
from foundation.web.downloads import send_bytes

blueprint = Blueprint("my_certificates", __name__)


@blueprint.get("/my/certificates")
@requires(SIGNED_IN)
def certificates() -> str:
    """Everything the reader holds, with the steps of what is still on its way."""
    rows = queries.of_person(_person())
    return render_template("certification/certificates/mine.html", rows=rows)


@blueprint.get("/my/certificates/<uuid:mine>/certificate.pdf")
@requires(SIGNED_IN)
def pdf(mine: UUID) -> Response:
    """The PDF as a download."""
    row, data = _file(mine)
    return send_bytes(data, media_type=PDF, name=f"{row.number}.pdf")


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
    row, _data = _file(mine)
    return render_template("certification/certificates/image.html", row=row)


@blueprint.get("/my/certificates/<uuid:mine>/show")
@requires(SIGNED_IN)
def show(mine: UUID) -> str:
    """The QR code large, for whoever wants to check."""
    row, _data = _file(mine)
    token = row.token.revealed() if row.token else ""
    return render_template(
        "certification/certificates/show.html", row=row, address=f"{current_app.config['PUBLIC_URL']}/verify/{token}"
    )


def _person() -> UUID:
    person = actor().person
    if person is None:
        raise Missing
    return person


def _file(certificate_id: UUID) -> tuple[Certificate, bytes]:
    row = queries.certificate(certificate_id)
    if row.person_id != _person() or row.file_id is None:
        raise Missing
    return row, file_bytes(row.file_id)
