"""An organizer invites, reads what waits, corrects one text, prints slips, copies for the group; a candidate reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.access.roles import Role
from competitions.entries.actions import delegations
from competitions.entries.queries.entries import entry as entry_row
from competitions.outbox import queries
from competitions.programme.actions import move_competition
from foundation.clock import now
from foundation.db import db
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event
from tests.journeys.test_marking import open_as
from tests.journeys.test_set_up import PICTURES, serious

SIZES = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})


@pytest.mark.browser
def test_an_organizer_writes_reads_edits_and_sends(app: Flask, server: str, chromium: Any) -> None:
    competition = make_competition(
        starts_on=(now() + timedelta(days=9)).date(),
        ends_on=(now() + timedelta(days=9)).date(),
        name_en="Jiangzhou Contest",
    )
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=now())
    delegations.set_deadline(competition, now() + timedelta(days=2), actor=MACHINE, at=now())
    event = make_event(competition, code="HJ")
    keys = [make_entry(event, name=name, state="draft") for name in ("林晓禾", "王强", "李芳")]
    organizer, reader = make_person("周敏"), entry_row(keys[0]).members[0].person_id
    make_grant(organizer, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    make_account(reader)
    page = open_as(chromium, app, server, organizer, SIZES[0])
    page.goto(f"{server}/competitions/{competition}/outbox")
    page.get_by_text("还没有消息").wait_for()
    page.goto(f"{server}/competitions/{competition}/outbox/new?kind=deadline")  # where the board's card leads
    page.get_by_role("button", name="放入发件箱").click()
    page.get_by_text("3条消息已放入发件箱").wait_for()
    first = page.locator("tr").filter(has_text="王强")
    first.get_by_role("link", name="修改").click()
    page.get_by_label("消息内容").fill("王强：请今晚提交。")
    page.get_by_role("button", name="保存").click()
    page.locator("tr").filter(has_text="请今晚提交").get_by_text("已修改").wait_for()
    page.screenshot(path=PICTURES / "outbox-zh.png")
    page.get_by_label("选择发给李芳的消息").check()
    with page.expect_response("**/outbox") as answered:
        page.get_by_role("button", name="打印通知条").click()
    assert answered.value.headers["content-type"] == "application/pdf"
    page.goto(f"{server}/competitions/{competition}/outbox")
    page.get_by_label("选择发给王强的消息").check()
    page.get_by_role("button", name="群通知文字").click()
    assert "请今晚提交" in page.locator("#group-text").input_value()
    assert serious(page) == []
    page.get_by_role("link", name="返回发件箱").click()
    page.get_by_label("全部1条待发送").check()
    page.get_by_role("button", name="发送", exact=True).click()
    page.get_by_text("已发送1条消息").wait_for()
    phone = open_as(chromium, app, server, reader, {"width": 360, "height": 780})
    phone.goto(f"{server}/messages")
    phone.get_by_text("尚未提交").wait_for()
    phone.screenshot(path=PICTURES / "inbox-360-zh.png")
    phone.get_by_role("button", name="全部标为已读").click()
    page.reload()
    page.locator("tr").filter(has_text="林晓禾").get_by_text("已读").wait_for()
    db.session.rollback()
    assert queries.counts(competition) == {"held": 0, "sent": 3, "dropped": 0, "read": 1, "failed": 0}
    for address in ("outbox", "outbox/new"):
        for language in ("en", "zh"):
            for size in SIZES:
                page.set_viewport_size(size)
                page.goto(f"{server}/competitions/{competition}/{address}?lang={language}")
                assert serious(page) == [], (address, language, size)
                page.screenshot(
                    path=PICTURES / f"{address.replace('/', '-')}-{language}-{size['width']}.png", full_page=True
                )
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    address,
                    language,
                    size,
                )
    assert page.errors == phone.errors == []
