"""From marks to the public standing, at three sizes and in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from competitions.publications import actions
from foundation.clock import now
from foundation.print.printer import picture_of
from tests.factories.accounts import make_session
from tests.factories.results import make_ready, signed_run
from tests.journeys.test_set_up import serious

PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"


@pytest.mark.browser
def test_pages_of_results_are_accessible(app: Flask, server: str, chromium: Any, signed_in: Callable[..., Any]) -> None:
    PICTURES.mkdir(exist_ok=True)
    ready = make_ready()
    run = signed_run(ready)
    key = actions.propose_results(run, actor=ready.organizer, at=now())
    assert isinstance(key, UUID)
    token = make_session(ready.organizer.person)  # type: ignore[arg-type]
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    held = client.get_cookie("laurel")
    assert held is not None
    pages = {
        "events": f"/competitions/{ready.competition_id}/results",
        "board": f"/events/{ready.event_id}/results",
        "run": f"/runs/{run}",
        "explanation": f"/runs/{run}/entries/{ready.entries['王强']}",
        "publish": f"/runs/{run}/publish/decided",
        "import": f"/events/{ready.event_id}/scores/{ready.theory_id}/import",
        "objections": f"/publications/{key}/objections",
        "public": f"/publications/{key}",
        "list": f"/competitions/{ready.competition_id}/publications",
    }
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.add_cookies([{"name": "laurel", "value": held.value, "url": server}])
    page = context.new_page()
    for language in ("zh", "en"):
        for name, path in pages.items():
            for size, width, height in (("desktop", 1440, 900), ("phone", 390, 844)):
                page.set_viewport_size({"width": width, "height": height})
                assert page.goto(f"{server}{path}?lang={language}").status == 200, path
                page.screenshot(path=PICTURES / f"results-{name}-{language}-{size}.png", full_page=True)
                assert serious(page) == [], (name, language, size)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    name,
                    language,
                    size,
                )
    context.close()
    for name, path in (("sheet", f"/runs/{run}/sheet.pdf"), ("notice", f"/publications/{key}/notice.pdf")):
        (PICTURES / f"results-{name}.png").write_bytes(picture_of(client.get(path).data))
