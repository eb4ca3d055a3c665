"""A short seeded run of campaign R3, and that its harness turns red on planted bugs."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from benchmarks.r3_tablet import PLANTS, campaign, schedule

STEPS = [("mark", 0, 1), ("offline", 0, 0), ("mark", 0, 2), ("quota", 0, 0), ("reload", 0, 0), ("mark", 1, 3), ("session", 0, 0),
         ("two_tabs", 0, 0), ("offline", 0, 0), ("tab_close", 1, 0), ("mark", 1, 1)]  # fmt: skip


def test_the_same_seed_makes_the_same_schedule() -> None:
    assert schedule(3, 20, 5) == schedule(3, 20, 5) != schedule(4, 20, 5)
    assert len(schedule(3, 20, 5)) == 25


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_every_kind_of_fault_loses_nothing(app: Flask, server: str, chromium: Any) -> None:
    outcome = campaign(app, server, chromium, STEPS)
    assert (outcome.wrong, outcome.typed) == ([], 5)


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_planted_bugs_are_found(app: Flask, server: str, chromium: Any) -> None:
    steps = [("offline", 0, 0), ("mark", 0, 1), ("mark", 0, 2), ("quota", 0, 0), ("mark", 0, 1), ("offline", 0, 0)]
    assert campaign(app, server, chromium, steps).wrong == []
    assert [plant for plant in sorted(PLANTS) if not campaign(app, server, chromium, steps, plant).wrong] == []
