"""The designs of one issuer: what they look like, changing them with a picture beside, publishing a version, its history."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from accounts.people.queries import people
from certification.certificates import drawing
from certification.certificates.actions import designs as actions
from certification.certificates.forms import DesignForm, PublishForm
from certification.certificates.models.designs import DesignVersion
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import designs as queries
from certification.filings.queries import issuer
from certification.rules import design_settings as rules
from foundation.clock import china_day, now
from foundation.files.queries import file_bytes
from foundation.permission import requires
from foundation.print import designs, seals
from foundation.print.printer import picture_of
from foundation.refusal import Missing, Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on
from foundation.web.limits import limiter

blueprint = Blueprint("designs", __name__)
_P = CertificatePermission
Answer = WerkzeugResponse | str | tuple[str, int]
_PATH = "/evaluation-organizations/<uuid:evaluation_organization_id>/designs"
_PNG = "image/png"
_DPI = 96


@blueprint.get(_PATH)
@requires(_P.DESIGN, of="evaluation_organization_id")
def index(evaluation_organization_id: UUID) -> str:
    """Every design with the version in use, and all versions there were."""
    navigation.enter(nav="certificates.issuers")
    versions = queries.versions_of(evaluation_organization_id)
    return render_template(
        "certification/certificates/designs.html",
        issuer=issuer(evaluation_organization_id),
        designs=designs.catalogue(),
        versions={one.key: [row for row in versions if row.design == one.key] for one in designs.catalogue()},
        in_use={
            kind: queries.version_in_use(evaluation_organization_id, kind) for kind in {row.kind for row in versions}
        },
        drafts=queries.drafts_of(evaluation_organization_id),
        issued=queries.issued_with(evaluation_organization_id),
        people=people(row.published_by for row in versions if row.published_by),
    )


@blueprint.route(f"{_PATH}/<design>", methods=["GET", "POST"])
@requires(_P.DESIGN, of="evaluation_organization_id")
def edit(evaluation_organization_id: UUID, design: str) -> Answer:
    """Change a design; what is saved is a draft until it is published."""
    found = designs.design(design)
    form = DesignForm().offer(found.settings, seals=_seals())
    if form.validate_on_submit():
        with refusals_on(form):
            actions.save_draft(evaluation_organization_id, design, form.given(), actor=actor(), at=now())
            flash(_("The draft was saved. Nothing is printed with it before it is published."), "success")
            return redirect(
                url_for("designs.edit", evaluation_organization_id=evaluation_organization_id, design=design)
            )
    return _editor(
        evaluation_organization_id, found, form, PublishForm(formdata=None)
    ), 422 if form.is_submitted() else 200


@blueprint.post(f"{_PATH}/<design>/preview.png")
@requires(_P.DESIGN, of="evaluation_organization_id")
@limiter.limit("120/minute")
def preview(evaluation_organization_id: UUID, design: str) -> Response | tuple[dict[str, str], int]:
    """The picture of what stands in the form, nothing kept; what is wrong as a sentence."""
    form = DesignForm().offer(designs.design(design).settings, seals=_seals())
    try:
        data = actions.preview(
            evaluation_organization_id,
            design,
            form.given(),
            photo=designs.specimen_photo(),
            address=_address(),
            at=now(),
        )
    except Missing:
        raise
    except Refusal as refusal:
        return {"problem": sentence(refusal.code, **refusal.facts)}, 422
    return send_bytes(picture_of(data, dpi=_DPI), media_type=_PNG, name="preview.png", inline=True)


@blueprint.get(f"{_PATH}/<design>/draft.png")
@requires(_P.DESIGN, of="evaluation_organization_id")
def draft(evaluation_organization_id: UUID, design: str) -> Response:
    """The picture of what is in hand: the draft, else the version in use, else the design itself."""
    held = actions.in_hand(evaluation_organization_id, design)
    given = actions.Given(held.settings)
    data = actions.preview(
        evaluation_organization_id, design, given, photo=designs.specimen_photo(), address=_address(), at=now()
    )
    return send_bytes(picture_of(data, dpi=_DPI), media_type=_PNG, name="draft.png", inline=True)


@blueprint.post(f"{_PATH}/<design>/drop")
@requires(_P.DESIGN, of="evaluation_organization_id")
def drop(evaluation_organization_id: UUID, design: str) -> WerkzeugResponse:
    """Forget the draft."""
    actions.drop_draft(evaluation_organization_id, designs.design(design).key)
    flash(_("The draft was dropped."), "success")
    return redirect(url_for("designs.edit", evaluation_organization_id=evaluation_organization_id, design=design))


@blueprint.post(f"{_PATH}/<design>/publish")
@requires(_P.DESIGN, of="evaluation_organization_id")
def publish(evaluation_organization_id: UUID, design: str) -> Answer:
    """Make a version of the draft."""
    found = designs.design(design)
    form = PublishForm()
    if form.validate():
        with refusals_on(form):
            made = actions.publish_version(
                evaluation_organization_id, design, form.name.data or "", pictures_allowed=bool(form.pictures_allowed.data),
                actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Published. New certificates are printed with this version."), "success")
            return redirect(
                url_for("designs.version", evaluation_organization_id=evaluation_organization_id, design_version=made)
            )
    shown = DesignForm(formdata=None).offer(found.settings, seals=_seals())
    return _editor(evaluation_organization_id, found, shown, form), 422


@blueprint.get("/evaluation-organizations/<uuid:evaluation_organization_id>/design-versions/<uuid:design_version>")
@requires(_P.DESIGN, of="evaluation_organization_id")
def version(evaluation_organization_id: UUID, design_version: UUID) -> str:
    """One version: its picture, what it says, what changed against the one before or another."""
    navigation.enter(nav="certificates.issuers")
    row = _version(evaluation_organization_id, design_version)
    others = [one for one in queries.versions_of(evaluation_organization_id, row.design) if one.id != row.id]
    against = next((one for one in others if str(one.id) == request.args.get("against", "")), None)
    against = against or next((one for one in others if one.number < row.number), None)
    settings = rules.settings_from(row.settings)
    return render_template(
        "certification/certificates/design_version.html",
        issuer=row.issuer,
        row=row,
        settings=settings,
        design=drawing.folder_of(row),
        others=others,
        against=against,
        differences=rules.differences(rules.settings_from(against.settings), settings) if against else (),
        issued=queries.issued_with(evaluation_organization_id).get(row.hash, 0),
        people=people(key for key in (row.published_by, row.pictures_allowed_by) if key),
    )


@blueprint.get("/evaluation-organizations/<uuid:evaluation_organization_id>/design-versions/<uuid:design_version>.png")
@requires(_P.DESIGN, of="evaluation_organization_id")
def version_picture(evaluation_organization_id: UUID, design_version: UUID) -> Response:
    """The picture of a version, printed from its folder as it was, with invented data."""
    row = _version(evaluation_organization_id, design_version)
    data = drawing.shown(
        drawing.folder_of(row), rules.settings_from(row.settings), photo=designs.specimen_photo(), address=_address(),
        on=china_day(row.published_at), logo=_bytes(row.logo_id), seal=_bytes(row.seal_id),
    )  # fmt: skip
    return send_bytes(picture_of(data, dpi=_DPI), media_type=_PNG, name="version.png", inline=True)


def _editor(evaluation_organization_id: UUID, found: designs.Design, form: DesignForm, publishing: PublishForm) -> str:
    navigation.enter(nav="certificates.issuers")
    held = actions.in_hand(evaluation_organization_id, found.key)
    if not form.is_submitted() or publishing.errors or publishing.form_errors:
        form.show(held.settings)
    return render_template(
        "certification/certificates/design.html",
        issuer=issuer(evaluation_organization_id),
        design=found,
        form=form,
        publishing=publishing,
        held=held,
        draft=queries.draft(evaluation_organization_id, found.key),
        versions=queries.versions_of(evaluation_organization_id, found.key),
        placeholders=rules.PLACEHOLDERS,
        stamp=int(now().timestamp()),
    )


def _version(evaluation_organization_id: UUID, design_version: UUID) -> DesignVersion:
    row = queries.version(design_version)
    if row.evaluation_organization_id != evaluation_organization_id:
        raise Missing
    return row


def _bytes(file_id: UUID | None) -> bytes:
    return file_bytes(file_id) if file_id is not None else b""


def _address() -> str:
    return f"{current_app.config['PUBLIC_URL']}/verify"


def _seals() -> tuple[str, ...]:
    return ("space", "service", "picture") if seals.available() else ("space", "picture")
