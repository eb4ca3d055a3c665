"""Sentences: code → English msgid with named facts; the reader's language comes in when a page is made.

Codes and facts are stored, sentences never: a record written under one wording reads well under the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_sentences: dict[str, str] = {}
_gettext: list[Callable[[str], str]] = [lambda message: message]
_shown: list[Callable[[Any], str]] = [str]


def N_(message: str) -> str:  # noqa: N802 - the name that extraction tools look for
    """Mark a msgid for translation where it is defined; it is translated where it is shown."""
    return message


def register(sentences: Mapping[str, str]) -> None:
    """Add a room's sentences. The same code with two wordings is a programming error."""
    for code, message in sentences.items():
        if _sentences.get(code, message) != message:
            raise ValueError(f"two sentences for {code!r}")
        _sentences[code] = message


def install(gettext: Callable[[str], str], shown: Callable[[Any], str]) -> None:
    """Called once by the web layer: how to translate a msgid and how to show a fact (dates, fractions, nested codes)."""
    _gettext[0] = gettext
    _shown[0] = shown


def sentence(code: str, /, **facts: Any) -> str:
    """The sentence for `code` in the reader's language. Raises KeyError for an unknown code."""
    return _gettext[0](_sentences[code]) % {name: _shown[0](value) for name, value in facts.items()}


def known(code: str) -> bool:
    """Is there a sentence for `code`?"""
    return code in _sentences


def all_sentences() -> Mapping[str, str]:
    """Every registered sentence, for the checks."""
    return dict(_sentences)
