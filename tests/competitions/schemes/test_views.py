from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.schemes import actions, queries
from competitions.schemes.chinese_template import written_scheme
from competitions.schemes.welding_example import welding_scheme
from competitions.schemes.workbooks import FINDINGS_SHEET, checked_workbook
from demo.schemes import electrician_workbook, website_workbook, welding_workbook
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event

SHORT = replace(
    welding_scheme(), criteria=(replace(welding_scheme().criteria[0], declared=None), *welding_scheme().criteria[1:3])
)


@pytest.fixture
def event_id(app: Flask) -> UUID:
    return make_event(make_competition())


@pytest.fixture
def organizer(signed_in: Callable[..., FlaskClient], event_id: UUID) -> FlaskClient:
    return signed_in(Role.ORGANIZER, Scope(ScopeKind.EVENT, str(event_id)))


def send(client: FlaskClient, event_id: UUID, data: bytes, name: str = "评分标准.xlsx", query: str = "") -> Any:
    return client.post(f"/events/{event_id}/scheme/import{query}", data={"file": (io.BytesIO(data), name)})


def test_an_empty_page_offers_import_and_template(organizer: FlaskClient, event_id: UUID) -> None:
    page = organizer.get(f"/events/{event_id}/scheme").get_data(as_text=True)
    assert "尚无评分标准" in page
    assert "校验并导入" in page
    answer = organizer.get(f"/events/{event_id}/scheme/template.xlsx")
    assert checked_workbook(answer.data).findings[0].code == "scheme_empty"
    assert organizer.get(f"/events/{event_id}/scheme/export.xlsx").status_code == 404


def test_import_view_export(organizer: FlaskClient, event_id: UUID) -> None:
    assert send(organizer, event_id, website_workbook()).status_code == 302
    page = organizer.get(f"/events/{event_id}/scheme").get_data(as_text=True)
    assert "80.75" in page
    assert "19.25" in page
    assert "公共区域：功能按任务书要求可用" in page
    english = organizer.get(f"/events/{event_id}/scheme?lang=en").get_data(as_text=True)
    assert "Common parts: works as the task asks" in english
    exported = organizer.get(f"/events/{event_id}/scheme/export.xlsx").data
    assert checked_workbook(exported).draft == checked_workbook(website_workbook()).draft


def test_another_version_is_compared_first(organizer: FlaskClient, event_id: UUID) -> None:
    send(organizer, event_id, welding_workbook())
    page = send(organizer, event_id, electrician_workbook()).get_data(as_text=True)
    assert "版本比对" in page
    held = queries.scheme_in_force(event_id)
    assert held is not None
    assert held.number == 1
    found = re.search(r'name="file_id"[^>]*value="([^"]+)"', page)
    assert found is not None
    file_id = found[1]
    assert organizer.post(f"/events/{event_id}/scheme/confirm", data={"file_id": file_id}).status_code == 302
    page = organizer.get(f"/events/{event_id}/scheme").get_data(as_text=True)
    assert "第 2 版" in page
    assert "已被替换" in organizer.get(f"/events/{event_id}/scheme?version=1").get_data(as_text=True)
    same = send(organizer, event_id, electrician_workbook()).get_data(as_text=True)
    assert "无需替换" in same
    for wrong in ("nonsense", "", str(event_id)):
        assert organizer.post(f"/events/{event_id}/scheme/confirm", data={"file_id": wrong}).status_code == 404


@pytest.mark.parametrize(("language", "text"), [("zh", "还差"), ("en", "are missing")])
def test_errors_are_a_table_and_a_workbook(organizer: FlaskClient, event_id: UUID, language: str, text: str) -> None:
    answer = send(organizer, event_id, written_scheme(SHORT), query=f"?lang={language}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert text in page
    found = re.search(r'href="data:[^;]+;base64,([^"]+)"', page)
    assert found is not None
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(found[1])))
    assert book.sheetnames[0] == FINDINGS_SHEET
    assert queries.scheme_in_force(event_id) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"%PDF-1.7", "不是"),
        (welding_workbook()[:300], "损坏"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"0" * 99, ".xls"),
    ],
)
def test_what_is_no_workbook_gets_a_sentence(organizer: FlaskClient, event_id: UUID, data: bytes, text: str) -> None:
    answer = send(organizer, event_id, data)
    assert answer.status_code == 422
    assert text in answer.get_data(as_text=True)


def test_no_file_gets_a_sentence(organizer: FlaskClient, event_id: UUID) -> None:
    answer = organizer.post(f"/events/{event_id}/scheme/import", data={})
    assert (answer.status_code, "请选择工作簿" in answer.get_data(as_text=True)) == (422, True)


def test_an_aspect_is_edited_in_the_browser(organizer: FlaskClient, event_id: UUID, at: datetime) -> None:
    send(organizer, event_id, welding_workbook())
    held = queries.scheme_in_force(event_id)
    assert held is not None
    row, other = held.criteria[0].sub_criteria[0].aspects[:2]
    address = f"/events/{event_id}/scheme/aspects/{row.id}"
    assert 'value="4"' in organizer.get(address).get_data(as_text=True)
    typed = {"name_zh": "防护用品", "method": "count", "steps": "4", "max_mark": "3", "section": "1", "balance": ""}
    answer = organizer.post(address, data=typed)
    assert answer.status_code == 422
    assert "还差 1.00" in answer.get_data(as_text=True)
    assert "防护用品" in answer.get_data(as_text=True)
    assert organizer.post(address, data=typed | {"balance": str(other.id)}).status_code == 302
    new = queries.scheme_in_force(event_id)
    assert new is not None
    assert (new.number, new.criteria[0].sub_criteria[0].aspects[0].name_zh) == (2, "防护用品")
    assert organizer.get(address).status_code == 404
    actions.freeze_scheme(new.id, actor=MACHINE, at=at)
    fresh = f"/events/{event_id}/scheme/aspects/{new.criteria[0].sub_criteria[0].aspects[0].id}"
    assert organizer.get(fresh).status_code == 409
    assert send(organizer, event_id, electrician_workbook()).status_code == 422


def test_the_command_says_totals_and_errors(app: Flask, tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.xlsx", tmp_path / "bad.xlsx", tmp_path / "none.xlsx"
    good.write_bytes(website_workbook())
    bad.write_bytes(written_scheme(SHORT))
    none.write_bytes(b"nothing")
    runner = app.test_cli_runner()
    report = runner.invoke(args=["schemes", "check", str(good), "--json"])
    said = json.loads(report.output)
    assert (report.exit_code, said["ok"], said["total"], said["kinds"]) == (
        0,
        True,
        "100.00",
        {"measurement": "80.75", "judgement": "19.25"},
    )
    assert (said["counts"]["criteria"], said["counts"]["sub_criteria"], said["counts"]["aspects"]) == (6, 31, 192)
    assert said["criteria"] == {"A": "16.50", "B": "23.00", "C": "16.75", "D": "22.00", "E": "16.75", "F": "5.00"}
    wrong = runner.invoke(args=["schemes", "check", str(bad), "--json"])
    assert (wrong.exit_code, next(each["code"] for each in json.loads(wrong.output)["errors"])) == (
        1,
        "criterion_mark_missing",
    )
    assert runner.invoke(args=["schemes", "check", str(bad)]).exit_code == 1
    refused = runner.invoke(args=["schemes", "check", str(none), "--json"])
    assert (refused.exit_code, json.loads(refused.output)["errors"][0]["code"]) == (1, "spreadsheet_wrong_type")
