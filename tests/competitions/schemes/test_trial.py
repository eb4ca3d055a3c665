"""A method tried on a spreadsheet: by command and by page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.schemes.trial import EXAMPLE
from foundation.permission import Scope, ScopeKind
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event

OPTIONS = {"aggregate": "mean", "drop_high": 1, "drop_low": 1, "round_at": "end", "places": 2, "scale": 0.1}


def tried(app: Flask, path: Path, *more: str, method: str = "points", options: str = "{}") -> tuple[int, dict]:  # type: ignore[type-arg]
    asked = ["scoring", "try", "--method", method, "--options", options, str(path), "--json", *more]
    result = app.test_cli_runner().invoke(args=asked)
    return result.exit_code, json.loads(result.output)


@pytest.mark.parametrize("kind", ["csv", "gb18030", "xlsx"])
def test_a_spreadsheet_is_worked_out(app: Flask, tmp_path: Path, kind: str) -> None:
    rows = [["选手", "项目", "裁判1", "裁判2", "裁判3", "裁判4", "裁判5", "系数"], ["甲", "一", "88", "90", "90", "91", "97", "1"],
            ["乙", "一", "90", "90", "90", "90", "90", "2"], ["丙", "一", "90", "", "90", "90", "90", "1"]]  # fmt: skip
    path = tmp_path / f"marks.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        text = "\n".join(",".join(row) for row in rows)
        path.write_bytes(text.encode("utf-8-sig" if kind == "csv" else "gb18030"))
    code, found = tried(app, path, options=json.dumps(OPTIONS))
    assert (code, found["ok"]) == (0, True)
    assert [(one["entry"], one["total"], one["exact"], one["rank"]) for one in found["entries"]] == [
        ("甲", "9.03", "271/30", 2), ("乙", "18.00", "18/1", 1), ("丙", None, None, None)]  # fmt: skip
    first = found["items"][0]
    assert (first["kept"], first["dropped"], first["row"]) == (["90", "90", "91"], ["88", "97"], 2)
    assert found["entries"][2]["missing"] == 1
    assert all(one["why"] for one in [*found["items"], *found["entries"]])


@pytest.mark.parametrize(
    ("text", "row", "column", "code"),
    [
        ("entry,item,J1\nA,1,x\n", 2, "J1", "mark_not_a_number"),
        ("entry,item,J1\nA,1,-1\n", 2, "J1", "mark_negative"),
        ("entry,item,J1\nA,1,8\nA,1,9\n", 3, "item", "trial_twice"),
        ("entry,item,J1,factor\nA,1,8,\n", 2, "factor", "trial_factor_wrong"),
        ("entry,item,J1\n,1,8\n", 2, "entry", "trial_cell_empty"),
        ("entry,J1\nA,8\n", 1, "item", "trial_head_missing"),
        ("entry,item,J1,J1\nA,1,8,9\n", 1, "J1", "trial_head_twice"),
        ("entry,item,J1\nA,1,8,9\n", 2, "4", "trial_cell_without_head"),
        ("entry,item\nA,1\n", 1, "", "trial_no_judges"),
        ("entry,item,J1\n", 0, "", "trial_empty"),
        ("", 0, "", "trial_empty"),
    ],
)
def test_what_is_wrong_is_named_with_row_and_column(
    app: Flask, tmp_path: Path, text: str, row: int, column: str, code: str
) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(text, encoding="utf-8")
    status, found = tried(app, path)
    assert (status, found["ok"]) == (1, False)
    assert [(one["row"], one["column"], one["code"]) for one in found["errors"]] == [(row, column, code)]
    assert found["errors"][0]["message"]


@pytest.mark.parametrize(
    ("method", "options", "code"),
    [
        ("points", "[1]", "trial_options_unreadable"),
        ("points", "{", "trial_options_unreadable"),
        ("points", '{"drop": 1}', "trial_option_wrong"),
        ("none", "{}", "trial_method_unknown"),
    ],
)
def test_a_wrong_rule_is_refused(app: Flask, tmp_path: Path, method: str, options: str, code: str) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(EXAMPLE, encoding="utf-8")
    status, found = tried(app, path, method=method, options=options)
    assert (status, found["errors"][0]["code"]) == (1, code)


@pytest.fixture
def event_id(app: Flask) -> UUID:
    return make_event(make_competition())


def test_the_page_says_the_same(signed_in: Callable[..., FlaskClient], event_id: UUID) -> None:
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.EVENT, str(event_id)))
    address = f"/events/{event_id}/scheme/try"
    assert "试算评分方法" in client.get(address).get_data(as_text=True)
    sent = {
        "method": "points",
        "drop_high": "1",
        "drop_low": "1",
        "aggregate": "sum",
        "file": (io.BytesIO(EXAMPLE.encode()), "m.csv"),
    }
    answer = client.post(address, data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "55.30" in page  # K42: 27 × 1.2 + … is missing; A17: 26.5 × 1.2 + 23.5
    wrong = {"method": "points", "file": (io.BytesIO(b"entry,item,J1\nA,1,x\n"), "m.csv")}
    answer = client.post(address, data=wrong)
    assert answer.status_code == 422
    assert "第 2 行" in answer.get_data(as_text=True)
    assert client.get(f"{address}/example.csv").data.decode("utf-8-sig") == EXAMPLE
