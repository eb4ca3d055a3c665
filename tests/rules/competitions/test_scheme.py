from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from competitions.rules.scheme import (
    AspectDraft,
    CriterionDraft,
    SchemeDraft,
    SectionDraft,
    SubCriterionDraft,
    check_scheme,
    mark_text,
    totals,
)
from competitions.rules.scheme_changes import Change, changes
from competitions.rules.scoring.aspects import AspectRule, aspect_points, checked_value
from foundation.refusal import Refusal

LEVELS = ("无", "基本", "较好", "优秀")
CHOICES = [
    {"label": "无错误", "deduction": "0"},
    {"label": "少量错误", "deduction": "33.3"},
    {"label": "错误多", "deduction": "100"},
]


def aspect(
    code: str, mark: str | None, method: str = "pass_fail", kind: str = "measurement", **more: Any
) -> AspectDraft:
    return AspectDraft(code, kind, method, None if mark is None else Fraction(mark), f"评分点{code}", **more)


def scheme(
    *aspects: AspectDraft, declared: str = "100", day: int | None = 1, sections: tuple[SectionDraft, ...] = ()
) -> SchemeDraft:
    sub = SubCriterionDraft("A1", "子项", day=day, aspects=aspects)
    return SchemeDraft(
        "标准", (CriterionDraft("A", "评分项", declared=Fraction(declared), sub_criteria=(sub,)),), sections
    )


GOOD = scheme(
    aspect("A1-1", "99.75"), aspect("A1-2", "0.25", "judgement_0_3", "judgement", descriptors=LEVELS),
    aspect("A1-3", None, "deduction", "deduction", options={"unit": "5", "cap": "10"}),
)  # fmt: skip


def codes(draft: SchemeDraft) -> list[str]:
    return [finding.code for finding in check_scheme(draft)]


def test_a_sound_scheme_has_no_findings_and_exact_totals() -> None:
    sums = totals(GOOD)
    assert codes(GOOD) == []
    assert sums.total == 100
    assert sums.kinds == {"measurement": Fraction("99.75"), "judgement": Fraction("0.25"), "deduction": 0}
    assert sums.counts == {
        "criteria": 1,
        "sub_criteria": 1,
        "aspects": 3,
        "measurement": 1,
        "judgement": 1,
        "deduction": 1,
    }


def test_99_75_is_refused_by_how_much_and_where() -> None:
    findings = check_scheme(scheme(aspect("A1-1", "99.75")))
    assert [(finding.code, dict(finding.facts)) for finding in findings] == [
        ("criterion_sum_differs", {"criterion": "A", "declared": "100.00", "sum": "99.75", "difference": "0.25"}),
        ("scheme_sum_short_in", {"sum": "99.75", "difference": "0.25", "criteria": "A"}),
    ]
    assert codes(scheme(aspect("A1-1", "100.25"), declared="100.25")) == ["scheme_sum_over"]


def test_tenths_sum_exactly() -> None:
    """Ten times 0.1 with floats is 0.9999999999999999."""
    tenths = [aspect(f"A1-{number}", "0.1") for number in range(1000)]
    assert codes(scheme(*tenths)) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (aspect("A1-1", None), "max_mark_missing"),
        (aspect("A1-1", "0"), "max_mark_not_positive"),
        (aspect("A1-1", "0.00001"), "max_mark_too_fine"),
        (aspect("A1-1", "101"), "aspect_above_criterion"),
        (aspect("A1-1", "1", "judgement_0_3", "judgement", descriptors=LEVELS[:3]), "descriptors_missing"),
        (aspect("A1-1", "1", "judgement_0_3", "judgement", descriptors=("无", "", "好", "优")), "descriptors_missing"),
        (aspect("A1-1", "1", "points"), "method_wrong"),
        (aspect("A1-1", "1", "unknown"), "method_wrong"),
        (aspect("A1-1", "1", "count"), "option_steps_wrong"),
        (aspect("A1-1", "1", "count", options={"steps": "2.5"}), "option_steps_wrong"),
        (aspect("A1-1", "1", "deduct_from_full", options={"unit": "0"}), "option_unit_wrong"),
        (aspect("A1-1", "1", "deduct_from_full", options={"unit": "2"}), "option_unit_above"),
        (aspect("A1-1", "1", "value", options={"places": 9}), "option_places_wrong"),
        (aspect("A1-1", "1", "choice", options={"choices": CHOICES[:1]}), "option_choices_few"),
        (aspect("A1-1", "1", "choice", options={"choices": [*CHOICES, {"label": "x", "deduction": "120"}]}), "option_choice_share"),
        (aspect("A1-1", "1", "points", "points", options={"drop_high": -1}), "option_drop_wrong"),
        (aspect("A1-1", "1", "points", "points", options={"aggregate": "max"}), "option_aggregate_wrong"),
        (aspect("A1-1", None, "deduction", "deduction", options={"unit": "1", "cap": "x"}), "option_cap_wrong"),
        (aspect("", "1"), "code_missing"),
        (replace(aspect("A1-1", "1"), name_zh=" "), "name_missing"),
        (aspect("A1-1", "1", section="9"), "section_unknown"),
        (aspect("A" * 21, "1"), "text_too_long"),
        (aspect("A1-2", "1"), "code_twice"),
    ],
)  # fmt: skip
def test_each_error_of_an_aspect_is_found(wrong: AspectDraft, code: str) -> None:
    rest = Fraction(100) - wrong.counted
    draft = scheme(wrong, aspect("A1-2", str(rest)), sections=(SectionDraft("1", "板块"),))
    assert (
        next(
            finding.code
            for finding in check_scheme(draft)
            if (finding.is_error and "above" not in finding.code) or finding.code == code
        )
        == code
    )


def test_all_errors_come_at_once() -> None:
    found = codes(scheme(aspect("A1-1", None), aspect("A1-1", "120"), aspect("A1-3", "1", "count"), day=99))
    assert {"code_twice", "day_impossible", "max_mark_missing", "aspect_above_criterion", "option_steps_wrong",
            "criterion_sum_differs", "scheme_sum_over_in"} <= set(found)  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "found"), [("100", []), ("95", ["section_sum_differs"]), ("94.99", ["section_sum_far"])]
)
def test_a_section_may_differ_by_five(declared: str, found: list[str]) -> None:
    draft = scheme(aspect("A1-1", "100", section="1"), sections=(SectionDraft("1", "板块", Fraction(declared)),))
    assert codes(draft) == found


def test_empty_nouns_are_found() -> None:
    assert codes(SchemeDraft("", ())) == ["scheme_empty"]
    empty = SchemeDraft(
        "", (CriterionDraft("A", "a"), CriterionDraft("B", "b", sub_criteria=(SubCriterionDraft("B1", "b"),)))
    )
    assert codes(empty) == ["criterion_without_sub", "sub_without_aspects", "scheme_sum_short"]


@pytest.mark.parametrize(
    ("value", "text"), [("0.25", "0.25"), ("100", "100.00"), ("1/8", "0.125"), ("-0.5", "-0.50"), ("1/3", "1/3")]
)
def test_marks_are_written_exactly(value: str, text: str) -> None:
    assert mark_text(Fraction(value)) == text


def test_what_a_version_changes() -> None:
    after = replace(
        GOOD,
        criteria=(replace(GOOD.criteria[0], sub_criteria=(
            replace(GOOD.criteria[0].sub_criteria[0], day=2, aspects=(aspect("A1-1", "90"), aspect("A1-4", "10"))),)),),
    )  # fmt: skip
    assert changes(GOOD, GOOD) == []
    assert changes(GOOD, after) == [
        Change("changed", "sub", "A1", "day", "1", "2"),
        Change("changed", "aspect", "A1-1", "mark", "99.75", "90.00"),
        Change("added", "aspect", "A1-4", "", "", "10.00"),
        Change("removed", "aspect", "A1-2", "", "0.25", ""),
        Change("removed", "aspect", "A1-3", "", "评分点A1-3", ""),
    ]


def test_a_choice_loses_its_share() -> None:
    rule = AspectRule("choice", Fraction("1.5"), {"choices": CHOICES})
    assert [aspect_points(rule, [str(number)]).value for number in (1, 2, 3)] == [
        Fraction("1.5"),
        Fraction("1.0005"),
        0,
    ]
    assert aspect_points(rule, ["2"]).code == "points:choice"
    assert checked_value(rule, "3") == "3"
    for raw, code in (("0", "mark_not_a_choice"), ("4", "mark_above_maximum"), ("1.5", "mark_not_whole")):
        with pytest.raises(Refusal) as refused:
            checked_value(rule, raw)
        assert refused.value.code == code
