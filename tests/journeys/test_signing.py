"""Three judges sign 31 works × 12 sub-criteria with three signatures, one of them while the network is away."""

from __future__ import annotations

from time import perf_counter
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks as queries
from foundation.clock import now
from foundation.db import db
from tests.factories.marking import make_wide_hall
from tests.journeys.test_marking import draw_signature, open_as
from tests.journeys.test_set_up import PICTURES, serious

SIZES = ({"width": 768, "height": 1024}, {"width": 390, "height": 844})


@pytest.mark.browser
def test_three_signatures_for_372_sheets(app: Flask, server: str, chromium: Any) -> None:
    hall = make_wide_hall(works=31, sub_criteria=12)
    for seat, judge in enumerate(hall.judges):
        marks = hall.everything(seat)
        for start in range(0, len(marks), 50):
            answers = receive_marks(marks[start : start + 50], actor=judge, at=now())
            assert {answer.status for answer in answers} == {"received"}
    pages = [open_as(chromium, app, server, judge.person, SIZES[0]) for judge in hall.judges]
    began = perf_counter()
    pages[0].goto(f"{server}/marking/panels/{hall.panel_id}")
    pages[0].get_by_role("button", name="生成签字单").click()
    listed = pages[0].url
    for page in pages:
        page.goto(listed)
        assert page.locator(".values tbody tr").count() == 372
        assert page.locator(".values-of span").count() == 372 * 4  # three judges and one measurement
    pages[2].set_viewport_size(SIZES[1])
    pages[0].screenshot(path=PICTURES / "signing-zh-768.png", full_page=False)

    draw_signature(pages[0])
    pages[0].screenshot(path=PICTURES / "signing-pad-zh-768.png")
    pages[0].get_by_role("button", name="身份签字").click()
    pages[0].locator("img.hand").wait_for()

    pages[1].context.set_offline(True)  # the list is on the screen, the network goes
    draw_signature(pages[1])
    pages[1].get_by_role("button", name="身份签字").click()
    pages[1].get_by_text("签名已保存在本平板").wait_for()
    db.session.rollback()
    assert len(queries.signing_list(listed_id(listed)).signatures) == 1
    pages[1].context.set_offline(False)
    pages[1].locator("img.hand").nth(1).wait_for()

    pages[2].get_by_text("改为键入姓名").click()
    pages[2].get_by_label("您的姓名").fill(queries.panel(hall.panel_id).seats[2].duty.person.name_zh)
    pages[2].screenshot(path=PICTURES / "signing-typed-zh-390.png")
    pages[2].get_by_role("button", name="身份签字").click()
    pages[2].get_by_text("键入姓名", exact=True).wait_for()

    chief = open_as(chromium, app, server, hall.chief.person, SIZES[0])
    chief.goto(listed)
    chief.get_by_role("button", name="裁判长确认").click()
    chief.get_by_text("本赛项评分表全部确认完毕").wait_for()
    seconds = perf_counter() - began
    print(f"372 sheets signed by three and confirmed in {seconds:.1f} s with the browser")
    db.session.rollback()
    assert queries.open_work(hall.event_id)["confirmed"] == 372

    for size in SIZES:
        for page in (pages[0], pages[2]):
            page.set_viewport_size(size)
            page.goto(listed)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), size
    for language in ("zh", "en"):
        pages[0].goto(f"{listed}?lang={language}")
        assert serious(pages[0]) == []
    assert [page.errors for page in (*pages, chief)] == [[]] * 4


def listed_id(address: str) -> UUID:
    return UUID(address.rsplit("/", 1)[1])
