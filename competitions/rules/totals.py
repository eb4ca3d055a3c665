"""From marks to an entry's total: aspect → sub-criterion → criterion → part → total, exact, rounded once at the end.

Missing is missing: one missing mark leaves the aspect, the part and the total without a value (`incomplete`). Deductions take
from the part and never below zero; one may zero its sub-criterion, its criterion or the scheme, or stop the attempt. Aspects
that are rounded at `module` are summed by criterion and that sum is rounded. A part counts with `score / full mark × 100 × weight`, so that totals are out of 100
whatever a part's full mark is; a gate-only part has a pass mark and no weight in the total. The total is rounded half up to
the declared places (`RuleSet.score_places`), nowhere else. What was computed is explained on demand by `explain_scheme`.
Source: competition rules 7.1, 7.3 (steps of the tally) and 16.8 (round once).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any
from uuid import UUID

from competitions.rules.scoring.aspects import AspectKind, AspectRule, Effect, Points, aspect_points
from foundation.exact import round_to

KEY = "totals:weighted_parts_1"
Marks = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class AspectPlace:
    """Where an aspect stands in a scheme, and who marks it: `cells` in seat order, one cell for an agreed value.

    `void` says that it was left out or counts full for everybody, whatever was marked; `factor` makes up for what was left out
    beside it (see `voids`).
    """

    aspect_id: UUID
    code: str
    criterion: str
    sub_criterion: str
    rule: AspectRule
    cells: tuple[UUID, ...]
    void: str = ""
    factor: Fraction = Fraction(1)

    @property
    def most(self) -> Fraction:
        """What the aspect is worth at most; a deduction is worth nothing."""
        return Fraction(0) if self.rule.kind == AspectKind.DEDUCTION else self.rule.max_mark

    def points(self, marks: Sequence[str | None], *, spread: int) -> Points:
        """The aspect's points from its marks, before the factor; a voided one asks for no marks."""
        if self.void:
            return Points(
                self.most if self.void == "full" else Fraction(0), f"points:void_{self.void}", {"max": self.most}
            )
        return aspect_points(self.rule, marks, spread=spread)


@dataclass(frozen=True, slots=True)
class SchemeScore:
    """What a work scored. `value` is None while `missing` (aspects without a value) is not 0."""

    value: Fraction | None
    criteria: Mapping[str, Fraction | None]
    missing: int
    stopped: bool = False
    """A deduction ended the attempt: the entry keeps no place."""


class SchemeTally:
    """Adds up works marked under one scheme: one by one with `score`, or all together with `score_all`.

    `score` is the rule. `score_all` is its compiled form: the same points of the same marks, added as whole numbers over the
    common denominator of a criterion. A property test holds the two equal.
    """

    def __init__(self, places: Sequence[AspectPlace], *, spread: int) -> None:
        self.places = tuple(places)
        self.spread = spread
        self.criteria = tuple(dict.fromkeys(place.criterion for place in places))
        starts = list(accumulate((len(place.cells) for place in self.places), initial=0))
        self.width = starts.pop()
        self._plan = tuple((start, start + len(one.cells), one) for start, one in zip(starts, self.places, strict=True))

    def slot_of(self) -> dict[UUID, dict[UUID, int]]:
        """aspect → cell → index in the list of marks that `score` takes."""
        return {
            place.aspect_id: {cell: begin + offset for offset, cell in enumerate(place.cells)}
            for begin, _end, place in self._plan
        }

    def score(self, marks: Sequence[str | None]) -> SchemeScore:
        """The score of one work from its marks in slot order, None where one is missing."""
        lacking = dict.fromkeys(self.criteria, 0)
        found: list[tuple[AspectPlace, Points]] = []
        for begin, end, place in self._plan:
            points = place.points(marks[begin:end], spread=self.spread)
            found.append((place, points))
            lacking[place.criterion] += points.value is None
        sums = criterion_sums(found)
        criteria = {code: None if lacking[code] else sums.get(code, Fraction(0)) for code in self.criteria}
        stopped = any(points.effect == Effect.STOP for _place, points in found)
        return _scheme_score(criteria, sum(lacking.values()) if self.places else 1, stopped=stopped)

    def score_all(self, columns: Sequence[Sequence[str | None]], works: int) -> list[SchemeScore]:
        """What `score` says of each of `works` works. `columns` holds for every slot the marks of all works, in one order.

        Each different row of marks of an aspect is worked out once, by the same `aspect_points`; equal rules share them. A work of
        which something is zeroed or stopped, which is rare, is scored by the rule itself.
        """
        remembered: dict[tuple[str, Fraction, str, str, Fraction], dict[Marks, Fraction | None]] = {}
        effects: dict[tuple[str, Fraction, str, str, Fraction], set[Marks]] = {}
        struck = set[int]()
        aspects: dict[str, list[_Column]] = {code: [] for code in self.criteria}
        for begin, end, place in self._plan:
            marked = end > begin and not place.void
            given: list[Marks] = list(zip(*columns[begin:end], strict=True)) if marked else [()] * works
            rule = place.rule
            key = (rule.method, rule.max_mark, repr(sorted(rule.options.items())), place.void, place.factor)
            known, striking = remembered.setdefault(key, {}), effects.setdefault(key, set())
            for marks in set(given).difference(known):
                points = place.points(marks, spread=self.spread)
                known[marks] = None if points.value is None else points.value * place.factor
                if points.effect:
                    striking.add(marks)
            if striking:
                struck.update(at for at, marks in enumerate(given) if marks in striking)
            aspects[place.criterion].append((rule.module_places, given, known))
        lacking = [0] * works
        by_criterion = [_criterion_sums(aspects[code], works, lacking) for code in self.criteria]
        if not self.places:
            lacking = [1] * works
        values: Iterable[tuple[Fraction | None, ...]]
        values = zip(*by_criterion, strict=True) if by_criterion else [()] * works
        return [
            self.score([column[at] for column in columns])
            if at in struck
            else _scheme_score(dict(zip(self.criteria, row, strict=True)), missing)
            for at, (row, missing) in enumerate(zip(values, lacking, strict=True))
        ]


_Column = tuple[int | None, list[Marks], Mapping[Marks, Fraction | None]]


def criterion_sums(found: Sequence[tuple[AspectPlace, Points]]) -> dict[str, Fraction]:
    """What the aspects with a value give by criterion, zeroed where a deduction says so, modules rounded."""
    effects = {points.effect for _place, points in found}
    subs = {place.sub_criterion for place, points in found if points.effect == Effect.ZERO_SUB}
    criteria = {place.criterion for place, points in found if points.effect == Effect.ZERO_CRITERION}
    sums: dict[str, Fraction] = {}
    modules: dict[tuple[str, int], Fraction] = {}
    for place, points in found:
        sums.setdefault(place.criterion, Fraction(0))
        gone = Effect.ZERO_ALL in effects or place.criterion in criteria or place.sub_criterion in subs
        if points.value is None or gone:
            continue
        places = place.rule.module_places
        if places is None:
            sums[place.criterion] += points.value * place.factor
        else:
            module = (place.criterion, places)
            modules[module] = modules.get(module, Fraction(0)) + points.value * place.factor
    for (criterion, places), value in modules.items():
        sums[criterion] += Fraction(round_to(value, places))
    return sums


def _criterion_sums(columns: Sequence[_Column], works: int, lacking: list[int]) -> list[Fraction | None]:
    """The sum of a criterion for every work, modules rounded; adds the aspects without a value to `lacking`."""
    rounding = sorted({places for places, _given, _known in columns if places is not None})
    whole = _added([(given, known) for places, given, known in columns if places is None], works, lacking)
    for places in rounding:
        part = _added([(given, known) for at, given, known in columns if at == places], works, lacking)
        whole = [
            None if before is None or value is None else before + Fraction(round_to(value, places))
            for before, value in zip(whole, part, strict=True)
        ]
    return whole


def _added(
    aspects: Sequence[tuple[list[Marks], Mapping[Marks, Fraction | None]]], works: int, lacking: list[int]
) -> list[Fraction | None]:
    worths = [{marks: known[marks] for marks in set(given)} for given, known in aspects]
    scale = math.lcm(*(value.denominator for worth in worths for value in worth.values() if value is not None))
    sums, without = [0] * works, set[int]()
    for (given, _known), worth in zip(aspects, worths, strict=True):
        whole = {
            marks: 0 if value is None else value.numerator * (scale // value.denominator)
            for marks, value in worth.items()
        }
        sums = list(map(operator.add, sums, map(whole.__getitem__, given)))
        if any(value is None for value in worth.values()):
            absent = [at for at, marks in enumerate(given) if worth[marks] is None]
            without.update(absent)
            for at in absent:
                lacking[at] += 1
    return [None if at in without else Fraction(added, scale) for at, added in enumerate(sums)]


def _scheme_score(criteria: Mapping[str, Fraction | None], missing: int, *, stopped: bool = False) -> SchemeScore:
    if missing:
        return SchemeScore(None, criteria, missing, stopped)
    values = [value for value in criteria.values() if value is not None]
    scale = math.lcm(*(value.denominator for value in values))
    whole = Fraction(sum(value.numerator * (scale // value.denominator) for value in values), scale)
    return SchemeScore(max(Fraction(0), whole), criteria, 0, stopped)


def with_deduction(score: SchemeScore, marks: Fraction, *, stopped: bool) -> SchemeScore:
    """A work's score less what the floor record takes from it, never below zero; a stop ends the attempt."""
    value = None if score.value is None else max(Fraction(0), score.value - marks)
    return replace(score, value=value, stopped=score.stopped or stopped)


@dataclass(frozen=True, slots=True)
class PartRule:
    """What of a part decides the total."""

    kind: str
    full_mark: Decimal
    weight: Fraction
    pass_mark: Decimal | None
    gate_only: bool = False


@dataclass(frozen=True, slots=True)
class PartScore:
    """A part's score, exact. `weighted` is what it brings to the total; None where missing or gate-only."""

    rule: PartRule
    score: Fraction | None
    criteria: Mapping[str, Fraction | None] = field(default_factory=dict)

    @property
    def weighted(self) -> Fraction | None:
        """score / full mark × 100 × weight."""
        if self.score is None:
            return None
        return (
            Fraction(0) if self.rule.gate_only else self.score * 100 / Fraction(self.rule.full_mark) * self.rule.weight
        )

    @property
    def passed(self) -> bool | None:
        """At least the pass mark; None where there is no score or no pass mark."""
        if self.score is None or self.rule.pass_mark is None:
            return None
        return self.score >= Fraction(self.rule.pass_mark)


@dataclass(frozen=True, slots=True)
class Total:
    """An entry's total: exact, and as shown at the declared precision."""

    exact: Fraction | None
    shown: Decimal | None
    parts: tuple[PartScore, ...]


def total_of(parts: Sequence[PartScore], *, places: int) -> Total:
    """The weighted total, rounded half up once. None while any part is missing."""
    brought = [part.weighted for part in parts]
    if not brought or any(value is None for value in brought):
        return Total(None, None, tuple(parts))
    whole = sum((value for value in brought if value is not None), Fraction(0))
    return Total(whole, round_to(whole, places), tuple(parts))


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of an explanation: a code with facts for the sentence, the value, and what it is made of."""

    code: str
    value: Fraction | None
    facts: Mapping[str, Any]
    below: tuple[Explained, ...] = ()


def explain_scheme(tally: SchemeTally, marks: Sequence[str | None]) -> tuple[Explained, ...]:
    """Criterion by criterion, sub-criterion by sub-criterion, aspect by aspect: what each brought, and why."""
    aspects: dict[str, dict[str, list[tuple[AspectPlace, Points]]]] = {}
    found: list[tuple[AspectPlace, Points]] = []
    begin = 0
    for place in tally.places:
        given = tuple(marks[begin : begin + len(place.cells)])
        begin += len(place.cells)
        points = place.points(given, spread=tally.spread)
        aspects.setdefault(place.criterion, {}).setdefault(place.sub_criterion, []).append((place, points))
        found.append((place, points))
    sums = criterion_sums(found)
    return tuple(
        _criterion(
            criterion,
            sums[criterion],
            next((place.factor for place in tally.places if place.criterion == criterion and place.factor != 1), None),
            tuple(
                _summed(
                    "explain:sub_criterion",
                    sub,
                    tuple(
                        Explained(points.code, points.value, {**points.facts, "item": place.code})
                        for place, points in lines
                    ),
                )
                for sub, lines in subs.items()
            ),
        )
        for criterion, subs in aspects.items()
    )


def explain_deduction(marks: Fraction, *, stopped: bool) -> Explained:
    """What the floor record takes from a work."""
    return Explained("explain:floor_stopped" if stopped else "explain:floor", -marks, {"item": ""})


def _criterion(item: str, counted: Fraction, factor: Fraction | None, below: tuple[Explained, ...]) -> Explained:
    """A criterion with what it counts for; it says so where something was zeroed, rescaled or rounded on the way."""
    plain = _summed("explain:criterion", item, below)
    if factor is not None and plain.value is not None:
        facts = {"item": item, "sum": _shown(plain.value), "factor": f"{factor.numerator}/{factor.denominator}"}
        return Explained("explain:criterion_rescaled", counted, facts, below)
    if plain.value is None or plain.value == counted:
        return plain
    return Explained("explain:criterion_adjusted", counted, {"item": item, "sum": _shown(plain.value)}, below)


def _summed(code: str, item: str, below: tuple[Explained, ...]) -> Explained:
    values = [line.value for line in below]
    whole = None if any(value is None for value in values) else sum((v for v in values if v is not None), Fraction(0))
    return Explained(code, whole, {"item": item}, below)


def explain_total(total: Total, schemes: Mapping[str, Sequence[Explained]], *, places: int) -> tuple[Explained, ...]:
    """Part by part what it brings to the total, then the total and its rounding."""
    lines = []
    for part in total.parts:
        facts = {
            "item": f"@part:{part.rule.kind}",
            "full": part.rule.full_mark,
            "weight": f"{float_free_percent(part.rule.weight)} %",
            "pass_mark": part.rule.pass_mark if part.rule.pass_mark is not None else "–",
        }
        code = (
            "explain:part_missing" if part.score is None else "explain:gate" if part.rule.gate_only else "explain:part"
        )
        lines.append(
            Explained(
                code, part.weighted, {**facts, "score": _shown(part.score)}, tuple(schemes.get(part.rule.kind, ()))
            )
        )
    code = "explain:total" if total.exact is not None else "explain:total_missing"
    return (
        *lines,
        Explained(code, total.exact, {"places": places, "shown": total.shown if total.shown is not None else ""}),
    )


def float_free_percent(weight: Fraction) -> str:
    """A share as percent without a float: 3/10 → 30, 1/8 → 12.5, 1/3 → 33.33."""
    text = f"{round_to(weight * 100, 2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(score: Fraction | None) -> str:
    return "" if score is None else f"{round_to(score, 4):f}".rstrip("0").rstrip(".")
