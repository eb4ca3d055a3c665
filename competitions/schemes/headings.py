"""Finding tables in sheets by the text of their heads, and reading their cells: what every reader of a workbook needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from competitions.rules.scheme import ERROR, WARNING, Finding, Place, SchemeDraft
from foundation.exact import exact
from foundation.spreadsheets.reading import Cell, Sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a workbook: the draft, and what it could not read."""

    draft: SchemeDraft
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Notes:
    """Collects findings while a workbook is read."""

    found: list[Finding] = field(default_factory=list)

    def error(self, code: str, place: Place, /, **facts: Any) -> None:
        """Note something that stops the import."""
        self.found.append(Finding(ERROR, code, facts, place))

    def warning(self, code: str, place: Place, /, **facts: Any) -> None:
        """Note something worth a look."""
        self.found.append(Finding(WARNING, code, facts, place))


def plain(text: str) -> str:
    """A head as it is compared: lower case, line breaks and runs of spaces as one space, full-width brackets as plain ones."""
    return re.sub(r"\s+", " ", text.replace("（", "(").replace("）", ")")).strip().lower()


@dataclass(frozen=True, slots=True)
class Row:
    """One row under a head: cells by the name of their column."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    notes: Notes

    def place(self, name: str = "") -> Place:
        """Where a column's cell stands; the row alone without a name."""
        cell = self.cells.get(name)
        return Place(self.sheet, self.number, cell.place if cell else "")

    def text(self, name: str) -> str:
        """The text of a cell, empty where there is none. A formula is noted as an error and read as empty."""
        cell = self.cells.get(name)
        if cell is None:
            return ""
        if cell.formula:
            self.notes.error("formula_in_cell", self.place(name), cell=cell.place, formula=str(cell.value)[:40])
            return ""
        return written(cell)

    def blank(self) -> bool:
        """Is there nothing in any of its cells?"""
        return all(cell.value is None or not cell.text for cell in self.cells.values())

    def has(self, name: str) -> bool:
        """Is there anything in a cell?"""
        cell = self.cells.get(name)
        return cell is not None and bool(cell.text)

    def number_in(self, name: str, label: str) -> Fraction | None:
        """The number in a cell; None where it is empty or no number, which is noted."""
        text = self.text(name)
        if not text:
            return None
        try:
            return exact(text)
        except ValueError:
            guess = re.sub(r"(\d)[,，](\d)", r"\1.\2", re.sub(r"[分%％\s]", "", text))
            right = guess if re.fullmatch(r"\d+(\.\d+)?", guess) else "2.5"
            self.notes.error("number_unreadable", self.place(name), text=text[:30], label=label, right=right)
            return None

    def whole_in(self, name: str, label: str) -> int | None:
        """The whole number in a cell; None where it is empty or none, which is noted."""
        number = self.number_in(name, label)
        if number is not None and number.denominator != 1:
            self.notes.error("number_not_whole", self.place(name), text=self.text(name)[:30], label=label)
            return None
        return None if number is None else int(number)


def written(cell: Cell) -> str:
    """A cell as Excel shows it: a stored 0.30000000000000004 is 0.3 there, and here."""
    if isinstance(cell.value, float):
        text = f"{cell.value:.15g}"
        return text if "e" not in text else f"{cell.value:.15f}".rstrip("0").rstrip(".")
    return cell.text


def head_of(row: Sequence[Cell], heads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Which column of a row carries which head: name → index. `heads` gives the beginnings that a name answers to."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        text = plain(cell.text) if isinstance(cell.value, str) and not cell.formula else ""
        fitting = [name for name, wanted in heads.items() if name not in found and text in wanted]
        fitting += [
            name for name, wanted in heads.items() if name not in found and text and text.startswith(tuple(wanted))
        ]
        if fitting:
            found[fitting[0]] = index
    return found


def row_under(sheet: Sheet, cells: Sequence[Cell], columns: Mapping[str, int], notes: Notes) -> Row:
    """A row read under a head."""
    number = cells[0].row if cells else 0
    return Row(
        sheet.title, number, {name: cells[index] for name, index in columns.items() if index < len(cells)}, notes
    )
