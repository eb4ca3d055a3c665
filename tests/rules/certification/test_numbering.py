"""Numbers of certificates and what is printed on them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.rules import certificate_states, numbering, wording
from foundation.refusal import Refusal

STANDARD = numbering.layout_of("")
prefixes = st.from_regex(r"[SY][0-9]{12}", fullmatch=True)
grades = st.sampled_from(sorted(numbering.DIGITS))


def test_the_official_example_has_22_characters() -> None:
    made = numbering.compose(STANDARD, prefix="Y000123000001", year=2019, grade="L5", serial=1)
    assert made == "Y000123000001195000001"
    assert (len(made), STANDARD.length) == (22, 22)


@given(prefix=prefixes, year=st.integers(2019, 2098), grade=grades, serial=st.integers(1, 999_999))
def test_what_was_composed_is_without_fault(prefix: str, year: int, grade: str, serial: int) -> None:
    made = numbering.compose(STANDARD, prefix=prefix, year=year, grade=grade, serial=serial)
    assert numbering.faults(STANDARD, made, prefix=prefix, grade=grade, years=(year,)) == ()
    parts = numbering.parse(STANDARD, made)
    assert parts == {
        "prefix": prefix,
        "year": f"{year % 100:02d}",
        "grade": numbering.DIGITS[grade],
        "serial": f"{serial:06d}",
    }


@given(grade=grades, other=grades, serial=st.integers(1, 999_999), next_serial=st.integers(1, 999_999))
def test_different_facts_make_different_numbers(grade: str, other: str, serial: int, next_serial: int) -> None:
    first = numbering.compose(STANDARD, prefix="S000032000001", year=2026, grade=grade, serial=serial)
    second = numbering.compose(STANDARD, prefix="S000032000001", year=2026, grade=other, serial=next_serial)
    assert (first == second) == ((grade, serial) == (other, next_serial))


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("S000032000001262000001", []),
        ("S00003200000126200001", ["number_length_wrong"]),
        ("S000037000001262000001", ["number_of_another_issuer"]),
        ("S000032000001263000001", ["number_grade_wrong"]),
        ("S000032000001242000001", ["number_year_wrong"]),
        ("S000032000001262000000", ["number_serial_wrong"]),
        ("Y000037000001245ABCDEF", ["number_of_another_issuer", "number_grade_wrong", "number_year_wrong", "number_serial_wrong"]),
    ],
)  # fmt: skip
def test_faults_of_a_returned_number(number: str, codes: list[str]) -> None:
    found = numbering.faults(STANDARD, number, prefix="S000032000001", grade="L2", years=(2026, 2025))
    assert [fault.code for fault in found] == codes


@pytest.mark.parametrize(
    "pattern",
    ["{prefix:13}", "{prefix:13}{year:2}{grade:1}{serial:6}{serial:6}", "x{prefix:13}{year:2}{grade:1}{serial:6}", "["],
)
def test_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(Refusal, match="number_pattern_wrong"):
        numbering.layout_of(pattern)


def test_a_regular_expression_is_checked_beside_the_layout() -> None:
    layout = numbering.layout_of(r"S\d{14}[1-5]\d{6}")
    assert (
        numbering.compose(layout, prefix="S000032000001", year=2026, grade="L2", serial=7) == "S000032000001262000007"
    )
    with pytest.raises(Refusal, match="number_pattern_mismatch"):
        numbering.compose(layout, prefix="Y000032000001", year=2026, grade="L2", serial=7)


def test_the_range_ends() -> None:
    with pytest.raises(Refusal, match="number_range_exhausted"):
        numbering.compose(STANDARD, prefix="S000032000001", year=2026, grade="L2", serial=1_000_000)
    with pytest.raises(Refusal, match="number_prefix_wrong"):
        numbering.compose(STANDARD, prefix="S0000320000", year=2026, grade="L2", serial=1)
    with pytest.raises(Refusal, match="number_grade_unknown"):
        numbering.compose(STANDARD, prefix="S000032000001", year=2026, grade="apprentice", serial=1)


def test_wording() -> None:
    assert (wording.grade_text("L2"), wording.grade_text("L1")) == ("二级/技师", "一级/高级技师")
    assert (wording.work_type(""), wording.work_type(" "), wording.work_type("电焊工")) == ("--", "--", "电焊工")
    assert (wording.date_text(date(2026, 12, 6)), wording.date_text_en(date(2026, 12, 6))) == (
        "2026年12月6日",
        "6 December 2026",
    )


def test_reserved_words_and_emblems() -> None:
    assert wording.reserved_words("中国江州技能评价中心") == ("中国",)
    assert wording.reserved_words("中国江州技能评价中心", filed="中国江州技能评价中心") == ()
    assert wording.reserved_words("中华人民共和国江州") == ("中华人民共和国",)
    assert wording.state_emblems(("ground.svg", "国徽.svg", "images/national_emblem.png")) == (
        "国徽.svg",
        "images/national_emblem.png",
    )


def test_the_states_follow_in_one_order() -> None:
    table = certificate_states.CERTIFICATE
    for state in certificate_states.CertificateState:
        for move in ("number", "report", "issue", "revoke", "withdraw"):
            if (state, move) in table.moves:
                assert table.advance(state, move) == table.moves[state, move]
            else:
                with pytest.raises(Refusal, match="move_not_allowed"):
                    table.advance(state, move)
