"""Sentences: code → English msgid with named facts; the reader's language comes in when a page is made.

Codes and facts are stored, sentences never: a record written under one wording reads well under the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

_sentences: dict[str, str] = {}
_gettext: list[Callable[[str], str]] = [lambda message: message]
_shown: list[Callable[[Any], str]] = [str]
_language: list[Callable[[], str]] = [lambda: "zh"]
_reading: list[Callable[[str], AbstractContextManager[None]]] = [lambda _language: nullcontext()]


def N_(message: str) -> str:  # noqa: N802 - the name that extraction tools look for
    """Mark a msgid for translation where it is defined; it is translated where it is shown."""
    return message


def register(sentences: Mapping[str, str]) -> None:
    """Add a room's sentences. The same code with two wordings is a programming error."""
    for code, message in sentences.items():
        if _sentences.get(code, message) != message:
            raise ValueError(f"two sentences for {code!r}")
        _sentences[code] = message


def install(
    gettext: Callable[[str], str], shown: Callable[[Any], str], language: Callable[[], str],
    reading: Callable[[str], AbstractContextManager[None]],
) -> None:  # fmt: skip
    """Called once by the web layer: how to translate a msgid, how to show a fact (dates, fractions, nested codes), which language
    is read now, and how to read in another one for a while."""
    _gettext[0] = gettext
    _shown[0] = shown
    _language[0] = language
    _reading[0] = reading


def language() -> str:
    """The language read now: `zh` or `en`."""
    return _language[0]()


def reading(chosen: str) -> AbstractContextManager[None]:
    """Inside, sentences are in `chosen`: for what is printed or sent to somebody else."""
    return _reading[0](chosen)


def sentence(code: str, /, **facts: Any) -> str:
    """The sentence for `code` in the reader's language. Raises KeyError for an unknown code."""
    return _gettext[0](_sentences[code]) % {name: _shown[0](value) for name, value in facts.items()}


def known(code: str) -> bool:
    """Is there a sentence for `code`?"""
    return code in _sentences


def all_sentences() -> Mapping[str, str]:
    """Every registered sentence, for the checks."""
    return dict(_sentences)
