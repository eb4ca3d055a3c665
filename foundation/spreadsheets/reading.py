"""Opening spreadsheets that strangers send: limits first, then values; a formula is an error, never a value."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

from foundation.refusal import Refusal

if not DEFUSEDXML:
    raise RuntimeError("openpyxl does not use defusedxml; hostile workbooks would not be stopped")

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 200
MAX_ROWS = 20_000
MAX_COLUMNS = 200


class Cell(NamedTuple):  # made a hundred thousand times for a large roster: a tuple costs a third of a dataclass
    """One cell: its value as the sheet holds it, and where it is. A formula has `formula` set and its text as value."""

    value: Any
    row: int
    column: int
    formula: bool = False

    @property
    def place(self) -> str:
        """The cell's name in the sheet, like `C7`."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """The value as trimmed text; empty for an empty cell. Whole floats lose their `.0`, dates become ISO."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, datetime):
            value = value.date() if value.time().isoformat() == "00:00:00" else value
        if isinstance(value, date):
            return value.isoformat()
        return str(value).strip()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as rows of cells. Empty rows at the end are gone."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(data: bytes, *, max_rows: int = MAX_ROWS) -> tuple[Sheet, ...]:
    """All visible sheets of an `.xlsx`.

    Raises Refusal: spreadsheet_wrong_type, spreadsheet_old_type, spreadsheet_broken, spreadsheet_too_large,
    spreadsheet_too_many_rows.
    """
    _check_container(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = tuple(_read_sheet(sheet, max_rows) for sheet in book.worksheets if sheet.sheet_state == "visible")
        book.close()
    except Refusal:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        SyntaxError,
    ) as broken:
        raise Refusal("spreadsheet_broken", field="file") from broken
    return sheets


def _check_container(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise Refusal("spreadsheet_too_large", field="file", limit=MAX_BYTES // 1024 // 1024)
    if data[:8] == bytes.fromhex("D0CF11E0A1B11AE1"):
        raise Refusal("spreadsheet_old_type", field="file")
    if data[:4] != b"PK\x03\x04":
        raise Refusal("spreadsheet_wrong_type", field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
            if "xl/workbook.xml" not in container.namelist():
                raise Refusal("spreadsheet_wrong_type", field="file")
    except zipfile.BadZipFile as broken:
        raise Refusal("spreadsheet_broken", field="file") from broken
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refusal("spreadsheet_too_large", field="file", limit=MAX_BYTES // 1024 // 1024)


def _read_sheet(sheet: Any, max_rows: int) -> Sheet:
    rows = tuple(_rows(sheet, max_rows))
    width = max((len(row) for row in rows), default=0)
    return Sheet(
        sheet.title,
        tuple(row if len(row) == width else _widened(row, number, width) for number, row in enumerate(rows, 1)),
    )


def _widened(row: tuple[Cell, ...], number: int, width: int) -> tuple[Cell, ...]:
    return row + tuple(Cell(None, number, column) for column in range(len(row) + 1, width + 1))


def _rows(sheet: Any, max_rows: int) -> Iterator[tuple[Cell, ...]]:
    empty: list[tuple[Cell, ...]] = []
    sheet.reset_dimensions()  # what a file says of its size may be wrong, and rows would be filled up to it
    for number, row in enumerate(sheet.iter_rows(), start=1):
        last = min(len(row), MAX_COLUMNS)
        while last and row[last - 1].value is None:
            last -= 1
        cells = tuple(
            Cell(
                cell.value,
                number,
                index,
                cell.value.__class__ is str and cell.value[:1] == "=" and cell.data_type == "f",
            )
            for index, cell in enumerate(row[:last], start=1)
        )
        if not cells:
            empty.append(cells)
            if len(empty) > max_rows:
                return
            continue
        if number > max_rows:
            raise Refusal("spreadsheet_too_many_rows", field="file", sheet=sheet.title, limit=max_rows)
        yield from empty
        empty.clear()
        yield cells
