"""Inviting judges, panels, card and PIN in the hall, and unblinding by two people, in a real browser and both languages."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from accounts.access.roles import Role
from competitions.codes import actions as codes
from competitions.judges import actions, queries
from competitions.judges.actions import JudgeFacts
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event, make_scheme
from tests.journeys.test_set_up import PICTURES, SIZES, serious


def sign_in(page: Any, server: str, name: str) -> None:
    page.goto(f"{server}/sign-in")
    page.get_by_label("用户名或手机号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def looked_at(page: Any, name: str, *, sizes: tuple[str, ...], address: str = "") -> None:
    """Pictures and axe at the given sizes in both languages; ends in Chinese."""
    PICTURES.mkdir(exist_ok=True)
    where = address or page.url.split("?")[0]
    for language in ("en", "zh"):
        page.goto(f"{where}{'&' if '?' in where else '?'}lang={language}")
        for size in sizes:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=PICTURES / f"judges-{name}-{language}-{size}.png")
            assert serious(page) == [], (name, language, size)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, language, size)


@pytest.mark.browser
def test_judges_are_invited_seated_and_enter_the_hall(server: str, chromium: Any, at: datetime) -> None:
    competition = make_competition()
    event = make_event(competition)
    make_scheme(event)
    make_entry(event, name="刘焊工")
    person = make_person("周敏")
    make_account(person, "zhoumin")
    make_grant(person, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    for name, role in (
        ("陈总", "chief_judge"),
        ("王强", "judge"),
        ("赵云", "judge"),
        ("钱密", "blinding_judge"),
        ("孙督", "supervisor"),
    ):
        actions.issue_card(
            actions.invite_judge(event, JudgeFacts(name, unit_name="江州技师学院"), role, actor=MACHINE, at=at),
            "482913", actor=MACHINE, at=at,
        )  # fmt: skip

    office = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    office.on("dialog", lambda dialog: dialog.accept())
    console: list[str] = []
    office.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    sign_in(office, server, "zhoumin")
    office.goto(f"{server}/events/{event}/judges")
    office.get_by_role("link", name="邀请裁判").click()
    office.get_by_label("姓名").fill("李芳")
    office.get_by_label("工作单位").fill("江州重工")
    office.get_by_role("button", name="生成邀请").click()
    link = office.get_by_label("邀请链接", exact=True).input_value()
    assert serious(office) == []
    office.screenshot(path=PICTURES / "judges-link-zh-desktop.png")

    tablet = chromium.new_context(viewport={"width": 820, "height": 1180}, locale="zh-CN").new_page()
    tablet.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    tablet.goto(link)
    looked_at(tablet, "invitation", sizes=("tablet", "phone"))
    tablet.set_viewport_size({"width": 820, "height": 1180})
    tablet.get_by_label("用户名").fill("lifang")
    tablet.get_by_label("密码", exact=True).fill(PASSWORD)
    tablet.get_by_label("再次输入密码").fill(PASSWORD)
    tablet.get_by_role("button", name="接受聘任").click()
    tablet.wait_for_url("**/judge")
    assert console == []

    office.goto(f"{server}/events/{event}/panels/new")
    office.get_by_label("评分组名称").fill("甲组")
    for seat, name in (("席位 A1", "李芳"), ("席位 A2", "王强"), ("席位 A3", "赵云")):
        office.get_by_label(seat).select_option(str(duty_of(event, name)))
    office.get_by_label(re.compile("^A1")).last.check()
    looked_at_typed = serious(office)
    office.screenshot(path=PICTURES / "judges-panel-form-zh-desktop.png", full_page=True)
    office.get_by_role("button", name="保存").click()
    office.get_by_text("评分组已设立").wait_for()
    assert looked_at_typed == []
    for path in ("judges", "panels", "panels/new", "codes"):
        looked_at(
            office,
            path.replace("/", "-"),
            sizes=("desktop", "tablet", "phone"),
            address=f"{server}/events/{event}/{path}",
        )
    looked_at(office, "overview", sizes=("desktop", "phone"), address=f"{server}/competitions/{competition}/judges")
    looked_at(office, "duty", sizes=("desktop", "phone"), address=f"{server}/duties/{duty_of(event, '李芳')}")
    looked_at(office, "invite", sizes=("desktop", "phone"), address=f"{server}/events/{event}/judges/new")

    code = actions.issue_card(duty_of(event, "李芳"), "203948", actor=MACHINE, at=at)
    hall = chromium.new_context(viewport={"width": 820, "height": 1180}, locale="zh-CN").new_page()
    hall.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    looked_at(hall, "card", sizes=("tablet",), address=f"{server}/judge?card={code}")
    for digit in "2039481":
        hall.get_by_role("button", name=digit, exact=True).click()
    hall.get_by_role("button", name="删除末位").click()
    hall.get_by_role("button", name="登录").click()
    hall.get_by_text("本平板已与赛项绑定").wait_for()
    looked_at(hall, "hall", sizes=("tablet",))
    kept = """async () => { const store = await import("/static/js/marking/store.js"); return (await store.identities()).map((one) => one.event); }"""
    assert hall.evaluate(kept) == [str(event)]
    assert "刘焊工" not in hall.content()
    hall.get_by_role("button", name="更换裁判").click()
    hall.get_by_role("heading", name="裁判登录").wait_for()
    assert console == []
    for page in (office, tablet, hall):
        page.context.close()


def duty_of(event: Any, name: str) -> Any:
    return next(row.id for row in queries.duties(event) if row.person.name_zh == name)


@pytest.mark.browser
def test_two_people_unblind(server: str, chromium: Any, at: datetime) -> None:
    event = make_event(make_competition())
    for _ in range(5):
        make_entry(event)
    for name, login, role in (("钱密", "qianmi", Role.BLINDING_JUDGE), ("孙督", "sundu", Role.SUPERVISOR)):
        person = make_person(name)
        make_account(person, login)
        make_grant(person, role, Scope(ScopeKind.EVENT, str(event)))
    pages = {}
    for login in ("qianmi", "sundu"):
        page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, server, login)
        page.goto(f"{server}/events/{event}/codes")
        pages[login] = page
    blinding, supervisor = pages["qianmi"], pages["sundu"]
    blinding.get_by_role("button", name="生成作品号").click()
    blinding.get_by_text("已为 5 件作品生成作品号").wait_for()
    looked_at(blinding, "sealed", sizes=("desktop", "phone"))
    blinding.set_viewport_size({"width": 1440, "height": 900})
    blinding.get_by_role("button", name="查阅加密记录").click()
    blinding.get_by_role("heading", name="加密记录").wait_for()
    assert serious(blinding) == []
    blinding.screenshot(path=PICTURES / "judges-mapping-zh-desktop.png")
    codes.release_codes(event, actor=MACHINE, at=at)
    blinding.goto(f"{server}/events/{event}/codes")
    blinding.get_by_role("button", name="申请解密").click()
    blinding.get_by_text("待监督员办理").wait_for()
    looked_at(supervisor, "asked", sizes=("desktop", "phone"))
    supervisor.get_by_role("button", name="同意并解密").click()
    supervisor.get_by_text("已解密：钱密申请，孙督同意").wait_for()
    looked_at(supervisor, "unblinded", sizes=("desktop",))
    for page in pages.values():
        page.context.close()
