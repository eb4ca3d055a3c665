"""Writing spreadsheets: text stays text, whatever it begins with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = PatternFill("solid", fgColor="E7F1EE")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet to write: a title, column heads, rows of plain values."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]


def workbook(tables: Iterable[Table]) -> bytes:
    """The tables as an `.xlsx`, heads in bold and frozen. Text is written as text: no cell can become a formula."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.title[:31])
        widths = [len(head) * 2 for head in table.heads]
        sheet.append(list(table.heads))
        for cell in sheet[1]:
            cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(vertical="center")
        for number, row in enumerate(table.rows, start=2):
            for column, value in enumerate(row, start=1):
                put(sheet.cell(number, column), value)
                if column <= len(widths):
                    widths[column - 1] = max(
                        widths[column - 1], min(60, sum(2 if ord(c) > 255 else 1 for c in str(value or "")))
                    )
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width + 2
        sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(cell: Cell, value: Any) -> None:
    """Write one value: numbers and dates as such, everything else as text."""
    if value is None or isinstance(value, (bool, int, Decimal, date)):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell.data_type = "s"
    cell.number_format = "@"
