"""What stands between marks and anything final: a confirmed list, a signed run, a publication. One question, asked everywhere.

Nothing becomes final while two values stand beside each other, a held mark waits, a tablet holds marks the server has not seen,
a signature is missing, or a second person has still to say yes or no. Source: reliability 2.4 (the gate that makes loss visible).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One thing that is open: a code with facts for its sentence, and the page (`marking`, `tablets`, `corrections`, `voids`, `recheck`) that settles it."""

    code: str
    page: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marked:
    """What is known of an event's marks, or of one panel's. `gaps` are judges with how many marks their tablets still hold."""

    conflicts: int = 0
    held: int = 0
    gaps: Sequence[tuple[str, int]] = ()
    incomplete: int = 0  # sheets with an empty, disputed or much differing cell
    unsigned: int = 0  # complete sheets that lack a signature
    unconfirmed: int = 0  # signed sheets the chief judge has not confirmed
    corrections: int = 0
    voids: int = 0
    recheck: int = 0  # 1 while a re-check is wanted and not signed by both


def open_matters(marked: Marked) -> tuple[OpenMatter, ...]:
    """Everything that is open, the most urgent first; empty when nothing stands in the way."""
    found = [
        OpenMatter(f"open:{name}", page, {"count": count})
        for name, page in (("conflicts", "marking"), ("held", "marking"))
        if (count := getattr(marked, name))
    ]
    if marked.gaps:
        who = "、".join(f"{judge} ({count})" for judge, count in marked.gaps)
        found.append(OpenMatter("open:gaps", "tablets", {"count": sum(count for _, count in marked.gaps), "who": who}))
    for name, page in (
        ("incomplete", "marking"), ("unsigned", "marking"), ("unconfirmed", "marking"), ("corrections", "corrections"),
        ("voids", "voids"), ("recheck", "recheck"),
    ):  # fmt: skip
        if count := getattr(marked, name):
            found.append(OpenMatter(f"open:{name}", page, {"count": count}))
    return tuple(found)
