"""The gate in front of every route: who is it, what does the route ask for, is it granted here."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from foundation.permission import (
    PLATFORM,
    PUBLIC_ACTOR,
    Actor,
    Requirement,
    can,
    parts_of,
    requirement_of,
    scopes_of,
    visible,
)
from foundation.web import resend

Authenticator = Callable[[], Actor | None]
_authenticators: list[Authenticator] = []


def register_authenticator(authenticator: Authenticator) -> None:
    """Add a way to recognise who sends a request. The first one that answers wins."""
    _authenticators.append(authenticator)


def actor() -> Actor:
    """Who sends this request."""
    found: Actor = g.actor
    return found


def identify() -> None:
    """Before every request: note who sends it."""
    g.actor = next((found for ask in _authenticators if (found := ask()) is not None), PUBLIC_ACTOR)


def enforce() -> Response | str | tuple[str, int] | None:
    """Before every request: deny by default."""
    if request.endpoint is None:
        return None  # routing answers 404 or 405
    requirement = requirement_of(current_app.view_functions[request.endpoint])
    if requirement is None:
        raise NotFound
    if requirement.public:
        return None
    sender = actor()
    if not sender.signed_in:
        if request.path.startswith("/api/"):
            raise Forbidden
        if request.method == "POST":
            return resend.keep_and_ask_to_sign_in()
        return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))
    check(sender, requirement)
    return None


def check(sender: Actor, requirement: Requirement) -> None:
    """Raise NotFound for an object the sender may not know of, Forbidden where there is no object to hide."""
    if not requirement.of:
        if not (visible(sender, requirement.permission).anywhere or can(sender, requirement.permission, (PLATFORM,))):
            raise Forbidden
        return
    key = (request.view_args or {}).get(requirement.of)
    scopes = scopes_of(requirement.of, key) if isinstance(key, UUID) else None
    if scopes is not None and requirement.below and isinstance(key, UUID):
        scopes = (*scopes, *parts_of(requirement.of, key))
    if scopes is None or not can(sender, requirement.permission, scopes):
        raise NotFound


def assert_declared(app: Flask) -> None:
    """Raise RuntimeError while a route declares no permission. Called at the end of create_app()."""
    undeclared = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if requirement_of(app.view_functions[rule.endpoint]) is None
    )
    if undeclared:
        raise RuntimeError(f"routes without @requires or @public: {undeclared}")
