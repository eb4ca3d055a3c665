"""The one question before anything becomes final."""

from __future__ import annotations

from dataclasses import fields

import pytest

from competitions.rules.finality import Marked, open_matters


def test_nothing_open_is_nothing_said() -> None:
    assert open_matters(Marked()) == ()


@pytest.mark.parametrize("name", [field.name for field in fields(Marked) if field.name != "gaps"])
def test_every_count_stands_in_the_way_by_itself(name: str) -> None:
    [found] = open_matters(Marked(**{name: 2}))
    assert (found.code, found.facts) == (f"open:{name}", {"count": 2})


def test_gaps_name_the_judges_and_everything_is_said_at_once() -> None:
    found = open_matters(Marked(conflicts=1, held=3, gaps=[("王强", 2), ("李梅", 5)], unsigned=4))
    assert [(matter.code, matter.page) for matter in found] == [
        ("open:conflicts", "marking"), ("open:held", "marking"), ("open:gaps", "tablets"), ("open:unsigned", "marking")
    ]  # fmt: skip
    assert found[2].facts == {"count": 7, "who": "王强 (2)、李梅 (5)"}
