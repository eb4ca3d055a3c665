"""Three judges mark a work on their tablets, discuss a spread, sign; the chief judge confirms. No network in between, too."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from accounts.people.models import Person
from competitions.codes.models import WorkEntry
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks as queries
from competitions.schemes.models import Aspect
from foundation.clock import now
from foundation.db import db, transaction
from tests.factories.accounts import make_session
from tests.factories.marking import Hall, make_hall
from tests.factories.rows import make_entry
from tests.journeys.test_set_up import PICTURES, serious

TABLET = {"width": 820, "height": 1180}


def open_as(chromium: Any, app: Flask, server: str, person: Any, size: dict[str, int]) -> Any:
    """A browser of its own for a person who is signed in."""
    client = app.test_client()
    token = make_session(person)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    name = app.config["SESSION_COOKIE_NAME"]
    kept = next(cookie for key, cookie in client._cookies.items() if key[2] == name)
    context = chromium.new_context(viewport=size, locale="zh-CN")
    context.add_cookies([{"name": name, "value": kept.value, "url": server}])
    page = context.new_page()
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.errors = []
    return page


def named(hall: Hall) -> None:
    """Names, guidance and a candidate behind the work, so that a leak would show."""
    with transaction() as writing:
        for actor, name in zip(hall.judges, ("王强", "李芳", "赵明"), strict=True):
            writing.get_one(Person, actor.person).name_zh = name
        aspect = writing.get_one(Aspect, hall.aspects["A1-2"])
        aspect.name_zh, aspect.descriptors = "焊缝外观成形的均匀与美观程度", [
            "焊缝有明显缺陷，成形不良", "成形基本均匀，个别处宽窄不齐", "成形均匀，过渡平滑", "成形美观一致，达到示范水平",
        ]  # fmt: skip
        writing.get_one(Aspect, hall.aspects["A1-1"]).name_zh = "焊缝余高符合图样要求（0～3 mm）"
        writing.get_one(Aspect, hall.aspects["A1-1"]).guidance = "用焊缝检验尺测量三处，均在 0～3 mm 内为符合。"
        writing.get_one(Aspect, hall.aspects["B1-1"]).name_zh = "安全文明生产与工艺过程"
    entry = make_entry(hall.event_id, name="选手张三丰")
    with transaction() as writing:
        writing.add(WorkEntry(work_id=hall.works[0], entry_id=entry))


def saved(page: Any) -> None:
    page.locator("#light[data-state=saved]").wait_for()


def draw_signature(page: Any) -> None:
    """A name written across the field with the pointer."""
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 150)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 22, box["y"] + (60 if step % 2 else 160))
    page.mouse.up()


@pytest.mark.browser
def test_three_judges_mark_discuss_and_sign(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=2)
    named(hall)
    sheet = f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}"
    pages = [open_as(chromium, app, server, judge.person, TABLET) for judge in hall.judges]
    judgement = f"#a-{hall.aspects['A1-2']}"
    for page, level in zip(pages, (0, 2, 2), strict=True):
        page.goto(sheet)
        page.locator(f"{judgement} .level").nth(level).click()
        if level == 0:  # the rules want a reason: one tap on a chip
            page.locator("#note-owed").wait_for()
            page.locator("#note .chip", has_text="有明显缺陷").click()
            page.screenshot(path=PICTURES / "judge-reason-zh.png")
            page.locator("#note [value=ok]").click()
        saved(page)
        assert page.locator(f"{judgement} [data-line]").inner_text().startswith("已存服务器")
    pages[0].get_by_role("button", name="符合", exact=True).click()
    saved(pages[0])
    pages[0].locator(".outcome.discuss").wait_for()  # all are in: the spread shows
    pages[0].screenshot(path=PICTURES / "judge-discuss-zh.png")
    pages[0].keyboard.press("ArrowDown")
    pages[0].keyboard.press("1")
    assert (
        "请写明给分理由" in pages[0].locator(f"{judgement} [data-line]").inner_text()
        or pages[0].locator("#note-owed").is_visible()
    )
    pages[0].locator("#note .chip", has_text="评议后修改").click()
    pages[0].locator("#note [value=ok]").click()
    saved(pages[0])
    pages[0].locator(".outcome.discuss").wait_for(state="detached")
    db.session.rollback()
    marks = queries.revisions_at(hall.works[0], hall.aspects["A1-2"])
    assert [mark.value for mark in marks] == ["0", "2", "2", "1"]
    assert [mark.device_sequence for mark in marks if mark.judge_id == hall.judges[0].person] == [1, 4]

    # The network goes: the mark is kept on the tablet and says so, and it arrives when the network is back.
    pages[1].context.set_offline(True)
    pages[1].locator(f"{judgement} .level").nth(1).click()
    pages[1].locator("#note [data-close]").click()  # why it was changed can be written later
    pages[1].locator("#light[data-state=local]").wait_for()
    assert "已存本机" in pages[1].locator("#light").inner_text()
    pages[1].screenshot(path=PICTURES / "judge-unsaved-zh.png")
    pages[1].context.set_offline(False)  # the tablet tries again by itself
    saved(pages[1])
    pages[1].locator("#undo").click()
    saved(pages[1])
    assert pages[1].locator(f"{judgement} .level[aria-pressed=true] b").inner_text() == "2"

    # The number pad refuses what is too high before it is sent.
    pages[2].goto(sheet.replace(str(hall.subs["A1"]), str(hall.subs["B1"])))
    pages[2].locator("[data-pad]").click()
    for digit in "31":
        pages[2].locator(f"#pad [data-key='{digit}']").click()
    pages[2].locator("#pad [value=ok]").click()
    assert "30" in pages[2].locator("#pad-wrong").inner_text()
    pages[2].screenshot(path=PICTURES / "judge-pad-zh.png")
    pages[2].locator("#pad-value").fill("25.5")
    pages[2].keyboard.press("Enter")
    saved(pages[2])
    assert pages[2].locator("[data-pad] output").inner_text() == "25.5"

    for seat in range(3):  # the rest through the same ledger
        rest = hall.whole(seat, 1)
        if seat < 2:
            rest.append(hall.mark(seat, "B1-1", "24", 0))
        assert {a.status for a in receive_marks(rest, actor=hall.judges[seat], at=now())} == {"received"}
    pages[0].goto(f"{server}/marking/panels/{hall.panel_id}")
    pages[0].screenshot(path=PICTURES / "judge-panel-zh.png")
    pages[0].get_by_role("button", name="生成签字单").click()
    listed = pages[0].url
    for number, page in enumerate(pages):
        page.goto(listed)
        draw_signature(page)
        page.get_by_role("button", name="身份签字").click()
        page.locator("img.hand").nth(number).wait_for()
    pages[0].screenshot(path=PICTURES / "judge-list-zh.png")

    chief = open_as(chromium, app, server, hall.chief.person, {"width": 1440, "height": 900})
    chief.goto(f"{server}/events/{hall.event_id}/marking")
    chief.screenshot(path=PICTURES / "chief-marking-zh.png")
    chief.get_by_role("button", name="确认", exact=True).click()
    chief.get_by_text("本赛项评分表全部确认完毕").wait_for()
    db.session.rollback()
    assert queries.open_work(hall.event_id)["confirmed"] == 4

    for page, addresses in ((pages[1], (sheet, f"{server}/marking", f"{server}/marking/panels/{hall.panel_id}", listed)),
                            (chief, (f"{server}/events/{hall.event_id}/marking", listed))):  # fmt: skip
        for language in ("zh", "en"):
            for number, address in enumerate(addresses):
                for size in (page.viewport_size, {"width": 390, "height": 844}):
                    page.set_viewport_size(size)
                    page.goto(f"{address}?lang={language}")
                    assert serious(page) == [], (address, language, size)
                    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (address, size)
                    assert "张三丰" not in page.content()
                    page.screenshot(path=PICTURES / f"marking-{number}-{language}-{size['width']}.png")
                page.set_viewport_size(TABLET if page is not chief else {"width": 1440, "height": 900})
    assert [page.errors for page in (*pages, chief)] == [[]] * 4
