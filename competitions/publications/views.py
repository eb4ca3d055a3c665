"""The organizer's way from marks to an announcement, and the public pages of what was published."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from competitions.programme import queries as programme
from competitions.publications import actions, queries
from competitions.publications.forms import ObjectionForm, PublishForm, SettleForm
from competitions.publications.models import Publication, PublicationKind
from competitions.publications.permissions import PublicationPermission
from competitions.results import queries as results
from competitions.results.forms import ComputeForm
from competitions.results.permissions import ResultPermission
from competitions.rules import lifecycle
from foundation.clock import china_day, now
from foundation.notices.working_days import notice_period
from foundation.permission import public, requires
from foundation.print.printer import print_html
from foundation.refusal import Missing, Refusal
from foundation.web import language, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

blueprint = Blueprint("publications", __name__)
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
        form=ComputeForm(), notice_dates=queries.notice_dates,
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
        held=queries.held_entries(run.event_id, run.division_id, run_id)[0],
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


# --- what everybody sees ----------------------------------------------------------------------------------------------


@blueprint.get("/competitions/<uuid:competition_id>/publications")
@public
def publications(competition_id: UUID) -> str:
    """Everything a competition has published, the latest first; superseded ones say by which."""
    rows = queries.publications_of_competition(competition_id)
    return render_template(
        "competitions/publications/publications.html", rows=rows, gone=queries.superseded(rows),
        competition=programme.competition(competition_id) if rows else None,
    )  # fmt: skip


@blueprint.get("/publications/<uuid:publication_id>")
@public
def publication(publication_id: UUID) -> Response:
    """One publication as everybody reads it."""
    row = queries.publication(publication_id)
    later = queries.superseded_by(row)
    running = row.kind == PublicationKind.PROPOSED and china_day(now()) <= date.fromisoformat(row.notice["last"])
    # Names can be erased: what is remembered of a page is forgotten with the minute.
    minute = int(now().timestamp()) // 60
    generate_csrf()  # the page carries the visitor's token: another session gets another tag
    said = (row.hash, str(later.id) if later else "", language.chosen(), running, minute)
    tag = hashlib.sha256(repr((said, str(actor().person), session.get("csrf_token"))).encode()).hexdigest()
    answer = Response(status=200)
    answer.set_etag(tag[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers.add("Vary", "Cookie")
    if request.if_none_match.contains_weak(tag[:32]):
        answer.status_code = 304
        return answer
    body = _standing(publication_id, row.hash, language.chosen(), minute)
    answer.set_data(
        render_template(
            "competitions/publications/publication.html",
            row=row,
            later=later,
            running=running,
            period=queries.notice_dates(row),
            standing=body,
        )  # fmt: skip
    )
    answer.mimetype = "text/html"
    return answer


@lru_cache(maxsize=128)
def _standing(publication_id: UUID, *_key: object) -> str:
    return render_template("competitions/publications/standing.html", **_content(publication_id))


def _content(publication_id: UUID) -> dict[str, object]:
    row: Publication = queries.publication(publication_id, rows=True)
    return {"row": row, "names": queries.names_of_publication(publication_id), "places": row.facts["event"]["places"]}


@blueprint.get("/publications/<uuid:publication_id>/notice.pdf")
@public
def notice(publication_id: UUID) -> BaseResponse:
    """The publication on paper, as a notice to post and seal."""
    row = queries.publication(publication_id, rows=True)
    said = row.facts["competition"]
    kind = {"posted": "成绩公布", "proposed": "成绩公示", "decided": "成绩通报"}.get(row.kind, "成绩")
    html = render_template("competitions/publications/notice.html", **_content(publication_id), title=f"关于{said['name_zh']}{row.facts['event']['name_zh']}赛项（{row.facts['event']['division_name']}）{kind}的公告" if row.kind != "proposed" else f"关于{said['name_zh']}{row.facts['event']['name_zh']}赛项（{row.facts['event']['division_name']}）竞赛成绩的公示")  # fmt: skip
    return send_bytes(print_html(html).data, media_type="application/pdf", name=f"{row.facts['event']['name_zh']}-{kind}.pdf", inline=True)  # fmt: skip
