"""Policy, trial, award list and notice in a real browser, both languages, axe silent."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from certification.promotion import actions
from foundation.clock import now
from tests.certification.publishing import NOTICE, Desk, results
from tests.factories.accounts import PASSWORD, make_account, make_person
from tests.journeys.test_set_up import PICTURES, serious


@pytest.mark.browser
def test_policy_trial_list_and_notice(app: Flask, server: str, chromium: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch)
    people = [make_person(name) for name in ("林晓禾", "陈志远", "王建国", "李娜", "赵敏")]
    one = desk.publish(results(people, ranks=(1, 4, 5, 12, 21), theory={2: "58"}))
    made = actions.propose(one.publication_id, desk.policy, desk.issuer, actor=desk.officer, at=now())
    public = desk.proposed(people, ranks=(1, 4, 5, 12, 21))
    actions.check_list(public, actor=desk.officer, at=now())
    actions.post_notice(public, NOTICE, actor=desk.officer, at=now())
    assert desk.officer.person is not None
    make_account(desk.officer.person, "hepingjia")
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.goto(f"{server}/award-lists")
    page.get_by_label("用户名或手机号").fill("hepingjia")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="核发名单").wait_for()
    PICTURES.mkdir(exist_ok=True)
    addresses = {
        "policy": f"/award-policies/{desk.policy}", "what-if": f"/award-policies/{desk.policy}/what-if?publication={one.publication_id}",
        "list": f"/award-lists/{made}", "notice": f"/award-lists/{public}/notice", "issuer": f"/evaluation-organizations/{desk.issuer}",
    }  # fmt: skip
    for name, address in addresses.items():
        for language in ("zh", "en"):
            page.goto(f"{server}{address}{'&' if '?' in address else '?'}lang={language}")
            page.screenshot(path=PICTURES / f"promotion-{name}-{language}.png", full_page=True)
            assert serious(page) == [], (name, language)
    page.close()
