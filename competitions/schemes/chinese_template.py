"""Our own template: one row an aspect, heads in Chinese, drop-downs, a worked example, a sheet that explains; and its reader.

The sheets 评分项, 评分标准 and 职业标准板块 are read; 填表说明 and what begins with 示例 or 问题 is for people. Columns are
found by their heads, so columns may be moved and others added. A written scheme reads back equal.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from competitions.rules.scheme import (
    AspectDraft,
    CriterionDraft,
    Place,
    SchemeDraft,
    SectionDraft,
    SubCriterionDraft,
    mark_text,
)
from competitions.rules.scoring.aspects import METHODS
from competitions.rules.scoring.method import LISTS
from competitions.schemes.headings import Notes, Reading, Row, head_of, plain, row_under
from competitions.schemes.options import FIELDS, OPTIONS, options_from, texts_of
from foundation.spreadsheets.reading import Sheet
from foundation.spreadsheets.writing import put

CRITERIA, ASPECTS, SECTIONS, HELP = "评分项", "评分标准", "职业标准板块", "填表说明"
TITLE = "评分标准名称"
KINDS = {"measurement": "测量", "judgement": "评判", "points": "打分", "deduction": "扣分"}
METHOD_WORDS = {
    "pass_fail": "合格得分",  # nosec B105
    "count": "计数得分", "deduct_from_full": "逐处扣减", "choice": "分档选择", "value": "直接给分",
    "tolerance": "公差测量", "range": "区间测量", "time_score": "用时得分",
    "judgement_0_3": "四级评判", "points": "裁判打分", "deduction": "违规扣分", "time_limit": "时限扣分",
}  # fmt: skip
_KIND_ALIASES = {
    "m": "measurement",
    "j": "judgement",
    "客观": "measurement",
    "主观": "judgement",
    "测评": "measurement",
}
_FIRST = {"measurement": "pass_fail", "judgement": "judgement_0_3", "points": "points", "deduction": "deduction"}
ASPECT_COLUMNS = {
    "criterion": "评分项编号", "sub": "子项编号", "sub_name": "子项名称", "sub_name_en": "子项英文名称", "day": "评分日",
    "code": "评分点编号", "name": "评分点内容", "name_en": "评分点英文", "kind": "评分类型", "method": "评分方法", "mark": "分值",
    "steps": "计数总数", "unit": "每次扣分", "cap": "扣分上限", "drop_high": "去最高分个数", "drop_low": "去最低分个数",
    "aggregate": "汇总方式", "places": "小数位数", "choices": "分档与扣减比例", "more": "其他选项", "guidance": "评分说明",
    "d0": "0级描述", "d1": "1级描述", "d2": "2级描述", "d3": "3级描述", "section": "标准板块编号",
}  # fmt: skip
CRITERION_COLUMNS = {"code": "评分项编号", "name": "评分项名称", "name_en": "评分项英文名称", "mark": "分值"}
SECTION_COLUMNS = {"code": "板块编号", "name": "板块名称", "mark": "分值"}
_WIDE = {"name": 38, "sub_name": 20, "guidance": 38, "choices": 28, "more": 22, "name_en": 24} | dict.fromkeys(
    ("d0", "d1", "d2", "d3"), 24
)
_EXAMPLE = "示例-"
_OWN = ("steps", "unit", "cap", "drop_high", "drop_low", "aggregate", "places")
"""Options with a column of their own. The one list a method may have stands in 分档与扣减比例, the rest in 其他选项."""
_LISTS = tuple(name for name, option in OPTIONS.items() if option.form in LISTS)


# --- reading ----------------------------------------------------------------------------------------------------------


def is_template(sheets: Sequence[Sheet]) -> bool:
    """Does a sheet carry one of our names?"""
    return any(plain(sheet.title) in (CRITERIA, ASPECTS) for sheet in sheets)


def read(sheets: Sequence[Sheet]) -> Reading:
    """The draft in a filled-in template, with everything that could not be read."""
    notes = Notes()
    by_title = {plain(sheet.title): sheet for sheet in sheets}
    for title in (CRITERIA, ASPECTS):
        if title not in by_title:
            notes.error(
                "sheet_missing", Place(title), sheet=title, found="、".join(sheet.title for sheet in sheets)[:100]
            )
    sections = [
        SectionDraft(
            row.text("code"), row.text("name"), row.number_in("mark", SECTION_COLUMNS["mark"]), row.place("code")
        )
        for row in _rows(by_title.get(SECTIONS), SECTION_COLUMNS, {"code", "name"}, notes)
    ]
    criteria = [_criterion(row) for row in _rows(by_title.get(CRITERIA), CRITERION_COLUMNS, {"code", "mark"}, notes)]
    needed = {"criterion", "sub", "name", "kind", "mark"}
    subs = _subs(_rows(by_title.get(ASPECTS), ASPECT_COLUMNS, needed, notes), notes)
    known = {criterion.code for criterion in criteria}
    for letters in dict.fromkeys(sub.criterion for sub in subs if sub.criterion not in known):
        first = next(sub for sub in subs if sub.criterion == letters)
        notes.error("criterion_unknown", first.place, criterion=letters, sub=first.code)
        criteria.append(CriterionDraft(letters, letters, "", None, (), first.place))
    whole = tuple(
        CriterionDraft(
            each.code, each.name_zh, each.name_en, each.declared,
            tuple(sub.draft() for sub in subs if sub.criterion == each.code), each.place,
        )
        for each in criteria
    )  # fmt: skip
    title = _title(by_title.get(ASPECTS))
    return Reading(SchemeDraft(title, whole, tuple(sections), Place(ASPECTS, 1)), tuple(notes.found))


def _title(sheet: Sheet | None) -> str:
    for row in sheet.rows[:5] if sheet else ():
        for cell, following in pairwise(row):
            if plain(cell.text) == TITLE and not following.formula:
                return following.text
    return ""


def _rows(sheet: Sheet | None, heads: Mapping[str, str], needed: set[str], notes: Notes) -> Iterator[Row]:
    if sheet is None:
        return
    wanted = {name: (plain(head),) for name, head in heads.items()}
    columns: dict[str, int] | None = None
    best: set[str] = set()
    for cells in sheet.rows:
        if columns is None:
            found = head_of(cells, wanted)
            best = max(best, set(found), key=len)
            columns = found if needed <= set(found) else None
            continue
        row = row_under(sheet, cells, columns, notes)
        if not row.blank():
            yield row
    if columns is None:
        missing = "、".join(heads[name] for name in heads if name in needed - best)
        notes.error("heads_missing", Place(sheet.title, 1), sheet=sheet.title, missing=missing)


def _criterion(row: Row) -> CriterionDraft:
    declared = row.number_in("mark", CRITERION_COLUMNS["mark"])
    code = row.text("code")
    if declared is None and not row.has("mark"):
        row.notes.error("criterion_mark_missing", row.place("mark"), criterion=code)
    return CriterionDraft(code, row.text("name"), row.text("name_en"), declared, (), row.place("mark"))


@dataclass(slots=True)
class _Sub:
    criterion: str
    code: str
    place: Place
    name_zh: str = ""
    name_en: str = ""
    day: int | None = None
    aspects: list[AspectDraft] = field(default_factory=list)

    def draft(self) -> SubCriterionDraft:
        return SubCriterionDraft(self.code, self.name_zh, self.name_en, self.day, tuple(self.aspects), self.place)


def _subs(rows: Iterable[Row], notes: Notes) -> list[_Sub]:
    subs: list[_Sub] = []
    for row in rows:
        criterion, code = row.text("criterion"), row.text("sub")
        last = subs[-1] if subs else None
        if last is None and not (criterion and code):
            notes.error("aspect_before_sub", row.place("sub"))
            continue
        criterion = criterion or (last.criterion if last else "")
        code = code or (last.code if last else "")
        if last is None or (criterion, code) != (last.criterion, last.code):
            last = _Sub(criterion, code, row.place("sub"))
            subs.append(last)
        _sub_facts(row, last)
        last.aspects.append(_aspect(row, f"{code}-{len(last.aspects) + 1}"))
    return subs


def _sub_facts(row: Row, sub: _Sub) -> None:
    day = row.whole_in("day", ASPECT_COLUMNS["day"])
    for name, given in (("name_zh", row.text("sub_name")), ("name_en", row.text("sub_name_en")), ("day", day)):
        if given in ("", None):
            continue
        if getattr(sub, name) not in ("", None, given):
            column = {"name_zh": "sub_name", "name_en": "sub_name_en"}.get(name, name)
            row.notes.error(
                "sub_said_twice",
                row.place(column),
                sub=sub.code,
                label=ASPECT_COLUMNS[column],
                first=getattr(sub, name),
            )
        else:
            setattr(sub, name, given)


def _aspect(row: Row, numbered: str) -> AspectDraft:
    code = row.text("code") or numbered
    said = len(row.notes.found)
    kind, method = _kind_and_method(row, code)
    clear = len(row.notes.found) == said
    texts, unused = _option_texts(row, method)
    if unused and clear:
        row.notes.warning("option_unused", row.place("method"), aspect=code, columns="、".join(unused))
    levels = tuple(row.text(f"d{number}") for number in range(4))
    mark = row.number_in("mark", ASPECT_COLUMNS["mark"])
    if kind == "deduction":
        if mark:
            row.notes.error("deduction_with_mark", row.place("mark"), aspect=code)
        mark = None
    return AspectDraft(
        code=code, kind=kind, method=method, max_mark=mark, name_zh=row.text("name"),
        name_en=row.text("name_en"), guidance=row.text("guidance"), options=options_from(method, texts),
        descriptors=levels if kind == "judgement" or any(levels) else (), section=row.text("section"),
        place=row.place("mark" if mark is None and kind != "deduction" else "name"),
    )  # fmt: skip


def _option_texts(row: Row, method: str) -> tuple[dict[str, str], list[str]]:
    """The options a row names for its method, as texts, and what it names that the method does not take."""
    taken = FIELDS[method]
    texts = {name: row.text(name) for name in _OWN}
    unused = [ASPECT_COLUMNS[name] for name, text in texts.items() if text and name not in taken]
    listed = row.text("choices")
    for name in _LISTS:
        if name in taken:
            texts[name] = listed
            break
    else:
        unused += [ASPECT_COLUMNS["choices"]] if listed else []
    for line in row.text("more").splitlines():
        name, _, text = line.replace("＝", "=").partition("=")
        if name.strip() in taken and name.strip() not in _OWN:
            texts[name.strip()] = text.strip()
        elif line.strip():
            unused.append(line.strip()[:30])
    return texts, unused


def _option_cells(options: Mapping[str, Any]) -> dict[str, str]:
    """Options as the cells that `_option_texts` reads."""
    texts = texts_of(options)
    cells = {name: texts[name] for name in _OWN if name in texts}
    if "aggregate" in cells:
        cells["aggregate"] = {"mean": "平均", "sum": "求和"}.get(cells["aggregate"], cells["aggregate"])
    for name in _LISTS:
        if name in texts:
            cells["choices"] = texts[name]
    more = [f"{name}={text}" for name, text in texts.items() if name not in _OWN and name not in _LISTS]
    return cells | ({"more": "\n".join(more)} if more else {})


def _kind_and_method(row: Row, code: str) -> tuple[str, str]:
    kinds = {word: kind for kind, word in KINDS.items()} | _KIND_ALIASES
    methods = {word: method for method, word in METHOD_WORDS.items()}
    word = row.text("kind")
    kind = kinds.get(word.lower(), "")
    if not kind:
        row.notes.error("kind_unknown", row.place("kind"), aspect=code, text=word[:20], right="、".join(KINDS.values()))
        kind = "measurement"
    asked = row.text("method")
    method = methods.get(asked, "") if asked else _FIRST[kind]
    if not method or METHODS[method] != kind:
        right = "、".join(METHOD_WORDS[each] for each, of in METHODS.items() if of == kind)
        row.notes.error(
            "method_unknown", row.place("method"), aspect=code, text=asked[:20], kind=KINDS[kind], right=right
        )
        method = _FIRST[kind]
    return kind, method


# --- writing ----------------------------------------------------------------------------------------------------------

_HEAD = PatternFill("solid", fgColor="E7F1EE")
_LINE = Side(style="thin", color="C3CCC6")
_EDGE = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HINTS = (
    ("一、总体要求", "先在“评分项”表列出评分项及其分值，再在“评分标准”表中一行填写一个评分点。各评分点分值合计必须正好为 100.00 分，各评分项合计必须与其分值一致；扣分类评分点不计入 100 分。"),
    ("二、编号", "评分项用 A、B、C……；子项用 A1、A2……；评分点编号可不填，系统按顺序编为 A1-1、A1-2……。同一子项的名称、评分日只需在第一行填写。"),
    ("三、评分类型", "测量：有客观结果，由评分组集体认定一个结果。评判：裁判对照 0—3 级描述各自评定，必须填写四级描述。打分：裁判各自给出分数，可去掉最高分、最低分。扣分：发生一次扣一次，从总分中扣除。"),
    ("四、评分方法", "合格得分：合格得满分，不合格得 0 分。计数得分：按完成数量占“计数总数”的比例得分。逐处扣减：每处扣“每次扣分”，扣完为止。分档选择：在“分档与扣减比例”中每行写一档，格式为“说明｜扣减百分比”。直接给分：由评分组直接给出分数。公差测量：在“其他选项”中写 nominal（公称值）、plus（上偏差）、minus（下偏差）、unit_name（单位），超差分档在“分档与扣减比例”中写“超差上限｜扣减百分比”。区间测量：每行写“下限｜上限｜扣减百分比”。时限扣分、用时得分：在“其他选项”中写时限等，单位为秒。“其他选项”每行一个，格式为“名称=值”；round_at 为取舍位置：judge、aspect、module、end。"),
    ("五、小数", "分值最多 4 位小数。单元格中只填数字或文字，不要使用公式。"),
    ("六、标准板块", "如需统计各职业标准板块的分值，在“职业标准板块”表列出板块，并在评分点中填写板块编号；不需要时可留空。"),
    ("七、示例", "以“示例-”开头的工作表是焊工赛项的填写示例，导入时不读取，可以删除。"),
)  # fmt: skip


def template(example: SchemeDraft) -> bytes:
    """The empty template with `example` beside it, drop-downs and instructions."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _write_help(book)
    _write_scheme(book, SchemeDraft("", ()), "", drop_downs=True)
    _write_scheme(book, example, _EXAMPLE, drop_downs=False)
    return _saved(book)


def written_scheme(draft: SchemeDraft) -> bytes:
    """A scheme in this template, complete: reading it gives an equal draft."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _write_scheme(book, draft, "", drop_downs=True)
    _write_help(book)
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write_help(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet(HELP)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 100
    for number, (head, text) in enumerate(_HINTS, start=1):
        put(sheet.cell(number, 1), head)
        put(sheet.cell(number, 2), text)
        sheet.cell(number, 1).font = Font(bold=True)
        for column in (1, 2):
            sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")


def _write_scheme(book: openpyxl.Workbook, draft: SchemeDraft, prefix: str, *, drop_downs: bool) -> None:
    criteria = book.create_sheet(prefix + CRITERIA)
    _write_table(
        criteria, 1, CRITERION_COLUMNS,
        [{"code": each.code, "name": each.name_zh, "name_en": each.name_en, "mark": _mark(each.declared)} for each in draft.criteria],
    )  # fmt: skip
    sheet = book.create_sheet(prefix + ASPECTS)
    put(sheet.cell(1, 1), TITLE)
    put(sheet.cell(1, 2), draft.title)
    sheet.cell(1, 1).font = Font(bold=True)
    _write_table(sheet, 3, ASPECT_COLUMNS, _aspect_rows(draft))
    sections = book.create_sheet(prefix + SECTIONS)
    _write_table(
        sections, 1, SECTION_COLUMNS,
        [{"code": each.code, "name": each.name, "mark": _mark(each.declared)} for each in draft.sections],
    )  # fmt: skip
    if drop_downs:
        _offer(sheet, "kind", KINDS.values())
        _offer(sheet, "method", METHOD_WORDS.values())
        _offer(sheet, "aggregate", ("平均", "求和"))


def _mark(value: Any) -> str:
    return "" if value is None else mark_text(value)


def _aspect_rows(draft: SchemeDraft) -> list[dict[str, str]]:
    rows = []
    for criterion in draft.criteria:
        for sub in criterion.sub_criteria:
            for number, aspect in enumerate(sub.aspects):
                texts = _option_cells(aspect.options)
                first = {
                    "sub_name": sub.name_zh,
                    "sub_name_en": sub.name_en,
                    "day": "" if sub.day is None else str(sub.day),
                }
                rows.append(
                    {
                        "criterion": criterion.code, "sub": sub.code, **(first if number == 0 else {}), "code": aspect.code,
                        "name": aspect.name_zh, "name_en": aspect.name_en, "kind": KINDS.get(aspect.kind, aspect.kind),
                        "method": METHOD_WORDS.get(aspect.method, aspect.method),
                        "mark": "" if aspect.kind == "deduction" else _mark(aspect.max_mark), **texts,
                        "guidance": aspect.guidance, "section": aspect.section,
                        **{f"d{level}": text for level, text in enumerate(aspect.descriptors)},
                    }
                )  # fmt: skip
    return rows


def _write_table(sheet: Any, first: int, columns: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> None:
    for column, (name, head) in enumerate(columns.items(), start=1):
        cell = sheet.cell(first, column)
        put(cell, head)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _EDGE
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE.get(name, 13)
        for number, row in enumerate(rows, start=first + 1):
            if row.get(name):
                below = sheet.cell(number, column)
                put(below, row[name])
                below.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _offer(sheet: Any, name: str, words: Iterable[str]) -> None:
    letter = get_column_letter([*ASPECT_COLUMNS].index(name) + 1)
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    rule.add(f"{letter}4:{letter}2000")
    sheet.add_data_validation(rule)
