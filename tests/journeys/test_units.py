"""A unit's evening: forty people from a file with errors, slips and phones, photos, the grid empties, the sealed summary, two replaced.

Three claim on phones in the browser; the other ten of the third that claims do so by the same action. Everything else is done
through pages by the operator of the unit, whose account comes from a slip.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from accounts.access.roles import Role
from competitions.entries.actions import entering, quotas
from competitions.entries.models.entries import EntryMember
from competitions.entries.queries import delegations as queries
from competitions.entries.queries import entries, replacements
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from foundation.clock import now
from foundation.db import db, transaction
from foundation.permission import MACHINE
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import archive, identity_number, picture
from tests.factories.rosters import NAMES, line, number_of, workbook
from tests.factories.rows import make_event
from tests.journeys.test_entries import look

WRONG: dict[int, dict[str, str]] = {4: {"姓名": "张3"}, 9: {"手机号码": "123"}, 20: {"民族": "火星族"}}
SECRET = "guihuaxiang"


def opened(app_address: str, chromium: Any, login: str, password: str, width: int = 1440, height: int = 900) -> Any:
    """A signed-in page; a first password is changed on the way."""
    page = chromium.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{app_address}/sign-in")
    page.get_by_label("用户名或手机号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    return page


def set_up() -> tuple[UUID, UUID]:
    """A competition whose registration is open, with a quota, where units come themselves."""
    at, made = now(), make_competition(venue="江州会展中心")
    with transaction() as writing:
        writing.get_one(Competition, made).starts_on = (at + timedelta(days=40)).date()
        writing.get_one(Competition, made).registration_closes_at = at + timedelta(days=9, hours=3)
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    event = make_event(made, code="HJ")
    quotas.add_quota(made, {"per": "delegation", "each": "event", "most": 40, "counted": "people", "article": "三（二）"}, actor=MACHINE, at=at)  # fmt: skip
    quotas.set_waiting(made, full_division="refuse", waiting_offers="person", offer_hours=48, units_open=True, actor=MACHINE, at=at)  # fmt: skip
    for login, name, role in (("root", "韩冰", Role.PLATFORM_ADMINISTRATOR), ("zhoumin", "周敏", Role.ORGANIZER)):
        person = make_person(name)
        make_account(person, login)
        make_grant(person, role)
    return made, event


def the_unit_gets_its_operator(server: str, chromium: Any) -> str:
    """The administrator makes the body and prints the slip; answers the first password."""
    page = opened(server, chromium, "root", PASSWORD)
    page.goto(f"{server}/units")
    page.locator("#name").first.fill("江州重工")
    page.locator("#region_code").first.fill("320100")
    page.get_by_role("button", name="确认建立").click()
    page.locator("#name").fill("孙经办")
    page.locator("#user_name").fill("sunjb")
    page.locator("main form.sheet button.btn-primary").click()
    password: str = page.locator(".slip code").inner_text()
    page.locator(".slip-end a").click()
    page.wait_for_load_state()
    home = page.url
    look(page, home, "unit", (1440, 900))
    look(page, f"{server}/units", "units", (1440, 900))
    page.close()
    return password


def forty_come_from_a_file(page: Any, home: str, folder: Path) -> None:
    """The file with three errors comes back marked, is corrected, and all forty are entered."""
    sent = folder / "名单.xlsx"
    sent.write_bytes(workbook([line(serial, **WRONG.get(serial, {})) for serial in range(1, 41)]))
    page.goto(f"{home}/import?lang=zh")
    page.locator("#file").set_input_files(str(sent))
    page.get_by_role("button", name="上传并核对").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载标出错误的原表").click()
    back = folder / "错误.xlsx"
    coming.value.save_as(back)
    book = openpyxl.load_workbook(back)
    sheet = book.worksheets[0]
    assert [row[0].row for row in sheet.iter_rows(min_row=2) if row[-1].value] == [5, 10, 21]
    for number, column, value in ((5, 2, "张三"), (10, 6, "13800138000"), (21, 4, "汉族")):
        sheet.cell(number, column).value = value
    book.save(back)
    page.goto(f"{home}/import?lang=zh")
    page.locator("#file").set_input_files(str(back))
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="导入全部").click()
    page.get_by_text("人员已导入").wait_for()


def a_third_claims(server: str, chromium: Any, delegation: UUID) -> None:
    """Thirteen take their entries over: three on phones of 390 and 360 pixels."""
    db.session.rollback()
    people = [(one.member.id, one.member.person.name_zh) for one in queries.grid(delegation)][:13]
    for place, (member, name) in enumerate(people):
        db.session.rollback()
        number = db.session.get_one(EntryMember, member).person.documents[0].number.revealed()
        code = entering.issue_claim_code(member, actor=MACHINE, at=now())
        if place >= 3:
            entering.claim(
                name, "resident_identity_card", number, code, password=SECRET, user_name=f"c{place:03d}", at=now()
            )
            continue
        phone = chromium.new_page(viewport={"width": (390, 360, 360)[place], "height": 780}, locale="zh-CN")
        phone.goto(f"{server}/claim")
        for field, value in (("code", code), ("name", name), ("identity_number", number), ("user_name", f"c{place:03d}"), ("new_password", SECRET), ("again", SECRET)):  # fmt: skip
            phone.locator(f"#{field}").fill(value)
        phone.get_by_role("button", name="认领").click()
        phone.get_by_text("认领成功").wait_for()
        if place == 1:
            look(phone, f"{server}/my", "claimed-360", (360, 780))
            phone.locator(".entry-card a.btn").first.click()
            look(phone, phone.url.split("?")[0], "own-entry-360", (360, 780))
        phone.close()


def the_grid_empties(page: Any, home: str, delegation: UUID, folder: Path) -> None:
    """Forty photos in one archive by identity number; afterwards nobody lacks anything."""
    page.goto(f"{home}?lang=zh")
    assert page.locator(".lacks").count() == 40
    look(page, home, "unit-grid", (1440, 900))
    look(page, home, "unit-grid-phone", (390, 844))
    packed = folder / "照片.zip"
    packed.write_bytes(archive({f"{number_of(serial)}.jpg": picture() for serial in range(1, 41)}))
    page.goto(f"{home}/photos?lang=zh")
    page.locator("#file").set_input_files(str(packed))
    page.locator("main form.sheet button.btn-primary").click()
    page.get_by_role("button", name="将已匹配的照片入档").click()
    page.wait_for_load_state()
    db.session.rollback()
    assert [line.gaps for line in queries.grid(delegation) if line.gaps] == []
    page.goto(f"{home}?lang=zh")
    assert page.locator(".lacks").count() == 0


def the_sealed_summary_is_filed(page: Any, home: str, delegation: UUID, folder: Path) -> None:
    """Handed in once, printed with its code, the scan filed by that code."""
    page.locator("form[action$='/submit'] button").click()
    page.wait_for_load_state()
    printed = page.request.post(
        f"{home}/summary", form={"csrf_token": page.locator("[name=csrf_token]").first.input_value()}
    )
    assert printed.body().startswith(b"%PDF-")
    db.session.rollback()
    code = queries.summaries(delegation)[0].code
    scan = folder / "scan.pdf"
    scan.write_bytes(printed.body())
    page.goto(f"{home}?lang=zh")
    page.locator("#code").fill(code)
    page.locator("#scan").set_input_files(str(scan))
    page.get_by_role("button", name="归档盖章汇总表").click()
    page.get_by_text("盖章汇总表已归档").or_(page.get_by_text("已归档")).first.wait_for()


def two_are_replaced(server: str, chromium: Any, page: Any, event: UUID, folder: Path) -> None:
    """All accepted and numbered; two people leave on a statement, the entries keep numbers and passes and are reviewed again."""
    db.session.rollback()
    for row in entries.entries_of_event(event):
        entering.review_entry(row.id, "accept", actor=MACHINE, at=now())
    entering.issue_passes(event, actor=MACHINE, at=now())
    db.session.rollback()
    rows = entries.entries_of_event(event)[:2]
    before = {row.id: (row.number, row.pass_number) for row in rows}
    paper = folder / "换人说明.pdf"
    paper.write_bytes(b"%PDF-1.7 sealed statement")
    for key, name in zip(before, ("王小河", "李大川"), strict=True):
        page.goto(f"{server}/entries/{key}/members/1/replace?lang=zh")
        page.locator("#reason").fill("工伤住院，见盖章说明")
        page.locator("#statement").set_input_files(str(paper))
        page.locator("#m-name_zh").fill(name)
        page.locator("#m-identity_number").fill(identity_number())
        page.get_by_role("button", name="替换").click()
        page.get_by_text("已换人").wait_for()
    db.session.rollback()
    for key, kept in before.items():
        row = entries.entry(key)
        assert (row.number, row.pass_number, row.state) == (*kept, "submitted")
        assert [one.left.name_zh in {*NAMES, "张三"} for one in replacements.replacements_of(key)] == [True]
    first = next(iter(before))
    look(page, f"{server}/entries/{first}", "replaced", (1440, 900))
    look(page, f"{server}/entries/{first}/members/1/replace", "replace", (1440, 900))
    office = opened(server, chromium, "zhoumin", PASSWORD)
    office.goto(f"{server}/entries/{first}?lang=zh")
    office.get_by_text("标出需修改的项目").click()
    office.locator("[name=mark][value='1:phone']").check()
    office.locator("[name='remark.1:phone']").fill("空号，请核对")
    office.locator("button[value=return]").click()
    office.get_by_text("审核结果已保存").wait_for()
    look(page, f"{server}/entries/{first}/members/1", "marked", (1440, 900))
    assert "空号，请核对" in page.locator(".field-marked").inner_text()
    office.close()


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_a_units_evening(server: str, chromium: Any, tmp_path: Path) -> None:
    competition, event = set_up()
    password = the_unit_gets_its_operator(server, chromium)
    page = opened(server, chromium, "sunjb", password)
    for field, value in (("current_password", password), ("new_password", SECRET), ("again", SECRET)):
        box = page.locator(f"#{field}")
        if box.count():
            box.fill(value)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()
    page.goto(f"{server}/delegations?lang=zh")
    look(page, f"{server}/delegations", "my-delegations", (1440, 900))
    page.goto(f"{server}/delegations?lang=zh")
    page.get_by_role("button", name="本单位组队报名").click()
    page.wait_for_load_state()
    home = page.url.split("?")[0]
    delegation = UUID(home.rpartition("/")[2])
    forty_come_from_a_file(page, home, tmp_path)
    a_third_claims(server, chromium, delegation)
    the_grid_empties(page, home, delegation, tmp_path)
    the_sealed_summary_is_filed(page, home, delegation, tmp_path)
    two_are_replaced(server, chromium, page, event, tmp_path)
    assert [one.entries for one in queries.delegations_of(competition)] == [40]
    page.close()
