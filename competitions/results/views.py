"""Lists of scores, runs, the explanation of a place, signatures."""

from __future__ import annotations

import hashlib
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people import queries as people
from competitions.codes.queries import entries_by_work
from competitions.marking.actions import recheck as rechecking
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import checks, floor
from competitions.marking.queries import marks as marking
from competitions.marking.queries import recheck as rechecks
from competitions.marking.queries.finality import open_in_event
from competitions.programme import queries as programme
from competitions.results import actions, fairness_board, queries, tally
from competitions.results.forms import ComputeForm, FindingForm, ReasonForm, ScoreForm
from competitions.results.permissions import SIGNING, ResultPermission
from competitions.results.watching import snapshot
from competitions.rules import recheck as recheck_rule
from competitions.rules.ranking import tie_steps
from competitions.rules.totals import explain_deduction, explain_scheme, explain_total
from foundation.clock import now
from foundation.permission import can, requires
from foundation.print.printer import print_html
from foundation.refusal import Missing
from foundation.spreadsheets.writing import MEDIA_TYPE
from foundation.web import language, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("results", __name__)


def _enter(event_id: UUID) -> None:
    navigation.enter(competition_id=programme.event(event_id).competition_id, nav="publications.events")


@blueprint.get("/events/<uuid:event_id>/scores/<uuid:part_id>/template")
@requires(ResultPermission.ENTER_SCORES, of="event_id")
def score_template(event_id: UUID, part_id: UUID) -> Response:
    """The workbook to fill in."""
    data = actions.score_template(event_id, part_id)
    return send_bytes(data, media_type=MEDIA_TYPE, name=f"{programme.event(event_id).name_zh}-成绩导入模板.xlsx")


@blueprint.route("/events/<uuid:event_id>/scores/<uuid:part_id>/import", methods=["GET", "POST"])
@requires(ResultPermission.ENTER_SCORES, of="event_id")
def import_scores(event_id: UUID, part_id: UUID) -> Response | str | tuple[str, int]:
    """Send a list: everything wrong is shown at once; a right one is stored and waits for a second person."""
    event = programme.event(event_id)
    part = next((row for row in event.parts if row.id == part_id and row.source == "entered_score"), None)
    if part is None:
        raise Missing
    form, found = ScoreForm(), None
    if form.validate_on_submit():
        data = form.file.data.read()
        with refusals_on(form):
            found = actions.check_scores(event_id, part_id, data)
            if not found.wrong and not form.check_only.data:
                key = actions.import_scores(
                    event_id, part_id, data, name=form.file.data.filename or "", actor=actor(), at=now()
                )
                flash(_("The list is stored and waits for a second person to confirm it."), "success")
                return redirect(url_for("results.score_import", score_import_id=key))
    _enter(event_id)
    page = render_template("competitions/results/import.html", event=event, part=part, form=form, found=found)
    return page, 422 if form.errors or form.form_errors or (found and found.wrong) else 200


@blueprint.get("/score-imports/<uuid:score_import_id>")
@requires(ResultPermission.CONFIRM_SCORES, of="score_import_id")
def score_import(score_import_id: UUID) -> str:
    """One list, to compare with the original and confirm."""
    row = queries.score_import(score_import_id)
    event = programme.event(row.event_id)
    _enter(row.event_id)
    names = queries.names_of(row.event_id)
    scores = sorted(row.scores, key=lambda score: names[score.entry_id].pass_number)
    found = people.people(key for key in (row.entered_by, row.confirmed_by, row.withdrawn_by) if key)
    return render_template(
        "competitions/results/score_import.html",
        row=row, event=event, scores=scores, names=names, people=found, form=ReasonForm(),
        part=next(part for part in event.parts if part.id == row.part_id),
    )  # fmt: skip


@blueprint.post("/score-imports/<uuid:score_import_id>/confirm")
@requires(ResultPermission.CONFIRM_SCORES, of="score_import_id")
def confirm_scores(score_import_id: UUID) -> Response:
    """A second person confirms."""
    actions.confirm_scores(score_import_id, actor=actor(), at=now())
    flash(_("Confirmed. These scores no longer change."), "success")
    return redirect(url_for("results.score_import", score_import_id=score_import_id))


@blueprint.post("/score-imports/<uuid:score_import_id>/withdraw")
@requires(ResultPermission.ENTER_SCORES, of="score_import_id")
def withdraw_scores(score_import_id: UUID) -> Response:
    """Take a list back with a reason."""
    form = ReasonForm()
    actions.withdraw_scores(score_import_id, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("The list was withdrawn."), "success")
    return redirect(url_for("results.score_import", score_import_id=score_import_id))


@blueprint.post("/events/<uuid:event_id>/divisions/<uuid:division_id>/compute")
@requires(ResultPermission.COMPUTE, of="event_id")
def compute(event_id: UUID, division_id: UUID) -> Response:
    """Compute a standing."""
    form = ComputeForm()
    key = actions.compute_run(event_id, division_id, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("The standing is computed. Chief judge and supervisor sign it next."), "success")
    return redirect(url_for("results.run", run_id=key))


@blueprint.get("/runs/<uuid:run_id>")
@requires(ResultPermission.VIEW, of="run_id")
def run(run_id: UUID) -> str:
    """One standing: places, totals, signatures, what changed since the run before."""
    row = queries.run(run_id)
    event = programme.event(row.event_id)
    _enter(row.event_id)
    signed = queries.signatures([run_id])[run_id]
    runs = queries.runs_of_event(row.event_id)[row.division_id]
    before = next((other for other in runs if other.number == row.number - 1), None)
    scopes = queries.run_scopes(run_id) or ()
    return render_template(
        "competitions/results/run.html",
        row=row, event=event, division=queries.division_names(event)[row.division_id],
        names=queries.names_of(row.event_id, row.division_id), signed=signed, rules=queries.rules_of_run(row),
        people=people.people(signature.person_id for signature in signed.values()), latest=runs[0],
        parts=queries.stored_parts(row.rows[0]) if row.rows else (), stored_parts=queries.stored_parts,
        may_sign=[role for role, permission in SIGNING.items() if can(actor(), permission, scopes)],
        changes=[one for one in queries.compared(queries.run(before.id), row) if one.changed] if before else [],
        before=before, left_out=queries.left_out(row), open_matters=open_in_event(row.event_id) if runs[0].id == run_id else (),
    )  # fmt: skip


@blueprint.get("/runs/<uuid:run_id>/entries/<uuid:entry_id>")
@requires(ResultPermission.VIEW, of="run_id")
def explanation(run_id: UUID, entry_id: UUID) -> str:
    """名次说明: every mark, what was dropped, the weights, and the step that broke a tie."""
    row = queries.run(run_id)
    line = next((line for line in row.rows if line.entry_id == entry_id), None)
    if line is None:
        raise Missing
    entries_by_work(row.event_id)
    rules = queries.rules_of_run(row)
    basis = tally.basis_of(row.event_id)
    schemes = {}
    if basis.tally is not None and line.work_id is not None:
        marks = tally.marks_of_work(row.event_id, basis.tally, line.work_id)
        lines = explain_scheme(basis.tally, marks)
        taken = floor.penalties(row.event_id).get(line.work_id)
        if taken is not None:
            lines = (*lines, explain_deduction(taken.marks, stopped=taken.stopped))
        schemes = {rule.kind: lines for _id, source, rule in basis.parts if source == "scheme"}
    _enter(row.event_id)
    return render_template(
        "competitions/results/explanation.html",
        row=row, line=line, event=programme.event(row.event_id), rules=rules,
        names=queries.names_of(row.event_id, row.division_id),
        lines=explain_total(queries.stored_total(line), schemes, places=rules.score_places),
        steps=tie_steps(
            entry_id, [queries.stored_contender(other) for other in row.rows], places=rules.score_places,
            tie_breaks=rules.tie_breaks,
        ),
    )  # fmt: skip


@blueprint.post("/runs/<uuid:run_id>/sign/<role>")
@requires(ResultPermission.SIGN, of="run_id")
def sign(run_id: UUID, role: str) -> Response:
    """Sign a standing."""
    actions.sign_run(run_id, role=role, actor=actor(), at=now())
    flash(_("Signed."), "success")
    return redirect(url_for("results.run", run_id=run_id))


@blueprint.get("/runs/<uuid:run_id>/sheet.pdf")
@requires(ResultPermission.VIEW, of="run_id")
def sheet(run_id: UUID) -> Response:
    """成绩确认单, to be signed on paper."""
    row = queries.run(run_id)
    event = programme.event(row.event_id)
    html = render_template(
        "competitions/results/sheet.html",
        row=row, event=event, competition=programme.competition(event.competition_id),
        division=queries.division_names(event)[row.division_id], names=queries.names_of(row.event_id, row.division_id),
        rules=queries.rules_of_run(row), parts=queries.stored_parts(row.rows[0]) if row.rows else (),
        stored_parts=queries.stored_parts,
    )  # fmt: skip
    return send_bytes(
        print_html(html).data, media_type="application/pdf", name=f"{event.name_zh}-成绩确认单.pdf", inline=True
    )


@blueprint.get("/events/<uuid:event_id>/fairness")
@requires(MarkingPermission.SCORES, of="event_id")
def fairness(event_id: UUID) -> Response | str:
    """评分监看: the chief's board while marking runs. `?part=board` answers the board alone, with a tag."""
    event = programme.event(event_id)
    if request.args.get("part") != "board":
        _enter(event_id)
        return render_template(
            "competitions/results/fairness.html",
            event=event,
            board=fairness_board.board(event_id, at=now()),
            failed=checks.failed_tablets(event_id),
        )
    chosen, stamp = language.chosen(), fairness_board.stamp(event_id, at=now())
    tag = hashlib.sha256(f"{event_id}:{chosen}:{stamp}".encode()).hexdigest()[:32]
    answer = Response(status=200, mimetype="text/html")
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(tag):
        answer.status_code = 304
        return answer
    answer.set_data(
        snapshot(
            event_id, chosen, stamp,
            lambda: render_template("competitions/results/fairness_board.html", board=fairness_board.board(event_id, at=now()), failed=checks.failed_tablets(event_id)),
        )
    )  # fmt: skip
    return answer


# --- re-check (抽检复核), by work code ---------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/recheck")
@requires(MarkingPermission.CORRECTIONS, of="event_id")
def recheck(event_id: UUID) -> str:
    """Which works are checked again, what was found, and who has signed."""
    event, row = programme.event(event_id), rechecks.recheck_of(event_id)
    scopes = programme.event_scopes(event_id) or ()
    _enter(event_id)
    checked = [item.wrong for item in row.items if item.wrong is not None] if row else []
    who = [row.drawn_by, row.signed_by, row.agreed_by] if row else []
    return render_template(
        "competitions/results/recheck.html",
        event=event, row=row, shares=rechecks.shares_of(event_id), ready=marking.all_confirmed(event_id),
        rate=recheck_rule.rate(checked, rechecking.shares_at(row)) if row and checked else None, checked=len(checked),
        people=people.people(key for key in who if key), uncorrected=rechecks.uncorrected(row) if row else [],
        may_check=can(actor(), MarkingPermission.RECHECK, scopes), may_agree=can(actor(), MarkingPermission.CONFIRM, scopes),
    )  # fmt: skip


@blueprint.post("/events/<uuid:event_id>/recheck/draw")
@requires(MarkingPermission.RECHECK, of="event_id")
def draw_recheck(event_id: UUID) -> Response:
    """Draw the works."""
    rechecking.draw_recheck(event_id, tally.totals_by_work(event_id), actor=actor(), at=now())
    flash(_("Drawn by code. Check these works against the sheets."), "success")
    return redirect(url_for("results.recheck", event_id=event_id))


@blueprint.route("/events/<uuid:event_id>/recheck/<uuid:work_id>", methods=["GET", "POST"])
@requires(MarkingPermission.RECHECK, of="event_id")
def recheck_work(event_id: UUID, work_id: UUID) -> Response | str | tuple[str, int]:
    """One work: every mark and how it was added up; right or wrong is noted."""
    item, event = rechecks.item_of(event_id, work_id), programme.event(event_id)
    if item is None:
        raise Missing
    finding = "" if item.wrong is None else "wrong" if item.wrong else "right"
    form = FindingForm(data={"finding": finding, "error": item.error, "remark": item.remark})
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            more = rechecking.note_finding(
                event_id, work_id, wrong=form.finding.data == "wrong", error=form.error.data or "",
                remark=form.remark.data or "", actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("More than the limit is wrong: every work is checked now.") if more else _("Noted."), "success")
            return redirect(url_for("results.recheck", event_id=event_id))
    basis = tally.basis_of(event_id)
    lines = explain_scheme(basis.tally, tally.marks_of_work(event_id, basis.tally, work_id)) if basis.tally else ()
    _enter(event_id)
    page = render_template("competitions/results/recheck_work.html", event=event, item=item, lines=lines, form=form)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/events/<uuid:event_id>/recheck/sign")
@requires(MarkingPermission.RECHECK, of="event_id")
def sign_recheck(event_id: UUID) -> Response:
    """The supervisor signs."""
    rechecking.sign_recheck(event_id, actor=actor(), at=now())
    flash(_("Signed. The chief judge signs next."), "success")
    return redirect(url_for("results.recheck", event_id=event_id))


@blueprint.post("/events/<uuid:event_id>/recheck/agree")
@requires(MarkingPermission.CONFIRM, of="event_id")
def agree_recheck(event_id: UUID) -> Response:
    """The chief judge signs; two people may unblind the codes now."""
    rechecking.agree_recheck(event_id, actor=actor(), at=now())
    flash(_("Signed. The re-check is closed and the codes are released for unblinding."), "success")
    return redirect(url_for("results.recheck", event_id=event_id))
