"""The signing keys of one issuer: make, import, retire."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people.queries import people
from certification.certificates.actions import keys as actions
from certification.certificates.forms import KeyFileForm, RetireForm
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import keys as queries
from certification.filings.queries import issuer
from foundation.clock import now
from foundation.permission import requires
from foundation.refusal import Missing
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on

blueprint = Blueprint("signing_keys", __name__)
_P = CertificatePermission
Answer = Response | str | tuple[str, int]
_PATH = "/evaluation-organizations/<uuid:evaluation_organization_id>/keys"


@blueprint.get(_PATH)
@requires(_P.KEYS, of="evaluation_organization_id")
def keys(evaluation_organization_id: UUID) -> str:
    """Every key the issuer has or had, and who made it."""
    return _page(evaluation_organization_id, KeyFileForm(formdata=None), RetireForm(formdata=None))


@blueprint.post(f"{_PATH}/make")
@requires(_P.KEYS, of="evaluation_organization_id")
def make(evaluation_organization_id: UUID) -> Answer:
    """Make a key; the name of whoever does it stands on record."""
    actions.make_key(evaluation_organization_id, actor=actor(), at=now())
    flash(_("The key was made. It signs from now on."), "success")
    return redirect(url_for("signing_keys.keys", evaluation_organization_id=evaluation_organization_id))


@blueprint.post(f"{_PATH}/import")
@requires(_P.KEYS, of="evaluation_organization_id")
def take_in(evaluation_organization_id: UUID) -> Answer:
    """Take in a key that an authority certified."""
    form = KeyFileForm()
    if form.validate():
        with refusals_on(form):
            actions.import_key(
                evaluation_organization_id, form.file.data.read(), form.passphrase.data or "", actor=actor(), at=now()
            )
            flash(_("The key was imported. It signs from now on."), "success")
            return redirect(url_for("signing_keys.keys", evaluation_organization_id=evaluation_organization_id))
    return _page(evaluation_organization_id, form, RetireForm(formdata=None)), 422


@blueprint.post(f"{_PATH}/<uuid:signing_key>/retire")
@requires(_P.KEYS, of="evaluation_organization_id")
def retire(evaluation_organization_id: UUID, signing_key: UUID) -> Answer:
    """Let a key sign no more."""
    if queries.key(signing_key).evaluation_organization_id != evaluation_organization_id:
        raise Missing
    form = RetireForm()
    if form.validate():
        with refusals_on(form):
            actions.retire_key(signing_key, form.reason.data, actor=actor(), at=now())
            flash(_("The key signs no more. What it signed stays valid."), "success")
            return redirect(url_for("signing_keys.keys", evaluation_organization_id=evaluation_organization_id))
    return _page(evaluation_organization_id, KeyFileForm(formdata=None), form), 422


def _page(evaluation_organization_id: UUID, imported: KeyFileForm, retired: RetireForm) -> str:
    rows = queries.keys_of(evaluation_organization_id)
    navigation.enter(nav="certificates.issuers")
    return render_template(
        "certification/certificates/keys.html",
        issuer=issuer(evaluation_organization_id),
        rows=rows,
        current=queries.key_in_force(evaluation_organization_id, "pdf", now()),
        people=people(row.made_by for row in rows if row.made_by),
        imported=imported,
        retired=retired,
    )
