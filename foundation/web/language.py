"""Which language a reader gets: the one they chose, else Chinese."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import has_request_context, request, session
from flask_babel import get_locale

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


def read() -> str:
    """The language of the sentences made now, also where `reading` forces another one than the reader chose."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


_on_choice: list[Callable[[UUID, str], None]] = []


def on_choice(note: Callable[[UUID, str], None]) -> None:
    """Call `note(person, language)` when a known person chooses: what is sent to them follows it."""
    if note not in _on_choice:
        _on_choice.append(note)


def choose(language: str, person_id: UUID | None) -> None:
    """Keep a reader's choice."""
    session["language"] = language
    if person_id is not None:
        for note in _on_choice:
            note(person_id, language)
