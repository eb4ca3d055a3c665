"""The kinds of job and what they run. Rooms register theirs in their package's wiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from foundation.permission import Actor

Progress = Callable[[int, int], None]
Handler = Callable[[dict[str, Any], Actor, Progress], dict[str, Any] | None]

_kinds: dict[str, Handler] = {}


@dataclass(frozen=True, slots=True)
class JobKind:
    """A stable key and the handler: arguments, actor, progress(done, total) → result. Handlers are safe to repeat."""

    key: str
    handler: Handler


def register(kind: JobKind) -> None:
    """Make a kind known; registering another handler under the same key is a programming error."""
    if _kinds.get(kind.key, kind.handler) is not kind.handler:
        raise ValueError(f"two handlers for job kind {kind.key!r}")
    _kinds[kind.key] = kind.handler


def handler_of(key: str) -> Handler:
    """The handler of a kind. Raises KeyError."""
    return _kinds[key]
