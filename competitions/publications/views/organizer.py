"""The organizer's way from marks to an announcement, and objections on the way."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competitions.marking.queries.finality import open_in_event
from competitions.programme import queries as programme
from competitions.publications import actions, queries
from competitions.publications.forms import ObjectionForm, PublishForm, SettleForm
from competitions.publications.models import PublicationKind
from competitions.publications.permissions import PublicationPermission
from competitions.publications.views.room import blueprint
from competitions.results import queries as results
from competitions.results.forms import ComputeForm
from competitions.results.permissions import ResultPermission
from competitions.rules import lifecycle
from foundation.clock import china_day, now
from foundation.notices.working_days import notice_period
from foundation.permission import requires
from foundation.refusal import Missing, Refusal
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on

STEPS = (PublicationKind.POSTED, PublicationKind.PROPOSED, PublicationKind.DECIDED)


@blueprint.get("/competitions/<uuid:competition_id>/results")
@requires(ResultPermission.VIEW, of="competition_id")
def events(competition_id: UUID) -> str:
    """Every event and division with its run and its publications."""
    navigation.enter(competition_id=competition_id)
    found = results.events_of_competition(competition_id)
    runs = results.latest_runs([event.id for event in found])
    rows = queries.publications_of_competition(competition_id)
    gone = queries.superseded(rows)
    return render_template(
        "competitions/publications/events.html",
        events=found, runs=runs, signed=results.signatures([run.id for run in runs.values()]),
        published=[row for row in rows if row.id not in gone],
    )  # fmt: skip


@blueprint.get("/events/<uuid:event_id>/results")
@requires(ResultPermission.VIEW, of="event_id")
def board(event_id: UUID) -> str:
    """One event: marking, lists of scores, runs, signatures, and what to publish next."""
    event = programme.event(event_id)
    navigation.enter(competition_id=event.competition_id, nav="publications.events")
    rows = queries.publications_of_event(event_id)
    runs = results.runs_of_event(event_id)
    return render_template(
        "competitions/publications/board.html",
        event=event, sheets=results.sheets_by_state(event_id), imports=results.score_imports(event_id), runs=runs,
        signed=results.signatures([row.id for found in runs.values() for row in found]), publications=rows,
        gone=queries.superseded(rows), steps=STEPS, objections=queries.objections([row.id for row in rows]),
        open_matters=open_in_event(event_id), form=ComputeForm(), notice_dates=queries.notice_dates,
    )  # fmt: skip


@blueprint.route("/runs/<uuid:run_id>/publish/<kind>", methods=["GET", "POST"])
@requires(PublicationPermission.PUBLISH, of="run_id")
def publish(run_id: UUID, kind: str) -> BaseResponse | str | tuple[str, int]:
    """Say what will happen and what cannot be undone, then publish."""
    if kind not in STEPS:
        raise Missing
    run = results.run(run_id)
    event = programme.event(run.event_id)
    form = PublishForm()
    if form.validate_on_submit():
        with refusals_on(form):
            key = _publish(run_id, kind, form)
            flash(_("Published."), "success")
            return redirect(url_for("publications.publication", publication_id=key))
    navigation.enter(competition_id=event.competition_id, nav="publications.events")
    page = render_template(
        "competitions/publications/publish.html",
        form=form, run=run, event=event, kind=kind, division=results.division_names(event)[run.division_id],
        competition=event.competition, before=queries.latest(run.event_id, run.division_id, PublicationKind(kind)),
        period=notice_period(china_day(now()), results.rules_of_run(run).notice_days),
        signed=results.signatures([run_id])[run_id],
        held=queries.held_entries(run.event_id, run.division_id, run_id)[0], open_matters=open_in_event(run.event_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _publish(run_id: UUID, kind: str, form: PublishForm) -> UUID:
    reason = form.reason.data or ""
    if kind == PublicationKind.POSTED:
        return actions.post_results(run_id, reason=reason, actor=actor(), at=now())
    if kind == PublicationKind.PROPOSED:
        return actions.propose_results(run_id, reason=reason, actor=actor(), at=now())
    if form.document_date.data is None:
        raise Refusal("document_date_missing", field="document_date")
    return actions.decide_results(
        run_id, document_number=form.document_number.data or "", document_date=form.document_date.data, reason=reason,
        actor=actor(), at=now(),
    )  # fmt: skip


# --- objections -------------------------------------------------------------------------------------------------------


@blueprint.route("/publications/<uuid:publication_id>/objections", methods=["GET", "POST"])
@requires(PublicationPermission.OBJECTION, of="publication_id")
def objections(publication_id: UUID) -> BaseResponse | str | tuple[str, int]:
    """The objections to a notice, and noting one that came in on paper."""
    row = queries.publication(publication_id, rows=True)
    names = queries.names_of_publication(publication_id)
    form = ObjectionForm()
    form.entry.choices = [
        (str(line.entry_id), f"{line.rank or '–'}  {names[line.entry_id].names if line.entry_id in names else ''}")
        for line in row.rows
    ]
    if form.validate_on_submit():
        with refusals_on(form):
            actions.raise_objection(
                publication_id, UUID(form.entry.data), raised_by=form.raised_by.data or "", matter=form.matter.data or "",
                actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("The objection is noted. The entry concerned is held until it is settled."), "success")
            return redirect(url_for("publications.objections", publication_id=publication_id))
    navigation.enter(competition_id=row.competition_id, nav="publications.events")
    settle = SettleForm()
    settle.offer_choices()
    page = render_template(
        "competitions/publications/objections.html",
        row=row, names=names, form=form, objections=queries.objections([publication_id]), settle_form=settle,
        moves=lifecycle.OBJECTION,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/objections/<uuid:objection_id>/settle")
@requires(PublicationPermission.OBJECTION, of="objection_id")
def settle(objection_id: UUID) -> BaseResponse:
    """Uphold or dismiss."""
    form = SettleForm()
    form.offer_choices()
    if form.ruling.data not in ("upheld", "dismissed"):
        raise Refusal("ruling_missing", field="ruling")
    publication_id = actions.settle_objection(
        objection_id, upheld=form.ruling.data == "upheld", answer=form.answer.data or "", actor=actor(), at=now()
    )
    flash(_("Settled."), "success")
    return redirect(url_for("publications.objections", publication_id=publication_id))
