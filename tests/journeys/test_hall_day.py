"""A hall's day on trusted HTTPS: a panel without network, two tablets on one sheet, one lost, a server killed in between."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts.access.roles import Role
from competitions.marking.actions import gaps, signing
from competitions.marking.models.marks import Mark
from competitions.marking.queries import marks as queries
from competitions.marking.queries import tablets as tablet_queries
from foundation.clock import now
from foundation.db import db
from foundation.permission import Actor, Scope, ScopeKind
from tests.conftest import AT
from tests.factories.accounts import make_grant, make_person
from tests.factories.marking import Hall, make_hall
from tests.journeys.test_set_up import PICTURES
from tests.journeys.test_tablet import Place, light, place, prepare, ready, sheet_of, stored, tablet

__all__ = ("place", "tablet")  # fixtures


def across(place: Place, hall: Hall, aspect: str) -> str:
    return f"{place.address}/marking/panels/{hall.panel_id}/aspects/{hall.aspects[aspect]}"


def marks_of(hall: Hall, seat: int) -> list[Mark]:
    return [one for one in stored() if one.judge_id == hall.judges[seat].person]


def on_disk(page: Any, count: int) -> None:
    """Wait until the lines of so many cards say when they were kept on the tablet."""
    kept = page.locator("[data-line][data-tone=wait]", has_text=re.compile("已存本机 [0-9]"))
    kept.nth(count - 1).wait_for()


def mark_all(place: Place, hall: Hall, page: Any, seat: int, level: str = "2") -> None:
    """A judge marks every work, aspect by aspect, without network."""
    page.goto(across(place, hall, "A1-2"))
    ready(page)
    for work in hall.works:
        page.locator(f"#a-{work} [data-value='{level}']").click()
    on_disk(page, len(hall.works))
    page.goto(across(place, hall, "B1-1"))
    ready(page)
    for work in hall.works:
        page.locator(f"#a-{work} [data-pad]").click()
        page.locator("#pad-value").fill(str(20 + seat))
        page.locator("#pad [value=ok]").click()
    on_disk(page, len(hall.works))
    if seat == 0:
        page.goto(across(place, hall, "A1-1"))
        ready(page)
        for work in hall.works:
            page.locator(f"#a-{work} [data-value='1']").click()
        on_disk(page, len(hall.works))
    light(page, "local")


@pytest.mark.browser
@pytest.mark.timeout(420)
def test_a_panels_day_two_tablets_on_a_sheet_and_one_lost(place: Place, tablet: Callable[..., Any]) -> None:
    hall = make_hall(works=2)
    contexts = [tablet(judge.person, name=str(seat)) for seat, judge in enumerate(hall.judges)]
    contexts.append(tablet(hall.judges[0].person, name="second"))
    for context in contexts:
        prepare(place, hall, context)

    # Morning: the third judge marks one work and the tablet says how far it is; then the network goes for everybody.
    page = contexts[2].pages[0]
    page.goto(sheet_of(place, hall, 0, "A1"))
    ready(page)
    page.locator(f"#a-{hall.aspects['A1-2']} .level").nth(1).click()
    light(page, "saved")
    place.stop()
    for seat, context in enumerate(contexts[:3]):
        mark_all(place, hall, context.pages[0], seat)
    second = contexts[3].pages[0]
    second.goto(sheet_of(place, hall, 0, "A1"))
    ready(second)
    second.locator(f"#a-{hall.aspects['A1-2']} .level").nth(1).click()  # another value for a cell of the first tablet
    light(second, "local")
    waiting = contexts[2].pages[0].locator("#light-text").inner_text()
    assert "待上传 4" in waiting
    for context in contexts:
        context.close()
    assert len(stored()) == 1

    # The browsers are opened again, the network comes back; the first judge's tablets bring two values for one cell.
    place.start()
    for seat, name in ((0, "0"), (1, "1")):
        page = tablet(name=name).pages[0]
        page.goto(sheet_of(place, hall, 0, "A1"))
        ready(page)
        light(page, "saved")
        own = marks_of(hall, seat)
        assert [one.device_sequence for one in own] == list(range(1, len(own) + 1))
        assert len(own) == (6 if seat == 0 else 4)
        assert {one.status for one in own} == {"received"}
    second = tablet(name="second").pages[0]
    second.goto(sheet_of(place, hall, 0, "A1"))
    ready(second)
    second.locator(f"#a-{hall.aspects['A1-2']} [data-line]", has_text="裁判长").wait_for()
    second.screenshot(path=PICTURES / "tablet-conflict-zh.png")
    db.session.rollback()
    assert len(queries.conflicts(hall.event_id)) == 1

    # 15:00: the third judge's tablet is gone with four marks. The chief reports it, a supervisor approves; the marks are given anew.
    chief = tablet(hall.chief.person, name="chief").pages[0]
    chief.goto(f"{place.address}/events/{hall.event_id}/marking")
    chief.locator("form.dispute input[name=reason]").first.fill("两台平板，以先录为准")
    chief.screenshot(path=PICTURES / "chief-conflict-zh.png", full_page=True)
    chief.locator("form.dispute button", has_text="2").first.click()
    chief.wait_for_load_state()
    db.session.rollback()
    assert queries.conflicts(hall.event_id) == []
    lost = next(
        row.device for row in tablet_queries.tablets_of(hall.event_id) if row.device.person_id == hall.judges[2].person
    )
    chief.goto(f"{place.address}/events/{hall.event_id}/tablets")
    form = chief.locator(f"form[action='/tablets/{lost.id}/lost']")
    chief.locator(f"details:has(form[action='/tablets/{lost.id}/lost']) summary").click()
    form.locator("input[name=reason]").fill("15:00 遗失")
    chief.screenshot(path=PICTURES / "chief-tablets-zh.png", full_page=True)
    form.locator("button").first.click()
    chief.wait_for_load_state()

    fresh = tablet(hall.judges[2].person, name="fresh")
    page = prepare(place, hall, fresh)
    page.goto(across(place, hall, "A1-2"))
    ready(page)
    assert page.locator("[aria-pressed=true]").count() == 1  # what had arrived is there
    page.locator(f"#a-{hall.works[1]} [data-value='2']").click()
    light(page, "saved")
    page.goto(across(place, hall, "B1-1"))
    ready(page)
    for work in hall.works:
        page.locator(f"#a-{work} [data-pad]").click()
        page.locator("#pad-value").fill("22")
        page.locator("#pad [value=ok]").click()
    light(page, "saved")

    # 18:00: the lists are signed and confirmed. What the lost tablet still brings is held for the chief and changes nothing.
    made = [signing.make_signing_list(hall.panel_id, hall.subs.values(), actor=hall.judges[0], at=now())]
    digest = queries.signing_list(made[0]).hash
    for seat, judge in zip(hall.seats, hall.judges, strict=True):
        signing.sign_list(made[0], seat, digest, actor=judge, at=now())
    supervisor = Actor(make_person("监督员"))
    make_grant(supervisor.person, Role.SUPERVISOR, Scope(ScopeKind.EVENT, str(hall.event_id)))
    if tablet_queries.with_gaps(hall.event_id):  # the tablet said before it was lost that it held marks
        gap = gaps.declare_gap(lost.id, "遗失", actor=hall.chief, at=now())
        gaps.approve_gap(gap, actor=supervisor, at=now())
    signing.confirm_list(made[0], actor=hall.chief, at=now())
    db.session.rollback()
    before = {
        (row.aspect_id, row.work_id, row.cell): row.value
        for row in queries.heads_on(hall.works, list(hall.aspects.values()))
    }
    found = tablet(name="2").pages[0]
    found.goto(sheet_of(place, hall, 0, "A1"))
    ready(found)
    found.locator("#light[data-state=saved], #light[data-state=confirmed]").wait_for()
    db.session.rollback()
    held = [one for one in marks_of(hall, 2) if one.status == "held"]
    assert [one.held_code for one in held] == ["mark_device_lost"] * 4
    assert before == {
        (row.aspect_id, row.work_id, row.cell): row.value
        for row in queries.heads_on(hall.works, list(hall.aspects.values()))
    }
    found = tablet(name="1").pages[0]
    found.goto(sheet_of(place, hall, 0, "A1"))
    ready(found)
    light(found, "confirmed")
    found.screenshot(path=PICTURES / "tablet-confirmed-zh.png")


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_server_killed_in_between(place: Place, tablet: Callable[..., Any]) -> None:
    hall = make_hall(works=1)
    context = tablet(hall.judges[1].person)
    page = prepare(place, hall, context)
    page.goto(sheet_of(place, hall, 0, "A1"))
    ready(page)
    level = page.locator(f"#a-{hall.aspects['A1-2']} .level")

    # A server of its own is killed with SIGKILL right after taps; every mark arrives once, in order.
    place.stop()
    typed: list[str] = []
    serving = started(place)
    try:
        for number, wait in enumerate((0.0, 0.02, 0.08, 0.2)):
            value = ("1", "2", "3", "1")[number]
            level.nth(int(value)).click()
            typed.append(value)
            time.sleep(wait)  # where in the request the kill falls is what varies
            os.killpg(serving.pid, signal.SIGKILL)
            serving.wait()
            serving = started(place)
        page.locator("#retry:visible, #light[data-state=saved]").first.wait_for()
        if page.locator("#retry").is_visible():
            page.locator("#retry").click()
        page.locator("#light[data-state=saved]").wait_for(timeout=60000)
        assert [(one.value, one.device_sequence, one.status) for one in stored()] == [
            (value, number, "received") for number, value in enumerate(typed, start=1)
        ]
    finally:
        os.killpg(serving.pid, signal.SIGKILL)
        serving.wait()
        place.start()


def started(place: Place) -> subprocess.Popen[bytes]:
    """The same application in a process of its own, on the same port and database."""
    settings = {
        name: str(place.app.config[name])
        for name in ("LAUREL_DATA", "DATABASE_URL", "SECRET_KEY", "RATE_LIMITS")
        if name in place.app.config
    }
    serving = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.hall_server", str(place.port), str(place.papers.server), str(place.papers.server_key), AT.isoformat()],
        env={**os.environ, **settings}, start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", place.port)) == 0:
                return serving
        time.sleep(0.1)
    raise AssertionError("the server did not start")
