"""R6 in short, and a planted bug."""

from __future__ import annotations

from benchmarks.r6_storage import campaign
from tests.benchmarks.own_process import apart
from tests.conftest import postgres_answers


def test_nothing_is_acknowledged_that_the_storage_did_not_take() -> None:
    report = apart(campaign, 1.5, postgres=postgres_answers())
    assert (report.lost, report.wrong) == (0, {})
    there = {"database restart"} if postgres_answers() else set[str]()
    assert set(report.recovered) == {"full", "read-only", "locked"} | there
    assert report.statuses["full"][507] > 0
    assert report.acknowledged > 0


def test_the_campaign_turns_red_on_an_early_acknowledgement() -> None:
    assert apart(campaign, 1.5, planted="acknowledge_before_commit", postgres=False).lost > 0
