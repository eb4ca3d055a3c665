"""Judges against each other, prizes by bands, the sample that is checked again: by worked numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from competitions.rules import fairness, recheck
from competitions.rules.prizes import Award, Band, awards, bands_from
from competitions.rules.recheck import Shares
from competitions.rules.scoring.aspects import AspectRule
from foundation.exact import Rounding

F = Fraction


def rows(*marks: tuple[int, int, int]) -> list[dict[str, Fraction]]:
    return [dict(zip("abc", map(Fraction, row), strict=True)) for row in marks]


def test_severity_is_the_mean_distance_from_the_others() -> None:
    """Distances of a: −1, −1, 0, 0; mean −1/2, sample variance 1/3, squared error 1/12."""
    found = fairness.severity(rows((1, 2, 2), (0, 1, 1), (2, 2, 2), (3, 3, 3)), "a")
    assert found == fairness.Severity(4, F(-1, 2), F(1, 12), notable=False)
    many = rows(*[(1, 2, 2)] * 15, *[(2, 2, 2)] * 5)
    strict = fairness.severity(many, "a")
    assert strict is not None
    assert (strict.mean, strict.notable) == (F(-3, 4), True)
    mild = fairness.severity(many, "b")
    assert mild is not None
    assert (mild.mean, mild.notable) == (F(3, 8), True)
    assert fairness.severity(many[:1], "a") == fairness.Severity(1, F(-1), None, notable=False)
    assert fairness.severity([{"a": F(1)}], "a") is None


def test_severity_within_two_errors_is_not_notable() -> None:
    found = fairness.severity(rows(*[(3, 0, 0), (0, 2, 2)] * 10), "a")
    assert found is not None
    assert (found.mean, found.notable) == (F(1, 2), False)


def test_agreement_counts_pairs() -> None:
    found = fairness.agreement(rows((2, 2, 2), (1, 2, 3)))
    assert found == fairness.Agreement(6, F(1, 2), F(5, 6), notable=False)
    less = fairness.agreement(rows((1, 2, 3)))
    assert less is not None
    assert (less.equal, less.notable) == (0, True)
    assert fairness.agreement([]) is None


def test_a_round_is_discussed_once_until_something_changes() -> None:
    marks = [("a", F(1)), ("b", F(3)), ("c", F(2)), ("c", F(2)), ("a", F(0)), ("a", F(2)), ("b", None), ("b", F(3))]
    assert fairness.discussions(marks, 3, 1) == 2
    assert fairness.discussions(marks, 3, 3) == 0
    assert fairness.discussions(marks, 4, 1) == 0


def test_one_value_used_for_everything() -> None:
    assert fairness.most_used([F(2)] * 17 + [F(1)] * 3) == (2, F(17, 20), True)
    assert fairness.most_used([F(2)] * 16 + [F(1)] * 4) == (2, F(4, 5), False)
    assert fairness.most_used([F(2)] * 5) == (2, 1, False)


def test_a_slip_of_typing_stands_out() -> None:
    shares = {(work, aspect): F(work + aspect, 20) for work in range(8) for aspect in range(8)}
    assert fairness.outliers(shares) == []
    shares[3, 4] = F(0)
    assert [place for place, _residual in fairness.outliers(shares)] == [(3, 4)]
    assert fairness.outliers({}) == []


def test_a_judge_is_replaced_by_the_mean_of_the_others() -> None:
    judged = AspectRule("judgement_0_3", F(3))
    assert fairness.without_judge(judged, ["0", "2", "3"], 0) == F(5, 2)
    assert fairness.aspect_value(judged, ["0", "2", "3"]) == F(5, 3)
    assert fairness.without_judge(
        AspectRule("points", F(100), {"drop_high": 1, "drop_low": 1}), ["60", "80", "81", "85"], 0
    ) == F("81.5")
    assert fairness.without_judge(judged, ["NA", "NA", "NA"], 0) is None
    assert fairness.without_judge(judged, ["2"], 0) is None


def test_would_the_medals_change_without_this_judge() -> None:
    totals = {"A": F(90), "B": F(89), "C": F(80), "D": F(70)}
    changes = {"j1": {"A": F(-2)}, "j2": {"D": F(5)}}
    assert fairness.decisive(totals, changes) == {"j1": {"A": ("gold", "silver"), "B": ("silver", "gold")}, "j2": {}}


@pytest.mark.parametrize(("field", "counts"), [(37, [4, 7, 11]), (5, [1, 1, 2])])
def test_shares_of_the_field_half_up(field: int, counts: list[int]) -> None:
    """Competition rules 14, example 1."""
    bands = bands_from([{"prize": str(n), "share": str(share)} for n, share in enumerate((10, 20, 30))])
    assert [band.count(field) for band in bands] == counts
    assert Band("merit", share=F(50), rounding=Rounding.DOWN).count(37) == 18


def test_ties_at_an_edge() -> None:
    """Competition rules 14, example 7: ranks 5, 5, 5 of a top five are seven, none of them, or a decision."""
    ranks = {"abcdefg"[n]: rank for n, rank in enumerate((1, 2, 3, 4, 5, 5, 5))}

    def given(edge: str) -> list[Award]:
        return list(awards(ranks, [Band("first", places=5, edge=edge)], base=7).values())

    assert given("include_all") == [Award("first")] * 7
    assert given("exclude_all") == [Award("first")] * 4 + [Award(None)] * 3
    assert given("open") == [Award("first")] * 4 + [Award(None, open=True)] * 3


def test_two_golds_leave_no_silver_and_the_bronze() -> None:
    ranks = {"a": 1, "b": 1, "c": 3, "d": 4}
    bands = bands_from([{"prize": prize, "places": 1} for prize in ("gold", "silver", "bronze")])
    assert [award.prize for award in awards(ranks, bands, base=4).values()] == ["gold", "gold", "bronze", None]
    with pytest.raises(ValueError, match="either"):
        bands_from([{"prize": "x"}])


def test_the_sample_of_37() -> None:
    """Competition rules 14, example 4: 12 of the top, 4 of the rest."""
    totals = {f"W{n:02d}": Decimal(100 - n) for n in range(37)}
    found = recheck.sample(totals, Shares(), seed="s")
    assert (found.top, len(found.drawn)) == (tuple(f"W{n:02d}" for n in range(12)), 4)
    assert not set(found.top) & set(found.drawn)
    assert recheck.sample(dict(reversed(totals.items())), Shares(), seed="s") == found
    assert len({recheck.sample(totals, Shares(), seed=str(n)).drawn for n in range(20)}) > 10
    totals["W12"] = totals["W11"]
    assert len(recheck.sample(totals, Shares(), seed="s").top) == 13


def test_one_wrong_of_sixteen_is_over_five_percent_and_one_of_twenty_is_not() -> None:
    assert recheck.rate([True, *[False] * 15], Shares()) == recheck.Rate(1, 16, F(1, 16), full=True)
    assert recheck.rate([True, *[False] * 19], Shares()) == recheck.Rate(1, 20, F(1, 20), full=False)
    with pytest.raises(ValueError, match="nothing"):
        recheck.rate([], Shares())
