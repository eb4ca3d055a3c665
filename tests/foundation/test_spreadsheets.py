from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.refusal import Refusal
from foundation.spreadsheets.reading import read_workbook
from foundation.spreadsheets.writing import Table, workbook


def test_what_is_written_comes_back_with_its_place() -> None:
    data = workbook([Table("名单", ("姓名", "得分"), [("张三", Decimal("90.25")), ("=1+1", None)])])
    (sheet,) = read_workbook(data)
    assert sheet.title == "名单"
    assert [[cell.text for cell in row] for row in sheet.rows] == [["姓名", "得分"], ["张三", "90.25"], ["=1+1", ""]]
    assert (sheet.rows[2][0].place, sheet.rows[2][0].formula) == ("A3", False)


@settings(max_examples=50)
@given(st.lists(st.text(alphabet="=+-@\t\r＝＋0aＡ'\"", min_size=1, max_size=8), min_size=1, max_size=5))
def test_no_text_becomes_a_formula(texts: list[str]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([Table("x", ("a",), [(text,) for text in texts])])))
    assert {cell.data_type for row in book.worksheets[0].iter_rows(min_row=2) for cell in row} <= {"s", "n"}


def test_a_formula_in_an_upload_is_marked_as_one() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=SUM(B1:B3)"
    target = io.BytesIO()
    book.save(target)
    (sheet,) = read_workbook(target.getvalue())
    assert sheet.rows[0][0].formula


def zip_of(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in entries.items():
            container.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"name,score\n", "spreadsheet_wrong_type"),
        (b"%PDF-1.7", "spreadsheet_wrong_type"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"0" * 600, "spreadsheet_old_type"),
        (workbook([Table("x", ("a",), [])])[:300], "spreadsheet_broken"),
        (zip_of({"xl/workbook.xml": b"<broken"}), "spreadsheet_broken"),
        (zip_of({"word/document.xml": b"<a/>"}), "spreadsheet_wrong_type"),
        (zip_of({"xl/workbook.xml": b"0" * 120_000_000}), "spreadsheet_too_large"),
        (b"PK\x03\x04" + b"0" * 11_000_000, "spreadsheet_too_large"),
    ],
)
def test_hostile_and_broken_workbooks_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_workbook(data)
    assert refused.value.code == code


def test_too_many_rows_are_refused_with_the_limit() -> None:
    data = workbook([Table("大表", ("a",), [(number,) for number in range(120)])])
    with pytest.raises(Refusal) as refused:
        read_workbook(data, max_rows=100)
    assert refused.value.facts == {"sheet": "大表", "limit": 100}


def test_an_entity_bomb_does_not_expand() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><workbook>&c;</workbook>'
    data = zip_of({"xl/workbook.xml": bomb, "[Content_Types].xml": bomb})
    with pytest.raises(Refusal):
        read_workbook(data)
