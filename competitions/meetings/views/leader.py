"""The leader's side, on a phone: when and where, signing in, asking, reading and confirming. And the public's page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.queries import delegations
from competitions.meetings import actions, queries
from competitions.meetings.forms import QuestionForm
from competitions.meetings.permissions import MeetingPermission
from competitions.meetings.views.room import blueprint, named
from competitions.programme import queries as programme
from competitions.rules.lifecycle import CompetitionState
from foundation.clock import new_id, now
from foundation.permission import public, requires, visible
from foundation.refusal import Missing, Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.forms import refusals_on


@blueprint.get("/delegations/<uuid:delegation_id>/meetings")
@requires(MeetingPermission.ATTEND, of="delegation_id")
def mine(delegation_id: UUID) -> str:
    """Meetings, questions and clarifications as a leader sees them."""
    return _page(delegation_id, QuestionForm(formdata=None))


def _page(delegation_id: UUID, form: QuestionForm) -> str:
    row = delegations.delegation(delegation_id)
    if not form.key.data:
        form.key.data = str(new_id())
    announced = queries.meetings(row.competition_id, announced=True)
    clarifications = queries.clarifications(row.competition_id)
    navigation.enter(nav="delegations.mine", competition_id=row.competition_id)
    return render_template(
        "competitions/meetings/mine.html", delegation=row, competition=programme.competition(row.competition_id), named=named,
        meetings=[(one, queries.signed_in(one.id, delegation_id)) for one in announced], form=form, clarifications=clarifications,
        questions=queries.questions_of(delegation_id), read=queries.read_by(delegation_id), opens=actions.OPENS_BEFORE,
        numbers={one.id: one.number for one in clarifications},
    )  # fmt: skip


@blueprint.post("/delegations/<uuid:delegation_id>/meetings/<uuid:meeting_id>/sign-in")
@requires(MeetingPermission.ATTEND, of="delegation_id")
def present(delegation_id: UUID, meeting_id: UUID) -> Response:
    """Sign in with the own phone."""
    try:
        actions.sign_in_leader(meeting_id, delegation_id, actor=actor(), at=now())
        flash(_("You are signed in."), "success")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("meetings.mine", delegation_id=delegation_id))


@blueprint.get("/meetings/<uuid:meeting_id>/here")
@requires(MeetingPermission.ATTEND)
def here(meeting_id: UUID) -> Response:
    """Where the code on the wall leads: the own delegation's page of this competition. Raises Missing."""
    row = queries.meeting(meeting_id)
    led = visible(actor(), MeetingPermission.ATTEND).delegations
    for one in queries.delegations(row.competition_id):
        if one.id in led:
            return redirect(url_for("meetings.mine", delegation_id=one.id, _anchor=f"m{meeting_id}"))
    raise Missing


@blueprint.post("/delegations/<uuid:delegation_id>/questions")
@requires(MeetingPermission.ATTEND, of="delegation_id")
def ask(delegation_id: UUID) -> Response | tuple[str, int]:
    """Ask a question."""
    form = QuestionForm()
    if form.validate():
        with refusals_on(form):
            actions.ask(
                delegation_id, form.text.data or "", anonymous=bool(form.anonymous.data), key=_key(form.key.data),
                actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Asked. The answer goes to every delegation and is shown here."), "success")
            return redirect(url_for("meetings.mine", delegation_id=delegation_id))
    return _page(delegation_id, form), 422


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@blueprint.post("/delegations/<uuid:delegation_id>/clarifications/<uuid:clarification_id>/read")
@requires(MeetingPermission.ATTEND, of="delegation_id")
def confirm(delegation_id: UUID, clarification_id: UUID) -> Response:
    """Confirm that a clarification was read."""
    actions.confirm_reading(clarification_id, delegation_id, actor=actor(), at=now())
    return redirect(url_for("meetings.mine", delegation_id=delegation_id, _anchor=f"c{clarification_id}"))


@blueprint.get("/competitions/<uuid:competition_id>/clarifications")
@public
def clarifications(competition_id: UUID) -> str:
    """What the organizer wants everybody to know. Public: clarifications marked for the public alone, no delegation named."""
    row = programme.competition(competition_id)
    if row.state == CompetitionState.DRAFT:
        raise Missing
    return render_template(
        "competitions/meetings/public.html",
        row=row,
        named=named,
        clarifications=queries.clarifications(competition_id, public=True),
    )
