"""R1 in short, and its planted bugs."""

from __future__ import annotations

import pytest

from benchmarks.r1_faults import campaign
from tests.benchmarks.own_process import apart


def test_nothing_is_lost_doubled_or_changed_through_faults() -> None:
    report = apart(campaign, 300, 20, seed=5)
    assert report.holds, report
    assert report.marks == 300
    assert report.faults["kill"] >= 1


@pytest.mark.parametrize(("planted", "found"), [("acknowledge_before_commit", "lost"), ("altered", "altered")])
def test_the_campaign_turns_red_on_a_planted_bug(planted: str, found: str) -> None:
    report = apart(campaign, 300, 60 if found == "lost" else 20, seed=6, planted=planted)
    assert getattr(report, found) > 0 or report.broken > 0, report
