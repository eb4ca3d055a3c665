"""Nothing typed is lost: a form sent with an expired session or token comes back as a page that can send it again."""

from __future__ import annotations

from flask import current_app, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing.exceptions import RequestRedirect

_OWN_FIELDS = {"csrf_token", "password", "current_password", "new_password", "pin"}


def kept_fields() -> list[tuple[str, str]]:
    """What the person typed, without secrets and files."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN_FIELDS]


def keep_and_ask_to_sign_in() -> tuple[str, int]:
    """Answer an unauthenticated POST: sign in here, and what was typed is sent along."""
    return (
        render_template(
            "errors/signed_out.html",
            kept=kept_fields(),
            kept_path=request.full_path.rstrip("?"),
            lost_files=sorted(name for name, file in request.files.items() if file.filename),
            action=url_for("sign_in.sign_in"),
        ),
        401,
    )


def offer_again(kept_path: str, kept: list[tuple[str, str]]) -> tuple[str, int]:
    """After signing in, or with a stale form token: a page whose one button sends the kept fields again."""
    session.modified = True
    return render_template("errors/send_again.html", kept=kept, kept_path=safe_path(kept_path), lost_files=[]), 200


def safe_path(path: str) -> str:
    """`path` when it names a route of ours, else the home page: redirects never leave the house."""
    local = path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
    adapter = current_app.url_map.bind("laurel")
    for method in ("GET", "POST"):
        try:
            adapter.match(local.partition("?")[0], method=method)
        except (RequestRedirect, HTTPException):
            continue
        return local
    return "/"
