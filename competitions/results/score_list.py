"""Scores of a part from a spreadsheet, by pass number: reading it, and saying everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from foundation.exact import exact, round_to
from foundation.refusal import Refusal
from foundation.spreadsheets.reading import Cell, Sheet, read_workbook
from foundation.spreadsheets.writing import Table, workbook

PASS_HEADS = ("参赛证号", "pass number")
SCORE_HEADS = ("成绩", "score")
PLACES = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a score may be for: an accepted entry under its pass number."""

    entry_id: UUID
    attendance: str
    scored: bool  # in another list that was not withdrawn


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: where, and as a sentence with facts."""

    sheet: str
    place: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScoreList:
    """A list as read. With `wrong` nothing may be stored. `without` counts entries that still lack a score."""

    scores: tuple[tuple[UUID, str, Decimal], ...]  # entry, pass number, score
    wrong: tuple[Wrong, ...]
    without: int


def read_scores(data: bytes, candidates: Mapping[str, Candidate], *, full_mark: Decimal) -> ScoreList:
    """Read a workbook. Raises Refusal score_columns_missing and what `read_workbook` raises; all else is in `wrong`."""
    for sheet in read_workbook(data):
        heads = _heads(sheet)
        if heads is not None:
            return _read(sheet, *heads, candidates, full_mark)
    raise Refusal("score_columns_missing", field="file", number=PASS_HEADS[0], score=SCORE_HEADS[0])


def _heads(sheet: Sheet) -> tuple[int, int, int] | None:
    for index, row in enumerate(sheet.rows[:10]):
        texts = [cell.text.lower() for cell in row]
        number = next((i for i, text in enumerate(texts) if text in PASS_HEADS), None)
        score = next((i for i, text in enumerate(texts) if text in SCORE_HEADS), None)
        if number is not None and score is not None:
            return index, number, score
    return None


def _read(
    sheet: Sheet, head: int, number_at: int, score_at: int, candidates: Mapping[str, Candidate], full_mark: Decimal
) -> ScoreList:
    scores: list[tuple[UUID, str, Decimal]] = []
    wrong: list[Wrong] = []
    first_seen: dict[str, str] = {}
    for row in sheet.rows[head + 1 :]:
        if not any(cell.text for cell in row):
            continue
        number, score = row[number_at], row[score_at]
        found = _checked(number, score, candidates, full_mark, first_seen)
        if isinstance(found, Decimal):
            scores.append((candidates[number.text].entry_id, number.text, found))
        elif found is not None:
            place, code, facts = found
            wrong.append(Wrong(sheet.title, place, code, facts))
    given = {entry for entry, _number, _score in scores}
    without = sum(
        one.attendance != "absent" and not one.scored and one.entry_id not in given for one in candidates.values()
    )
    if not scores and not wrong:
        wrong.append(Wrong(sheet.title, "", "score_list_empty"))
    return ScoreList(tuple(scores), tuple(wrong), without)


def _checked(
    number: Cell, score: Cell, candidates: Mapping[str, Candidate], full_mark: Decimal, first_seen: dict[str, str]
) -> Decimal | tuple[str, str, dict[str, Any]] | None:
    for cell in (number, score):
        if cell.formula:
            return cell.place, "score_formula", {}
    if not number.text:
        return number.place, "pass_number_missing", {}
    if number.text in first_seen:
        return number.place, "pass_number_twice", {"number": number.text, "first": first_seen[number.text]}
    first_seen[number.text] = number.place
    who = candidates.get(number.text)
    if who is None:
        return number.place, "pass_number_unknown", {"number": number.text}
    if who.attendance == "absent":
        return (score.place, "score_of_absent", {"number": number.text}) if score.text else None
    if who.scored:
        return number.place, "score_given_before", {"number": number.text}
    found = _value(score, number.text, full_mark)
    return found if isinstance(found, Decimal) else (score.place, *found)


def _value(score: Cell, number: str, full_mark: Decimal) -> Decimal | tuple[str, dict[str, Any]]:
    if not score.text:
        return "score_missing", {"number": number}
    try:
        value = exact(score.text)
    except ValueError:
        return "score_not_a_number", {"raw": score.text[:20]}
    if value < 0:
        return "score_negative", {}
    if value > Fraction(full_mark):
        return "score_above_full_mark", {"raw": score.text[:20], "most": _plain(full_mark)}
    if (value * 10**PLACES).denominator != 1:
        return "score_too_fine", {"places": PLACES}
    return round_to(value, PLACES)


def _plain(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".")


def template(title: str, numbers: list[str]) -> bytes:
    """The workbook to fill in, with every pass number in its row."""
    return workbook([Table(title, (PASS_HEADS[0], SCORE_HEADS[0]), [(number, None) for number in numbers])])
