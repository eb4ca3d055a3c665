from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from catalogue.rules.identity_numbers import check_character, checked_identity
from foundation.refusal import Refusal

CARD = "resident_identity_card"


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, date, str]:
    """A valid number with the birth date and sex it says."""
    place = draw(st.integers(110000, 659999))
    born = draw(st.dates(date(1900, 1, 1), date(2026, 12, 31)))
    sequence = draw(st.integers(0, 999))
    first = f"{place}{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first), born, "1" if sequence % 2 else "2"


@given(numbers())
def test_a_generated_number_says_birth_and_sex(case: tuple[str, date, str]) -> None:
    number, born, sex = case
    found = checked_identity(CARD, number)
    assert (found.number, found.birth_date, found.sex) == (number, born, sex)
    assert mod_11_2.is_valid(number)


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(case: tuple[str, date, str], where: int, shift: int) -> None:
    number = case[0]
    wrong = number[:where] + str((int(number[where]) + shift) % 10) + number[where + 1 :]
    with pytest.raises(Refusal, match="identity_number_check"):
        checked_identity(CARD, wrong)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [("11010519491231002X", date(1949, 12, 31), "2"), ("360426199101010071", date(1991, 1, 1), "1")],
)
def test_the_published_examples(number: str, born: date, sex: str) -> None:
    found = checked_identity(CARD, number)
    assert (found.birth_date, found.sex) == (born, sex)


@pytest.mark.parametrize(
    "typed", ["1101 0519 4912 3100 2x", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002x"]
)
def test_blanks_width_and_case_do_not_matter(typed: str) -> None:
    assert checked_identity(CARD, typed).number == "11010519491231002X"


def with_check(first: str) -> str:
    return first + check_character(first)


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        (CARD, "110105491231002", "identity_number_form"),
        (CARD, "110105194912310021", "identity_number_check"),
        (CARD, with_check("11010519491332002"), "identity_number_birth"),
        ("hkm_residence_permit", "11010519491231002X", "identity_number_kind"),
        ("taiwan_residence_permit", with_check("81000019900101001"), "identity_number_kind"),
        ("passport", "E1?", "identity_number_form_other"),
    ],
)
def test_wrong_numbers_are_refused_by_code(kind: str, number: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_identity(kind, number)
    assert (refused.value.code, refused.value.field) == (code, "identity_number")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("hkm_residence_permit", with_check("81000019900101001")),
        ("taiwan_residence_permit", with_check("83000019900101001")),
        ("foreign_permanent_residence", with_check("93115619900101001")),
        ("foreign_permanent_residence", "USA110123456789"),
        ("passport", "E12345678"),
    ],
)
def test_papers_whose_address_is_no_place_are_accepted(kind: str, number: str) -> None:
    assert checked_identity(kind, number).number == number
