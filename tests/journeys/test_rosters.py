"""A leader imports forty people with errors, gets the same file back, corrects it, and hands the good ones to the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accounts.access.roles import Role
from competitions.entries import noting
from competitions.entries.queries import entries as queries
from competitions.programme.actions import move_competition
from foundation.clock import now
from foundation.db import transaction
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rosters import line, workbook
from tests.factories.rows import make_event
from tests.journeys.test_entries import look


@pytest.mark.browser
def test_forty_people_from_a_file_with_errors(server: str, chromium: Any, tmp_path: Path) -> None:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=now())
    event = make_event(competition, code="HJ")
    with transaction() as writing:
        delegation = noting.delegation_of(writing, competition, "江州重工", actor=MACHINE, at=now())
    leader = make_person("梁栋")
    make_account(leader, "liangdong")
    make_grant(leader, Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(delegation)))
    wrong: dict[int, dict[str, str]] = {4: {"姓名": "张3"}, 9: {"手机号码": "123"}, 20: {"民族": "火星族"}}
    sent = tmp_path / "名单.xlsx"
    sent.write_bytes(workbook([line(serial, **wrong.get(serial, {})) for serial in range(1, 41)]))

    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.goto(f"{server}/delegations/{delegation}/import")
    page.get_by_label("用户名或手机号").fill("liangdong")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_label("表格文件").or_(page.locator("#file")).first.set_input_files(str(sent))
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_text("民族").first.wait_for()
    look(page, page.url.split("?")[0], "roster", (1440, 900))
    page.goto(page.url.split("?")[0] + "?lang=zh")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载标出错误的原表").click()
    back = tmp_path / "错误.xlsx"
    coming.value.save_as(back)
    book = openpyxl.load_workbook(back)
    sheet = book.worksheets[0]
    told = [row[0].row for row in sheet.iter_rows(min_row=2) if row[-1].value]
    assert told == [5, 10, 21]
    for number, column, value in ((5, 2, "张三"), (10, 6, "13800138000"), (21, 4, "汉族")):
        sheet.cell(number, column).value = value
    book.save(back)
    page.goto(f"{server}/delegations/{delegation}/import?lang=zh")
    look(page, f"{server}/delegations/{delegation}/import", "roster-send", (1440, 900))
    page.goto(f"{server}/delegations/{delegation}/import?lang=zh")
    page.locator("#file").set_input_files(str(back))
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="导入全部").click()
    page.get_by_text("人员已导入").wait_for()
    assert len(queries.entries_of_event(event)) == 40
    page.close()
