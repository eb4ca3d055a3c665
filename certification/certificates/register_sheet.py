"""The register as a spreadsheet: the certificates' own fields, as 人社鉴发〔2021〕1号 names them, and where each stands.

What was printed goes before what is known of the person today: the sheet must equal the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from catalogue.codes.queries import code_name
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries.register import Holder, printed_values
from certification.rules import wording
from foundation.encryption.personal import masked
from foundation.spreadsheets.writing import Table, workbook
from foundation.translation import sentence

HEADS = (
    "证书名称", "证书编号", "姓名", "证件类型", "证件号码", "职业编码", "职业名称", "工种/职业方向", "职业技能等级", "评价机构名称",
    "发证日期", "证书信息查询网址", "机构信息查询网址", "证书印制流水码", "版次", "状态", "失效日期", "替代证书编号", "核准日期", "数据上传回执",
    "样本",
)  # fmt: skip


def workbook_of(rows: Sequence[Certificate], holders: Mapping[UUID, Holder]) -> bytes:
    """The `.xlsx`, text values throughout; of an identity number the last four characters."""
    return workbook([Table("证书登记册", HEADS, [line(row, holders.get(row.person_id)) for row in rows])])


def line(row: Certificate, holder: Holder | None) -> list[str]:
    """One certificate, in the order of HEADS."""
    values = printed_values(row)
    kind, paper = holder.document if holder and holder.document else ("", "")
    return [
        sentence(f"certificate_kind:{row.kind}"),
        row.number or "",
        values.get("name") or (holder.name_zh if holder else ""),
        values.get("document_kind") or (code_name("identity_document_kind", kind, "zh") if kind else ""),
        masked(values.get("document_number") or paper),
        row.occupation_code,
        values.get("occupation") or row.occupation_name,
        values.get("work_type") or wording.work_type(row.direction),
        values.get("grade_text") or (wording.grade_text(row.grade) if row.grade else values.get("prize", "")),
        values.get("issuer") or row.issuer.name,
        row.issued_on.isoformat() if row.issued_on else "",
        row.issuer.certificate_query_url,
        row.issuer.organization_query_url,
        row.print_serial,
        str(row.edition) if row.issued_on else "",
        sentence(f"certificate_state:{row.state}"),
        row.ended_on.isoformat() if row.ended_on else "",
        row.replaced_by,
        row.approved_on.isoformat() if row.approved_on else "",
        row.report_reference,
        "是" if row.sample else "",
    ]
