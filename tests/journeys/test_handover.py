"""The end of a day without network: marks travel in a sealed file on another tablet; kept pages open offline after a reload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from accounts.access.roles import Role
from competitions.marking.actions.signing import make_signing_list
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import marks as queries
from foundation.clock import now
from foundation.db import db
from foundation.permission import Scope, ScopeKind
from tests.factories.accounts import make_grant, make_person
from tests.factories.marking import make_hall
from tests.journeys.test_marking import draw_signature, open_as
from tests.journeys.test_pad import TABLET, saved
from tests.journeys.test_set_up import PICTURES, serious
from tests.journeys.test_tablet import light, ready, stored


def kept(page: Any, address: str) -> Any:
    page.goto(address)
    page.locator("[data-offline][data-state=ready]").wait_for()
    return page


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_marks_travel_in_a_sealed_file(app: Flask, server: str, chromium: Any, tmp_path: Path) -> None:
    hall = make_hall(works=1)
    first = kept(open_as(chromium, app, server, hall.judges[0].person, TABLET), f"{server}/marking")
    other = kept(open_as(chromium, app, server, hall.judges[1].person, TABLET), f"{server}/marking")
    first.context.set_offline(True)
    first.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    ready(first)
    first.locator(f"#a-{hall.aspects['A1-2']} .level").nth(2).click()
    first.locator(f"#a-{hall.aspects['A1-1']} [data-value='1']").click()
    light(first, "local")
    first.goto(f"{server}/tablet/hand-over")
    with first.expect_download() as saving:
        first.locator("#handover-write").click()
    file = tmp_path / "marks.json"
    saving.value.save_as(file)
    code = first.locator("#handover-code").inner_text()
    assert str(hall.aspects["A1-2"]) not in file.read_text(encoding="utf-8")
    first.screenshot(path=PICTURES / "tablet-hand-over-zh.png")
    assert serious(first) == []

    other.goto(f"{server}/tablet/hand-over")
    other.locator("#handover-file").set_input_files(file)
    other.locator("#handover-typed").fill("2222-2222-2222-2222")
    other.locator("#handover-read button").click()
    other.locator("#handover-said[data-tone=wrong]").wait_for()
    other.locator("#handover-file").set_input_files(file)
    other.locator("#handover-typed").fill(code.lower().replace("-", " "))
    other.locator("#handover-read button").click()
    other.locator("#handover-said[data-tone=saved]", has_text="已全部存入服务器").wait_for()
    carried = stored()
    assert [(one.value, one.status, one.judge_id) for one in carried] == [
        ("2", "received", hall.judges[0].person), ("1", "received", hall.judges[0].person),
    ]  # fmt: skip

    first.context.set_offline(False)  # the first tablet comes back after all: everything counts once
    first.goto(f"{server}/marking/panels/{hall.panel_id}/works/{hall.works[0]}/{hall.subs['A1']}")
    ready(first)
    saved(first)
    assert [one.id for one in stored()] == [one.id for one in carried]
    for page in (first, other):
        assert page.errors == []
        page.context.close()


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_signing_and_floor_pages_open_without_network_after_a_reload(app: Flask, server: str, chromium: Any) -> None:
    hall = make_hall(works=1)
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=now())
    made = make_signing_list(hall.panel_id, hall.subs.values(), title="A1、B1", actor=hall.judges[0], at=now())
    floor_judge = make_person("现场裁判")
    make_grant(floor_judge, Role.FLOOR_JUDGE, Scope(ScopeKind.EVENT, str(hall.event_id)))
    judge = kept(
        open_as(chromium, app, server, hall.judges[0].person, TABLET), f"{server}/marking/panels/{hall.panel_id}"
    )
    floor = kept(open_as(chromium, app, server, floor_judge, TABLET), f"{server}/events/{hall.event_id}/floor")
    for page in (judge, floor):
        page.context.set_offline(True)
    judge.goto(f"{server}/marking/lists/{made}")
    judge.reload()
    draw_signature(judge)
    judge.locator("form[action$='/sign'] button.btn-primary").click()
    judge.screenshot(path=PICTURES / "tablet-signing-offline-zh.png", full_page=True)
    judge.locator("#sign-line[data-tone=wrong]", has_text="本平板").wait_for()
    floor.goto(f"{server}/events/{hall.event_id}/floor/{hall.works[0]}")
    floor.reload()
    floor.locator("button[data-kind=start]").click()
    floor.locator("#floor-line", has_text="1").wait_for()
    for page in (judge, floor):
        page.context.set_offline(False)
    judge.locator("#sign-form").wait_for(state="detached")
    floor.locator("button[data-kind=end]").wait_for()
    db.session.rollback()
    assert list(queries.signatures_of(made)) == [hall.seats[0]]
    for page in (judge, floor):
        page.context.close()
