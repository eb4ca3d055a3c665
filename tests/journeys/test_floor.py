"""A floor judge times a station with gloves on, loses the network in between, and three people sign the record."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from accounts.access.roles import Role
from competitions.marking.actions.paper import print_sheets
from competitions.marking.queries import floor
from foundation.clock import now
from foundation.db import db
from foundation.permission import Scope, ScopeKind
from tests.factories.accounts import make_grant, make_person
from tests.factories.marking import make_hall
from tests.journeys.test_marking import draw_signature, open_as
from tests.journeys.test_set_up import PICTURES, serious

SIZES = ({"width": 768, "height": 1024}, {"width": 390, "height": 844})


@pytest.mark.browser
def test_the_floor_record_without_network_and_three_signatures(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall()
    scope = Scope(ScopeKind.EVENT, str(hall.event_id))
    person, clerk = make_person("现场裁判"), make_person("记分员")
    make_grant(person, Role.FLOOR_JUDGE, scope)
    make_grant(clerk, Role.TALLY_CLERK, scope)
    page = open_as(chromium, app, server, person, SIZES[0])
    page.goto(f"{server}/events/{hall.event_id}/floor")
    page.get_by_role("link", name="K7QD").click()
    page.get_by_role("button", name="开始计时").click()
    page.get_by_text("进行中").first.wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="暂停").click()
    page.get_by_text("尚未到达服务器").wait_for()
    db.session.rollback()
    assert [row.kind for row in floor.entries(hall.event_id)] == ["start"]
    page.context.set_offline(False)
    page.get_by_text("暂停中").first.wait_for()
    page.get_by_role("button", name="记录违规").click()
    page.locator("#floor-record li").nth(2).wait_for()
    for role in ("competitor", "floor_judge"):
        page.locator("#role").select_option(role)
        draw_signature(page)
        page.get_by_role("button", name="签署记录").click()
        page.locator("img.hand").nth(0 if role == "competitor" else 1).wait_for()
    station = page.url
    chief = open_as(chromium, app, server, hall.chief.person, SIZES[0])
    chief.goto(station)
    draw_signature(chief)
    chief.get_by_role("button", name="签署记录").click()
    chief.locator("img.hand").nth(2).wait_for()
    db.session.rollback()
    assert sorted(row.role for row in floor.signatures(hall.event_id)) == ["chief_judge", "competitor", "floor_judge"]

    paper = print_sheets(hall.panel_id, actor=hall.chief, at=now())[0]
    clerks = open_as(chromium, app, server, clerk, SIZES[0])
    addresses = (
        (page, station), (page, f"{server}/events/{hall.event_id}/floor"), (clerks, f"{server}/marking/paper/{paper.id}"),
        (clerks, f"{server}/events/{hall.event_id}/paper"), (chief, f"{server}/events/{hall.event_id}/corrections"),
    )  # fmt: skip
    for number, (who, address) in enumerate(addresses):
        for language in ("en", "zh"):
            for size in SIZES:
                who.set_viewport_size(size)
                who.goto(f"{address}?lang={language}")
                assert serious(who) == [], (address, language, size)
                assert who.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (address, size)
                who.screenshot(path=PICTURES / f"floor-{number}-{language}-{size['width']}.png", full_page=True)
    assert [one.errors for one in (page, chief, clerks)] == [[]] * 3
