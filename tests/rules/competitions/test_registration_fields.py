"""Extra fields: what an answer may be, of whom a field is asked, what is still open."""

from __future__ import annotations

from uuid import UUID

import pytest

from competitions.rules.registration_fields import (
    Field,
    Option,
    Subject,
    applies,
    checked_definition,
    checked_value,
    may_fill,
    open_fields,
)
from foundation.refusal import Refusal

SIZES = (Option("s", "小号", "Small"), Option("m", "中号", "Medium"))
EVENT, OTHER = UUID(int=1), UUID(int=2)


def refused(code: str, field: Field, given: str) -> None:
    with pytest.raises(Refusal) as found:
        checked_value(field, given)
    assert (found.value.code, found.value.field) == (code, field.key)


@pytest.mark.parametrize("given", ["s", "小号", " 小号 ", "Small", "small", "S"])
def test_a_choice_is_understood_by_code_and_by_either_name(given: str) -> None:
    assert checked_value(Field("size", "choice", options=SIZES), given) == "s"


def test_a_choice_that_is_not_offered_is_refused() -> None:
    refused("field_choice_unknown", Field("size", "choice", options=SIZES), "大号")


@pytest.mark.parametrize(
    "given", ["2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "2026-11-22 00:00:00", "2026 年 11 月 22 日"]
)
def test_a_date_is_understood_as_people_and_spreadsheets_write_it(given: str) -> None:
    assert checked_value(Field("arrival", "date"), given) == "2026-11-22"


@pytest.mark.parametrize("given", ["2026-02-30", "22/11/2026", "下周", "20261122"])
def test_a_wrong_date_is_refused(given: str) -> None:
    refused("field_date_wrong", Field("arrival", "date"), given)


def test_a_declaration_is_made_or_not(
) -> None:  # fmt: skip
    declared = Field("true", "declaration")
    assert [checked_value(declared, given) for given in ("是", "on", "√", "否", "no", "")] == [
        "yes",
        "yes",
        "yes",
        "",
        "",
        "",
    ]
    refused("field_yes_or_no", declared, "也许")


def test_a_text_has_a_length() -> None:
    assert checked_value(Field("flight", "text"), "  CA1234 \n晚到 ") == "CA1234 \n晚到"
    refused("field_text_long", Field("flight", "text"), "长" * 501)


def test_a_field_is_asked_of_whom_it_names() -> None:
    field = Field("school_year", "text", event_id=EVENT, division_kind="student", identity_class="student")
    asked = Subject(EVENT, "student", "student")
    assert applies(field, asked)
    assert not any(
        applies(field, Subject(*values))
        for values in ((OTHER, "student", "student"), (EVENT, "worker", "student"), (EVENT, "student", "worker"))
    )
    assert applies(Field("x", "text"), Subject())


def test_whoever_stands_higher_may_fill_what_those_below_may() -> None:
    asked = {by: Field("x", "text", filled_by=by) for by in ("candidate", "leader", "organizer")}
    assert {by: [may_fill(field, one) for one in asked] for by, field in asked.items()} == {
        "candidate": [True, True, True], "leader": [False, True, True], "organizer": [False, False, True],
    }  # fmt: skip


def test_what_is_open_depends_on_the_stage() -> None:
    fields = (
        Field("size", "choice", required=True),
        Field("arrival", "date", required=True, needed_by="start"),
        Field("note", "text"),
        Field("year", "text", required=True, identity_class="student"),
    )
    worker = Subject(EVENT, "worker", "worker")
    assert open_fields(fields, {}, worker, stage="submission") == ("size",)
    assert open_fields(fields, {"size": "s"}, worker, stage="start") == ("arrival",)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (Field("Größe", "text"), "field_kind_unknown"),
        (Field("x", "number"), "field_kind_unknown"),
        (Field("x", "choice", options=SIZES[:1]), "field_options_missing"),
        (Field("x", "choice", options=(SIZES[0], Option("n", "小号"))), "field_options_twice"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(field: Field, code: str) -> None:
    with pytest.raises(Refusal) as found:
        checked_definition(field)
    assert found.value.code == code
