"""Published results that nobody here wrote come out the same, from the marks alone and by options alone.

The whole files lie outside the project (`shared/data/real`, or `LAUREL_SHARED`); the last dive round of three divers stands here, so
that the rule is held everywhere (Emerson, Seltzer, Lin 2009: Olympic men's 3 m springboard 2000).
"""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from competitions.rules.scoring.aspects import AspectRule, aspect_points
from competitions.rules.scoring.method import Setting
from competitions.rules.scoring.trial import EntryTotal, TrialItem, try_method

DIVING = {"aggregate": "sum", "drop_high": 1, "drop_low": 1, "scale": "0.6", "round_at": "end", "places": 3}
AVERAGE_OF_FIVE = {"drop_best": 1, "drop_worst": 1, "round_at": "aspect", "places": 0, "mark_places": 0}


def rows_of(name: str) -> list[dict[str, str]]:
    """A published file; the test is skipped where it does not lie."""
    places = [Path(given)] if (given := os.environ.get("LAUREL_SHARED")) else []
    places += [above / "shared" for above in Path(__file__).resolve().parents]
    for place in places:
        if (found := place / "data" / "real" / name).is_file():
            with found.open(encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
    pytest.skip(f"{name} does not lie here")


def test_three_published_dives() -> None:
    dives = [
        ("3.1", "8 9 8.5 8.5 8.5 8.5 8.5", "79.05"),
        ("3.0", "8.5 8 8 9 8 8 8", "72.9"),
        ("3.0", "9 9 9 9 9.5 9 9", "81"),
    ]
    for difficulty, marks, points in dives:
        [found], _entries = try_method(
            "points", Setting(None, DIVING), [TrialItem(1, "A", "1", tuple(marks.split()), Fraction(difficulty))]
        )
        assert found.points.value == Fraction(points)


def dived(rounds: tuple[str, ...]) -> dict[str, EntryTotal]:
    """The totals over some rounds of those who took part in the last of them."""
    rows = rows_of("diving_2000_m3m_marks.csv")
    there = {row["diver"] for row in rows if row["round"] == rounds[-1]}
    items = [
        TrialItem(
            number, row["diver"], f"{row['round']} {row['dive_no']}", tuple(row[f"J{judge}"] for judge in range(1, 8)),
            Fraction(row["difficulty"]),
        )
        for number, row in enumerate(rows)
        if row["round"] in rounds and row["diver"] in there
    ]  # fmt: skip
    return {one.entry: one for one in try_method("points", Setting(None, DIVING), items)[1]}


@pytest.mark.parametrize(
    ("rounds", "rank", "points"),
    [
        (("Prelim",), "prelim_rank_official", "prelim_points_derived"),
        (("Prelim", "Semi"), "semi_rank_official", ""),
        (("Semi",), "", "semi_points_derived"),
        (("Final",), "", "final_points_derived"),
        (("Semi", "Final"), "final_rank_official", "semi_plus_final_derived"),
    ],
)
def test_olympic_diving_comes_out_as_published(rounds: tuple[str, ...], rank: str, points: str) -> None:
    published = {row["diver"]: row for row in rows_of("diving_2000_m3m_totals.csv")}
    found = dived(rounds)
    assert len(found) >= 12
    if points:
        assert {name: one.shown for name, one in found.items()} == {
            name: Decimal(published[name][points]) for name in found
        }
    if rank:
        assert {name: one.rank for name, one in found.items()} == {name: int(published[name][rank]) for name in found}


def test_averages_of_five_and_ranks_come_out_as_published() -> None:
    """World Cube Association 9f: best and worst dropped, one DNF is the worst, equal averages by the best single."""
    rows = rows_of("wca_attempts.csv")
    rule = AspectRule("time_attempts", Fraction(0), AVERAGE_OF_FIVE)
    ranked: dict[tuple[str, str], list[tuple[Fraction, Fraction, int]]] = {}
    for row in rows:
        times = ["NA" if int(row[f"a{n}"]) < 0 else row[f"a{n}"] for n in range(1, 6)]
        average = aspect_points(rule, times).value
        best = aspect_points(AspectRule("time_attempts", Fraction(0), {"aggregate": "best"}), times).value
        assert (average, best) == (int(row["official_average_cs"]), int(row["official_best_cs"]))
        assert average is not None
        assert best is not None
        key = (row["event"], row["round"])
        ranked.setdefault(key, []).append((average, best, int(row["official_position"])))
    assert sum(map(len, ranked.values())) == 100
    for lines in ranked.values():
        first = min(position for _average, _best, position in lines)
        for average, best, position in lines:
            ahead = sum((other[0], other[1]) < (average, best) for other in lines)
            assert first + ahead == position
