"""What everybody sees: publications, the notice on paper, and one's own result without an account (成绩查询)."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from uuid import UUID

from flask import Response, render_template, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from competitions.programme import queries as programme
from competitions.publications import queries, score_query
from competitions.publications.forms import ScoreQueryForm
from competitions.publications.models import Publication, PublicationKind
from competitions.publications.views.room import blueprint
from foundation.clock import china_day, now
from foundation.permission import public
from foundation.print.printer import print_html
from foundation.web import language
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.limits import limiter


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


@blueprint.route("/query", methods=["GET", "POST"])
@public
@limiter.limit("10/minute;60/hour", methods=["POST"])
def query() -> tuple[str, int]:
    """成绩查询: one's own published result by name, identity number and pass number or claim code, without an account."""
    form = ScoreQueryForm()
    form.offer_choices()
    asked = form.validate_on_submit()
    found = (
        score_query.published_results(
            form.name.data or "", form.document_kind.data or "", form.identity_number.data or "", form.code.data or "",
            at=now(),
        )
        if asked
        else []
    )  # fmt: skip
    page = render_template("competitions/publications/query.html", form=form, asked=asked, found=found)
    return page, 422 if form.is_submitted() and not asked else 200
