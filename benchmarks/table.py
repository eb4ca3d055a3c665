"""One line of the table that `make bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured beside what, and whether the bar of `design/bars.md` is met."""

    key: str
    what: str
    figure: str
    reference: str
    ratio: str
    bar: str
    met: bool | None
