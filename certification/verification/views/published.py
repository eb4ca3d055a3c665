"""What is published so that certificates can be checked elsewhere: the issuer's document, status lists, roots, one page to keep."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _

from certification.certificates import credentials, offline
from certification.certificates.queries import credentials as queries
from certification.filings.queries import issuer
from foundation.clock import now
from foundation.permission import public
from foundation.print.printer import ROOT
from foundation.refusal import Missing
from foundation.translation import sentence
from foundation.web.downloads import send_bytes
from foundation.web.limits import limiter

blueprint = Blueprint("published", __name__)
_SCRIPT = ROOT / "static" / "js" / "certificates" / "offline.js"
_STEPS = ("signature", "credential", "status", "root")
_CODES = ("genuine", "ended", "altered", "unlisted", "incomplete", "key_unknown", "foreign", "browser")


def _json(data: object, media_type: str = "application/json") -> Response:
    answer = Response(json.dumps(data, ensure_ascii=False), mimetype=media_type)
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"  # wallets and checkers of others read these
    return answer


@blueprint.get("/issuers/<uuid:issuer_id>/did.json")
@public
@limiter.limit("120/minute")
def did_document(issuer_id: UUID) -> Response:
    """The issuer's `did:web` document with every key its credentials were signed with."""
    keys = queries.credential_keys(issuer(issuer_id).id)
    if not keys:
        raise Missing
    return _json(credentials.did_document(current_app.config["PUBLIC_URL"], issuer_id, keys), "application/did+json")


@blueprint.get("/credentials/status/<uuid:issuer_id>/<int:number>")
@public
@limiter.limit("120/minute")
def status(issuer_id: UUID, number: int) -> Response:
    """A status list as signed credential."""
    at = now()
    key = credentials.key_for(issuer(issuer_id).id, at)
    if key is None or number not in queries.list_numbers(issuer_id):
        raise Missing
    ended = queries.ended_places(issuer_id, number)
    token = credentials.status_list_token(
        issuer_id, number, ended, key, public_url=current_app.config["PUBLIC_URL"], at=at
    )
    answer = Response(token, mimetype="application/vc+jwt")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@blueprint.get("/verify/offline/<uuid:issuer_id>.json")
@public
@limiter.limit("20/minute")
def data(issuer_id: UUID) -> Response:
    """Keys, status lists and roots of one issuer in one file, for `flask certificates verify FILE --bundle`."""
    found = offline.bundle(issuer(issuer_id), public_url=current_app.config["PUBLIC_URL"], at=now())
    return send_bytes(
        json.dumps(found, ensure_ascii=False).encode(), media_type="application/json", name=f"laurel-{issuer_id}.json"
    )


@blueprint.get("/verify/offline/<uuid:issuer_id>.html")
@public
@limiter.limit("20/minute")
def page(issuer_id: UUID) -> Response:
    """A page to keep: it checks this issuer's files in the browser, without any network. Handed out as a download, so that its
    script never runs under this platform's address."""
    row = issuer(issuer_id)
    found = offline.bundle(row, public_url=current_app.config["PUBLIC_URL"], at=now())
    words = {code: sentence(f"offline:{code}") for code in _CODES} | {
        f"step:{step}": sentence(f"offline_step:{step}") for step in _STEPS
    }
    text = render_template(
        "certification/verification/offline.html", issuer=row, found=found, words=words,
        script=_SCRIPT.read_text(encoding="utf-8"), labels={
            "number": _("Certificate number"), "name": _("Person’s name"), "title": _("Certificate"), "issuer": _("Issuer"),
            "valid_from": _("Date of issue"),
        },
    )  # fmt: skip
    return send_bytes(text.encode(), media_type="text/html", name=f"{_('Check certificates')}-{row.name}.html")
