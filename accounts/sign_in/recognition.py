"""Recognising who sends a request by the session its cookie names. Flask-Login carries the token, the row decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from accounts.access import authority
from accounts.access.roles import OFFICE_ROLES, Role
from accounts.people.models import Person
from accounts.sign_in import actions, queries
from accounts.sign_in.models import Account, SignInSession
from foundation import db
from foundation.clock import now
from foundation.permission import Actor, Via

manager = LoginManager()
_TOUCH = timedelta(minutes=1)


class SignedIn(UserMixin):  # type: ignore[misc]
    """The session row behind a request, as Flask-Login wants it: its id is the token, not the person."""

    def __init__(self, token: str, row: SignInSession) -> None:
        self.token, self.row = token, row

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token


@manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> SignedIn | None:
    """The live session of a token; keeps it awake once a minute."""
    at = now()
    row = queries.live_session(token, at, timedelta(minutes=int(current_app.config["LAUREL_SESSION_IDLE_MINUTES"])))
    if row is None:
        return None
    if row.seen_at + _TOUCH <= at:
        actions.note_seen(row.id, at=at)
    return SignedIn(token, row)


def recognise() -> Actor | None:
    """Who sends this request, by cookie."""
    authority.remember_grants()
    if not current_user.is_authenticated:
        return None
    row: SignInSession = current_user.row
    g.person = db.session().get(Person, row.person_id)
    account = db.session().get(Account, row.account_id) if row.account_id else None
    g.must_change = account is not None and account.must_change
    return Actor(row.person_id, Via.SESSION)


def recognise_device() -> Actor | None:
    """Who sends this request, by `Authorization: Bearer <device token>`; no cookie is needed or looked at.

    The token of a tablet that is revoked or over opens nothing, but what was marked on it may still be handed in (Via.RETIRED).
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        return None
    authority.remember_grants()
    row = queries.device_of_token(token)
    if row is None:
        return None
    return Actor(row.person_id, Via.DEVICE if queries.is_live(row, now()) else Via.RETIRED, row.id)


_WITH_A_FIRST_PASSWORD = {"sign_in.account", "sign_in.sign_out", "web.choose_language", "static", "bootstrap.static"}


def ask_for_own_password() -> Response | None:
    """Before every request: who still has the password of a slip chooses an own one first; nothing else opens."""
    if not getattr(g, "must_change", False) or request.endpoint in _WITH_A_FIRST_PASSWORD or request.endpoint is None:
        return None
    return redirect(url_for("sign_in.account"))


def enter(token: str) -> None:
    """Put a fresh session into the cookie; whatever the cookie held before is gone, but for the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    found = load(token)
    login_user(found)
    g.actor = Actor(found.row.person_id, Via.SESSION) if found else None


def leave() -> None:
    """End the session of this request."""
    if current_user.is_authenticated:
        actions.sign_out(current_user.token, actor=g.actor, at=now())
    logout_user()


def session_id() -> UUID | None:
    """The row of this request's session."""
    return current_user.row.id if current_user.is_authenticated else None


def shell() -> str:
    """Which layout serves this person: the office's, the judge's or the candidate's; the public's without one."""
    actor = getattr(g, "actor", None)
    if actor is None or actor.person is None:
        return "layouts/public.html"
    roles = {held.role for held in authority.grants(actor.person)}
    if roles & OFFICE_ROLES:
        return "layouts/organizer.html"
    if roles & {Role.JUDGE, Role.FLOOR_JUDGE}:
        return "layouts/judge.html"
    return "layouts/candidate.html"


def init_app(app: Flask) -> None:
    """Join Flask-Login to the application."""
    manager.init_app(app)
    app.before_request(ask_for_own_password)

    @app.context_processor
    def person_context() -> dict[str, Any]:
        return {
            "shell": shell(),
            "me": getattr(g, "person", None),
            "my_roles": _roles(),
            "must_change": getattr(g, "must_change", False),
        }


def _roles() -> list[str]:
    actor = getattr(g, "actor", None)
    if actor is None or actor.person is None:
        return []
    return [held.role.value for held in authority.grants(actor.person) if held.role != Role.CANDIDATE]
