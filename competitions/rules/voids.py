"""What is left out after marking began: an aspect, a sub-criterion or a whole criterion (a module), by a decision of two people.

Three ways. `full`: everybody gets full marks. `rescale`: left out, and what remains counts for more, so that the criterion (for a
criterion: the scheme) keeps its maximum; marks are multiplied by an exact fraction, deductions are not. `leave_out`: left out, and
the maximum falls. `count` takes an earlier decision back. Of several decisions about an aspect the last one holds.
Source: design, domain 1 (Marking): after the freeze only `void_aspect` and `void_module`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from competitions.rules.totals import AspectPlace
from foundation.refusal import Refusal

KEY = "voids:1"
WAYS = ("full", "rescale", "leave_out", "count")
LEVELS = ("aspect", "sub_criterion", "criterion")


@dataclass(frozen=True, slots=True)
class Void:
    """One decision: the aspects it is about, the level it was taken at, and the way."""

    aspects: frozenset[UUID]
    level: str
    way: str


def in_force(decisions: Sequence[Void]) -> dict[UUID, Void]:
    """aspect → the decision that holds for it; those that count as marked are absent."""
    found: dict[UUID, Void] = {}
    for decision in decisions:
        for aspect in decision.aspects:
            found[aspect] = decision
    return {aspect: decision for aspect, decision in found.items() if decision.way != "count"}


def applied(places: Sequence[AspectPlace], decisions: Sequence[Void]) -> tuple[AspectPlace, ...]:
    """The places as they count under the decisions: voided, or with the factor that makes up for what was left out.

    Raises Refusal void_nothing_left when nothing would remain to carry what is to be rescaled.
    """
    held = in_force(decisions)
    if not held:
        return tuple(places)
    sums: dict[str, _Share] = {}
    for place in places:
        share = sums.setdefault(place.criterion, _Share())
        decision = held.get(place.aspect_id)
        share.add(place.most, decision.way if decision else "", decision.level if decision else "")
    for share in sums.values():
        share.spread()
    keeps, carries = sum(one.keeps for one in sums.values()), sum(one.carries for one in sums.values())
    if keeps and not carries:
        raise Refusal("void_nothing_left")
    whole = Fraction(keeps) / carries if carries else Fraction(1)
    return tuple(_placed(place, held, sums[place.criterion].factor * whole) for place in places)


def _placed(place: AspectPlace, held: Mapping[UUID, Void], factor: Fraction) -> AspectPlace:
    decision = held.get(place.aspect_id)
    if decision is not None and decision.way != "full":
        return replace(place, void=decision.way)
    # A deduction has no maximum to make up for.
    stretched = factor if place.most else Fraction(1)
    return replace(place, void=decision.way if decision else "", factor=stretched)


@dataclass(slots=True)
class _Share:
    """A criterion's maximum by what becomes of it. `keeps` is what it is still worth, `carries` what of it is marked."""

    counted: Fraction = Fraction(0)
    within: Fraction = Fraction(0)  # left out, made up for inside the criterion
    beyond: Fraction = Fraction(0)  # left out with the criterion, made up for by the other criteria
    factor: Fraction = Fraction(1)
    keeps: Fraction = Fraction(0)
    carries: Fraction = Fraction(0)

    def add(self, most: Fraction, way: str, level: str) -> None:
        """One aspect."""
        if way == "rescale":
            if level == "criterion":
                self.beyond += most
            else:
                self.within += most
        elif way != "leave_out":
            self.counted += most

    def spread(self) -> None:
        """Make up inside the criterion for what can be; what cannot goes to the others."""
        self.keeps = self.counted + self.within + self.beyond
        if self.counted:
            self.factor = (self.counted + self.within) / self.counted
            self.carries = self.counted + self.within
