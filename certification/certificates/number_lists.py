"""Spreadsheets that go to the authority and come back: persons to be numbered, numbers returned.

No official template was found: the columns are those the certificate itself demands (人社鉴发〔2021〕1号) with text values, as
the templates seen in the field carry them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from catalogue.codes.queries import code_name
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries.register import Holder, printed_values
from certification.filings.number_forms import layout_for
from certification.rules import numbering, wording
from certification.rules.numbering import Fault
from foundation.encryption.sealing import normalised
from foundation.refusal import Refusal
from foundation.spreadsheets.reading import read_workbook
from foundation.spreadsheets.writing import Table, workbook

HEADS = ("序号", "姓名", "性别", "证件类型", "证件号码", "出生日期", "文化程度", "职业编码", "职业名称", "工种/职业方向",
         "职业技能等级", "评价机构", "机构编码", "核准日期", "证书编号")  # fmt: skip
_NEEDED = ("姓名", "证件号码", "证书编号")


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row of the returned list."""

    row: int
    name: str
    document: str
    number: str
    occupation_code: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """Something wrong in a row (0: with the list as a whole)."""

    row: int
    fault: Fault


def to_number(rows: Sequence[Certificate], holders: Mapping[UUID, Holder]) -> bytes:
    """The persons to be numbered as an `.xlsx`; the column of the number is left empty for the authority."""
    return workbook(
        [Table("赋码申请", HEADS, [_line(n, row, holders.get(row.person_id)) for n, row in _counted(rows)])]
    )


def _counted(rows: Sequence[Certificate]) -> Iterable[tuple[int, Certificate]]:
    return enumerate(rows, start=1)


def _line(position: int, row: Certificate, holder: Holder | None) -> list[str]:
    # What was printed goes before what is known of the person today: the register must equal the paper.
    values = printed_values(row)
    kind, paper = holder.document if holder and holder.document else ("", "")
    return [
        str(position),
        values.get("name") or (holder.name_zh if holder else ""),
        {"M": "男", "F": "女", "1": "男", "2": "女", "male": "男", "female": "女"}.get(
            holder.sex if holder else "", ""
        ),
        values.get("document_kind") or (code_name("identity_document_kind", kind, "zh") if kind else ""),
        values.get("document_number") or paper,
        holder.birth_date if holder else "",
        code_name("education", holder.education, "zh") if holder and holder.education else "",
        row.occupation_code,
        row.occupation_name,
        wording.work_type(row.direction),
        wording.grade_text(row.grade),
        row.issuer.name,
        row.issuer.prefix,
        row.approved_on.isoformat() if row.approved_on else "",
        row.number or "",
    ]


def read_returned(data: bytes) -> Sequence[ReturnedRow]:
    """The rows of a returned list; columns are found by their heads.

    Raises Refusal spreadsheet_*, returned_list_heads_missing, spreadsheet_formula.
    """
    sheets = read_workbook(data, max_rows=5000)
    for sheet in sheets:
        for at, cells in enumerate(sheet.rows):
            heads = {cell.text.replace(" ", ""): index for index, cell in enumerate(cells) if cell.text}
            if not all(name in heads for name in _NEEDED):
                continue
            found = []
            for line in sheet.rows[at + 1 :]:
                for cell in line:
                    if cell.formula:
                        raise Refusal("returned_list_formula", field="file", sheet=sheet.title, cell=cell.place)
                text = {name: line[index].text if index < len(line) else "" for name, index in heads.items()}
                if any(text[name] for name in _NEEDED):
                    found.append(
                        ReturnedRow(
                            row=line[0].row, name=text["姓名"], document=normalised(text["证件号码"]),
                            number=text["证书编号"].strip().upper(), occupation_code=text.get("职业编码", ""),
                        )
                    )  # fmt: skip
            return found
    raise Refusal("returned_list_heads_missing", field="file", heads="、".join(_NEEDED))


def match(
    rows: Sequence[ReturnedRow],
    waiting: Sequence[Certificate],
    holders: Mapping[UUID, Holder],
    *,
    taken: Collection[str],
    years: Iterable[int],
) -> tuple[dict[UUID, str], list[RowFault]]:
    """Which certificate gets which number, and everything wrong: unknown person, name that differs, number used before or
    twice, foreign prefix, wrong grade or year, and whoever of the list sent out is missing."""
    by_paper: dict[str, list[Certificate]] = {}
    for row in waiting:
        holder = holders.get(row.person_id)
        if holder and holder.document:
            by_paper.setdefault(normalised(holder.document[1]), []).append(row)
    twice, allowed = numbering.repeated(row.number for row in rows), tuple(years)
    matched: dict[UUID, str] = {}
    faults: list[RowFault] = []
    seen: set[UUID] = set()
    for line in rows:
        certificate, wrong = _owner(line, by_paper, holders, seen)
        if certificate is not None:
            seen.add(certificate.id)
        if not line.number:
            wrong.append(Fault("number_not_returned", {}))
        elif line.number in twice:
            wrong.append(Fault("number_twice_in_list", {"number": line.number}))
        elif line.number in taken:
            wrong.append(Fault("number_taken", {"number": line.number}))
        if certificate is not None and line.number:
            layout = layout_for(certificate.issuer)
            wrong += numbering.faults(
                layout, line.number, prefix=certificate.issuer.prefix, grade=certificate.grade, years=allowed
            )
            matched[certificate.id] = line.number
        faults += [RowFault(line.row, fault) for fault in wrong]
    for row in waiting:
        if row.id not in seen:
            name = holders[row.person_id].name_zh if row.person_id in holders else ""
            faults.append(RowFault(0, Fault("person_not_returned", {"name": name, "occupation": row.occupation_name})))
    return matched, faults


def _owner(
    line: ReturnedRow,
    by_paper: Mapping[str, list[Certificate]],
    holders: Mapping[UUID, Holder],
    seen: Collection[UUID],
) -> tuple[Certificate | None, list[Fault]]:
    candidates = [row for row in by_paper.get(line.document, []) if row.id not in seen]
    if line.occupation_code:
        candidates = [row for row in candidates if row.occupation_code == line.occupation_code]
    if not candidates:
        return None, [Fault("returned_person_unknown", {"name": line.name})]
    row = candidates[0]
    if holders[row.person_id].name_zh != line.name:
        return row, [Fault("returned_name_differs", {"name": line.name})]
    return row, []
