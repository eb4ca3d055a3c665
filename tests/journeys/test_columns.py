"""A recorder's tablet without network: three judges confirm their columns by PIN; the server hears of it later."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from competitions.judges.actions import issue_card
from competitions.marking.queries import marks as queries
from foundation.clock import now
from tests.factories.marking import make_hall
from tests.journeys.test_marking import open_as
from tests.journeys.test_pad import TABLET, saved
from tests.journeys.test_set_up import PICTURES, serious
from tests.journeys.test_tablet import light, ready

PINS = ("135791", "246802", "975310")


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_columns_are_confirmed_by_pin_without_network(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=1, entry_mode="panel_tablet")
    for seat, pin in zip(queries.panel(hall.panel_id).seats, PINS, strict=True):
        issue_card(seat.duty_id, pin, actor=hall.chief, at=now())
    page = open_as(chromium, app, server, hall.judges[0].person, TABLET)
    page.goto(f"{server}/marking")
    page.locator("[data-offline][data-state=ready]").wait_for()
    page.context.set_offline(True)
    page.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    ready(page)
    for seat in hall.seats:
        assert page.locator(f"[data-confirm='{seat}']").is_hidden()
        page.locator(f"#a-{hall.aspects['A1-2']} [data-cell='{seat}'] [data-value='2']").click()
    light(page, "local")
    for seat, pin in zip(hall.seats, (PINS[0], "111111", PINS[2]), strict=True):
        page.locator(f"[data-confirm='{seat}']").click()
        page.locator("#pin-value").fill(pin)
        if seat == hall.seats[0]:
            page.screenshot(path=PICTURES / "tablet-pin-zh.png")
        page.locator("#pin [value=ok]").click()
        page.locator(f"[data-column='{seat}'][data-state=kept]").wait_for()
    kept = page.evaluate("""async () => { const open = indexedDB.open("laurel-outbox");
      const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
      const asked = db.transaction("items").objectStore("items").getAll();
      return JSON.stringify(await new Promise((done) => { asked.onsuccess = () => done(asked.result); })); }""")
    assert not any(pin in kept for pin in (*PINS, "111111"))
    page.context.set_offline(False)
    saved(page)
    for seat in (hall.seats[0], hall.seats[2]):
        page.locator(f"[data-column='{seat}'][data-state=done]").wait_for()
    page.locator(f"[data-column='{hall.seats[1]}'][data-state=open]").wait_for()  # a wrong PIN: asked again
    page.locator(".columns-card").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "tablet-columns-zh.png")
    page.locator(f"[data-confirm='{hall.seats[1]}']").click()
    page.locator("#pin-value").fill(PINS[1])
    page.locator("#pin [value=ok]").click()
    page.locator(f"[data-column='{hall.seats[1]}'][data-state=done]").wait_for()
    assert serious(page) == []
    assert page.errors == []
    page.context.close()
