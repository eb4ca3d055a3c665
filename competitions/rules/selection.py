"""Who goes on: from a stage to the next, from a competition to the one it selects for; and how seats are given down a tree.

A `Choice` is data of a rule set or a link: conditions first (marks at least, parts passed, allowed divisions are the caller's), then the
best of those who fulfil them: a number, a share of the field, a number per delegation, or all. Ties across the edge follow
`edge`; everybody gets an answer with a code. Those who come next, in order, are the substitutes. Sources: competition rules 2.4
(theory at least 60 and the first 35; the first 70; no preliminary when few enter; the first 5 and 3), 2.5 (quotas).

Seats: a number is shared out by a declared formula (`allocate`); seats nobody fills pass on in the declared order (`pass_on`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

from foundation.exact import Rounding, exact, round_to_int
from foundation.refusal import Refusal

KEY = "selection:choice_1"
EDGES = ("include_all", "exclude_all")
FORMULAS = ("each", "proportional", "list")


@dataclass(frozen=True, slots=True)
class Contestant:
    """One entry below: its rank (None without one), delegation, marks and passes by part."""

    entry: UUID
    rank: int | None
    delegation: str = ""
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    passed: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """How those who go on are chosen. `least` holds the lowest mark by part; `all_if_at_most`: no selection when so few competed."""

    top: int | None = None
    share: Fraction | None = None
    rounding: Rounding = Rounding.DOWN
    per_delegation: int | None = None
    least: Mapping[str, Fraction] = field(default_factory=dict)
    must_pass: tuple[str, ...] = ()
    all_if_at_most: int | None = None
    edge: str = "include_all"
    substitutes: int = 0

    def stored(self) -> dict[str, Any]:
        """The form kept in the database."""
        kept: dict[str, Any] = {
            "top": self.top, "share": None if self.share is None else str(self.share), "rounding": self.rounding.value,
            "per_delegation": self.per_delegation, "least": {part: str(mark) for part, mark in self.least.items()},
            "must_pass": list(self.must_pass), "all_if_at_most": self.all_if_at_most, "edge": self.edge,
            "substitutes": self.substitutes,
        }  # fmt: skip
        return {name: value for name, value in kept.items() if value not in (None, [], {})}


def choice_from(stored: Mapping[str, Any]) -> Choice:
    """A choice in its stored or typed form. Raises Refusal choice_wrong with the field."""
    given = {name: value for name, value in stored.items() if value not in (None, "")}
    try:
        made = Choice(
            top=_count(given, "top"),
            share=_fraction(given["share"]) if "share" in given else None,
            rounding=Rounding(given.get("rounding", Rounding.DOWN)),
            per_delegation=_count(given, "per_delegation"),
            least={str(part): _fraction(mark) for part, mark in dict(given.get("least", {})).items()},
            must_pass=tuple(given.get("must_pass", ())),
            all_if_at_most=_count(given, "all_if_at_most"),
            edge=str(given.get("edge", EDGES[0])),
            substitutes=_count(given, "substitutes") or 0,
        )
    except (ValueError, TypeError) as wrong:
        raise Refusal("choice_wrong", name=str(wrong)) from wrong
    if made.edge not in EDGES:
        raise Refusal("choice_wrong", name="edge")
    if made.share is not None and not 0 < made.share <= 100:
        raise Refusal("choice_wrong", name="share")
    if made.top is not None and made.share is not None:
        raise Refusal("choice_wrong", name="top")
    return made


def _count(given: Mapping[str, Any], name: str) -> int | None:
    if name not in given:
        return None
    try:
        found = int(given[name])
    except (ValueError, TypeError) as wrong:
        raise ValueError(name) from wrong
    if not 0 <= found <= 100_000:
        raise ValueError(name)
    return found


def _fraction(raw: Any) -> Fraction:
    text = str(raw)
    try:
        return Fraction(text) if "/" in text else exact(text)
    except ValueError as wrong:
        raise ValueError("least") from wrong


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one contestant: `selected`, `substitute` (with its place in the order) or `out`, and why."""

    entry: UUID
    status: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    order: int | None = None


def choose(field_: Sequence[Contestant], choice: Choice) -> list[Outcome]:
    """Everybody's outcome, best rank first. The same field in another order gives the same answer.

    Equal ranks stay together: a tie across the edge goes on whole or not at all (`edge`). Shares count those who have a rank.
    """
    ranked = sorted((one for one in field_ if one.rank is not None), key=lambda one: (one.rank or 0, str(one.entry)))
    outcomes = [Outcome(one.entry, "out", "selection:no_rank") for one in field_ if one.rank is None]
    if choice.all_if_at_most is not None and len(ranked) <= choice.all_if_at_most:
        return [
            Outcome(one.entry, "selected", "selection:few", {"most": choice.all_if_at_most}) for one in ranked
        ] + outcomes
    fit: list[Contestant] = []
    for one in ranked:
        failed = _failed(one, choice)
        if failed is None:
            fit.append(one)
        else:
            outcomes.append(Outcome(one.entry, "out", *failed))
    within, over = _per_delegation(fit, choice.per_delegation)
    seats = _seats(choice, len(ranked))
    chosen = _first(within, seats, choice.edge)
    left = [one for one in within if one.entry not in {each.entry for each in chosen}] + over
    left.sort(key=lambda one: (one.rank or 0, str(one.entry)))
    found = [Outcome(one.entry, "selected", "selection:selected", {"rank": one.rank}) for one in chosen]
    for place, one in enumerate(left, 1):
        if place <= choice.substitutes:
            found.append(Outcome(one.entry, "substitute", "selection:substitute", {"order": place}, place))
        else:
            code = "selection:delegation_full" if one in over else "selection:below"
            found.append(Outcome(one.entry, "out", code, {"rank": one.rank}))
    return found + outcomes


def _failed(one: Contestant, choice: Choice) -> tuple[str, dict[str, Any]] | None:
    for part, mark in choice.least.items():
        if one.scores.get(part) is None or one.scores[part] < mark:
            return "selection:mark", {"part": f"@part:{part}", "least": mark}
    for part in choice.must_pass:
        if not one.passed.get(part):
            return "selection:not_passed", {"part": f"@part:{part}"}
    return None


def _per_delegation(fit: Sequence[Contestant], most: int | None) -> tuple[list[Contestant], list[Contestant]]:
    if most is None:
        return list(fit), []
    taken: dict[str, int] = {}
    within: list[Contestant] = []
    over: list[Contestant] = []
    for one in fit:
        taken[one.delegation] = taken.get(one.delegation, 0) + 1
        (within if taken[one.delegation] <= most else over).append(one)
    return within, over


def _seats(choice: Choice, ranked: int) -> int | None:
    if choice.top is not None:
        return choice.top
    return None if choice.share is None else round_to_int(choice.share * ranked / 100, choice.rounding)


def _first(within: Sequence[Contestant], seats: int | None, edge: str) -> list[Contestant]:
    if seats is None or len(within) <= seats:
        return list(within)
    if seats == 0:
        return []
    last, after = within[seats - 1], within[seats]
    if last.rank != after.rank:
        return list(within[:seats])
    if edge == "include_all":
        return [one for one in within if (one.rank or 0) <= (last.rank or 0)]
    return [one for one in within if (one.rank or 0) < (last.rank or 0)]


# --- seats down the tree ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Body:
    """One that gets seats: its key, and its weight (entries, population, last season's medals) where the formula wants one."""

    key: str
    weight: Fraction = Fraction(0)


def allocate(
    total: int, bodies: Sequence[Body], formula: str, *, least: int = 0, given: Mapping[str, int] | None = None
) -> dict[str, int]:
    """How many of `total` seats each body gets.

    `each`: `least` a body, whatever `total` says. `proportional`: `least` each, the rest by weight with the largest remainders; equal
    remainders go to the larger weight, then in the order given. `list`: as `given`. Raises Refusal seats_too_few, seats_not_listed.
    """
    if formula == "each":
        return {body.key: least for body in bodies}
    if formula == "list":
        listed = dict(given or {})
        if {body.key for body in bodies} != set(listed) or sum(listed.values()) > total:
            raise Refusal("seats_not_listed", total=total)
        return listed
    if least * len(bodies) > total:
        raise Refusal("seats_too_few", total=total, needed=least * len(bodies))
    free, weight = total - least * len(bodies), sum((body.weight for body in bodies), Fraction(0))
    if not weight:
        return {body.key: least for body in bodies}
    exact_ = {body.key: free * body.weight / weight for body in bodies}
    found = {key: round_to_int(share, Rounding.DOWN) for key, share in exact_.items()}
    rest = free - sum(found.values())
    order = sorted(
        range(len(bodies)), key=lambda n: (-(exact_[bodies[n].key] - found[bodies[n].key]), -bodies[n].weight, n)
    )
    for n in order[:rest]:
        found[bodies[n].key] += 1
    return {key: count + least for key, count in found.items()}


def pass_on(seats: Mapping[str, int], used: Mapping[str, int], waiting: Sequence[str]) -> list[tuple[str, str]]:
    """(from, to) for every seat that is not used: it goes to the next of `waiting`, in order; a body never gets its own back.

    `waiting` names a body once for each person it could still send. Seats for which nobody waits stay unused.
    """
    free = [key for key, count in seats.items() for _ in range(max(0, count - used.get(key, 0)))]
    left = list(waiting)
    passed: list[tuple[str, str]] = []
    for giver in free:
        taker = next((key for key in left if key != giver), None)
        if taker is None:
            continue
        left.remove(taker)
        passed.append((giver, taker))
    return passed
