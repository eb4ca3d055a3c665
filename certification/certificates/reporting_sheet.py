"""The sheet of an upload: 33 columns as an evaluation organization's template asks, then new number and date; and its receipt.

The columns are data (`data/reference/reporting_columns.csv`): name, whether it must be filled, where the value comes from, which
texts are allowed. Values are text, never codes. What this register does not know stays empty, and the page says so before it is sent.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from catalogue.codes.queries import code_name
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries.register import Holder, printed_values
from certification.certificates.queries.reports import Reported
from certification.rules import wording
from foundation.encryption.sealing import normalised
from foundation.refusal import Refusal
from foundation.spreadsheets.reading import Sheet, read_workbook
from foundation.spreadsheets.writing import Table, workbook

DATA = Path(__file__).resolve().parents[2] / "data" / "reference"
# The template's own words for levels of education (GB/T 4658 code → text).
EDUCATION = {
    "10": "研究生", "11": "博士", "14": "研究生", "20": "大学本科", "30": "大学专科和专科学校", "40": "中等专业学校", "44": "职高",
    "47": "技校", "60": "高中", "70": "初中", "80": "小学",
}  # fmt: skip
RESULT_HEADS = ("结果", "上传结果", "处理结果", "状态", "导入结果")
REASON_HEADS = ("错误原因", "失败原因", "错误信息", "原因", "备注", "说明")
GOOD, BAD = ("成功", "通过", "已入库", "正常"), ("失败", "错误", "不通过", "未通过", "异常", "不成功")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, when it must be filled (yes, no, held), where its value comes from, the allowed texts."""

    head: str
    required: str
    source: str
    allowed: tuple[str, ...]


@lru_cache(maxsize=1)
def columns() -> tuple[Column, ...]:
    """The columns in their order."""
    with (DATA / "reporting_columns.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Column(row["column"], row["required"], row["source"], tuple(filter(None, row["allowed"].split("|"))))
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def _provinces() -> Mapping[str, str]:
    with (DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"][:2]: row["name"] for row in csv.DictReader(file) if row["code"].endswith("0000")}


def line(position: int, row: Certificate, holder: Holder | None, more: Reported | None, day: date) -> dict[str, str]:
    """The values of one person by source. What was printed goes before what is known today: register and paper must agree."""
    values = printed_values(row)
    kind, paper = holder.document if holder and holder.document else ("", "")
    held = [one for one in (more.held if more else ()) if one[0] == row.occupation_name and one[2] != row.number]
    before = held[-1] if held else ("", "", "")
    group = code_name("ethnic_group", more.ethnic_group, "zh") if more and more.ethnic_group else ""
    return {
        "position": str(position),
        "occupation": row.occupation_name + (f"（{row.direction}）" if row.direction else ""),
        "grade_text": wording.grade_text(row.grade) if row.grade in wording.GRADE_TEXT else "",
        "document_kind": values.get("document_kind")
        or (code_name("identity_document_kind", kind, "zh") if kind else ""),
        "document_number": values.get("document_number") or paper,
        "name": values.get("name") or (holder.name_zh if holder else ""),
        "sex": {"1": "男", "2": "女", "M": "男", "F": "女"}.get(holder.sex if holder else "", ""),
        "birth_date": holder.birth_date if holder else "",
        "phone": more.phone if more else "",
        "has_held": "是" if held else "否",
        "held_grade": wording.grade_text(before[1]) if before[1] in wording.GRADE_TEXT else "",
        "held_number": before[2],
        "education": EDUCATION.get(holder.education if holder else "", ""),
        "province": _provinces().get((row.region_code or row.issuer.prefix[5:7])[:2], ""),
        "issuer": row.issuer.name,
        "class": "晋级认定" if held else "初次认定",
        "ethnic_group": group,
        "address": more.address if more else "",
        "number": row.number or "",
        "issue_day": day.isoformat(),
    }


def cells(values: Mapping[str, str]) -> list[str]:
    """The cells of one row."""
    return [
        column.source.removeprefix("=") if column.source.startswith("=") else values.get(column.source, "")
        for column in columns()
    ]


def lacking(values: Mapping[str, str]) -> tuple[str, ...]:
    """The heads of columns that must be filled and are not, or hold a text that is not allowed."""
    found = []
    for column, text in zip(columns(), cells(values), strict=True):
        needed = column.required == "yes" or (column.required == "held" and values.get("has_held") == "是")
        if (needed and not text) or (text and column.allowed and text not in column.allowed):
            found.append(column.head)
    return tuple(found)


def sheet_of(lines: Sequence[Mapping[str, str]]) -> bytes:
    """The sheet as `.xlsx`: heads in row 1, no sample rows, text throughout."""
    return workbook([Table("证书数据上传", [column.head for column in columns()], [cells(one) for one in lines])])


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receipt says of one row: whose, accepted or not, the authority's words."""

    row: int
    number: str
    document: str
    accepted: bool
    reason: str


def read_receipt(data: bytes) -> Sequence[Answer]:
    """The rows of a receipt; columns are found by their heads, people by certificate number or identity number.

    Raises Refusal spreadsheet_*, receipt_heads_missing, receipt_result_unclear with the row.
    """
    for sheet in read_workbook(data, max_rows=20_000):
        found = _answers(sheet)
        if found is not None:
            return found
    heads = "、".join(("新证书编号 / 证件号码", " / ".join(RESULT_HEADS)))
    raise Refusal("receipt_heads_missing", field="file", heads=heads)


def _answers(sheet: Sheet) -> Sequence[Answer] | None:
    for at, head in enumerate(sheet.rows):
        heads = {cell.text.replace(" ", ""): index for index, cell in enumerate(head) if cell.text}
        number = heads.get("新证书编号", heads.get("证书编号"))
        paper = heads.get("证件号码")
        result = next((heads[name] for name in RESULT_HEADS if name in heads), None)
        reason = next((heads[name] for name in REASON_HEADS if name in heads), None)
        if (number is None and paper is None) or (result is None and reason is None):
            continue
        return [
            _answer(
                line, [line[i].text if i is not None and i < len(line) else "" for i in (number, paper, result, reason)]
            )
            for line in sheet.rows[at + 1 :]
            if any(cell.text for cell in line)
        ]
    return None


def _answer(line: Sequence[object], texts: Sequence[str]) -> Answer:
    number, paper, result, reason = texts
    row = line[0].row  # type: ignore[attr-defined]
    bad = any(word in result for word in BAD) or (not result and bool(reason))
    good = not bad and (any(word in result for word in GOOD) or (not result and not reason))
    if not bad and not good:
        raise Refusal("receipt_result_unclear", field="file", row=row, result=result)
    return Answer(row, number.strip().upper(), normalised(paper), good, reason or (result if bad else ""))


def document_of(values: Mapping[UUID, Mapping[str, str]]) -> Mapping[str, UUID]:
    """Identity number → certificate, for receipts that do not repeat the certificate's number."""
    return {normalised(one["document_number"]): key for key, one in values.items()}
