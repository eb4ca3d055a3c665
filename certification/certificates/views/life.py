"""撤销, 注销, 更正换发, 补发: officers ask and decide; a holder asks for a correction or a reissue from the own home."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people.queries import people
from certification.certificates.actions import life as actions
from certification.certificates.forms import AgreeForm, ChangeForm, OwnChangeForm, RefuseForm
from certification.certificates.models.certificates import Certificate
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import life as queries
from certification.certificates.queries import register
from certification.rules.certificate_states import HOLDERS_ACTS, Act, ChangeState, acts_from
from foundation.clock import china_day, now
from foundation.files import scans
from foundation.files.queries import file_bytes, file_row
from foundation.permission import SIGNED_IN, requires
from foundation.refusal import Missing
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("certificate_life", __name__)
_P = CertificatePermission
Answer = Response | str | tuple[str, int]


@blueprint.get("/certificates/changes")
@requires(_P.VIEW)
def changes() -> str:
    """Every request the reader may see; those that wait stand first."""
    asked = listing.asked(orders=("asked",), filters=("state",))
    page = listing.page_of(queries.changes(actor(), _P.VIEW, state=asked.filters.get("state", "")), asked)
    keys = {row.asked_by for row in page.rows} | {row.certificate.person_id for row in page.rows}
    return render_template(
        "certification/certificates/changes.html", page=page, asked=asked, states=tuple(ChangeState), people=people(keys)
    )  # fmt: skip


@blueprint.get("/certificates/<uuid:certificate_id>/changes")
@requires(_P.VIEW, of="certificate_id")
def of_certificate(certificate_id: UUID) -> str:
    """What was asked for this certificate, and what became of it."""
    return _of_certificate(certificate_id)


def _of_certificate(
    certificate_id: UUID, form: ChangeForm | None = None, agree: AgreeForm | None = None, refuse: RefuseForm | None = None
) -> str:  # fmt: skip
    row = register.certificate(certificate_id)
    rows = queries.changes_of(certificate_id)
    keys = {one.asked_by for one in rows} | {one.decided_by for one in rows if one.decided_by} | {row.person_id}
    navigation.enter(nav="certificate_register.register")
    acts = acts_from(row.state)
    if form is None:
        form = ChangeForm(formdata=None)
        chosen = request.args.get("act", "")
        form.act.data = chosen if chosen in acts else acts[0].value if acts else None
    form.offer(acts)
    return render_template(
        "certification/certificates/life.html", row=row, changes=rows, people=people(keys), acts=acts, form=form,
        values=register.printed_values(row), wanted={one.id: queries.wanted_values(one) for one in rows},
        agree=agree or AgreeForm(formdata=None), refuse=refuse or RefuseForm(formdata=None),
        waits=any(one.state == ChangeState.ASKED for one in rows), today=china_day(now()),
    )  # fmt: skip


@blueprint.post("/certificates/<uuid:certificate_id>/changes")
@requires(_P.ASK, of="certificate_id")
def ask(certificate_id: UUID) -> Answer:
    """Ask for one of the four acts."""
    form = ChangeForm()
    form.offer(acts_from(register.certificate(certificate_id).state))
    if form.validate():
        with refusals_on(form):
            evidence = scans.keep(form.evidence.data, actor=actor(), at=now(), field="evidence")
            facts = form.facts(evidence)
            actions.ask_change(certificate_id, Act(form.act.data), facts, actor=actor(), at=now())
            flash(_("Asked. Another person decides; until then nothing changes."), "success")
            return redirect(url_for("certificate_life.of_certificate", certificate_id=certificate_id))
    return _of_certificate(certificate_id, form=form), 422


@blueprint.post("/certificates/<uuid:certificate_id>/changes/<uuid:change>/agree")
@requires(_P.DECIDE, of="certificate_id")
def agree(certificate_id: UUID, change: UUID) -> Answer:
    """Agree: it happens at once."""
    form = AgreeForm()
    if form.validate():
        with refusals_on(form):
            actions.agree_change(
                certificate_id, change, actor=actor(), at=now(), public_url=current_app.config["PUBLIC_URL"],
                print_serial=form.print_serial.data or "", note=form.note.data or "",
            )  # fmt: skip
            flash(_("Done. The public check says so from now on."), "success")
            return redirect(url_for("certificate_life.of_certificate", certificate_id=certificate_id))
    return _of_certificate(certificate_id, agree=form), 422


@blueprint.post("/certificates/<uuid:certificate_id>/changes/<uuid:change>/refuse")
@requires(_P.DECIDE, of="certificate_id")
def refuse(certificate_id: UUID, change: UUID) -> Answer:
    """Do not agree, and say why."""
    form = RefuseForm()
    if form.validate():
        with refusals_on(form):
            actions.refuse_change(certificate_id, change, form.note.data or "", actor=actor(), at=now())
            flash(_("Refused; whoever asked was told why."), "success")
            return redirect(url_for("certificate_life.of_certificate", certificate_id=certificate_id))
    return _of_certificate(certificate_id, refuse=form), 422


@blueprint.post("/certificates/<uuid:certificate_id>/changes/<uuid:change>/take-back")
@requires(_P.ASK, of="certificate_id")
def take_back(certificate_id: UUID, change: UUID) -> Response:
    """Whoever asked takes the request back."""
    actions.take_back_change(certificate_id, change, actor=actor(), at=now())
    flash(_("Taken back."), "success")
    return redirect(url_for("certificate_life.of_certificate", certificate_id=certificate_id))


@blueprint.get("/certificates/<uuid:certificate_id>/changes/<uuid:change>/evidence")
@requires(_P.VIEW, of="certificate_id")
def evidence(certificate_id: UUID, change: UUID) -> Response:
    """What was handed in with a request."""
    return _evidence(queries.change(change, certificate_id).evidence_id)


def _evidence(file_id: UUID | None) -> Response:
    if file_id is None:
        raise Missing
    kept = file_row(file_id)
    return send_bytes(file_bytes(file_id), media_type=kept.media_type, name=kept.name.revealed(), inline=True)


# --- the holder -------------------------------------------------------------------------------------------------------


@blueprint.get("/my/certificates/<uuid:mine>/change")
@requires(SIGNED_IN)
def own_change(mine: UUID) -> str:
    """The holder's requests for a correction or a reissue, and the form for another."""
    return _own(_mine(mine))


def _own(row: Certificate, form: OwnChangeForm | None = None) -> str:
    rows = queries.changes_of(row.id)
    if form is None:
        form = OwnChangeForm(formdata=None)
        form.act.data = request.args.get("act", "") if request.args.get("act", "") in HOLDERS_ACTS else HOLDERS_ACTS[0]
    form.offer(HOLDERS_ACTS)
    return render_template(
        "certification/certificates/own_change.html", row=row, form=form, values=register.printed_values(row),
        changes=[one for one in rows if one.asked_by == row.person_id],
        waits=any(one.state == ChangeState.ASKED for one in rows),
    )  # fmt: skip


@blueprint.post("/my/certificates/<uuid:mine>/change")
@requires(SIGNED_IN)
def ask_own(mine: UUID) -> Answer:
    """Ask for a correction or a reissue of the own certificate."""
    row = _mine(mine)
    form = OwnChangeForm()
    form.offer(HOLDERS_ACTS)
    if form.validate():
        with refusals_on(form):
            evidence = scans.keep(form.evidence.data, actor=actor(), at=now(), field="evidence")
            actions.ask_own_change(row.id, Act(form.act.data), form.facts(evidence), actor=actor(), at=now())
            flash(_("Asked. The issuer decides, and you get a message."), "success")
            return redirect(url_for("certificate_life.own_change", mine=mine))
    return _own(row, form), 422


@blueprint.post("/my/certificates/<uuid:mine>/change/<uuid:change>/take-back")
@requires(SIGNED_IN)
def take_back_own(mine: UUID, change: UUID) -> Response:
    """The holder no longer wants it."""
    actions.take_back_change(_mine(mine).id, change, actor=actor(), at=now())
    flash(_("Taken back."), "success")
    return redirect(url_for("certificate_life.own_change", mine=mine))


def _mine(certificate_id: UUID) -> Certificate:
    row = register.certificate(certificate_id)
    if actor().person is None or row.person_id != actor().person or row.file_id is None:
        raise Missing
    return row
