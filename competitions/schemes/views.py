"""Organizers' pages of an event's marking scheme."""

from __future__ import annotations

import base64
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from competitions.programme import queries as programme
from competitions.programme.models import Event
from competitions.rules.scheme import Finding, mark_text, totals
from competitions.rules.scoring.numbers import said
from competitions.schemes import actions, chinese_template, queries
from competitions.schemes import trial as trials
from competitions.schemes.forms import AspectForm, ConfirmForm, TrialForm, UploadForm
from competitions.schemes.models import Aspect, MarkingScheme
from competitions.schemes.permissions import SchemePermission
from competitions.schemes.welding_example import welding_scheme
from competitions.schemes.workbooks import annotated
from foundation.clock import now
from foundation.permission import requires
from foundation.refusal import Conflict, Missing
from foundation.spreadsheets.writing import MEDIA_TYPE
from foundation.translation import sentence
from foundation.web import language, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("schemes", __name__)
LARGEST_RETURNED = 3 * 1024 * 1024  # a larger workbook is not carried inside the page


@blueprint.context_processor
def marks() -> dict[str, Any]:
    """How these pages write a mark: exactly, with at least two decimals."""
    return {"mark_text": lambda value: mark_text(Fraction(value))}


@blueprint.get("/events/<uuid:event_id>/scheme")
@requires(SchemePermission.VIEW, of="event_id")
def scheme(event_id: UUID) -> str:
    """The version in force (or the one asked for by number), with its totals, and all versions."""
    event = _enter(event_id)
    number = request.args.get("version", type=int)
    row = queries.scheme_version(event_id, number) if number else queries.scheme_in_force(event_id)
    return _page(event, row, UploadForm())


@blueprint.post("/events/<uuid:event_id>/scheme/import")
@requires(SchemePermission.EDIT, of="event_id")
def import_scheme(event_id: UUID) -> Answer | str | tuple[str, int]:
    """Import a workbook; when a version is in force, first show what would change."""
    event = _enter(event_id)
    held = queries.scheme_in_force(event_id)
    form = UploadForm()
    if form.validate_on_submit():
        data, name = form.file.data.read(), (form.file.data.filename or "")[:200]
        with refusals_on(form):
            try:
                return _imported(event, held, data, name)
            except actions.SchemeProblems as problems:
                returned = _returned(data, problems) if len(data) <= LARGEST_RETURNED else ""
                return render_template(
                    "competitions/schemes/problems.html", event=event, form=form, problems=problems, returned=returned,
                    say=say, name=name,
                ), 422  # fmt: skip
    return _page(event, held, form), 422


def _imported(event: Event, held: MarkingScheme | None, data: bytes, name: str) -> Answer | str:
    if held is None:
        actions.import_scheme(event.id, data, name=name, actor=actor(), at=now())
        flash(_("The marking scheme was imported and is in force."), "success")
        return redirect(url_for("schemes.scheme", event_id=event.id))
    proposal = actions.propose_scheme(event.id, data, name=name, actor=actor(), at=now())
    return render_template(
        "competitions/schemes/proposal.html", event=event, held=held, proposal=proposal,
        form=ConfirmForm(formdata=None, file_id=str(proposal.file_id)), sums=totals(proposal.checked.draft), say=say,
    )  # fmt: skip


@blueprint.post("/events/<uuid:event_id>/scheme/confirm")
@requires(SchemePermission.EDIT, of="event_id")
def confirm(event_id: UUID) -> Answer:
    """Let the workbook that was looked at replace the version in force."""
    form = ConfirmForm()
    file_id = form.chosen() if form.validate() else None
    if file_id is None:
        raise Missing
    actions.confirm_proposal(event_id, file_id, actor=actor(), at=now())
    flash(_("The new version is in force; the one before is kept."), "success")
    return redirect(url_for("schemes.scheme", event_id=event_id))


@blueprint.get("/events/<uuid:event_id>/scheme/template.xlsx")
@requires(SchemePermission.VIEW, of="event_id")
def template(event_id: UUID) -> Response:
    """The empty template with a worked example."""
    event = programme.event(event_id)
    data = chinese_template.template(welding_scheme())
    return send_bytes(data, media_type=MEDIA_TYPE, name=f"{event.name_zh}-{_('marking scheme template')}.xlsx")


@blueprint.get("/events/<uuid:event_id>/scheme/export.xlsx")
@requires(SchemePermission.VIEW, of="event_id")
def export(event_id: UUID) -> Response:
    """The version in force (or the one asked for by number) in the template, to be changed and imported again."""
    event, number = programme.event(event_id), request.args.get("version", type=int)
    row = queries.scheme_version(event_id, number) if number else queries.scheme_in_force(event_id)
    if row is None:
        raise Missing
    data = chinese_template.written_scheme(queries.draft_of(row))
    name = f"{event.name_zh}-{_('marking scheme')}-{row.number}.xlsx"
    return send_bytes(data, media_type=MEDIA_TYPE, name=name)


@blueprint.route("/events/<uuid:event_id>/scheme/aspects/<uuid:aspect_id>", methods=["GET", "POST"])
@requires(SchemePermission.EDIT, of="event_id")
def aspect(event_id: UUID, aspect_id: UUID) -> Answer | str | tuple[str, int]:
    """Change one aspect, as a new version."""
    event = _enter(event_id)
    held = queries.scheme_in_force(event_id)
    row = _aspect(held, aspect_id)
    if held is None or row is None:
        raise Missing
    if held.state == "frozen":
        raise Conflict("scheme_frozen", number=held.number, when=held.frozen_at)
    form = AspectForm()
    findings: tuple[Finding, ...] = ()
    form.offer(held, row)
    if form.validate_on_submit():
        with refusals_on(form):
            try:
                actions.edit_aspect(
                    event_id, aspect_id, form.facts(), balance_id=form.balance_id(), actor=actor(), at=now()
                )
                flash(_("Saved as a new version."), "success")
                return redirect(url_for("schemes.scheme", event_id=event_id) + f"#{row.code}")
            except actions.SchemeProblems as problems:
                findings = tuple(finding for finding in problems.findings if finding.is_error)
    elif not form.is_submitted():
        form.show(row)
    page = render_template(
        "competitions/schemes/aspect.html", event=event, scheme=held, row=row, form=form, findings=findings, say=say
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/events/<uuid:event_id>/scheme/try", methods=["GET", "POST"])
@requires(SchemePermission.VIEW, of="event_id")
def trial(event_id: UUID) -> str | tuple[str, int]:
    """Try a scoring method on a spreadsheet before it is put in force; nothing is stored."""
    event = _enter(event_id)
    form = TrialForm()
    form.offer()
    found = None
    if form.validate_on_submit():
        with refusals_on(form):
            setting = trials.setting_of(form.method.data, form.options(), form.max_mark.data)
            found = trials.run_trial(form.method.data, setting, form.file.data.read())
    elif not form.is_submitted() and (asked := request.args.get("aspect", type=UUID)):
        row = _aspect(queries.scheme_in_force(event_id), asked)
        if row is None:
            raise Missing
        form.show(row)
    page = render_template(
        "competitions/schemes/trial.html", event=event, form=form, found=found, why=trials.why, why_total=trials.why_total,
        said=said,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors or (found and found.wrong) else 200


@blueprint.get("/events/<uuid:event_id>/scheme/try/example.csv")
@requires(SchemePermission.VIEW, of="event_id")
def trial_example(event_id: UUID) -> Response:
    """An invented spreadsheet in the right form."""
    _enter(event_id)
    return send_bytes(trials.EXAMPLE.encode("utf-8-sig"), media_type="text/csv", name="scoring-try.csv")


def say(finding: Finding) -> str:
    """A finding in the reader's language."""
    return sentence(f"scheme_finding:{finding.code}", **finding.facts)


def _enter(event_id: UUID) -> Event:
    event = programme.event(event_id)
    navigation.enter(competition_id=event.competition_id, event_id=event_id, nav="schemes.scheme")
    return event


def _page(event: Event, row: MarkingScheme | None, form: UploadForm) -> str:
    return render_template(
        "competitions/schemes/scheme.html", event=event, scheme=row, form=form, chinese=language.chosen() == "zh",
        sums=totals(queries.draft_of(row)) if row else None, versions=queries.scheme_versions(event.id),
    )  # fmt: skip


def _aspect(held: MarkingScheme | None, aspect_id: UUID) -> Aspect | None:
    rows = (
        (each for criterion in held.criteria for sub in criterion.sub_criteria for each in sub.aspects) if held else ()
    )
    return next((each for each in rows if each.id == aspect_id), None)


def _returned(data: bytes, problems: actions.SchemeProblems) -> str:
    """The workbook with its errors as an address that holds it: nothing of it is stored here."""
    return f"data:{MEDIA_TYPE};base64,{base64.b64encode(annotated(data, problems.findings, say)).decode()}"
