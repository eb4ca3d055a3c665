"""The organizer's side: arranging, announcing, signing in at the table, answering to all, minutes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from competitions.meetings import actions, queries
from competitions.meetings.forms import AnswerForm, MeetingForm, MinutesForm
from competitions.meetings.permissions import MeetingPermission
from competitions.meetings.views.room import blueprint, named
from competitions.programme import queries as programme
from foundation.clock import CHINA, now
from foundation.permission import requires
from foundation.print import printer
from foundation.print.qr import qr_data_url
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on


@blueprint.get("/competitions/<uuid:competition_id>/meetings")
@requires(MeetingPermission.HOLD, of="competition_id")
def meetings(competition_id: UUID) -> str:
    """Meetings, open questions, clarifications and who has not read them."""
    return _page(competition_id, AnswerForm(formdata=None))


def _page(competition_id: UUID, form: AnswerForm) -> str:
    navigation.enter(nav="meetings.meetings", competition_id=competition_id)
    return render_template(
        "competitions/meetings/meetings.html", row=programme.competition(competition_id), form=form, named=named,
        meetings=queries.meetings(competition_id), questions=queries.questions(competition_id, open_only=True),
        clarifications=queries.clarifications(competition_id), silent=queries.unread_by(competition_id),
        delegations=len(queries.delegations(competition_id)),
    )  # fmt: skip


@blueprint.route("/competitions/<uuid:competition_id>/meetings/new", methods=["GET", "POST"])
@requires(MeetingPermission.HOLD, of="competition_id")
def arrange(competition_id: UUID) -> Response | tuple[str, int]:
    """Arrange a meeting."""
    return _form(competition_id, None)


@blueprint.route("/meetings/<uuid:meeting_id>/edit", methods=["GET", "POST"])
@requires(MeetingPermission.HOLD, of="meeting_id")
def edit(meeting_id: UUID) -> Response | tuple[str, int]:
    """Change a meeting that is not closed."""
    return _form(queries.meeting(meeting_id).competition_id, meeting_id)


def _form(competition_id: UUID, meeting_id: UUID | None) -> Response | tuple[str, int]:
    form = MeetingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.arrange_meeting(
                competition_id, form.title.data or "", form.moment(), place=form.place.data or "", agenda=form.agenda.data or "",
                meeting_id=meeting_id, actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Saved."), "success")
            return redirect(url_for("meetings.meeting", meeting_id=made))
    elif request.method == "GET" and meeting_id is not None:
        row = queries.meeting(meeting_id)
        form.title.data, form.place.data, form.agenda.data = row.title, row.place, row.agenda
        form.begins_at.data = row.begins_at.astimezone(CHINA).replace(tzinfo=None)
    elif request.method == "GET":
        form.title.data = _("Leaders' meeting")
    navigation.enter(nav="meetings.meetings", competition_id=competition_id)
    page = render_template(
        "competitions/meetings/form.html", form=form, row=programme.competition(competition_id), named=named
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get("/meetings/<uuid:meeting_id>")
@requires(MeetingPermission.HOLD, of="meeting_id")
def meeting(meeting_id: UUID) -> str:
    """One meeting: agenda, who is there, the code on the wall, minutes."""
    row = queries.meeting(meeting_id)
    address = f"{current_app.config['PUBLIC_URL']}{url_for('meetings.here', meeting_id=meeting_id)}"
    form = MinutesForm(formdata=None)
    form.notes.data = row.notes
    navigation.enter(nav="meetings.meetings", competition_id=row.competition_id)
    return render_template(
        "competitions/meetings/meeting.html", meeting=row, row=programme.competition(row.competition_id), named=named, form=form,
        seats=queries.seats(row), code=qr_data_url(address), address=address,
    )  # fmt: skip


def _tried(act: Callable[[], object], said: str) -> None:
    """Do it and say so, or say why not."""
    try:
        act()
        flash(said, "success")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")


@blueprint.post("/meetings/<uuid:meeting_id>/announce")
@requires(MeetingPermission.HOLD, of="meeting_id")
def announce(meeting_id: UUID) -> Response:
    """Show the meeting to the leaders and write the notices into the outbox."""
    address = f"{current_app.config['PUBLIC_URL']}/delegations/{{}}/meetings"
    count = actions.announce_meeting(meeting_id, address=address, actor=actor(), at=now())
    flash(
        ngettext("%(num)s notice waits in the outbox: read and send it.", "%(num)s notices wait in the outbox: read and send them.", count),
        "success",
    )  # fmt: skip
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id))


@blueprint.post("/meetings/<uuid:meeting_id>/sign-in/<uuid:delegation_id>")
@requires(MeetingPermission.HOLD, of="meeting_id")
def sign_in(meeting_id: UUID, delegation_id: UUID) -> Response:
    """Sign a delegation in at the table, with the name of who came."""
    name = request.form.get("name", "")
    _tried(
        lambda: actions.sign_in_leader(meeting_id, delegation_id, name=name, way="table", actor=actor(), at=now()),
        _("Signed in."),
    )
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id))


@blueprint.post("/meetings/<uuid:meeting_id>/close")
@requires(MeetingPermission.HOLD, of="meeting_id")
def close(meeting_id: UUID) -> Response:
    """Close the meeting with its minutes."""
    _tried(
        lambda: actions.close_meeting(meeting_id, request.form.get("notes", ""), actor=actor(), at=now()),
        _("The meeting is closed; its minutes can be printed."),
    )
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id))


@blueprint.get("/meetings/<uuid:meeting_id>/minutes.pdf")
@requires(MeetingPermission.HOLD, of="meeting_id")
def minutes(meeting_id: UUID) -> Response:
    """The minutes on paper: agenda, attendance, questions and answers, what was decided, room for signatures."""
    row = queries.meeting(meeting_id)
    answered = [one for one in reversed(queries.clarifications(row.competition_id)) if one.meeting_id == meeting_id]
    html = render_template(
        "competitions/meetings/print/minutes.html", meeting=row, row=programme.competition(row.competition_id), named=named,
        seats=queries.seats(row), clarifications=answered,
    )  # fmt: skip
    name = f"{row.title}-{_('Minutes')}.pdf"
    return send_bytes(printer.print_html(html).data, media_type="application/pdf", name=name, inline=True)


@blueprint.route("/competitions/<uuid:competition_id>/clarifications/new", methods=["POST"])
@requires(MeetingPermission.HOLD, of="competition_id")
def clarify(competition_id: UUID) -> Response | tuple[str, int]:
    """Publish a clarification nobody asked for."""
    form = AnswerForm()
    if form.validate():
        with refusals_on(form):
            actions.publish_clarification(
                competition_id, form.answer.data or "", question=form.question.data or "", public=bool(form.public.data),
                actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Published to every delegation."), "success")
            return redirect(url_for("meetings.meetings", competition_id=competition_id))
    return _page(competition_id, form), 422


@blueprint.route("/questions/<uuid:question_id>/answer", methods=["GET", "POST"])
@requires(MeetingPermission.HOLD, of="question_id")
def answer(question_id: UUID) -> Response | tuple[str, int]:
    """Answer a question to all."""
    row, form = queries.question(question_id), AnswerForm()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.publish_clarification(
                row.competition_id, form.answer.data or "", question=form.question.data or "", question_id=question_id,
                public=bool(form.public.data), actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Published to every delegation."), "success")
            return redirect(url_for("meetings.meetings", competition_id=row.competition_id))
    elif request.method == "GET":
        form.question.data = row.text
    navigation.enter(nav="meetings.meetings", competition_id=row.competition_id)
    page = render_template("competitions/meetings/answer.html", form=form, question=row)
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/questions/<uuid:question_id>/decline")
@requires(MeetingPermission.HOLD, of="question_id")
def decline(question_id: UUID) -> Response:
    """Do not answer a question to all; its leader reads why."""
    row = queries.question(question_id)
    _tried(
        lambda: actions.decline_question(question_id, request.form.get("reason", ""), actor=actor(), at=now()),
        _("The leader reads the reason."),
    )
    return redirect(url_for("meetings.meetings", competition_id=row.competition_id))
