"""R5 in short, and what it must notice."""

from __future__ import annotations

import pytest

from benchmarks.r5_restore import campaign
from tests.benchmarks.own_process import apart


def test_what_is_restored_under_load_is_what_was_there() -> None:
    report = apart(campaign, 300, 2)
    assert report.holds, report
    assert report.marks == 300


@pytest.mark.parametrize(("planted", "kept"), [("changed_value", "dump_equal"), ("forgotten_file", "files_equal")])
def test_the_campaign_turns_red_on_what_is_not_equal(planted: str, kept: str) -> None:
    report = apart(campaign, 150, 1, planted=planted)
    assert getattr(report, kept) is False
    assert not report.holds
