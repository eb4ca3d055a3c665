"""An organizer adds an event, changes the rules, appoints staff and announces; the public reads it. Two sizes, both languages."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.access.roles import Role
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.journeys.test_set_up import PICTURES, serious

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.mark.browser
def test_an_organizer_sets_up_events_rules_and_staff(server: str, chromium: Any) -> None:
    person = make_person("周敏")
    make_account(person, "zhoumin")
    make_grant(person, Role.ORGANIZER)
    competition = make_competition(
        name_en="The Third Jiangzhou Skills Contest",
        venue="江州会展中心",
        contact_name="组委会办公室",
        contact_phone="025-10000000",
    )
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.goto(f"{server}/competitions/{competition}")
    page.get_by_label("用户名或手机号").fill("zhoumin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()

    page.get_by_role("link", name="添加赛项").click()
    page.get_by_label("职业", exact=True).fill("hangong")
    page.get_by_label("赛项名称").fill("焊接")
    page.get_by_label("学生组", exact=True).check()
    page.get_by_label("理论知识权重").fill("20")
    page.get_by_label("操作技能权重").focus()
    assert page.get_by_label("操作技能权重").input_value() == "80"
    page.get_by_role("button", name="添加赛项").click()
    page.get_by_role("heading", name="焊接").wait_for()
    event = page.url
    assert "6-18-02-04 焊工" in page.get_by_role("main").inner_text()

    page.goto(f"{server}/competitions/{competition}/rules")
    page.get_by_role("link", name="修改规则").click()
    page.get_by_label("通知文号").fill("江人社函〔2026〕18号")
    page.get_by_label("成绩公示期（工作日）").fill("7")
    page.get_by_role("button", name="保存并生效").click()
    page.get_by_text("第 2 版", exact=True).wait_for()
    assert "成绩公示期 5 个工作日 → 7 个工作日" in page.get_by_role("main").inner_text()

    page.goto(f"{server}/competitions/{competition}/staff")
    page.get_by_label("角色", exact=True).select_option("supervisor")
    page.get_by_label("用户名").fill("wangdu")
    page.get_by_label("姓名", exact=False).fill("王督")
    page.get_by_role("button", name="授予角色").click()
    page.get_by_role("heading", name="账号单").wait_for()
    assert serious(page) == []
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / "programme-slip-zh-desktop.png")

    page.goto(f"{server}/competitions/{competition}")
    page.get_by_role("button", name="发布通知", exact=True).click()
    page.get_by_role("link", name="公开页面").wait_for()
    assert console == []

    base = f"{server}/competitions/{competition}"
    pages = {
        "board": base, "event": event, "event-form": f"{base}/events/new", "rules": f"{base}/rules",
        "rules-form": f"{base}/rules/edit", "staff": f"{base}/staff", "front": f"{server}/",
        "public": f"{server}/public/competitions/{competition}",
    }  # fmt: skip
    for language in ("zh", "en"):
        for name, address in pages.items():
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{address}?lang={language}")
                page.screenshot(path=PICTURES / f"programme-{name}-{language}-{size}.png", full_page=True)
                assert serious(page) == [], (name, language, size)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    name,
                    language,
                    size,
                )
    page.close()
