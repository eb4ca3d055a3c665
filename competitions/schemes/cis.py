"""Reading the workbook that WorldSkills' competition system exports and imports, as it is.

Layout (domain notes "The CIS import workbook"): a table of standards sections, a table of criteria, then one block a criterion
whose head row is repeated; sub-criterion rows, aspect rows (M or J), four rows of descriptors under a J; sheet `Calculations`
names how a measurement is worked out. Heads are matched by their text. Sums are formulas there and are not read: totals are made
from the aspects. A formula in a cell that is data is an error. Aspects carry no code: it is the place in the sub-criterion.

Methods: PASS_FAIL → `pass_fail`, NUMBER_COMPLETED → `count`, CHOICE → `choice`; no calculation → `pass_fail`, because only the
full mark or nothing is given unless stated otherwise (EuroSkills 2023 technical description §4.7). What the bounds of a
RANGED_SCORE mean cannot be told from the file, so the panel agrees the marks themselves (`value`), its ranges stand in the
guidance, and a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from competitions.rules.scheme import (
    AspectDraft,
    CriterionDraft,
    Place,
    SchemeDraft,
    SectionDraft,
    SubCriterionDraft,
)
from competitions.rules.scoring.aspects import raw_text
from competitions.schemes.headings import Notes, Reading, Row, head_of, plain, row_under
from foundation.spreadsheets.reading import Cell, Sheet

ASPECT_HEADS = {
    "sub": ("sub criterion id",),
    "sub_name": ("sub criterion name",),
    "day": ("day of marking",),
    "type": ("aspect type",),
    "score": ("judg score", "judge score", "judgement score"),
    "extra": ("extra aspect description",),
    "requirement": ("requirement",),
    "section": ("wsos section", "wsss section"),
    "calculation": ("calculation row",),
    "mark": ("max mark",),
    "name": ("aspect - description", "aspect description"),
}
SECTION_HEADS = {"code": ("section",), "total": ("aspect marks",), "variation": ("variation",)}
CRITERION_HEADS = {"code": ("id",), "name": ("name",), "mark": ("mark",)}
_CJK = re.compile(r"[\u3400-\u9fff]")
_ROUND = re.compile(r"-?\d+(\.\d*)?(E-?\d+)?", re.IGNORECASE)


@dataclass(slots=True)
class _Sub:
    draft: SubCriterionDraft
    aspects: list[AspectDraft] = field(default_factory=list)


def is_cis(sheets: Sequence[Sheet]) -> bool:
    """Is there a sheet with the heads of an aspect block?"""
    return main_sheet(sheets) is not None


def main_sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    """The sheet that holds aspect blocks."""
    return next((sheet for sheet in sheets if any(_is_block_head(row) for row in sheet.rows)), None)


def _is_block_head(row: Sequence[Cell]) -> bool:
    return {"type", "mark", "name"} <= set(head_of(row, ASPECT_HEADS))


def read(sheets: Sequence[Sheet]) -> Reading:
    """The draft in a workbook of this layout. Raises ValueError when `is_cis` says no."""
    sheet = main_sheet(sheets)
    if sheet is None:
        raise ValueError("no sheet with aspect blocks")
    notes = Notes()
    calculations = _calculations(next((s for s in sheets if plain(s.title) == "calculations"), None), notes)
    subs = _subs(sheet, calculations, notes)
    criteria = _criteria(sheet, subs, notes)
    title = next((cell.text for row in sheet.rows[:2] for cell in row if cell.text and not cell.formula), "")
    draft = SchemeDraft(title, criteria, _sections(sheet, notes), Place(sheet.title, 1))
    return Reading(draft, tuple(notes.found))


def bilingual(text: str) -> tuple[str, str]:
    """Chinese and English of a text whose first line is Chinese and whose last is not; else the text alone."""
    first, _, second = text.strip().partition("\n")
    if second.strip() and _CJK.search(first) and not _CJK.search(second):
        return first.strip(), second.strip()
    return text.strip(), ""


def _table(sheet: Sheet, heads: Mapping[str, Sequence[str]], needed: set[str], notes: Notes) -> tuple[int, list[Row]]:
    """The rows under the first head row that has all of `needed`, down to the first one without a code."""
    for index, cells in enumerate(sheet.rows):
        columns = head_of(cells, heads)
        if not needed <= set(columns) or _is_block_head(cells):
            continue
        if heads is SECTION_HEADS:
            columns["name"] = columns["code"] + 1
            columns["mark"] = columns.pop("total") - 1
            columns.pop("variation", None)
        rows = []
        for below in sheet.rows[index + 1 :]:
            row = row_under(sheet, below, columns, notes)
            if not row.has("code"):
                break
            rows.append(row)
        return index, rows
    return -1, []


def _sections(sheet: Sheet, notes: Notes) -> tuple[SectionDraft, ...]:
    _index, rows = _table(sheet, SECTION_HEADS, {"code", "total"}, notes)
    return tuple(
        SectionDraft(row.text("code"), row.text("name"), row.number_in("mark", "WSOS Marks"), row.place("code"))
        for row in rows
    )


def _criteria(sheet: Sheet, subs: list[_Sub], notes: Notes) -> tuple[CriterionDraft, ...]:
    _index, rows = _table(sheet, CRITERION_HEADS, {"code", "name", "mark"}, notes)
    made = []
    for row in rows:
        name_zh, name_en = bilingual(row.text("name"))
        place = row.place("mark")
        declared = row.number_in("mark", "Mark")
        if declared is None and not row.has("mark"):
            notes.error("criterion_mark_missing", place, criterion=row.text("code"))
        made.append(CriterionDraft(row.text("code").upper(), name_zh, name_en, declared, (), place))
    known = {criterion.code for criterion in made}
    for sub in subs:
        letters = re.sub(r"\d.*$", "", sub.draft.code)
        if letters not in known:
            notes.error("criterion_unknown", sub.draft.place, criterion=letters, sub=sub.draft.code)
            made.append(CriterionDraft(letters, letters, "", None, (), sub.draft.place))
            known.add(letters)
    return tuple(
        replace(
            criterion,
            sub_criteria=tuple(
                replace(sub.draft, aspects=tuple(sub.aspects))
                for sub in subs
                if re.sub(r"\d.*$", "", sub.draft.code) == criterion.code
            ),
        )
        for criterion in made
    )


def _subs(sheet: Sheet, calculations: Mapping[str, tuple[str, dict[str, Any], str]], notes: Notes) -> list[_Sub]:
    subs: list[_Sub] = []
    columns: dict[str, int] | None = None
    for cells in sheet.rows:
        if _is_block_head(cells):
            columns = head_of(cells, ASPECT_HEADS)
            continue
        if columns is None:
            continue
        row = row_under(sheet, cells, columns, notes)
        if row.blank():
            continue
        if row.has("sub"):
            name_zh, name_en = bilingual(row.text("sub_name"))
            code = row.text("sub").upper()
            if not re.fullmatch(r"[A-Z]{1,3}\d{1,3}", code):
                notes.error("sub_code_wrong", row.place("sub"), code=code[:20])
            day = row.whole_in("day", "Day of Marking")
            if day is None and not row.has("day"):
                notes.warning("day_missing", row.place("day"), sub=code)
            subs.append(_Sub(SubCriterionDraft(code, name_zh, name_en, day, (), row.place("sub"))))
        if row.has("type") or (not row.has("sub") and not row.has("score") and (row.has("name") or row.has("mark"))):
            _aspect(row, subs, calculations)
        elif row.has("score"):
            _descriptor(row, subs)
    return subs


def _aspect(row: Row, subs: list[_Sub], calculations: Mapping[str, tuple[str, dict[str, Any], str]]) -> None:
    notes = row.notes
    letter = row.text("type").upper()
    if not subs:
        notes.error("aspect_before_sub", row.place("name"))
        return
    if letter not in ("M", "J"):
        notes.error("aspect_type_unknown", row.place("type"), type=letter[:20])
        return
    sub = subs[-1]
    code = f"{sub.draft.code}.{len(sub.aspects) + 1}"
    name_zh, name_en = bilingual(row.text("name"))
    guidance = "\n".join(text for text in (row.text("extra"), row.text("requirement")) if text)
    options: dict[str, Any]
    method, options = "judgement_0_3", {}
    reference = row.text("calculation")
    if letter == "M":
        method, options, note = calculations.get(reference, ("pass_fail", {}, ""))
        if reference and reference not in calculations:
            notes.error("calculation_missing", row.place("calculation"), row=reference[:10], most=len(calculations))
        if note:
            guidance = f"{guidance}\n{note}".strip()
            notes.warning("calculation_ranges_unclear", row.place("calculation"), aspect=code)
    mark = row.number_in("mark", "Max Mark")
    sub.aspects.append(
        AspectDraft(
            code=code, kind="measurement" if letter == "M" else "judgement", method=method, max_mark=mark, name_zh=name_zh,
            name_en=name_en, guidance=guidance, options=options, section=row.text("section"),
            place=row.place("mark" if mark is None else "name"),
        )
    )  # fmt: skip


def _descriptor(row: Row, subs: list[_Sub]) -> None:
    last = subs[-1].aspects[-1] if subs and subs[-1].aspects else None
    score = row.whole_in("score", "Judg Score")
    if last is None or last.kind != "judgement":
        row.notes.error("descriptor_without_judgement", row.place("score"))
    elif score is not None:
        texts = [*last.descriptors]
        if not 0 <= score <= 3:
            row.notes.error("descriptor_score_wrong", row.place("score"), score=score)
            return
        while len(texts) <= score:
            texts.append("")
        if texts[score]:
            row.notes.error("descriptor_twice", row.place("score"), score=score, aspect=last.code)
        texts[score] = row.text("extra")
        subs[-1].aspects[-1] = replace(last, descriptors=tuple(texts))


def _calculations(sheet: Sheet | None, notes: Notes) -> dict[str, tuple[str, dict[str, Any], str]]:
    """Row number of the sheet as text → method, options, and a note for the judges where the method cannot say it all."""
    found: dict[str, tuple[str, dict[str, Any], str]] = {}
    for cells in sheet.rows if sheet else ():
        columns = {name: index for index, name in enumerate(("name", "type", "shared", "parameters"))}
        row = row_under(sheet, cells, columns, notes) if sheet else None
        if row is None or row.blank():
            continue
        found[str(row.number)] = _calculation(row)
    return found


def _calculation(row: Row) -> tuple[str, dict[str, Any], str]:
    kind, values = row.text("type").upper(), _parameters(row.text("parameters"))
    if kind == "PASS_FAIL":
        return "pass_fail", {}, ""
    if kind == "NUMBER_COMPLETED":
        steps = _number(values.get("NUM_POSSIBLE", ("", ""))[0])
        return "count", {"steps": int(steps) if steps is not None and steps.denominator == 1 else ""}, ""
    percent = values.get("DEDUCTION_TYPE", ("", "PERCENT"))[1] == "PERCENT"
    if kind == "CHOICE" and percent:
        numbers = sorted({int(found[1]) for name in values if (found := re.fullmatch(r"CHOICE(\d+)_LABEL", name))})
        choices = []
        for number in numbers:
            share = _number(values.get(f"CHOICE{number}_DEDUCTION", ("", ""))[0])
            label = values[f"CHOICE{number}_LABEL"][1]
            choices.append({"label": label, "deduction": "" if share is None else raw_text(share)})
        return "choice", {"choices": choices}, ""
    if kind == "RANGED_SCORE":
        parts = [f"{name}={_shown(number)}{text}" for name, (number, text) in sorted(values.items())]
        return "value", {"places": 2}, f"RANGED_SCORE: {', '.join(parts)}"
    row.notes.error("calculation_unsupported", row.place("type"), type=kind[:30])
    return "pass_fail", {}, ""


def _parameters(text: str) -> dict[str, tuple[str, str]]:
    """`KEY:::number#x~x#text` pairs joined by `#-#` → key → (number, text)."""
    found = {}
    for pair in text.split("#-#"):
        key, _, value = pair.partition(":::")
        number, _, label = value.partition("#x~x#")
        if key.strip():
            found[key.strip()] = (number.strip(), label.strip())
    return found


def _number(text: str) -> Fraction | None:
    """A number as the file writes it (`4.00000000`, `0E-8`)."""
    return Fraction(text) if _ROUND.fullmatch(text) else None


def _shown(text: str) -> str:
    number = _number(text)
    return "" if number is None else raw_text(number)
