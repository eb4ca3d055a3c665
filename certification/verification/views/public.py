"""`/verify`: quiet, public, the same answer for what does not exist and what was mistyped."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from certification.certificates.checking import FileVerdict, check_file
from certification.verification import queries
from certification.verification.forms import CheckForm, FileForm
from foundation.clock import now
from foundation.permission import public
from foundation.web.limits import limiter

blueprint = Blueprint("verification", __name__)
# Where else to ask, for certificates of others: the addresses 人社鉴发〔2021〕1号 prints.
ELSEWHERE = ("http://jndj.osta.org.cn", "http://pjjg.osta.org.cn")


@blueprint.route("/verify", methods=["GET", "POST"])
@public
@limiter.limit("20/minute;200/hour", methods=["POST"])
def check() -> ResponseReturnValue:
    """Ask by number, with the name for the rest."""
    form = CheckForm()
    asked = form.validate_on_submit()
    found = queries.by_number(form.number.data, form.name.data or "") if asked else None
    return _page(form, found, asked=asked), 422 if form.is_submitted() and not asked else 200


@blueprint.get("/verify/<token>")
@public
@limiter.limit("60/minute")
def scanned(token: str) -> ResponseReturnValue:
    """What the QR code of a certificate opens."""
    return _page(CheckForm(formdata=None), queries.by_token(token), asked=True, by_token=True)


@blueprint.get("/shared/<token>")
@public
@limiter.limit("60/minute")
def shared(token: str) -> str:
    """What a link opens that a holder gave away."""
    found = queries.by_share(token, now())
    return render_template("certification/verification/shared.html", found=found)


@blueprint.post("/verify/file")
@public
@limiter.limit("20/minute;200/hour")
def dropped() -> ResponseReturnValue:
    """Is this file, byte for byte, one that was issued here and is in force? The file is not kept."""
    form = FileForm()
    if not form.validate():
        return _page(CheckForm(formdata=None), None, asked=False, files=form), 422
    verdict = check_file(form.file.data.read())
    return _page(CheckForm(formdata=None), None, asked=False, files=FileForm(formdata=None), verdict=verdict)


def _page(
    form: CheckForm,
    found: queries.Found | None,
    *,
    asked: bool,
    by_token: bool = False,
    files: FileForm | None = None,
    verdict: FileVerdict | None = None,
) -> str:
    return render_template(
        "certification/verification/check.html", form=form, found=found, asked=asked, by_token=by_token,
        elsewhere=ELSEWHERE, offline=() if by_token else queries.offline_issuers(), files=files or FileForm(formdata=None), verdict=verdict,
    )  # fmt: skip
