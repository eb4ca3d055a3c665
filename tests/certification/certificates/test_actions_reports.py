"""数据上传: the sheet's 33 columns and two more, answers person by person, the refused sent again, nobody sent twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask

from certification.certificates import reporting_sheet
from certification.certificates.actions import issuing
from certification.certificates.actions import reports as actions
from certification.certificates.queries import register
from certification.certificates.queries import reports as queries
from foundation.files.queries import file_bytes
from foundation.permission import MACHINE
from foundation.refusal import Refusal
from tests.certification.certificates.test_actions import together
from tests.factories import certification as factory

DAY = date(2026, 11, 30)
TEMPLATE = Path(__file__).resolve().parents[4] / "shared" / "data" / "reference" / "candidate_template_columns.csv"


def receipt_of(
    rows: Sequence[tuple[str | None, str, str]], heads: Sequence[str] = ("新证书编号", "上传结果", "失败原因")
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["职业技能等级证书数据上传结果"])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def numbered(count: int, at: datetime, **facts: Any) -> tuple[UUID, list[UUID]]:
    issuer = factory.make_issuer(prefix="S000032000001")
    keys = [factory.make_approved(issuer, factory.make_holder(f"选手{n}", **facts)) for n in range(count)]
    issuing.number_certificates(keys, actor=MACHINE, at=at)
    return issuer, sorted(keys, key=lambda key: register.certificate(key).number or "")


def test_the_sheet_has_the_templates_columns_and_two_more(app: Flask, at: datetime) -> None:
    facts = {"phone": "13800001111", "education": "20", "ethnic_group": "01", "sex": "1"}
    _issuer, keys = numbered(2, at, **facts)
    (report,) = actions.make_report(keys, DAY, actor=MACHINE, at=at)
    sheet = openpyxl.load_workbook(io.BytesIO(file_bytes(queries.report(report).sheet_id))).active
    assert sheet is not None
    heads, first, second = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert heads[33:] == ["新证书编号", "发证日期"]
    if TEMPLATE.exists():
        with TEMPLATE.open(encoding="utf-8") as file:
            assert heads[:33] == [row["column"] for row in csv.DictReader(file)]
    values = dict(zip(heads, first, strict=True))
    assert {name: values[name] for name in ("序号", "职业工种名称", "认定等级", "证件类型", "性别", "手机号码", "文化程度",
                                            "民族", "所在省（市）区", "认定分类", "新证书编号", "发证日期")} == {
        "序号": "1", "职业工种名称": "焊工", "认定等级": "二级/技师", "证件类型": "居民身份证", "性别": "男",
        "手机号码": "13800001111", "文化程度": "大学本科", "民族": "汉族", "所在省（市）区": "江苏省", "认定分类": "初次认定",
        "新证书编号": "S000032000001262000001", "发证日期": "2026-11-30",
    }  # fmt: skip
    assert all(isinstance(cell, str) or cell is None for cell in (*first, *second))


def test_what_the_sheet_lacks_is_named(app: Flask, at: datetime) -> None:
    _issuer, keys = numbered(1, at)
    (row,) = register.chosen(MACHINE, "certificate:report", keys)
    holder = register.holders([row.person_id])[row.person_id]
    more = queries.reported([row.person_id])[row.person_id]
    said = reporting_sheet.line(1, row, holder, more, DAY)
    assert reporting_sheet.lacking(said) == ("手机号码", "文化程度", "民族")
    assert reporting_sheet.lacking(said | {"has_held": "是", "education": "博士后"}) == (
        "手机号码", "证书等级", "证书编号", "文化程度", "民族",
    )  # fmt: skip


def test_answers_person_by_person_and_sending_again(app: Flask, at: datetime) -> None:
    _issuer, keys = numbered(4, at)
    (report,) = actions.make_report(keys, DAY, actor=MACHINE, at=at)
    numbers = [register.certificate(key).number for key in keys]
    counts, faults = actions.note_receipt(
        report, "R-1", receipt_of([(numbers[0], "上传成功", ""), (numbers[1], "上传失败", "身份信息不一致"), (numbers[2], "", "编号重复")]),
        actor=MACHINE, at=at,
    )  # fmt: skip
    assert (counts, list(faults)) == ({"accepted": 1, "rejected": 2, "sent": 1}, [])
    items = queries.items(report)
    assert [(item.state, item.error.revealed() if item.error else "") for item in items] == [
        ("accepted", ""), ("rejected", "身份信息不一致"), ("rejected", "编号重复"), ("sent", ""),
    ]  # fmt: skip
    rows = [register.certificate(key) for key in keys]
    assert [row.state for row in rows] == ["reported", "numbered", "numbered", "numbered"]
    assert rows[0].report_reference == "R-1"
    with pytest.raises(Refusal, match="report_nothing_waits"):
        actions.make_report(keys, DAY, actor=MACHINE, at=at)
    following = actions.send_again(report, DAY, actor=MACHINE, at=at)
    assert [item.certificate_id for item in queries.items(following)] == keys[1:3]
    assert [(item.state, bool(item.error)) for item in queries.items(report)][1] == ("repeated", True)
    with pytest.raises(Refusal, match="report_nothing_waits"):
        actions.send_again(report, DAY, actor=MACHINE, at=at)
    assert actions.note_receipt(following, "R-2", None, actor=MACHINE, at=at)[0] == {
        "accepted": 2,
        "rejected": 0,
        "sent": 0,
    }
    assert actions.note_receipt(report, "R-3", None, actor=MACHINE, at=at)[0]["accepted"] == 1
    with pytest.raises(Refusal, match="report_answered"):
        actions.note_receipt(report, "R-4", None, actor=MACHINE, at=at)
    assert [register.certificate(key).state for key in keys] == ["reported"] * 4


def test_an_answer_that_does_not_fit_stores_nothing(app: Flask, at: datetime) -> None:
    _issuer, keys = numbered(2, at)
    (report,) = actions.make_report(keys, DAY, actor=MACHINE, at=at)
    first = register.certificate(keys[0]).number
    foreign = receipt_of([(first, "成功", ""), (first, "成功", ""), ("S000037000001262000001", "成功", "")])
    counts, faults = actions.note_receipt(report, "R", foreign, actor=MACHINE, at=at)
    assert (counts["accepted"], [(one.row, one.fault.code) for one in faults]) == (
        0, [(4, "receipt_row_twice"), (5, "receipt_row_unknown")],
    )  # fmt: skip
    for code, data, reference in (
        ("report_reference_missing", None, " "), ("spreadsheet_wrong_type", b"x", "R"), ("receipt_empty", receipt_of([]), "R"),
        ("receipt_heads_missing", receipt_of([], ("姓名", "结果")), "R"), ("receipt_result_unclear", receipt_of([(first, "待定", "")]), "R"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            actions.note_receipt(report, reference, data, actor=MACHINE, at=at)
    assert [item.state for item in queries.items(report)] == ["sent", "sent"]


def test_answers_may_name_people_by_identity_number(app: Flask, at: datetime) -> None:
    _issuer, keys = numbered(2, at)
    (report,) = actions.make_report(keys, DAY, actor=MACHINE, at=at)
    rows = register.chosen(MACHINE, "certificate:report", keys)
    papers = [register.printed_values(row)["document_number"] for row in rows]
    data = receipt_of(
        [(papers[0].lower(), "通过", ""), (papers[1], "不通过", "x")], ("证件号码", "处理结果", "错误原因")
    )
    assert actions.note_receipt(report, "R", data, actor=MACHINE, at=at)[0] == {"accepted": 1, "rejected": 1, "sent": 0}


def test_twenty_at_once_send_everybody_once(app: Flask, at: datetime) -> None:
    _issuer, keys = numbered(3, at)
    made = together(app, lambda: actions.make_report(keys, DAY, actor=MACHINE, at=at), times=8)
    sent = [one for one in made if isinstance(one, list)]
    assert len(sent) == 1
    assert {one for one in made if isinstance(one, str)} <= {"report_nothing_waits", "report_on_the_way"}
