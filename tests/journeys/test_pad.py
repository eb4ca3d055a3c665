"""The sheet's fields of every kind, and its two views: one work × all aspects, one aspect × all works, on one queue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competitions.marking.models.marks import Mark
from competitions.schemes.models import Aspect
from foundation.clock import new_id
from foundation.db import db, session, transaction
from tests.factories.marking import Hall, make_hall
from tests.journeys.test_marking import open_as
from tests.journeys.test_set_up import PICTURES, serious

TABLET = {"width": 768, "height": 1024}
PHONE = {"width": 390, "height": 844}
CHOICES = [
    {"label": "无缺陷", "deduction": "0"},
    {"label": "轻微缺陷", "deduction": "50"},
    {"label": "明显缺陷", "deduction": "100"},
]
TOLERANCE = {
    "nominal": "-2",
    "plus": "0.5",
    "minus": "0.5",
    "unit_name": "mm",
    "bands": [{"beyond": "0.2", "deduction": "50"}],
}


def with_every_field(hall: Hall) -> dict[str, Any]:
    """Aspects in A1 beside the two it has: measured within a tolerance, chosen from levels, points of each judge from −5."""
    made = {}
    with transaction() as writing:
        for number, (kind, method, options) in enumerate(
            (("measurement", "tolerance", TOLERANCE), ("measurement", "choice", {"choices": CHOICES}),
             ("points", "points", {"least": "-5", "missing": "average", "grid": "0.25"})), start=3,
        ):  # fmt: skip
            made[method] = new_id()
            writing.add(
                Aspect(
                    id=made[method], scheme_id=hall.scheme_id, sub_criterion_id=hall.subs["A1"], code=f"A1-{number}", kind=kind,
                    method=method, options=options, max_mark=Decimal(10), name_zh=f"评分点{number}", descriptors=[], position=number,
                )
            )  # fmt: skip
    return made


def stored() -> dict[Any, str | None]:
    db.session.rollback()
    return {one.aspect_id: one.value for one in session().scalars(select(Mark).order_by(Mark.sequence))}


def saved(page: Any) -> None:
    page.locator("#light[data-state=saved]").wait_for()


@pytest.mark.browser
def test_every_field_takes_what_its_rule_takes(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=2)
    made = with_every_field(hall)
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    page.locator("body[data-ready=yes]").wait_for()

    measured = page.locator(f"#a-{made['tolerance']}")
    assert "-2.5 至 -1.5" in measured.locator(".hints").inner_text()
    measured.locator("[data-pad]").click()
    assert "-2.5 至 -1.5" in page.locator("#pad-hints").inner_text()
    for key in ("2", ".", "4", "5", "9"):
        page.locator(f"#pad [data-key='{key}']").click()
    page.locator("#pad [data-key=sign]").click()
    page.screenshot(path=PICTURES / "tablet-pad-zh.png")
    page.locator("#pad [value=ok]").click()
    assert "2" in page.locator("#pad-wrong").inner_text()  # too fine: what was typed stays
    assert page.locator("#pad-value").input_value() == "-2.459"
    page.locator("#pad [data-key=back]").click()
    page.locator("#pad [value=ok]").click()
    assert measured.locator("[data-shown]").inner_text() == "-2.45 mm"

    page.locator(f"#a-{made['choice']} .level", has_text="轻微缺陷").click()
    points = page.locator(f"#a-{made['points']}")
    points.locator("[data-pad]").click()
    for typed, right in (("-6", False), ("1.3", False), ("-1.25", True)):
        page.locator("#pad-value").fill(typed)
        page.locator("#pad [value=ok]").click()
        assert page.locator("#pad").is_visible() is not right, typed
    points.locator("[data-value=NJ]").click()
    page.locator(f"#a-{hall.aspects['A1-2']} [data-value=NA]").click()
    assert page.locator("[data-value=NJ]").count() == 1
    saved(page)
    assert stored() == {
        made["tolerance"]: "-2.45", made["choice"]: "2", made["points"]: "NJ", hall.aspects["A1-2"]: "NA",
    }  # fmt: skip
    assert "本机 4 · 服务器 4 · 已确认 0" in page.locator("#light-steps").inner_text()
    assert "可离线至" in page.locator("#light-steps").inner_text()
    page.screenshot(path=PICTURES / "tablet-fields-zh.png", full_page=True)
    for size in (TABLET, PHONE):
        page.set_viewport_size(size)
        assert serious(page) == []
    assert page.errors == []
    page.context.close()


@pytest.mark.browser
def test_one_aspect_of_all_works_is_the_same_sheets(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=4)
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    page.locator("body[data-ready=yes]").wait_for()
    page.locator(f"#a-{hall.aspects['A1-2']} .level").nth(3).click()
    page.locator("#other-view").click()
    page.locator("body.by-aspect[data-ready=yes]").wait_for()
    assert page.locator(f"#a-{hall.works[0]} [aria-pressed=true]").inner_text() == "3"
    for work, level in ((1, 1), (2, 2)):
        page.locator(f"#a-{hall.works[work]} [data-value='{level}']").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    saved(page)
    assert page.locator("#filled").inner_text() == "4"
    page.screenshot(path=PICTURES / "tablet-by-aspect-zh.png")
    db.session.rollback()
    marks = {one.work_id: one.value for one in session().scalars(select(Mark))}
    assert marks == {hall.works[0]: "3", hall.works[1]: "1", hall.works[2]: "2", hall.works[3]: "NA"}
    for size in (TABLET, PHONE):
        page.set_viewport_size(size)
        small = page.evaluate("""() => [...document.querySelectorAll("button, a.chip, a.foot-button")].map((one) => one.getBoundingClientRect())
          .filter((box) => box.width && (box.width < 48 || box.height < 48)).length""")
        assert small == 0
        assert serious(page) == []
    page.set_viewport_size(PHONE)
    page.screenshot(path=PICTURES / "tablet-by-aspect-phone-zh.png")
    page.locator(f"#a-{hall.works[1]} h3").click()
    page.locator("#other-view").click()
    page.locator("body:not(.by-aspect)[data-ready=yes]").wait_for()
    assert page.locator(f"#a-{hall.aspects['A1-2']} .level[aria-pressed=true] b").inner_text() == "1"
    assert page.errors == []
    page.context.close()


@pytest.mark.browser
def test_a_recorder_hears_of_a_spread_without_network(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=1, entry_mode="panel_tablet")
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    page.locator("body[data-ready=yes]").wait_for()
    page.context.set_offline(True)
    card = page.locator(f"#a-{hall.aspects['A1-2']}")
    for seat, level in zip(hall.seats, ("0", "2", "2"), strict=True):
        card.locator(f"[data-cell='{seat}'] [data-value='{level}']").click()
        if level == "0":
            page.locator("#note [data-close]").click()
    card.locator(".outcome.discuss", has_text="重新评议").wait_for()
    page.screenshot(path=PICTURES / "tablet-recorder-zh.png")
    card.locator(f"[data-cell='{hall.seats[0]}'] [data-value='1']").click()
    card.locator(".outcome:not(.discuss)").wait_for()
    page.context.set_offline(False)
    saved(page)
    page.context.close()


AGENTS = {
    "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1": "iPad · Safari",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15": "iPad · Safari",
    "Mozilla/5.0 (Linux; Android 13; SM-T733 Build/TP1A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36": "SM-T733 · Chrome",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36": "Android · Chrome",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0": "Windows · Edge",
}  # fmt: skip


@pytest.mark.browser
def test_a_tablet_has_a_short_name(server: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(f"{server}/tablet/check")
    named = page.evaluate(
        """async (agents) => { const { nameOf } = await import("/static/js/marking/device.js");
        return agents.map((agent) => nameOf(agent, 5)); }""",
        list(AGENTS),
    )
    assert named == list(AGENTS.values())
    page.close()
