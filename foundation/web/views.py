"""Pages of the web layer itself: language, inbox, progress of jobs, health."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request
from sqlalchemy import text
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from foundation import db
from foundation.clock import now
from foundation.jobs import queries as jobs
from foundation.messages import actions as message_actions
from foundation.messages import queries as messages
from foundation.permission import SIGNED_IN, public, requires
from foundation.translation import sentence
from foundation.web import language
from foundation.web.access import actor
from foundation.web.language import LANGUAGES
from foundation.web.resend import safe_path

blueprint = Blueprint("web", __name__)


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Keep the reader's language and go back to the page."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        language.choose(wanted, actor().person)
    return redirect(safe_path(request.form.get("back", "/")))


@blueprint.get("/health")
@public
def health() -> Response:
    """For whoever watches the server: answers when the database does."""
    db.session().execute(text("SELECT 1"))
    return jsonify({"ok": True})


@blueprint.get("/messages")
@requires(SIGNED_IN)
def inbox() -> str:
    """The reader's messages, newest first."""
    person = _person()
    return render_template("foundation/messages/inbox.html", messages=messages.inbox(person), text_of=messages.text_of)


@blueprint.post("/messages/read")
@requires(SIGNED_IN)
def mark_read() -> Response:
    """Mark all as read."""
    message_actions.mark_read(_person(), at=now())
    return redirect("/messages")


@blueprint.get("/jobs/<uuid:job_id>")
@requires(SIGNED_IN)
def job(job_id: UUID) -> str | Response:
    """How far a job is. Only who ordered it sees it; `Accept: application/json` for the page's own polling."""
    found = jobs.job(job_id)
    if found.actor_id != actor().person:
        raise NotFound
    if request.accept_mimetypes.best == "application/json":
        message = sentence(found.refusal["code"], **found.refusal["facts"]) if found.refusal else ""
        return jsonify(
            {"state": found.state, "done": found.done, "total": found.total, "message": message, "result": found.result}
        )
    return render_template("foundation/jobs/job.html", job=found, back=safe_path(request.args.get("back", "/")))


def _person() -> UUID:
    person = actor().person
    if person is None:
        raise NotFound
    return person
