from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.rules.scheme import (
    AspectDraft,
    CriterionDraft,
    SchemeDraft,
    SectionDraft,
    SubCriterionDraft,
    totals,
)
from competitions.schemes.chinese_template import template, written_scheme
from competitions.schemes.content import content_hash
from competitions.schemes.welding_example import welding_scheme
from competitions.schemes.workbooks import FINDINGS_SHEET, annotated, checked_workbook
from demo.schemes import electrician_workbook, website_workbook, welding_workbook
from foundation.refusal import Refusal

NAME = "es2025_web17_cis_marking_scheme"


def real_folder() -> Path | None:
    """Where the real files lie: `LAUREL_SHARED`, or `shared` beside one of the folders above the project."""
    places = [Path(given)] if (given := os.environ.get("LAUREL_SHARED")) else []
    places += [above / "shared" for above in Path(__file__).resolve().parents]
    return next(
        (place / "data" / "real" for place in places if (place / "data" / "real" / f"{NAME}.xlsx").exists()), None
    )


@pytest.fixture
def real() -> Path:
    folder = real_folder()
    if folder is None:
        pytest.skip("the real EuroSkills workbook lies outside the project and is not here")
    return folder


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_real_workbook_as_it_is(real: Path) -> None:
    checked = checked_workbook((real / f"{NAME}.xlsx").read_bytes())
    sums = totals(checked.draft)
    assert checked.errors == ()
    assert checked.draft.title == "17 Web Development"
    assert sums.counts == {"criteria": 6, "sub_criteria": 31, "aspects": 192, "measurement": 173, "judgement": 19}
    assert (sums.total, sums.kinds) == (100, {"measurement": Fraction("80.75"), "judgement": Fraction("19.25")})
    assert sums.criteria == {
        code: Fraction(mark) for code, mark in zip("ABCDEF", ("16.5", "23", "16.75", "22", "16.75", "5"), strict=True)
    }
    assert sums.sections == {
        code: Fraction(mark) for code, mark in zip("12345", ("5", "5.25", "24.75", "24.75", "40.25"), strict=True)
    }
    assert [finding.code for finding in checked.warnings] == ["calculation_ranges_unclear"] * 2 + [
        "section_sum_differs"
    ] * 4


def test_the_real_workbook_aspect_by_aspect(real: Path) -> None:
    draft = checked_workbook((real / f"{NAME}.xlsx").read_bytes()).draft
    with (real / f"{NAME}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    flat = [row for row in rows if row["aspect_type"] in ("M", "J")]
    read = [
        (criterion.code, sub.code, str(sub.day), each.code, "M" if each.kind == "measurement" else "J", each.section, each.max_mark)
        for criterion in draft.criteria for sub in criterion.sub_criteria for each in sub.aspects
    ]  # fmt: skip
    assert read == [
        (row["criterion"], row["sub_criterion_id"], row["day_of_marking"], row["aspect_no"], row["aspect_type"], row["wsos_section"],
         Fraction(row["max_mark"]))
        for row in flat
    ]  # fmt: skip
    aspects = {each.code: each for each in draft.aspects()}
    squeezed = {code: " ".join(each.name_zh.split()) for code, each in aspects.items()}
    assert squeezed == {row["aspect_no"]: " ".join(row["aspect_description"].split()) for row in flat}
    levels: dict[str, list[str]] = {}
    for row in rows:
        if row["aspect_type"] == "J-score":
            levels.setdefault(row["aspect_no"], []).append(" ".join(row["extra_description"].split()))
    judged = {
        code: [" ".join(text.split()) for text in each.descriptors]
        for code, each in aspects.items()
        if each.descriptors
    }
    assert judged == levels
    with (real / "es2025_web17_cis_calculations.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["calculation_row"]: row["type"] for row in csv.DictReader(file)}
    methods = {"PASS_FAIL": "pass_fail", "NUMBER_COMPLETED": "count", "CHOICE": "choice", "RANGED_SCORE": "value"}
    assert {row["aspect_no"]: methods[kinds[row["calculation_row"]]] for row in flat if row["aspect_type"] == "M"} == {
        code: each.method for code, each in aspects.items() if each.kind == "measurement"
    }
    assert aspects["A5.1"].options["choices"][1] == {
        "label": "The axe browser extension reports max 2 violations per implemented page", "deduction": "33.3",
    }  # fmt: skip


def test_the_real_workbook_survives_our_template(real: Path) -> None:
    draft = checked_workbook((real / f"{NAME}.xlsx").read_bytes()).draft
    again = checked_workbook(written_scheme(draft)).draft
    assert (again, content_hash(again)) == (draft, content_hash(draft))


def test_the_demo_s_website_has_the_real_shape() -> None:
    checked = checked_workbook(website_workbook())
    sums = totals(checked.draft)
    assert (checked.findings, checked.layout) == ((), "cis")
    assert sums.counts == {"criteria": 6, "sub_criteria": 31, "aspects": 192, "measurement": 173, "judgement": 19}
    assert (sums.total, sums.kinds) == (100, {"measurement": Fraction("80.75"), "judgement": Fraction("19.25")})
    first = checked.draft.criteria[0].sub_criteria[0]
    assert (first.name_zh, first.name_en, first.day) == ("公共区域", "Common parts", 1)


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (welding_workbook, {"measurement", "judgement", "points", "deduction"}),
        (electrician_workbook, {"measurement", "judgement", "points", "deduction"}),
    ],
)
def test_the_demo_s_templates_are_sound(data: Callable[[], bytes], kinds: set[str]) -> None:
    checked = checked_workbook(data())
    assert (checked.findings, totals(checked.draft).total) == ((), 100)
    assert set(totals(checked.draft).kinds) == kinds


def test_the_template_explains_itself_and_reads_as_empty() -> None:
    data = template(welding_scheme())
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == [
        "填表说明",
        "评分项",
        "评分标准",
        "职业标准板块",
        "示例-评分项",
        "示例-评分标准",
        "示例-职业标准板块",
    ]
    assert len(book["评分标准"].data_validations.dataValidation) == 3
    assert [finding.code for finding in checked_workbook(data).findings] == ["scheme_empty"]


def cell_of(book: Any, head: str, row: int) -> Any:
    sheet = book["评分标准"]
    return next(sheet.cell(row, cell.column) for cell in sheet[3] if cell.value == head)


@pytest.mark.parametrize(
    ("head", "row", "value", "code"),
    [
        ("分值", 4, "=2+2", "formula_in_cell"),
        ("分值", 4, "四分", "number_unreadable"),
        ("分值", 4, None, "max_mark_missing"),
        ("评分类型", 4, "目测", "kind_unknown"),
        ("评分方法", 4, "裁判打分", "method_unknown"),
        ("评分日", 4, 1.5, "number_not_whole"),
        ("评分日", 4, 99, "day_impossible"),
        ("计数总数", 4, "很多", "option_steps_wrong"),
        ("评分项编号", 4, "Z", "criterion_unknown"),
        ("评分点编号", 5, "A1-1", "code_twice"),
        ("2级描述", 9, None, "descriptors_missing"),
        ("子项名称", 5, "另一个名称", "sub_said_twice"),
        ("分值", 10, 3, "deduction_with_mark"),
    ],
)  # fmt: skip
def test_errors_name_sheet_row_and_cell(head: str, row: int, value: Any, code: str) -> None:
    place = ""

    def spoil(book: Any) -> None:
        nonlocal place
        cell = cell_of(book, head, row)
        place, cell.value = cell.coordinate, value

    findings = checked_workbook(changed(welding_workbook(), spoil)).findings
    found = next(finding for finding in findings if finding.code == code)
    assert (found.place.sheet, found.place.row) == ("评分标准", row)
    if code in {
        "formula_in_cell",
        "number_unreadable",
        "kind_unknown",
        "method_unknown",
        "max_mark_missing",
        "number_not_whole",
    }:
        assert found.place.cell == place
        assert [finding.code for finding in findings if finding.place == found.place] == [code]


def test_a_scheme_of_99_75_says_where() -> None:
    def spoil(book: Any) -> None:
        cell_of(book, "分值", 4).value = 3.75

    found = {finding.code: finding for finding in checked_workbook(changed(welding_workbook(), spoil)).errors}
    assert dict(found["scheme_sum_short_in"].facts) == {"sum": "99.75", "difference": "0.25", "criteria": "A"}
    assert (found["criterion_sum_differs"].place.sheet, found["criterion_sum_differs"].place.cell) == ("评分项", "D2")


def test_missing_sheets_and_heads_are_named() -> None:
    def drop(book: Any) -> None:
        del book["评分项"]

    def rename(book: Any) -> None:
        cell_of(book, "评分类型", 3).value = "什么类型"

    assert checked_workbook(changed(welding_workbook(), drop)).errors[0].code == "sheet_missing"
    found = next(
        each for each in checked_workbook(changed(welding_workbook(), rename)).errors if each.code == "heads_missing"
    )
    assert dict(found.facts) == {"sheet": "评分标准", "missing": "评分类型"}


def test_columns_may_be_moved() -> None:
    def move(book: Any) -> None:
        book["评分标准"].insert_cols(3, 2)

    assert checked_workbook(changed(welding_workbook(), move)).draft == welding_scheme()


def test_cis_errors() -> None:
    def spoil(book: Any) -> None:
        sheet = book.worksheets[0]
        rows = {number: [cell.value for cell in row] for number, row in enumerate(sheet.iter_rows(), start=1)}
        measured = [number for number, row in rows.items() if row[3] == "M"]
        judged = next(number for number, row in rows.items() if row[3] == "J")
        sheet.cell(measured[0], 11).value = "=1/4"
        sheet.cell(measured[1], 10).value = 99
        sheet.cell(measured[2], 4).value = "X"
        sheet.cell(measured[3], 11).value = None
        sheet.cell(judged + 1, 6).value = 7

    codes = {finding.code for finding in checked_workbook(changed(website_workbook(), spoil)).errors}
    assert codes >= {"formula_in_cell", "calculation_missing", "aspect_type_unknown", "max_mark_missing", "descriptor_score_wrong",
                     "descriptors_missing", "criterion_sum_differs", "scheme_sum_short_in"}  # fmt: skip


def many_rows() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("评分标准")
    for number in range(100_000):
        sheet.append([number])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: b"%PDF-1.7", "spreadsheet_wrong_type"),
        (lambda: welding_workbook()[:400], "spreadsheet_broken"),
        (lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"0" * 600, "spreadsheet_old_type"),
        (many_rows, "spreadsheet_too_many_rows"),
    ],
)
def test_what_is_no_workbook_is_refused(data: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_workbook(data())
    assert refused.value.code == code


def test_a_strange_workbook_is_one_clear_error() -> None:
    book = openpyxl.Workbook()
    target = io.BytesIO()
    book.save(target)
    assert [finding.code for finding in checked_workbook(target.getvalue()).errors] == ["layout_unknown"]


def test_the_workbook_comes_back_with_the_errors_beside_the_rows() -> None:
    def spoil(book: Any) -> None:
        cell_of(book, "分值", 4).value = "=2+2"

    data = changed(welding_workbook(), spoil)
    findings = checked_workbook(data).findings
    book = openpyxl.load_workbook(io.BytesIO(annotated(data, findings, lambda finding: finding.code)))
    assert book.sheetnames[0] == FINDINGS_SHEET
    beside = [cell.value for cell in book["评分标准"][4] if cell.value][-1]
    assert beside == "formula_in_cell"
    assert [row[3].value for row in book[FINDINGS_SHEET].iter_rows()] == [finding.code for finding in findings]
    again = checked_workbook(annotated(data, findings, lambda finding: finding.code))
    assert [finding.code for finding in again.findings] == [finding.code for finding in findings]


WORDS = st.text(alphabet="焊缝测试ABab 019=+-.，。%&<>'\"\n", min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = WORDS
MAYBE = st.one_of(st.just(""), WORDS)
LINE = WORDS.map(lambda text: text.replace("\n", " ").strip()).filter(bool)
DECIMALS = st.integers(1, 200).map(lambda number: f"{number // 10}.{number % 10}" if number % 10 else f"{number // 10}")


@st.composite
def aspects(draw: Any, code: str) -> AspectDraft:
    method, kind, options = draw(st.sampled_from([
        ("pass_fail", "measurement", {}), ("count", "measurement", {"steps": draw(st.integers(1, 50))}),
        ("value", "measurement", {"places": draw(st.integers(0, 4))}), ("deduct_from_full", "measurement", {"unit": draw(DECIMALS)}),
        ("choice", "measurement", {"choices": [{"label": draw(LINE), "deduction": draw(DECIMALS)} for _ in range(2)]}),
        ("judgement_0_3", "judgement", {}),
        ("points", "points", {"drop_high": 1, "drop_low": 0, "aggregate": draw(st.sampled_from(["mean", "sum"])), "places": 1}),
        ("deduction", "deduction", {"unit": draw(DECIMALS), "cap": draw(DECIMALS)}),
    ]))  # fmt: skip
    mark = None if kind == "deduction" else Fraction(draw(st.integers(1, 10**6)), 10**4)
    levels = tuple(draw(NAMES) for _ in range(4)) if kind == "judgement" else ()
    return AspectDraft(
        code,
        kind,
        method,
        mark,
        draw(NAMES),
        draw(MAYBE),
        draw(MAYBE),
        options,
        levels,
        draw(st.sampled_from(["", "1"])),
    )


@st.composite
def schemes(draw: Any) -> SchemeDraft:
    criteria = []
    for letter in "AB"[: draw(st.integers(1, 2))]:
        subs = []
        for number in range(1, draw(st.integers(1, 2)) + 1):
            code = f"{letter}{number}"
            made = tuple(draw(aspects(f"{code}-{place}")) for place in range(1, draw(st.integers(1, 2)) + 1))
            subs.append(
                SubCriterionDraft(code, draw(NAMES), draw(MAYBE), draw(st.one_of(st.none(), st.integers(1, 30))), made)
            )
        total = CriterionDraft(letter, "x", "", None, tuple(subs)).total
        criteria.append(CriterionDraft(letter, draw(NAMES), draw(MAYBE), total, tuple(subs)))
    return SchemeDraft(draw(MAYBE), tuple(criteria), (SectionDraft("1", draw(NAMES), Fraction(5)),))


@settings(max_examples=20, deadline=None)
@given(schemes())
def test_what_is_exported_comes_back_equal_and_exact(draft: SchemeDraft) -> None:
    again = checked_workbook(written_scheme(draft)).draft
    assert again == draft
    assert content_hash(again) == content_hash(draft)
    sums = totals(again)
    for value in (sums.total, *sums.criteria.values(), *sums.sections.values(), *sums.kinds.values()):
        assert isinstance(value, Fraction)
