"""An organizer signs in and sets up a competition, at three sizes and in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.access.roles import Role
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person

SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844)}
PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"


def serious(page: Any) -> list[str]:
    """What axe finds that is serious or critical."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.browser
def test_an_organizer_sets_up_a_competition(server: str, chromium: Any) -> None:
    person = make_person("周敏")
    make_account(person, "zhoumin")
    make_grant(person, Role.ORGANIZER)
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.goto(f"{server}/competitions/new")
    assert page.url.startswith(f"{server}/sign-in")
    page.get_by_label("用户名或手机号").fill("zhoumin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_label("名称", exact=True).fill("江州省第三届职业技能大赛")
    page.get_by_label("英文名称").fill("The Third Jiangzhou Skills Contest")
    page.get_by_label("层级").select_option("provincial")
    page.get_by_label("行政区划代码").fill("320000")
    page.get_by_label("开始日期").fill("2026-11-20")
    page.get_by_label("结束日期").fill("2026-11-23")
    page.get_by_label("年度计划文号").fill("江人社函〔2026〕18号")
    page.get_by_label("牵头主办单位").fill("江州省人力资源和社会保障厅")
    page.get_by_role("button", name="建立").click()
    page.get_by_role("heading", name="江州省第三届职业技能大赛").wait_for()
    assert "下一步" in page.get_by_role("region", name="下一步").inner_text()
    board = page.url
    assert console == []

    PICTURES.mkdir(exist_ok=True)
    for language in ("zh", "en"):
        for address, name in ((board, "board"), (f"{server}/competitions", "list"), (f"{server}/competitions/new", "form"),
                              (f"{server}/account", "account"), (f"{server}/messages", "inbox"), (f"{server}/none", "error")):  # fmt: skip
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{address}?lang={language}")
                page.screenshot(path=PICTURES / f"ground-{name}-{language}-{size}.png")
                assert serious(page) == [], (name, language, size)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    name,
                    language,
                    size,
                )
    page.close()
