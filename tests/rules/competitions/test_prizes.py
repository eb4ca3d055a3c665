"""Prize schemes as data: every scheme of competition rules 9.1, the worked examples of section 14, properties."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.prizes import EDGES, PRIZES, award_ranks, awards, scheme_from
from competitions.rules.rule_set import RuleSet, rule_set
from foundation.refusal import Refusal

# Competition rules 9.1, row by row: the scheme as a notice's data, a field, and what it comes to as (prize, first, last place).
MEDALS = [{"prize": f"{metal}_medal", "to_rank": rank} for rank, metal in enumerate(("gold", "silver", "bronze"), 1)]
GRADED = ("first_prize", "second_prize", "third_prize")
SCHEMES: list[tuple[str, list[dict[str, Any]], str, int, list[tuple[str, int, int]]]] = [
    ("medals and merit within the first half (S2, S3)", [*MEDALS, {"prize": "merit_prize", "to_share": "50", "rounding": "down"}], "",
     37, [("gold_medal", 1, 1), ("silver_medal", 2, 2), ("bronze_medal", 3, 3), ("merit_prize", 4, 18)]),
    ("one, two, three (S38)", [{"prize": f"{metal}_medal", "places": n} for n, metal in enumerate(("gold", "silver", "bronze"), 1)], "",
     30, [("gold_medal", 1, 1), ("silver_medal", 2, 3), ("bronze_medal", 4, 6)]),
    ("10, 20, 30 percent (S11, S47)", [{"prize": prize, "share": share} for prize, share in zip(GRADED, ("10", "20", "30"), strict=True)], "",
     37, [("first_prize", 1, 4), ("second_prize", 5, 11), ("third_prize", 12, 22)]),
    ("one first, 20 and 30 percent (S46)", [{"prize": "first_prize", "places": 1}, {"prize": "second_prize", "share": "20"}, {"prize": "third_prize", "share": "30"}], "",
     40, [("first_prize", 1, 1), ("second_prize", 2, 9), ("third_prize", 10, 21)]),
    ("fixed bands, the others excellence (S10)", [{"prize": "first_prize", "to_rank": 5}, {"prize": "second_prize", "to_rank": 20}, {"prize": "excellence_prize", "rest": "yes"}], "",
     26, [("first_prize", 1, 5), ("second_prize", 6, 20), ("excellence_prize", 21, 26)]),
    ("5, 15, 30 an event (S39)", [{"prize": prize, "places": n} for prize, n in zip(GRADED, (5, 15, 30), strict=True)], "",
     60, [("first_prize", 1, 5), ("second_prize", 6, 20), ("third_prize", 21, 50)]),
    ("3, 5, 10, merit down to two thirds (S23)", [*({"prize": prize, "places": n} for prize, n in zip(GRADED, (3, 5, 10), strict=True)), {"prize": "merit_prize", "to_share": "66.67", "rounding": "down"}], "",
     36, [("first_prize", 1, 3), ("second_prize", 4, 8), ("third_prize", 9, 18), ("merit_prize", 19, 24)]),
    ("1 : 2 : 3 within 20 percent, merit to 50 percent (S24)", [*({"prize": prize, "ratio": n} for n, prize in enumerate(GRADED, 1)), {"prize": "merit_prize", "to_share": "50", "rounding": "down"}], "20",
     43, [("first_prize", 1, 1), ("second_prize", 2, 3), ("third_prize", 4, 6), ("merit_prize", 7, 21)]),
    ("one, two, three persons (S71)", [{"prize": prize, "places": n} for n, prize in enumerate(GRADED, 1)], "",
     20, [("first_prize", 1, 1), ("second_prize", 2, 3), ("third_prize", 4, 6)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "cap", "field", "places"), [case[1:] for case in SCHEMES], ids=[case[0] for case in SCHEMES]
)
def test_every_scheme_of_the_notices_is_data(
    stored: list[dict[str, Any]], cap: str, field: int, places: list[tuple[str, int, int]]
) -> None:
    rules = rule_set({"prizes": stored, "prize_cap": cap})
    assert rule_set(rules.stored()) == rules
    given_ = awards(
        {rank: rank for rank in range(1, field + 1)}, scheme_from(rules.prizes, rules.prize_cap), base=field
    )
    expected = {rank: prize for prize, first, last in places for rank in range(first, last + 1)}
    assert {rank: award.prize for rank, award in given_.items() if award.prize} == expected


def test_example_1_a_field_of_five() -> None:
    scheme = scheme_from(
        [{"prize": prize, "share": share} for prize, share in zip(GRADED, ("10", "20", "30"), strict=True)]
    )
    assert (scheme.ends(37), scheme.ends(5)) == ((4, 11, 22), (1, 2, 4))


@pytest.mark.parametrize(("rounding", "last"), [("down", 18), ("up", 19), ("half_up", 19)])
def test_example_2_the_first_half_of_37(rounding: str, last: int) -> None:
    assert scheme_from([{"prize": "merit_prize", "to_share": "50", "rounding": rounding}]).ends(37) == (last,)


def test_example_3_the_largest_whole_multiple_within_the_cap() -> None:
    scheme = scheme_from([{"prize": prize, "ratio": n} for n, prize in enumerate(GRADED, 1)], "20")
    assert [scheme.ends(field) for field in (43, 29, 60)] == [(1, 3, 6), (0, 0, 0), (2, 6, 12)]


def test_example_12_succession() -> None:
    """Shanxi 2023: A holds a title; B, C and D get the first prizes."""
    ranks = {"A": 1, "B": 2, "C": 3, "D": 4}
    scheme = scheme_from([{"prize": "first_prize", "places": 3}])
    moved = award_ranks(ranks, {"A"}, succession=True)
    assert moved == {"B": 1, "C": 2, "D": 3}
    assert {entry for entry, award in awards(moved, scheme, base=4).items() if award.prize} == {"B", "C", "D"}
    stays = award_ranks(ranks, {"A"}, succession=False)
    assert {entry for entry, award in awards(stays, scheme, base=4).items() if award.prize} == {"B", "C"}
    assert award_ranks({"A": 1, "B": 2, "C": 2, "D": 4}, {"B"}, succession=True) == {"A": 1, "C": 2, "D": 3}


@pytest.mark.parametrize(
    ("stored", "cap", "code"),
    [
        ([{"prize": "first_prize"}], "", "prize_line_wrong"),
        ([{"prize": "first_prize", "places": 1, "share": "10"}], "", "prize_line_wrong"),
        ([{"prize": "first_prize", "share": "101"}], "", "prize_line_wrong"),
        ([{"prize": "first_prize", "places": "x"}], "", "prize_line_wrong"),
        ([{"prize": "first_prize", "places": 0}], "", "prize_line_wrong"),
        ([{"prize": "invented", "places": 1}], "", "prize_line_wrong"),
        ([{"prize": "first_prize", "places": 1, "edge": "open"}], "", "prize_line_wrong"),
        ([{"prize": "first_prize", "ratio": 1}], "", "prize_cap_missing"),
        ([], "viel", "rule_value_wrong"),
    ],
)
def test_what_is_no_scheme_is_refused(stored: list[dict[str, Any]], cap: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        rule_set({"prizes": stored, "prize_cap": cap})


_BAND = st.one_of(
    st.builds(lambda n: {"places": n}, st.integers(1, 6)),
    st.builds(lambda n: {"share": str(n)}, st.integers(1, 40)),
    st.builds(lambda n: {"to_share": str(n)}, st.integers(1, 100)),
    st.builds(lambda n: {"to_rank": n}, st.integers(1, 30)),
)


@given(
    st.lists(st.tuples(_BAND, st.sampled_from(EDGES)), min_size=1, max_size=5),
    st.lists(st.integers(0, 8), min_size=1, max_size=40),
)
def test_a_better_rank_never_has_a_lower_prize(bands: list[tuple[dict[str, Any], str]], scores: list[int]) -> None:
    stored = [{"prize": PRIZES[n], "edge": edge, **band} for n, (band, edge) in enumerate(bands)]
    ranks = {n: 1 + sum(other > score for other in scores) for n, score in enumerate(scores)}
    given_ = awards(ranks, scheme_from(stored), base=len(scores))
    level = {prize: n for n, prize in enumerate(PRIZES)}
    order = sorted(ranks, key=lambda entry: ranks[entry])
    held = [level[prize] for entry in order if (prize := given_[entry].prize) is not None]
    assert held == sorted(held)
    for one in order:
        for other in order:
            if ranks[one] == ranks[other]:
                assert given_[one] == given_[other]


def test_a_rule_set_without_prizes_says_nothing_of_them() -> None:
    assert RuleSet().prizes == ()
    assert scheme_from(()).ends(10) == ()
    assert scheme_from([{"prize": "first_prize", "share": "2.5"}]).bands[0].share == Fraction(5, 2)
