"""The same file back: every wrong cell coloured, and beside each row what is wrong with it, in the reader's language."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles import PatternFill

from foundation.spreadsheets.writing import put

_WRONG = PatternFill("solid", fgColor="FBEAE8")


def marked_file(
    data: bytes, sheet: int, head: int, problems: Mapping[int, Sequence[Mapping[str, Any]]], *, title: str, say: Callable[[Mapping[str, Any]], str],
) -> bytes:  # fmt: skip
    """`data` with a last column `title`. `problems` is row number → {column, code, facts}; a column of an earlier marking is
    written over, so that a file corrected twice has one. `sheet` counts visible sheets."""
    book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    page = [one for one in book.worksheets if one.sheet_state == "visible"][sheet]
    row_of_heads = head + 1
    last = page.max_column
    while last > 1 and page.cell(row_of_heads, last).value in (None, "", title):
        last -= 1

    def write(row: int, text: str | None) -> None:
        cell = page.cell(row, last + 1)
        if isinstance(cell, Cell):  # not the inside of a merged field
            put(cell, text)

    write(row_of_heads, title)
    for number in range(1, page.max_row + 1):
        found = problems.get(number, ())
        if number <= row_of_heads and not found:
            continue
        write(number, " ".join(say(one) for one in found) or None)
        for one in found:
            if one["column"] is not None:
                page.cell(number, one["column"] + 1).fill = _WRONG
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
