"""What the floor record says: the clock of a station, and what its violations come to.

A violation's worth is data (`data/floor/violations.csv`). An entry that was struck out stays on record and counts for nothing.
Source: competition-rules 7.1 (deductions; time lost is added back) and 12 (赛场情况记录表).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from foundation.exact import exact

KINDS = ("start", "pause", "resume", "end", "added_time", "incident", "violation", "strike")
EFFECTS = ("deduct", "time", "zero_item", "stop")
_CLOCK = ("start", "pause", "resume", "end")


@dataclass(frozen=True, slots=True)
class Violation:
    """A kind of violation. `amount` is marks (deduct) or seconds (time) each, `cap` the most it can come to."""

    key: str
    effect: str
    amount: Fraction
    cap: Fraction | None
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class FloorLine:
    """One entry of the record. `count` is minutes for added time, occurrences for a violation."""

    id: UUID
    kind: str
    at: datetime
    rule: str = ""
    count: int = 0
    refers_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """`state`: waiting, running, paused, ended. `used` is working time without pauses; `added` minutes are given back."""

    state: str
    used: timedelta
    added: int


@dataclass(frozen=True, slots=True)
class Penalty:
    """What the violations come to: marks, seconds, items that are zero, whether the attempt is over."""

    marks: Fraction
    seconds: Fraction
    zero_items: int
    stopped: bool


def in_force(shipped: Mapping[str, Violation], amounts: Mapping[str, str]) -> dict[str, Violation]:
    """The kinds of violations with the amounts that a notice sets."""
    return {key: replace(kind, amount=exact(amounts[key])) if key in amounts else kind for key, kind in shipped.items()}


def standing_lines(lines: Sequence[FloorLine]) -> list[FloorLine]:
    """The lines that count, by when they happened: without those struck out and without the strikes."""
    struck = {line.refers_to for line in lines if line.kind == "strike"}
    left = [line for line in lines if line.kind != "strike" and line.id not in struck]
    return sorted(left, key=lambda line: (line.at, str(line.id)))


def clock_of(lines: Sequence[FloorLine], *, at: datetime) -> Clock:
    """The station's clock at a moment. What does not fit (a pause while paused) moves nothing."""
    state, used, since = "waiting", timedelta(), at
    for line in standing_lines(lines):
        if line.kind not in _CLOCK:
            continue
        if (state, line.kind) in (("waiting", "start"), ("paused", "resume")):
            state, since = "running", line.at
        elif state == "running" and line.kind in ("pause", "end"):
            state, used = ("paused" if line.kind == "pause" else "ended"), used + (line.at - since)
        elif state == "paused" and line.kind == "end":
            state = "ended"
    if state == "running":
        used += max(timedelta(), at - since)
    return Clock(state, used, sum(line.count for line in standing_lines(lines) if line.kind == "added_time"))


def penalty_of(lines: Sequence[FloorLine], kinds: Mapping[str, Violation]) -> Penalty:
    """What the violations come to, each kind up to its cap."""
    counts: dict[str, int] = {}
    for line in standing_lines(lines):
        if line.kind == "violation" and line.rule in kinds:
            counts[line.rule] = counts.get(line.rule, 0) + line.count
    worth: dict[str, Fraction] = dict.fromkeys(EFFECTS, Fraction(0))
    for key, count in counts.items():
        kind = kinds[key]
        whole = kind.amount * count if kind.effect in ("deduct", "time") else Fraction(count)
        worth[kind.effect] += whole if kind.cap is None else min(whole, kind.cap)
    return Penalty(worth["deduct"], worth["time"], int(worth["zero_item"]), worth["stop"] > 0)
