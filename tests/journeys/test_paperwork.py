"""An organizer writes a notice's conditions, settles a name on a decision list and files photos from an archive; a candidate on a
phone states and proves what the rules ask. Every page is looked at in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.access.roles import Role
from competitions.entries.actions import entering, fields
from competitions.entries.queries import entries
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from competitions.rules.registration_fields import Field, Option
from foundation.clock import now
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import archive, member_facts, picture
from tests.factories.rows import make_event
from tests.journeys.test_entries import look

OFFICE, PHONE = (1440, 900), (360, 720)


def signed_in(chromium: Any, server: str, login: str, size: tuple[int, int], path: str) -> Any:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page.goto(f"{server}{path}")
    page.get_by_label("用户名或手机号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    return page


@pytest.mark.browser
def test_conditions_photos_and_statements(server: str, chromium: Any, tmp_path: Path) -> None:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=now())
    event = make_event(competition, code="HJ")
    division = event_row(event).divisions[0].id
    made = [
        entering.enter(event, division, [member_facts(name_zh=name)], actor=MACHINE, at=now())
        for name in ("林晓禾", "欧阳雨")
    ]
    sizes = (Option("s", "小号", "Small"), Option("m", "中号", "Medium"))
    fields.add_field(
        competition, Field("size", "choice", options=sizes), "服装尺码", label_en="Size", actor=MACHINE, at=now()
    )
    fields.add_field(competition, Field("policy", "file"), "保险单", label_en="Policy", actor=MACHINE, at=now())
    organizer = make_person("周敏")
    make_account(organizer, "zhoumin")
    make_grant(organizer, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))

    rules = f"/competitions/{competition}/eligibility"
    page = signed_in(chromium, server, "zhoumin", OFFICE, rules)
    page.locator("#kind-3").select_option("local")
    page.get_by_role("button", name="添加条件", exact=True).click()
    page.get_by_label("在本地工作").check()
    page.get_by_label("满多少个月").fill("12")
    page.get_by_role("button", name="保存并生效").click()
    page.get_by_text("满多少个月").wait_for()
    page.get_by_text("录入决定名单").click()
    page.get_by_label("授予的称号，或获奖的竞赛").fill("全国技术能手")
    page.get_by_label("或每行一人").fill("欧阳雨，江州船厂")
    page.get_by_role("button", name="录入名单").click()
    page.get_by_label("核定依据").fill("单位不同，已核对证件")
    look(page, f"{server}{rules}", "eligibility", OFFICE)
    look(page, f"{server}{rules}/rule?at=3", "eligibility-rule", OFFICE)
    page.goto(f"{server}{rules}?lang=zh")
    page.get_by_label("核定依据").fill("单位不同，已核对证件")
    page.get_by_role("button", name="不是同一人").click()
    page.get_by_text("没有待核定的同名人员").wait_for()

    sent = tmp_path / "照片.zip"
    sent.write_bytes(archive({"林晓禾-江州重工.jpg": picture(), "IMG_2.jpg": picture(), "说明.txt": b"x"}))
    photos = f"/competitions/{competition}/photos"
    look(page, f"{server}{photos}", "photos", OFFICE)
    page.goto(f"{server}{photos}?lang=zh")
    page.locator("#file").set_input_files(str(sent))
    page.get_by_role("button", name="上传并匹配").click()
    page.get_by_label("照片 IMG_2.jpg 是谁的？").select_option(index=1)
    page.get_by_role("button", name="指定").click()
    look(page, page.url.split("?")[0], "photo-batch", OFFICE)
    page.goto(page.url.split("?")[0] + "?lang=zh")
    page.get_by_role("button", name="将已匹配的照片入档").click()
    page.get_by_text("已入档").first.wait_for()
    assert [entries.entry(key).members[0].person.photo_id is not None for key in made] == [True, True]
    for path, name in (
        (f"/competitions/{competition}/lists", "output-lists"),
        (f"/competitions/{competition}/fields", "registration-fields"),
        (f"/competitions/{competition}/delegations", "delegations"),
        (f"/entries/{made[0]}/members/1/statements", "statements"),
        (f"/entries/{made[0]}", "entry"),
    ):
        look(page, f"{server}{path}", name, OFFICE)
    page.close()

    make_account(entries.entry(made[0]).members[0].person_id, "linxiaohe")
    phone = signed_in(chromium, server, "linxiaohe", PHONE, f"/my/entries/{made[0]}/statements")
    phone.get_by_label("在本地工作起始日").fill("2020-01-01")
    paper = tmp_path / "社保.jpg"
    paper.write_bytes(picture())
    phone.locator("#f-work_since").set_input_files(str(paper))
    look(phone, f"{server}/my/entries/{made[0]}/statements", "my-statements", PHONE)
    phone.goto(f"{server}/my/entries/{made[0]}/statements?lang=zh")
    phone.get_by_label("在本地工作起始日").fill("2020-01-01")
    phone.locator("#f-work_since").set_input_files(str(paper))
    phone.get_by_role("main").get_by_role("button", name="保存").click()
    phone.get_by_text("报名资格已重新审查").wait_for()
    assert [row.code for row in entries.entry(made[0]).verdicts if row.rule == "local"] == ["eligibility:local_fits"]
    phone.close()
