"""R2 in short, and its planted bugs: the harness turns red on what loses marks."""

from __future__ import annotations

import pytest

from benchmarks.r2_power import campaign
from tests.benchmarks.own_process import apart


def test_no_acknowledged_mark_is_lost_in_a_power_cut() -> None:
    report = apart(campaign, 40, seed=3)
    assert (report.lost, report.broken, report.first) == (0, 0, "")
    assert report.acknowledged > 500


@pytest.mark.parametrize("planted", [{"synchronous": "NORMAL"}, {"acknowledge": "before"}])
def test_the_harness_turns_red_on_a_planted_bug(planted: dict[str, str]) -> None:
    report = apart(campaign, 20, seed=3, **planted)  # type: ignore[arg-type]
    assert report.lost > 0
    assert report.first.startswith("seed 3, cut ")
