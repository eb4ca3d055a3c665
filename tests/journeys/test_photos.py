"""A judge photographs a defect without network and opens the drawing; the photo reaches the chief when the network is back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from competitions.marking.actions.evidence import add_drawing
from competitions.marking.queries.evidence import photos_of
from foundation.clock import now
from foundation.db import db
from tests.factories.marking import make_hall
from tests.factories.pictures import picture
from tests.journeys.test_marking import open_as
from tests.journeys.test_pad import TABLET
from tests.journeys.test_set_up import PICTURES, serious
from tests.journeys.test_tablet import ready


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_photo_waits_for_the_network_and_a_drawing_does_not(
    app: Flask, server: str, chromium: Any, tmp_path: Path
) -> None:
    hall = make_hall(works=1)
    add_drawing(hall.event_id, picture(320, 200, "PNG"), title="焊缝图样", actor=hall.chief, at=now())
    taken = tmp_path / "photo.jpg"
    taken.write_bytes(picture(2400, 1800))
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    page.goto(f"{server}/marking")
    page.locator("[data-offline][data-state=ready]").wait_for()
    page.context.set_offline(True)
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    ready(page)
    card = page.locator(f"#a-{hall.aspects['A1-2']}")
    card.locator("[data-drawing]").click()
    page.wait_for_function("() => document.querySelector('#drawing img').naturalWidth === 320")
    page.screenshot(path=PICTURES / "tablet-drawing-zh.png")
    page.locator("#drawing [value=ok]").click()
    with page.expect_file_chooser() as choosing:
        card.locator("[data-photo]").click()
    choosing.value.set_files(taken)
    card.locator("[data-photos]", has_text="待上传 1").wait_for()
    page.screenshot(path=PICTURES / "tablet-photo-zh.png")
    assert serious(page) == []
    page.reload()  # it is on disk
    ready(page)
    card.locator("[data-photos]", has_text="待上传 1").wait_for()
    page.context.set_offline(False)
    card.locator("[data-photos]", has_text="已存服务器").wait_for()
    db.session.rollback()
    assert len(photos_of(hall.event_id)) == 1
    chief = open_as(chromium, app, server, hall.chief.person, {"width": 1440, "height": 900})
    chief.goto(f"{server}/events/{hall.event_id}/marking")
    chief.wait_for_function("() => document.querySelector('.photos img')?.naturalWidth === 1600")
    chief.screenshot(path=PICTURES / "chief-photos-zh.png")
    chief.goto(f"{server}/events/{hall.event_id}/drawings")
    chief.screenshot(path=PICTURES / "drawings-zh.png")
    assert serious(chief) == []
    for one in (page, chief):
        assert one.errors == []
        one.context.close()
