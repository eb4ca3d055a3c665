"""R4 in short, and its planted bugs."""

from __future__ import annotations

import pytest

from benchmarks.r4_model import campaign
from tests.benchmarks.own_process import apart


def test_the_ledger_says_what_the_model_says() -> None:
    report = apart(campaign, 400, seed=4)
    assert report.first == ""
    assert min(report.conflicts, report.held, report.refused, report.confirmed, report.orders) > 0, report


@pytest.mark.parametrize("planted", ["last_write_wins", "client_clock", "open_gate"])
def test_the_model_turns_red_on_a_planted_bug(planted: str) -> None:
    report = apart(campaign, 1500, seed=4, planted=planted)
    assert report.first.startswith("seed 4, round ")
