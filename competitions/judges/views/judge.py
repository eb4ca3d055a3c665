"""Judges' own pages: the invitation, signing in with a card in the hall, the tablet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from accounts.sign_in import recognition
from competitions.judges import actions, queries
from competitions.judges.forms import AcceptForm, AnswerForm, CardForm, chosen
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import SIGNED_IN, public, requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web.access import actor
from foundation.web.forms import refusals_on
from foundation.web.limits import limiter

blueprint = Blueprint("judge", __name__)
HALL_HOURS = 14


@blueprint.route("/invitations/<code>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def invitation(code: str) -> Response | str | tuple[str, int]:
    """What is asked of the person invited, and their answer."""
    try:
        row = queries.duty(actions.open_invitation(code, at=now()).subject_id)
    except Refusal as refusal:
        message = sentence(refusal.code, **refusal.facts)
        return render_template("competitions/judges/invitation_over.html", message=message), 404
    known = actor().signed_in
    has_account = accounts.account_of(row.person_id) is not None
    form = AnswerForm() if known else AcceptForm()
    if request.method == "POST" and "decline" in request.form:
        actions.decline_invitation(code, reason=request.form.get("reason", "")[:300], actor=actor(), at=now())
        return render_template("competitions/judges/invitation_over.html", message=_("You have declined. Thank you."))
    if form.validate_on_submit():
        with refusals_on(form):
            _accept(code, form, known)
            flash(_("You have accepted. Your card and PIN are handed out on the day."), "success")
            return redirect(url_for("judge.hall"))
    page = render_template(
        "competitions/judges/invitation.html", row=row, event=programme.event(row.event_id), form=form,
        known=known, has_account=has_account, code=code,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _accept(code: str, form: Any, known: bool) -> None:
    if known:
        actions.accept_invitation(code, actor=actor(), at=now())
        return
    person = actions.accept_invitation(
        code, user_name=form.user_name.data, password=form.new_password.data, actor=actor(), at=now()
    )
    account = accounts.account_of(person)
    if account is not None:
        hours = int(current_app.config["LAUREL_SESSION_HOURS"])
        recognition.enter(sign_in.start_session(account.id, browser=request.user_agent.string, hours=hours, at=now()))


@blueprint.route("/judge", methods=["GET", "POST"])
@public
@limiter.limit("120/minute", methods=["POST"])
def hall() -> Response | str | tuple[str, int]:
    """The tablet in the hall: card and PIN, or, when signed in, the own duties. Public: it asks who somebody is."""
    form = CardForm()
    if request.method == "GET" and not form.code.data:
        form.code.data = request.args.get("card", "")[:40]
    if form.validate_on_submit():
        with refusals_on(form):
            token, _duty = actions.sign_in_with_card(
                form.code.data.upper(), form.pin.data, browser=request.user_agent.string, hours=HALL_HOURS, at=now()
            )
            recognition.enter(token)
            return redirect(url_for("judge.hall"))
    person = actor().person
    if person is not None and request.method == "GET" and not request.args.get("card"):
        return _own(person)
    return render_template("competitions/judges/card_sign_in.html", form=form), 422 if form.is_submitted() else 200


def _own(person: UUID) -> str:
    duties = []
    for row in queries.duties_of_person(person):
        seats = queries.seats_of(person, row.event_id) if row.role in ("judge", "chief_judge") else ()
        subs = {sub.id: sub for sub in queries.sub_criteria(row.event_id)} if seats else {}
        duties.append((row, programme.event(row.event_id), [seat for seat in seats if seat.duty_id == row.id], subs))
    marking = "marking.seats" if "marking.seats" in current_app.view_functions else ""
    return render_template("competitions/judges/hall.html", duties=duties, marking=marking)


@blueprint.post("/judge/leave")
@requires(SIGNED_IN)
def leave() -> Response:
    """Hand the tablet to another judge: this session ends, and so does this tablet's token."""
    device = chosen(request.form.get("device_id"))
    person = actor().person
    if device is not None and person is not None and accounts.is_own_device(device, person):
        sign_in.revoke_device(device, actor=actor(), at=now())
    recognition.leave()
    return redirect(url_for("judge.hall"))
