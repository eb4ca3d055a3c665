"""How many a notice admits (参赛名额): each quota as data, each answer with the count it rests on.

"每校每项目限报2名选手" (技工院校学生技能大赛 in Hubei, 参赛报名表) reads: per unit, in each event, two people. A quota counts
entries or people; it is kept per delegation, per unit or over the whole competition, for each event, each division or all of
them together, and may be limited to some events and kinds of division. What goes beyond it is refused or waits in a list, as
the notice says; who may go beyond it with a written reason is said there too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from foundation.refusal import Refusal

PER = ("delegation", "unit", "competition")
EACH = ("event", "division", "competition")
COUNTED = ("entries", "people")
BEYOND = ("refuse", "waiting")
EXCEEDED_BY = ("organizer", "leader", "nobody")
MOST = 9999


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota. No `events` and no `divisions` means: all of them. `article` is where the notice says so."""

    key: str
    per: str
    each: str
    most: int
    counted: str = "entries"
    events: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    beyond: str = "refuse"
    exceeded_by: str = "organizer"
    article: str = ""

    def stored(self) -> dict[str, Any]:
        """The form kept in a rule set."""
        return asdict(self) | {"events": list(self.events), "divisions": list(self.divisions)}


@dataclass(frozen=True, slots=True)
class Group:
    """What is counted together: the quota, the body (empty over the whole competition), event and division when each counts."""

    quota: str
    body: str = ""
    event: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An entry as quotas see it: event code, kind of division, delegation, and the unit of each of its people."""

    event: str
    division: str
    delegation: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One quota's answer to a newcomer: how many are there without it, how many it adds, how many are admitted."""

    quota: Quota
    group: Group
    taken: int
    adds: int

    @property
    def fits(self) -> bool:
        """Is there room?"""
        return self.taken + self.adds <= self.quota.most


Taken = Mapping[Group, int]


def quota(stored: Mapping[str, Any]) -> Quota:
    """A quota in its stored or typed form. Raises Refusal quota_rule_wrong with the value's name."""
    known = {one.name for one in fields(Quota)}
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    wrong = next((name for name in given if name not in known), "")
    if wrong:
        raise Refusal("quota_rule_wrong", field=wrong, name=wrong)
    made = Quota(**given)
    checks = {
        "per": made.per in PER,
        "each": made.each in EACH,
        "counted": made.counted in COUNTED,
        "beyond": made.beyond in BEYOND,
        "exceeded_by": made.exceeded_by in EXCEEDED_BY,
        "most": isinstance(made.most, int) and 1 <= made.most <= MOST,
    }
    for name, fits in checks.items():
        if not fits:
            raise Refusal("quota_rule_wrong", field=name, name=name)
    return made


def shares(one: Quota, who: Newcomer) -> dict[Group, int]:
    """Which counts of a quota an entry adds to, and by how much; empty when the quota does not concern it."""
    if (one.events and who.event not in one.events) or (one.divisions and who.division not in one.divisions):
        return {}
    event = who.event if one.each in ("event", "division") else ""
    division = who.division if one.each == "division" else ""
    people = len(who.units) or 1
    if one.per == "unit":
        by_unit = Counter(unit for unit in who.units if unit)
        return {
            Group(one.key, unit, event, division): count if one.counted == "people" else 1
            for unit, count in by_unit.items()
        }
    if one.per == "delegation" and not who.delegation:
        return {}
    body = who.delegation if one.per == "delegation" else ""
    return {Group(one.key, body, event, division): people if one.counted == "people" else 1}


def judge(quotas: Iterable[Quota], who: Newcomer, taken: Taken) -> tuple[Standing, ...]:
    """What every quota that concerns an entry says of it, in the order of the quotas."""
    return tuple(
        Standing(one, group, taken.get(group, 0), adds)
        for one in quotas
        for group, adds in shares(one, who).items()
    )  # fmt: skip


def first_full(standings: Iterable[Standing]) -> Standing | None:
    """The quota that stands in the way: one that refuses before one that lets wait. None when all have room."""
    full = [one for one in standings if not one.fits]
    return next((one for one in full if one.quota.beyond == "refuse"), full[0] if full else None)


def may_exceed(standings: Iterable[Standing], capacity: str) -> bool:
    """May an organizer or leader go beyond every full quota with a written reason? The organizer may what a leader may."""
    allowed = {"organizer": ("organizer", "leader"), "leader": ("leader",)}.get(capacity, ())
    return all(one.fits or one.quota.exceeded_by in allowed for one in standings)


def added(quotas: Sequence[Quota], people: Iterable[Newcomer], taken: Taken = {}) -> dict[Group, int]:  # noqa: B006 - never written to
    """The counts after these entries were added."""
    counts: Counter[Group] = Counter(taken)
    for who in people:
        for one in quotas:
            counts.update(shares(one, who))
    return dict(counts)


def moving_up(quotas: Sequence[Quota], waiting: Sequence[Newcomer], taken: Taken) -> list[int]:
    """Whose turn it is: positions in the waiting list, in its order, of those for whom there is room by now.

    Somebody whose own delegation is full does not hold up those behind who are of another one.
    """
    counts, found = dict(taken), []
    for place, who in enumerate(waiting):
        if all(one.fits for one in judge(quotas, who, counts)):
            found.append(place)
            counts = added(quotas, [who], counts)
    return found
