"""The officer's pages of batches: what waits, one batch with its gates and progress, its bundle."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from certification.certificates import archive
from certification.certificates.actions import batches as actions
from certification.certificates.forms import GroupsForm
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import batches as queries
from certification.certificates.queries import register
from certification.rules.lifecycle import CERTIFICATE_BATCH, BatchState
from foundation.clock import now
from foundation.jobs import queries as jobs
from foundation.permission import requires
from foundation.refusal import Refusal
from foundation.spreadsheets.writing import MEDIA_TYPE, Table, workbook
from foundation.translation import sentence
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes, send_pieces
from foundation.web.forms import refusals_on

blueprint = Blueprint("certificate_batches", __name__)
_P = CertificatePermission
SHOWN = 200


@blueprint.get("/certificates/batches")
@requires(_P.ISSUE)
def batches() -> str:
    """What may be made now, in groups, and the batches there are."""
    return _batches(GroupsForm(formdata=None))


def _batches(form: GroupsForm) -> str:
    asked = listing.asked(orders=("ordered",), filters=("state",))
    page = listing.page_of(queries.batches(actor(), _P.ISSUE, **asked.filters), asked)
    return render_template(
        "certification/certificates/batches.html", page=page, asked=asked, form=form, states=tuple(BatchState),
        groups=queries.waiting(actor(), _P.ISSUE), counts=queries.states_of(row.id for row in page.rows),
    )  # fmt: skip


@blueprint.post("/certificates/batches")
@requires(_P.ISSUE)
def order() -> Response | tuple[str, int]:
    """Make batches of the ticked groups and check their gates."""
    form = GroupsForm()
    if form.validate():
        with refusals_on(form):
            ids = queries.of_groups(actor(), _P.ISSUE, form.group.data or ())
            if not ids:
                raise Refusal("batch_nothing_chosen")
            made = actions.order_batches(ids, public_url=current_app.config["PUBLIC_URL"], actor=actor(), at=now())
            return redirect(address_of(made))
    return _batches(form), 422


def address_of(made: Sequence[UUID]) -> str:
    """The page that shows what was ordered: the batch, or the list when there are several."""
    if len(made) == 1:
        return url_for("certificate_batches.batch", batch_id=made[0])
    return url_for("certificate_batches.batches")


@blueprint.get("/certificates/batches/<uuid:batch_id>")
@requires(_P.ISSUE, of="batch_id")
def batch(batch_id: UUID) -> str:
    """One batch: gates before the start, progress, what was refused, what was looked at."""
    row = queries.batch(batch_id)
    stopped = queries.items(batch_id, "blocked", "refused", limit=SHOWN)
    navigation.enter(nav="certificate_batches.batches")
    flawed = register.certificate(UUID(row.fault["certificate"])) if row.fault else None
    return render_template(
        "certification/certificates/batch.html", row=row, counts=queries.states_of([batch_id])[batch_id],
        stopped=[(item, queries.faults_of(item)) for item in stopped], shown=SHOWN,
        people=register.holders(item.certificate.person_id for item in stopped),
        moves=CERTIFICATE_BATCH.moves_from(row.state), flawed=flawed,
        job=jobs.job(row.job_id) if row.job_id and row.state in ("checking", "running") else None,
    )  # fmt: skip


@blueprint.post("/certificates/batches/<uuid:batch_id>/check")
@requires(_P.ISSUE, of="batch_id")
def check(batch_id: UUID) -> Response:
    """Check the gates anew."""
    actions.check_again(batch_id, actor=actor(), at=now())
    return redirect(url_for("certificate_batches.batch", batch_id=batch_id))


@blueprint.post("/certificates/batches/<uuid:batch_id>/start")
@requires(_P.ISSUE, of="batch_id")
def start(batch_id: UUID) -> Response:
    """Start, or go on."""
    actions.start_batch(batch_id, actor=actor(), at=now())
    return redirect(url_for("certificate_batches.batch", batch_id=batch_id))


@blueprint.post("/certificates/batches/<uuid:batch_id>/pause")
@requires(_P.ISSUE, of="batch_id")
def pause(batch_id: UUID) -> Response:
    """Pause after the chunk that is being made."""
    actions.pause_batch(batch_id, actor=actor(), at=now())
    flash(_("Paused. What is being made at this moment is still finished."), "success")
    return redirect(url_for("certificate_batches.batch", batch_id=batch_id))


@blueprint.get("/certificates/batches/<uuid:batch_id>/bundle.zip")
@requires(_P.ISSUE, of="batch_id")
def bundle(batch_id: UUID) -> Response:
    """Every issued file of the batch with index and manifest, streamed."""
    row = queries.batch(batch_id)
    name = f"{row.issuer.prefix}-{row.number:04d}.zip"
    return send_pieces(archive.pieces_of(row), media_type="application/zip", name=name)


@blueprint.get("/certificates/batches/<uuid:batch_id>/faults.xlsx")
@requires(_P.ISSUE, of="batch_id")
def faults(batch_id: UUID) -> Response:
    """Everything that stops somebody, person by person, for whoever mends it."""
    found = queries.items(batch_id, "blocked", "refused", limit=20_000)
    people = register.holders(item.certificate.person_id for item in found)
    lines = [
        (item.certificate.number or "", people[item.certificate.person_id].name_zh if item.certificate.person_id in people else "",
         item.certificate.occupation_name, sentence(fault.code, **fault.facts))
        for item in found for fault in queries.faults_of(item)
    ]  # fmt: skip
    heads = (_("Certificate number"), _("Person’s name"), _("Name of the occupation"), _("What is wrong"))
    title = ngettext("What stops %(num)s certificate", "What stops %(num)s certificates", len(found))
    return send_bytes(workbook([Table(_("What is wrong"), heads, lines)]), media_type=MEDIA_TYPE, name=f"{title}.xlsx")
