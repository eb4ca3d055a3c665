"""Numbers of certificates and what is printed on them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

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


FORMS = numbering.read_forms(
    tomllib.loads((Path(__file__).resolve().parents[3] / "data" / "reference" / "number_forms.toml").read_text("utf-8"))
)


def test_contest_numbers_take_whatever_the_authority_gave_as_first_part() -> None:
    layout = FORMS["competition"].layout({})
    made = numbering.compose(layout, prefix="JS2026HJ00001", year=2026, grade="L3", serial=45)
    assert (made, len(made), made[15]) == ("JS2026HJ00001263000045", 22, "3")
    assert numbering.faults(layout, made, prefix="JS2026HJ00001", grade="L3", years=(2026,)) == ()
    with pytest.raises(Refusal, match="number_prefix_wrong"):
        numbering.compose(FORMS["standard"].layout({}), prefix="JS2026HJ00001", year=2026, grade="L3", serial=45)


def test_a_special_grade_carries_the_letter_the_issuer_was_told() -> None:
    layout = FORMS["special"].layout({"special_technician": "T"})
    made = numbering.compose(layout, prefix="Y000032000001", year=2026, grade="special_technician", serial=1)
    assert made == "Y00003200000126T000001"
    assert (sum(c.isalpha() for c in made), sum(c.isdigit() for c in made)) == (2, 20)
    with pytest.raises(Refusal, match="number_grade_letter_missing"):
        numbering.compose(FORMS["special"].layout({}), prefix="Y000032000001", year=2026, grade="special_technician", serial=1)  # fmt: skip
    found = numbering.faults(layout, "Y000032000001261000001", prefix="Y000032000001", grade="special_technician", years=(2026,))  # fmt: skip
    assert [fault.code for fault in found] == ["number_grade_wrong"]


@pytest.mark.parametrize(
    ("text", "form", "grade", "year"),
    [
        ("S000044000123263000045", "standard", "L3", 2026),
        (" y000123000001195000001 ", "standard", "L5", 2019),
        ("Ｓ０００044000123263000045", "standard", "L3", 2026),
        ("JS2026HJ00001263000045", "competition", "L3", 2026),
        ("Y00003200000126T000001", "special", "special_technician", 2026),
        ("1210012003300123", "legacy", "L3", 2012),
        ("9872000018200001", "legacy", "L2", 1998),
        ("0003001234567", "legacy", "L2", 0),
        ("0003001934567", None, "", 0),
        ("S000044000123267000045", None, "", 0),
        ("S000044000123263000000", None, "", 0),
        ("1210019003300123", None, "", 0),
        ("12100120033001", None, "", 0),
        ("", None, "", 0),
    ],
)
def test_numbers_people_hold(text: str, form: str | None, grade: str, year: int) -> None:
    found = numbering.held_number(FORMS, text)
    if form is None:
        assert found is None
        return
    assert found is not None
    assert (found.form.key, found.grade, found.year) == (form, grade, year)


@given(prefix=prefixes, year=st.integers(2019, 2089), grade=grades, serial=st.integers(1, 999_999))
def test_what_is_given_is_read_back(prefix: str, year: int, grade: str, serial: int) -> None:
    made = numbering.compose(FORMS["standard"].layout({}), prefix=prefix, year=year, grade=grade, serial=serial)
    found = numbering.held_number(FORMS, made)
    assert found is not None
    assert (found.form.key, found.grade, found.year) == ("standard", grade, year)


@pytest.mark.parametrize(
    "wrong",
    [{"parts": "{year:2}{grade:1}"}, {"parts": "x{year:2}{grade:1}{serial:5}"}, {"parts": "{year:2}{year:2}{grade:1}{serial:5}"},
     {"parts": "{year:2}{grade:1}{serial:5}", "unit": "x"}],
)  # fmt: skip
def test_a_form_that_does_not_hold_together(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="form"):
        numbering.read_forms({"form": {"title": "x", "basis": "x", "grades": {"L5": "5"}, **wrong}})
