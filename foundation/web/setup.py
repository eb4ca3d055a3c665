"""Joining the web layer to an application."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_babel
from flask import Flask, g, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from foundation import translation
from foundation.clock import now
from foundation.messages.queries import unread_count
from foundation.permission import can, public, scopes_of
from foundation.print.qr import qr_data_url
from foundation.web import access, catalogues, commands, errors, headers, language, navigation, network, showing, views
from foundation.web.limits import limiter

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Languages, protection, headers, errors, the gate, the filters of the templates."""
    catalogues.compile_if_stale()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogues.ROOT / "translations")
    Babel(app, locale_selector=language.chosen)
    translation.install(flask_babel.gettext, showing.show_fact, language.read, flask_babel.force_locale)
    Bootstrap5(app)
    app.before_request(access.identify)
    limiter.init_app(app)
    app.before_request(access.enforce)
    csrf.init_app(app)  # after the gate: an expired session asks to sign in and keeps what was typed
    app.after_request(headers.add_headers)
    errors.init_app(app)
    app.register_blueprint(views.blueprint)
    network.init_app(app)
    for endpoint in ("static", "bootstrap.static"):
        app.view_functions[endpoint] = _public_copy(app.view_functions[endpoint])
    app.cli.add_command(commands.translate)
    app.cli.add_command(commands.serve)
    app.cli.add_command(commands.certificates)
    _init_templates(app)


def _public_copy(serve: Callable[..., Any]) -> Callable[..., Any]:
    # A library's view is a bound method, which cannot carry our declaration.
    @public
    @wraps(serve)
    def serve_static(**arguments: Any) -> Any:
        return serve(**arguments)

    return serve_static


def _init_templates(app: Flask) -> None:
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "day": showing.show_date,
        "moment": showing.show_moment,
        "number": showing.show_number,
        "code": showing.show_code,
        "fact": showing.show_fact,
        "lines": showing.show_lines,
        "listed": showing.list_of,
        "yes_no": showing.yes_no,
    }
    app.jinja_env.globals |= {"sentence": translation.sentence, "qr": qr_data_url, "languages": language.LANGUAGES}

    @app.context_processor
    def page_context() -> dict[str, object]:
        actor = getattr(g, "actor", None)
        return {
            "actor": actor,
            "at": now(),
            "language": language.chosen(),
            "navigation": navigation.shown if actor is not None and actor.signed_in else dict,
            "unread": (lambda: unread_count(actor.person)) if actor is not None and actor.person else int,
            "may": _may,
            "page_path": request.full_path.rstrip("?") if request.method == "GET" else "/",
        }


def _may(permission: str, of: str = "", key: object = None) -> bool:
    """For templates: may the reader do this to that object? Hides a button; the route asks again."""
    actor = getattr(g, "actor", None)
    if actor is None:
        return False
    if not of:
        return can(actor, permission)
    scopes = scopes_of(of, key)  # type: ignore[arg-type]
    return scopes is not None and can(actor, permission, scopes)
