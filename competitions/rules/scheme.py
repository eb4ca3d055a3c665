"""A marking scheme as a draft, and what is wrong with it: every finding at once, exactly, with what would be right.

A draft is what a reader made of a workbook (or a query of the rows in force). Marks are fractions; nothing is rounded. A scheme
that may be used sums to 100.00 exactly, and a deduction is outside that sum. Sections of a standard may differ from what they
declare by at most five marks (the technical descriptions of EuroSkills 2023, §2.1: five percent); less is said as a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from competitions.rules.scoring.aspects import METHODS, AspectKind, option_problems

FULL_MARK = Fraction(100)
SECTION_LEEWAY = Fraction(5)
PLACES = 4
LAST_DAY = 30
DESCRIPTORS = 4
ERROR, WARNING = "error", "warning"
_LIMITS = {
    "criterion": 10,
    "sub": 10,
    "aspect": 20,
    "section": 20,
    "criterion_name": 200,
    "sub_name": 300,
    "title": 200,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a workbook something stands. Empty for what never stood in one."""

    sheet: str = ""
    row: int = 0
    cell: str = ""


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (an error) or worth a look (a warning): a code, facts, and where."""

    severity: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: Place = NOWHERE

    @property
    def is_error(self) -> bool:
        """Does it stop the import?"""
        return self.severity == ERROR


@dataclass(frozen=True, slots=True)
class AspectDraft:
    """评分点. `max_mark` is None where the workbook has none; a deduction has 0, its cap is an option."""

    code: str
    kind: str
    method: str
    max_mark: Fraction | None
    name_zh: str
    name_en: str = ""
    guidance: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    descriptors: tuple[str, ...] = ()
    section: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def counted(self) -> Fraction:
        """What it adds to the full mark: nothing for a deduction or while its mark is missing."""
        return Fraction(0) if self.kind == AspectKind.DEDUCTION or self.max_mark is None else self.max_mark


@dataclass(frozen=True, slots=True)
class SubCriterionDraft:
    """评分子项, marked on one day."""

    code: str
    name_zh: str
    name_en: str = ""
    day: int | None = None
    aspects: tuple[AspectDraft, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """评分项. `declared` is the mark its own line states."""

    code: str
    name_zh: str
    name_en: str = ""
    declared: Fraction | None = None
    sub_criteria: tuple[SubCriterionDraft, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)

    def aspects(self) -> Iterator[AspectDraft]:
        """All its aspects, in order."""
        for sub in self.sub_criteria:
            yield from sub.aspects

    @property
    def total(self) -> Fraction:
        """The sum of its aspects."""
        return sum((aspect.counted for aspect in self.aspects()), Fraction(0))


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section of the occupational standard and the marks it declares."""

    code: str
    name: str
    declared: Fraction | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A whole scheme."""

    title: str
    criteria: tuple[CriterionDraft, ...]
    sections: tuple[SectionDraft, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)

    def aspects(self) -> Iterator[AspectDraft]:
        """All aspects, in order."""
        for criterion in self.criteria:
            yield from criterion.aspects()


@dataclass(frozen=True, slots=True)
class Totals:
    """What a scheme adds up to. Deductions are counted among the kinds with 0."""

    total: Fraction
    criteria: Mapping[str, Fraction]
    sections: Mapping[str, Fraction]
    kinds: Mapping[str, Fraction]
    counts: Mapping[str, int]


def totals(draft: SchemeDraft) -> Totals:
    """The exact totals by criterion, section and kind, and how many there are of each noun."""
    aspects = list(draft.aspects())
    sections: dict[str, Fraction] = {section.code: Fraction(0) for section in draft.sections}
    kinds: dict[str, Fraction] = {}
    for aspect in aspects:
        kinds[aspect.kind] = kinds.get(aspect.kind, Fraction(0)) + aspect.counted
        if aspect.section:
            sections[aspect.section] = sections.get(aspect.section, Fraction(0)) + aspect.counted
    counts = {
        "criteria": len(draft.criteria),
        "sub_criteria": sum(len(criterion.sub_criteria) for criterion in draft.criteria),
        "aspects": len(aspects),
        **{kind: sum(aspect.kind == kind for aspect in aspects) for kind in kinds},
    }
    criteria = {criterion.code: criterion.total for criterion in draft.criteria}
    return Totals(sum(criteria.values(), Fraction(0)), criteria, sections, kinds, counts)


def mark_text(value: Fraction) -> str:
    """A mark as people write it: two decimals, more only where the mark has more."""
    for places in (2, 3, PLACES):
        if (value * 10**places).denominator == 1:
            break
    else:
        return f"{value.numerator}/{value.denominator}"
    whole = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-places]}.{whole[-places:]}"


def check_scheme(draft: SchemeDraft) -> list[Finding]:
    """Everything that is wrong with a draft or worth a look, in reading order, the sums last."""
    found: list[Finding] = []
    if not draft.criteria:
        found.append(Finding(ERROR, "scheme_empty", {}, draft.place))
    found += _too_long("title", draft.title, draft.place)
    found += _duplicates("criterion", [(criterion.code, criterion.place) for criterion in draft.criteria])
    subs = [sub for criterion in draft.criteria for sub in criterion.sub_criteria]
    found += _duplicates("sub", [(sub.code, sub.place) for sub in subs])
    found += _duplicates("aspect", [(aspect.code, aspect.place) for aspect in draft.aspects()])
    found += _duplicates("section", [(section.code, section.place) for section in draft.sections])
    sections = {section.code for section in draft.sections}
    for criterion in draft.criteria:
        found += _check_criterion(criterion, sections)
    found += _check_sums(draft)
    return found


def _check_criterion(criterion: CriterionDraft, sections: set[str]) -> Iterator[Finding]:
    yield from _named("criterion", criterion.code, criterion.name_zh, criterion.place)
    yield from _too_long("criterion_name", criterion.name_zh, criterion.place)
    yield from _too_long("criterion_name", criterion.name_en, criterion.place)
    if not criterion.sub_criteria:
        yield Finding(ERROR, "criterion_without_sub", {"criterion": criterion.code}, criterion.place)
    for sub in criterion.sub_criteria:
        yield from _named("sub", sub.code, sub.name_zh, sub.place)
        yield from _too_long("sub_name", sub.name_zh, sub.place)
        yield from _too_long("sub_name", sub.name_en, sub.place)
        if sub.day is not None and not 1 <= sub.day <= LAST_DAY:
            yield Finding(ERROR, "day_impossible", {"sub": sub.code, "day": sub.day, "last": LAST_DAY}, sub.place)
        if not sub.aspects:
            yield Finding(ERROR, "sub_without_aspects", {"sub": sub.code}, sub.place)
        for aspect in sub.aspects:
            yield from _check_aspect(aspect, criterion, sections)


def _check_aspect(aspect: AspectDraft, criterion: CriterionDraft, sections: set[str]) -> Iterator[Finding]:
    place = aspect.place
    yield from _named("aspect", aspect.code, aspect.name_zh, place)
    if METHODS.get(aspect.method) != aspect.kind:
        right = "、".join(method for method, kind in METHODS.items() if kind == aspect.kind) or "、".join(METHODS)
        yield Finding(ERROR, "method_wrong", {"aspect": aspect.code, "method": aspect.method, "right": right}, place)
        return
    if aspect.kind != AspectKind.DEDUCTION:
        if aspect.max_mark is None:
            yield Finding(ERROR, "max_mark_missing", {"aspect": aspect.code}, place)
        elif aspect.max_mark <= 0:
            facts = {"aspect": aspect.code, "mark": mark_text(aspect.max_mark)}
            yield Finding(ERROR, "max_mark_not_positive", facts, place)
        elif (aspect.max_mark * 10**PLACES).denominator != 1:
            yield Finding(ERROR, "max_mark_too_fine", {"aspect": aspect.code, "places": PLACES}, place)
        elif criterion.declared is not None and aspect.max_mark > criterion.declared:
            facts = {
                "aspect": aspect.code, "mark": mark_text(aspect.max_mark), "criterion": criterion.code,
                "declared": mark_text(criterion.declared),
            }  # fmt: skip
            yield Finding(ERROR, "aspect_above_criterion", facts, place)
    if aspect.kind == AspectKind.JUDGEMENT:
        written = [number for number, text in enumerate(aspect.descriptors) if text.strip()]
        missing = [str(number) for number in range(DESCRIPTORS) if number not in written]
        if missing or len(aspect.descriptors) != DESCRIPTORS:
            facts = {"aspect": aspect.code, "missing": "、".join(missing)}
            yield Finding(ERROR, "descriptors_missing", facts, place)
    if aspect.section and sections and aspect.section not in sections:
        facts = {"aspect": aspect.code, "section": aspect.section, "right": "、".join(sorted(sections))}
        yield Finding(ERROR, "section_unknown", facts, place)
    if sections and not aspect.section and aspect.kind != AspectKind.DEDUCTION:
        yield Finding(WARNING, "section_missing", {"aspect": aspect.code}, place)
    for code, more in option_problems(aspect.method, aspect.options, aspect.max_mark):
        yield Finding(ERROR, code, {"aspect": aspect.code, **more}, place)


def _check_sums(draft: SchemeDraft) -> Iterator[Finding]:
    sums = totals(draft)
    differing = []
    for criterion in draft.criteria:
        if criterion.declared is not None and criterion.declared != criterion.total:
            differing.append(criterion.code)
            facts = {
                "criterion": criterion.code, "declared": mark_text(criterion.declared), "sum": mark_text(criterion.total),
                "difference": mark_text(abs(criterion.declared - criterion.total)),
            }  # fmt: skip
            yield Finding(ERROR, "criterion_sum_differs", facts, criterion.place)
    if draft.criteria and sums.total != FULL_MARK:
        short = sums.total < FULL_MARK
        facts = {"sum": mark_text(sums.total), "difference": mark_text(abs(FULL_MARK - sums.total))}
        if differing:
            facts["criteria"] = "、".join(differing)
        code = ("scheme_sum_short" if short else "scheme_sum_over") + ("_in" if differing else "")
        yield Finding(ERROR, code, facts, draft.place)
    for section in draft.sections:
        marks = sums.sections[section.code]
        if section.declared is not None and section.declared != marks:
            away = abs(section.declared - marks)
            facts = {
                "section": section.code, "declared": mark_text(section.declared), "sum": mark_text(marks),
                "difference": mark_text(away), "leeway": mark_text(SECTION_LEEWAY),
            }  # fmt: skip
            severity = ERROR if away > SECTION_LEEWAY else WARNING
            yield Finding(
                severity, "section_sum_far" if severity == ERROR else "section_sum_differs", facts, section.place
            )


def _duplicates(noun: str, codes: list[tuple[str, Place]]) -> Iterator[Finding]:
    times = Counter(code for code, _ in codes if code)
    seen: set[str] = set()
    for code, place in codes:
        if times[code] > 1 and code in seen:
            yield Finding(ERROR, "code_twice", {"noun": f"@scheme_noun:{noun}", "code": code}, place)
        seen.add(code)
        yield from _too_long(noun, code, place)


def _named(noun: str, code: str, name: str, place: Place) -> Iterator[Finding]:
    if not code:
        yield Finding(ERROR, "code_missing", {"noun": f"@scheme_noun:{noun}", "name": name[:30]}, place)
    if not name.strip():
        yield Finding(ERROR, "name_missing", {"noun": f"@scheme_noun:{noun}", "code": code}, place)


def _too_long(limit: str, text: str, place: Place) -> Iterator[Finding]:
    if len(text) > _LIMITS[limit]:
        yield Finding(ERROR, "text_too_long", {"text": f"{text[:20]}…", "limit": _LIMITS[limit]}, place)
