"""A leaders' meeting from the notice to the minutes: two phones, an anonymous question, an answer for all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask

from accounts.access.roles import Role
from accounts.sign_in.models import Account
from competitions.entries.actions import delegations
from competitions.entries.queries.delegations import officers
from competitions.meetings import actions
from competitions.programme.actions import move_competition
from foundation.clock import now
from foundation.db import transaction
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition
from tests.journeys.test_marking import open_as
from tests.journeys.test_set_up import PICTURES, serious

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.browser
def test_leaders_meet_ask_and_confirm(app: Flask, server: str, chromium: Any) -> None:
    competition = make_competition(name_en="Jiangzhou Contest")
    move_competition(competition, "announce", actor=MACHINE, at=now())
    keys = [delegations.open_delegation(competition, name, actor=MACHINE, at=now()) for name in ("江州市", "临江市")]
    for number, key in enumerate(keys):
        _row, password = delegations.appoint_officer(
            key, "leader", "赵领队", user_name=f"lead{number}", actor=MACHINE, at=now()
        )
        assert password
    organizer = make_person("周敏")
    make_grant(organizer, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    page = open_as(chromium, app, server, organizer, DESK)
    page.goto(f"{server}/competitions/{competition}/meetings/new")
    page.get_by_label("开始时间").fill("2026-11-22T10:30")
    page.get_by_label("地点").fill("三楼会议厅")
    page.get_by_label("议程").fill("抽签\n安全须知")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="通知领队").click()
    page.get_by_text("2条会议通知已放入发件箱").wait_for()
    meeting = page.url.rpartition("/")[2]

    phones = []
    for key in keys:
        person = officers(key)[0].row.person_id
        phone = open_as(chromium, app, server, person, PHONE)
        phones.append(phone)
    own_password([officers(key)[0].row.person_id for key in keys])
    first, second = phones
    first.goto(f"{server}/meetings/{meeting}/here")  # the code on the wall
    first.get_by_role("button", name="我已到会").click()
    first.get_by_text("签到成功").wait_for()
    first.get_by_label("您的问题").fill("焊条自带吗？")
    first.get_by_label("对其他代表队隐去本队名称").check()
    first.get_by_role("button", name="提问").click()
    first.get_by_text("待答复").first.wait_for()
    assert second.goto(f"{server}/delegations/{keys[0]}/meetings").status == 404  # another's delegation
    page.goto(f"{server}/competitions/{competition}/meetings")
    page.screenshot(path=PICTURES / "meetings-zh.png")
    page.get_by_role("link", name="公开答复").click()
    page.get_by_label("答复", exact=True).fill("统一提供。")
    page.get_by_label("同时在公开页面公布").check()
    page.get_by_role("button", name="向全体代表队公布").click()
    page.get_by_text("尚未阅知").wait_for()
    second.goto(f"{server}/delegations/{keys[1]}/meetings")
    second.get_by_text("统一提供。").wait_for()
    assert "江州市" not in second.get_by_role("main").inner_text()
    second.get_by_role("button", name="已阅知").click()
    second.get_by_text("已确认阅知").wait_for()
    page.reload()
    assert "尚未阅知：江州市" in page.get_by_role("main").inner_text()
    public = chromium.new_page(viewport=PHONE, locale="zh-CN")
    public.goto(f"{server}/competitions/{competition}/clarifications")
    assert "统一提供。" in public.get_by_role("main").inner_text()
    assert "江州市" not in public.get_by_role("main").inner_text()
    actions.close_meeting(UUID(meeting), "工具统一提供。", actor=MACHINE, at=now() + timedelta(hours=1))
    paper = page.request.get(f"{server}/meetings/{meeting}/minutes.pdf").body()
    said = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(paper))
    assert all(word in said for word in ("领队会", "焊条自带吗", "统一提供", "赵领队"))
    addresses = (
        (page, f"/competitions/{competition}/meetings"), (page, f"/meetings/{meeting}"), (first, f"/delegations/{keys[0]}/meetings"),
        (public, f"/competitions/{competition}/clarifications"), (page, f"/competitions/{competition}/meetings/new"),
    )  # fmt: skip
    for number, (who, address) in enumerate(addresses):
        for language in ("en", "zh"):
            for size in (DESK, PHONE, {"width": 360, "height": 780}):
                who.set_viewport_size(size)
                who.goto(f"{server}{address}?lang={language}")
                who.screenshot(path=PICTURES / f"meeting-{number}-{language}-{size['width']}.png", full_page=True)
                assert serious(who) == [], (address, language, size)
                assert who.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    address,
                    language,
                    size,
                )
    assert page.errors == first.errors == second.errors == []


def own_password(people: list[Any]) -> None:
    """The leaders chose an own password before."""
    with transaction() as writing:
        for person in people:
            for account in writing.query(Account).filter_by(person_id=person):
                account.must_change = False
