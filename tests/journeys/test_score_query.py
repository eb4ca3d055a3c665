"""成绩查询 on a phone: nothing, then the own rank, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from competitions.entries.queries import entries
from competitions.publications import actions
from foundation.clock import now
from tests.competitions.publications.test_score_query import register_person_number
from tests.factories.entries import identity_number
from tests.factories.results import make_ready, signed_run
from tests.journeys.test_set_up import serious

PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"


@pytest.mark.browser
def test_a_candidate_looks_up_the_result_on_a_phone(app: Flask, server: str, chromium: Any) -> None:
    PICTURES.mkdir(exist_ok=True)
    ready = make_ready()
    found = entries.entry(ready.entries["王强"])
    number = identity_number()
    register_person_number(found.members[0].person_id, number)
    actions.post_results(signed_run(ready), actor=ready.organizer, at=now())
    context = chromium.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
    page = context.new_page()
    for language, name, code, shown in (
        ("zh", "王强", "00000", "没有查到与所填信息相符的成绩。"),
        ("zh", "王强", found.pass_number, "第 2 名（共 4）"),
        ("en", "王强", found.pass_number, "Rank 2 of 4"),
    ):
        context.add_cookies([{"name": "language", "value": language, "url": server}])
        page.goto(f"{server}/query")
        page.locator("#name").fill(name)
        page.locator("#identity_number").fill(number)
        page.locator("#code").fill(code)
        page.locator("form.card button").click()
        page.get_by_text(shown).wait_for()
        page.screenshot(path=PICTURES / f"query-{language}-{code}.png", full_page=True)
        assert serious(page) == [], (language, code)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
