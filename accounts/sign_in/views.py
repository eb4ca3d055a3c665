"""Signing in and out, the first visit, the own account."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from accounts.sign_in import actions, queries, recognition
from accounts.sign_in.forms import PasswordForm, SetUpForm, SignInForm
from foundation.clock import now
from foundation.permission import SIGNED_IN, public, requires
from foundation.web import resend
from foundation.web.access import actor
from foundation.web.forms import refusals_on
from foundation.web.limits import limiter

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """Sign in; what was typed into a form before the session ended is offered for sending again."""
    if not queries.any_account():
        return redirect(url_for("sign_in.set_up"))
    form = SignInForm()
    if request.method == "GET":
        form.next.data = resend.safe_path(request.args.get("next", "/home"))
        if actor().signed_in:
            return redirect(form.next.data)
    kept_path = request.form.get("kept_path", "")
    kept = [
        (name.removeprefix("kept."), value)
        for name, value in request.form.items(multi=True)
        if name.startswith("kept.")
    ]
    if form.validate_on_submit():
        with refusals_on(form):
            token, _person = actions.sign_in(
                form.login.data,
                form.password.data,
                browser=request.user_agent.string,
                hours=int(current_app.config["LAUREL_SESSION_HOURS"]),
                at=now(),
            )
            recognition.enter(token)
            if kept_path:
                return resend.offer_again(kept_path, kept)
            return redirect(resend.safe_path(form.next.data or "/home"))
    page = "errors/signed_out.html" if kept_path else "accounts/sign_in/sign_in.html"
    status = 422 if form.errors else 200
    return render_template(
        page, form=form, kept=kept, kept_path=kept_path, lost_files=[], action=url_for("sign_in.sign_in")
    ), status


@blueprint.post("/sign-out")
@requires(SIGNED_IN)
def sign_out() -> Response:
    """End this session."""
    recognition.leave()
    return redirect("/")


@blueprint.route("/set-up", methods=["GET", "POST"])
@public
def set_up() -> Response | str | tuple[str, int]:
    """The first visit of an empty installation makes the administrator; afterwards the page is not there."""
    if queries.any_account():
        raise NotFound
    form = SetUpForm()
    if form.validate_on_submit():
        with refusals_on(form):
            at = now()
            actions.make_first_administrator(form.name.data, form.user_name.data, form.new_password.data, at=at)
            token, _person = actions.sign_in(
                form.user_name.data, form.new_password.data, browser=request.user_agent.string,
                hours=int(current_app.config["LAUREL_SESSION_HOURS"]), at=at,
            )  # fmt: skip
            recognition.enter(token)
            return redirect("/home")
    return render_template("accounts/sign_in/set_up.html", form=form), 422 if form.errors else 200


@blueprint.route("/account", methods=["GET", "POST"])
@requires(SIGNED_IN)
def account() -> Response | str | tuple[str, int]:
    """The own account: password, and where else one is signed in."""
    person_id = actor().person
    form = PasswordForm()
    if person_id is not None and form.validate_on_submit():
        with refusals_on(form):
            actions.change_password(
                person_id,
                form.current_password.data,
                form.new_password.data,
                keep=recognition.session_id(),
                actor=actor(),
                at=now(),
            )
            flash(_("The password was changed; you are signed out everywhere else."), "success")
            return redirect(url_for("sign_in.account"))
    sessions = queries.live_sessions(person_id, now()) if person_id else []
    page = render_template(
        "accounts/sign_in/account.html", form=form, sessions=sessions, current=recognition.session_id()
    )
    return page, 422 if form.errors else 200


@blueprint.post("/account/sign-out-elsewhere")
@requires(SIGNED_IN)
def sign_out_elsewhere() -> Response:
    """End every other session of the own account."""
    person_id = actor().person
    if person_id is not None:
        count = actions.sign_out_elsewhere(person_id, keep=recognition.session_id(), actor=actor(), at=now())
        flash(_("%(count)s other sessions were ended.", count=count), "success")
    return redirect(url_for("sign_in.account"))
