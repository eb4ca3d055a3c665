"""A scoring method tried on a spreadsheet: columns entry, item, one for each judge, optionally factor and module.

CSV (UTF-8 or GB 18030, any of comma, semicolon, tab) and xlsx. Everything wrong is named with row and column at once.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competitions.rules.scoring.aspects import checked_mark, option_problems
from competitions.rules.scoring.catalogue import BY_KEY
from competitions.rules.scoring.method import Setting
from competitions.rules.scoring.numbers import said
from competitions.rules.scoring.trial import EntryTotal, ItemWorth, TrialItem, try_method
from foundation.exact import exact, fraction_text
from foundation.refusal import Refusal
from foundation.spreadsheets.reading import read_workbook
from foundation.translation import sentence

HEADS: Mapping[str, tuple[str, ...]] = {
    "entry": ("entry", "参赛者", "选手", "作品", "作品号", "参赛编号"),
    "item": ("item", "项目", "评分点", "动作"),
    "factor": ("factor", "系数", "难度系数", "难度"),
    "module": ("module", "模块"),
}
EXAMPLE = """\
entry,item,J1,J2,J3,J4,J5,factor
A17,1,8.5,9.0,9.0,8.0,9.5,1.2
A17,2,7.5,8.0,8.0,8.5,7.0,1.0
K42,1,9.0,9.0,8.5,9.5,9.0,1.2
K42,2,8.0,7.5,8.0,8.0,,1.0
"""
"""Invented; one cell is empty, to show that a missing mark is missing."""
MOST_ROWS, MOST_COLUMNS, MOST_BYTES, MOST_DIGITS = 20_000, 60, 10 * 1024 * 1024, 40


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: row and column (0 and empty for the whole), a code and facts."""

    row: int
    column: str
    code: str
    facts: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The sentence in the reader's language, with the place in front."""
        text = sentence(self.code, **self.facts)
        if not self.row:
            return text
        return sentence("trial_at", row=self.row, column=self.column or "–", message=text)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out. With anything wrong nothing is computed."""

    judges: tuple[str, ...]
    items: tuple[ItemWorth, ...]
    entries: tuple[EntryTotal, ...]
    wrong: tuple[Wrong, ...]


def setting_of(method: str, options: Mapping[str, Any], max_mark: Fraction | None, *, spread: int = 1) -> Setting:
    """The setting to try. Raises Refusal trial_method_unknown, trial_option_wrong (the first thing that is wrong)."""
    if method not in BY_KEY:
        raise Refusal("trial_method_unknown", field="method", method=method[:40], right="、".join(BY_KEY))
    for code, facts in option_problems(method, options, max_mark):
        where = {"aspect": method, **facts}
        raise Refusal("trial_option_wrong", field=None, message=sentence(f"scheme_finding:{code}", **where))
    return Setting(max_mark, options, spread)


def options_of(text: str) -> dict[str, Any]:
    """Options from JSON, numbers kept as they are written. Raises Refusal trial_options_unreadable."""
    try:
        found = json.loads(text or "{}", parse_float=str, parse_constant=str)
    except json.JSONDecodeError as wrong:
        raise Refusal("trial_options_unreadable", at=f"{wrong.lineno}:{wrong.colno}") from wrong
    if not isinstance(found, dict):
        raise Refusal("trial_options_unreadable", at="1:1")
    return found


def run_trial(method: str, setting: Setting, data: bytes) -> Trial:
    """Read a spreadsheet and work it out. Raises Refusal trial_empty and what reading raises."""
    rows = _rows(data)
    if not rows:
        raise Refusal("trial_empty", field="file")
    (head_row, head), body = rows[0], rows[1:]
    columns, wrong = _columns(head_row, head)
    if wrong:
        return Trial((), (), (), tuple(wrong))
    judges = tuple(place for place in range(len(head)) if place not in columns.values() and head[place])
    if not judges:
        return Trial((), (), (), (Wrong(head_row, "", "trial_no_judges", {}),))
    if not body:
        raise Refusal("trial_empty", field="file")
    items = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in body:
        items.append(
            _item(number, [*cells, *[""] * (len(head) - len(cells))], head, columns, judges, method, setting, wrong)
        )
        place = (items[-1].entry, items[-1].item)
        if place in seen:
            facts = {"entry": place[0], "item": place[1], "first": seen[place]}
            wrong.append(Wrong(number, head[columns["item"]], "trial_twice", facts))
        seen[place] = number
    names = tuple(head[place] for place in judges)
    if wrong:
        return Trial(names, (), (), tuple(wrong))
    found, entries = try_method(method, setting, items)
    return Trial(names, found, entries, ())


def _rows(data: bytes) -> list[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not empty."""
    if data[:4] == b"PK\x03\x04" or data[:8] == bytes.fromhex("D0CF11E0A1B11AE1"):
        sheets = read_workbook(data)
        found: Iterable[tuple[int, list[str]]] = (
            (row[0].row, [_cell_text(cell.text, cell.formula, cell.place) for cell in row])
            for sheet in sheets[:1]
            for row in sheet.rows
            if row
        )
    else:
        if len(data) > MOST_BYTES:
            raise Refusal("spreadsheet_too_large", field="file", limit=MOST_BYTES // 1024 // 1024)
        found = _csv_rows(data)
    rows = [(number, cells) for number, cells in found if any(cells)]
    if len(rows) > MOST_ROWS or any(len(cells) > MOST_COLUMNS for _number, cells in rows):
        raise Refusal("trial_too_large", field="file", rows=MOST_ROWS, columns=MOST_COLUMNS)
    return rows


def _cell_text(text: str, formula: bool, place: str) -> str:
    if formula:
        raise Refusal("trial_formula", field="file", cell=place)
    return text


def _csv_rows(data: bytes) -> Iterable[tuple[int, list[str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refusal("trial_not_text", field="file")
    if "\0" in text:
        raise Refusal("trial_not_text", field="file")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reading = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reading:
            yield reading.line_num, [cell.strip() for cell in cells]
    except csv.Error as wrong:
        raise Refusal("trial_not_text", field="file") from wrong


def _columns(row: int, head: Sequence[str]) -> tuple[dict[str, int], list[Wrong]]:
    """Column by its meaning; what is neither is a judge."""
    found: dict[str, int] = {}
    wrong = []
    for place, text in enumerate(head):
        plain = text.strip().lower()
        name = next((name for name, words in HEADS.items() if plain in words), None)
        if name is not None and name in found:
            wrong.append(Wrong(row, text, "trial_head_twice", {"head": text}))
        elif name is not None:
            found[name] = place
        elif plain and plain in [other.strip().lower() for other in head[:place]]:
            wrong.append(Wrong(row, text, "trial_head_twice", {"head": text}))
    wrong += [
        Wrong(row, name, "trial_head_missing", {"head": name, "right": " / ".join(HEADS[name][:2])})
        for name in ("entry", "item")
        if name not in found
    ]
    return found, wrong


def _item(
    number: int, cells: list[str], head: Sequence[str], columns: Mapping[str, int], judges: Sequence[int], method: str,
    setting: Setting, wrong: list[Wrong],
) -> TrialItem:  # fmt: skip
    for place, text in enumerate(cells):
        if text and (place >= len(head) or not head[place]):
            wrong.append(Wrong(number, str(place + 1), "trial_cell_without_head", {"text": text[:20]}))
    empty = [head[columns[name]] for name in ("entry", "item") if not cells[columns[name]]]
    wrong += [Wrong(number, name, "trial_cell_empty", {}) for name in empty]
    factor = Fraction(1)
    if "factor" in columns:
        text = cells[columns["factor"]]
        try:
            factor = exact(text)
        except ValueError:
            wrong.append(Wrong(number, head[columns["factor"]], "trial_factor_wrong", {"value": text[:20]}))
    marks: list[str | None] = []
    for place in judges:
        text = cells[place]
        try:
            marks.append(checked_mark(method, setting, text) if text else None)
        except Refusal as refusal:
            wrong.append(Wrong(number, head[place], refusal.code, refusal.facts))
    module = cells[columns["module"]] if "module" in columns else ""
    return TrialItem(number, cells[columns["entry"]], cells[columns["item"]], tuple(marks), factor, module)


def report(method: str, setting: Setting, trial: Trial) -> dict[str, Any]:
    """All of it as plain data: numbers as exact text, `exact` as a fraction, `why` in the reader's language."""
    return {
        "ok": not trial.wrong,
        "method": method,
        "options": dict(setting.options),
        "judges": list(trial.judges),
        "items": [_item_report(one) for one in trial.items],
        "entries": [_entry_report(one) for one in trial.entries],
        "errors": [
            {"row": one.row, "column": one.column, "code": one.code, "message": one.message} for one in trial.wrong
        ],
    }


def _item_report(one: ItemWorth) -> dict[str, Any]:
    points, item = one.points, one.item
    found: dict[str, Any] = {
        "row": item.row, "entry": item.entry, "item": item.item, "module": item.module, "marks": list(item.marks),
        "factor": said(item.factor), "points": None if points.value is None else said(points.value),
        "exact": None if points.value is None else fraction_text(points.value), "code": points.code,
        "why": why(one), "not_attempted": points.not_attempted, "discuss": points.discuss,
    }  # fmt: skip
    for name in ("kept_marks", "dropped_marks"):
        if name in points.facts:
            text = str(points.facts[name])
            found[name.removesuffix("_marks")] = [] if text == "–" else text.split("、")
    return found


def _entry_report(one: EntryTotal) -> dict[str, Any]:
    return {
        "entry": one.entry, "items": one.items, "missing": one.missing, "total": None if one.shown is None else f"{one.shown:f}",
        "exact": None if one.exact is None else fraction_text(one.exact), "rank": one.rank, "stopped": one.stopped,
        "why": why_total(one),
    }  # fmt: skip


def why(one: ItemWorth) -> str:
    """Why an item is worth that."""
    return sentence(one.points.code, **one.points.facts)


def why_total(one: EntryTotal) -> str:
    """Why an entry has that total."""
    if one.stopped:
        return sentence("trial_total:stopped")
    if one.exact is None:
        return sentence("trial_total:missing", missing=one.missing, items=one.items)
    return sentence("trial_total:sum", items=one.items, exact=said(one.exact), shown=f"{one.shown:f}")
