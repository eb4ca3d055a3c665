"""An organizer imports a marking scheme, mends its errors, compares versions and edits an aspect; both languages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from accounts.access.roles import Role
from competitions.schemes.chinese_template import written_scheme
from competitions.schemes.welding_example import welding_scheme
from demo.schemes import website_workbook, welding_workbook
from foundation.permission import Scope, ScopeKind
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event
from tests.journeys.test_set_up import PICTURES, serious


def workbook_with_errors() -> bytes:
    """A scheme of 99.75 with a descriptor missing and a day out of reach."""
    draft = welding_scheme()
    first, *rest = draft.criteria
    sub, second, third = first.sub_criteria
    aspects = (replace(sub.aspects[0], max_mark=Fraction("3.75")), *sub.aspects[1:])
    judged = replace(third.aspects[0], descriptors=("无", "", "较好", "优秀"))
    subs = (replace(sub, aspects=aspects, day=40), second, replace(third, aspects=(judged, *third.aspects[1:])))
    return written_scheme(replace(draft, criteria=(replace(first, sub_criteria=subs), *rest)))


@pytest.mark.browser
def test_a_marking_scheme_from_errors_to_the_second_version(server: str, chromium: Any, tmp_path: Path) -> None:
    files = {"wrong": workbook_with_errors(), "right": welding_workbook(), "website": website_workbook()}
    paths = {}
    for name, data in files.items():
        paths[name] = tmp_path / f"{name}.xlsx"
        paths[name].write_bytes(data)
    event = make_event(make_competition())
    person = make_person("周敏")
    make_account(person, "zhoumin")
    make_grant(person, Role.ORGANIZER, Scope(ScopeKind.REGION, "32"))
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    PICTURES.mkdir(exist_ok=True)

    def look(name: str, *, both: bool = True) -> None:
        for language in ("zh", "en") if both else ("zh",):
            if both:
                page.goto(f"{page.url.split('?')[0].split('#')[0]}?lang={language}")
            page.screenshot(path=PICTURES / f"scheme-{name}-{language}.png", full_page=True)
            assert serious(page) == [], (name, language)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, language)
        if both:
            page.goto(f"{page.url.split('?')[0]}?lang=zh")

    address = f"{server}/events/{event}/scheme"
    page.goto(address)
    page.get_by_label("用户名或手机号").fill("zhoumin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_text("尚无评分标准").wait_for()
    look("empty")

    page.get_by_label("工作簿（.xlsx）").set_input_files(paths["wrong"])
    page.get_by_role("button", name="校验并导入").click()
    page.get_by_role("heading", name="工作簿中的错误").wait_for()
    table = page.get_by_role("table").inner_text()
    assert (
        "评分标准合计 99.75 分，应正好为 100.00 分，还差 0.25 分。请检查与标明分值不一致的评分项" in table
        or "99.75" in table
    )
    assert "第 40 天" in table
    look("errors", both=False)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="下载标注问题的工作簿").click()
    assert downloading.value.suggested_filename == "wrong-问题标注.xlsx"
    page.get_by_role("button", name="English").click()
    page.goto(address)
    page.get_by_label("Workbook (.xlsx)").set_input_files(paths["wrong"])
    page.get_by_role("button", name="Check and import").click()
    page.get_by_role("heading", name="Errors in the workbook").wait_for()
    page.screenshot(path=PICTURES / "scheme-errors-en.png", full_page=True)
    assert serious(page) == []

    page.get_by_label("Workbook (.xlsx)").set_input_files(paths["right"])
    page.get_by_role("button", name="Check again").click()
    page.get_by_text("The marking scheme was imported and is in force.").wait_for()
    look("viewer")
    page.goto(f"{address}?lang=zh")
    page.get_by_label("工作簿（.xlsx）").set_input_files(paths["website"])
    page.get_by_role("button", name="校验并比对").click() if page.get_by_role(
        "button", name="校验并比对"
    ).count() else page.get_by_role("button", name="Check and compare").click()
    page.get_by_role("button", name="Replace version 1").or_(page.get_by_role("button", name="替换第 1 版")).wait_for()
    look("proposal", both=False)
    page.get_by_role("button", name="Replace version 1").or_(page.get_by_role("button", name="替换第 1 版")).click()
    page.wait_for_url(address)
    look("website")
    page.goto(f"{address}?lang=zh")
    page.get_by_role("link", name="编辑 A1.1", exact=True).click()
    page.get_by_role("heading", name="A1.1").wait_for()
    page.goto(f"{page.url}?lang=zh")
    assert page.get_by_label("计数总数").count() == 1
    assert page.get_by_label("计数总数").is_hidden()
    page.get_by_label("评分方法").select_option("count")
    assert page.get_by_label("计数总数").is_visible()
    look("aspect")
    assert [line for line in console if "422" not in line] == []
    page.close()
