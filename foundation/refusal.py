"""How the house says no: a code and facts, turned into a sentence where the reader's language is known."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """The rules say no. `code` names a sentence; `facts` fill it; `field` names the input it belongs to."""

    status = 422

    def __init__(self, code: str, /, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.field = field

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Missing(Refusal):
    """There is no such object, or the actor may not know that there is: both answer 404."""

    status = 404

    def __init__(self, code: str = "not_found", /, **facts: Any) -> None:
        super().__init__(code, **facts)


class Conflict(Refusal):
    """The state has moved on since the person looked; the facts say who did it and when."""

    status = 409


class Busy(Refusal):
    """The database was not free in time. Nothing was answered as stored; sending the same again is safe."""

    status = 503

    def __init__(self, code: str = "http_503", /, **facts: Any) -> None:
        super().__init__(code, **facts)


class Forbidden(Refusal):
    """The actor is known and may not do this here."""

    status = 403
