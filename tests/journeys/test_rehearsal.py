"""A judge rehearses on the tablet: it looks like the day, says that nothing counts, and is gone when it is erased."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from competitions.marking.actions import rehearsal as actions
from competitions.marking.models.marks import Mark
from competitions.marking.queries import rehearsal as queries
from foundation.clock import now
from foundation.db import db
from tests.factories.marking import make_hall
from tests.journeys.test_marking import TABLET, named, open_as, saved
from tests.journeys.test_set_up import PICTURES, serious


@pytest.mark.browser
def test_a_judge_rehearses(app: Flask, server: str, chromium: Any) -> None:
    PICTURES.mkdir(exist_ok=True)
    hall = make_hall(works=1)
    named(hall)
    actions.start_rehearsal(hall.event_id, 3, actor=hall.chief, at=now())
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    page.goto(f"{server}/marking")
    page.get_by_text("彩排——虚拟作品，不计成绩").click()
    assert serious(page) == []
    page.screenshot(path=PICTURES / "rehearsal-panel.png")
    page.locator(".square-link").first.click()
    page.locator(f"[data-aspect='{hall.aspects['A1-2']}'] [data-value='2']").first.click()
    saved(page)
    assert page.locator(".rehearsal-band").is_visible()
    assert serious(page) == []
    page.screenshot(path=PICTURES / "rehearsal-sheet.png")
    db.session.rollback()
    assert [(head.value, head.aspect_id) for head in queries.heads(hall.event_id)] == [("2", hall.aspects["A1-2"])]
    assert db.session.scalar(select(func.count()).select_from(Mark)) == 0
    assert "laurel-rehearsal" in page.evaluate("indexedDB.databases().then(found => found.map(one => one.name))")
    lead = open_as(chromium, app, server, hall.chief.person, {"width": 1440, "height": 900})
    lead.goto(f"{server}/events/{hall.event_id}/rehearsal")
    assert serious(lead) == []
    lead.screenshot(path=PICTURES / "rehearsal-lead.png", full_page=True)
    lead.goto(f"{server}/events/{hall.event_id}/rehearsal?lang=en")
    assert serious(lead) == []
    assert page.errors == []
