"""The table of `make bench`: each figure beside a reference measured in the same minute, with its bar."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from foundation.clock import now


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `met` is None where the bar comes with a later issue."""

    key: str
    what: str
    figure: str
    reference: str
    ratio: str
    bar: str
    met: bool | None


def machine() -> str:
    """The day and the machine."""
    return (
        f"{now():%Y-%m-%d %H:%M} UTC · Python {platform.python_version()} · {os.cpu_count()} CPU · {platform.machine()}"
    )


def shown(rows: Sequence[Row]) -> str:
    """The rows as a table in plain text (Markdown)."""
    words = {True: "met", False: "MISSED", None: "measured"}
    lines = [
        machine(),
        "",
        "| # | what | figure | reference | ratio | bar | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r.key} | {r.what} | {r.figure} | {r.reference} | {r.ratio} | {r.bar} | {words[r.met]} |" for r in rows
    ]
    return "\n".join(lines)
