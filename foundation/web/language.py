"""Which language a reader gets: the one they chose, else Chinese."""

from __future__ import annotations

from flask import has_request_context, request, session

LANGUAGES = {"zh": "中文", "en": "English"}


def chosen() -> str:
    """The reader's language: `?lang=` for this page alone, else what they chose, else Chinese."""
    if not has_request_context():
        return "zh"
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    kept = session.get("language") or request.cookies.get("language", "")
    return kept if kept in LANGUAGES else "zh"
