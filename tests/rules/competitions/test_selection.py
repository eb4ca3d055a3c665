"""Who goes on and how seats are given: by the notices of competition rules 2.4 and 2.5, and by properties."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.selection import Body, Choice, Contestant, allocate, choice_from, choose, pass_on
from foundation.refusal import Refusal


def key(number: int) -> UUID:
    return UUID(int=number)


def contestants(*ranks: int | None, theory: dict[int, int] | None = None, delegations: str = "") -> list[Contestant]:
    """Numbered from 1; theory 80 unless told otherwise; one letter of `delegations` each."""
    return [
        Contestant(
            key(n), rank, delegations[n - 1] if delegations else "", {"theory": Fraction((theory or {}).get(n, 80))},
            {"theory": (theory or {}).get(n, 80) >= 60},
        )
        for n, rank in enumerate(ranks, 1)
    ]  # fmt: skip


def numbers(field: list[Contestant], choice: Choice, status: str = "selected") -> list[int]:
    return [one.entry.int for one in choose(field, choice) if one.status == status]


def test_theory_at_least_60_and_the_first_35_and_no_preliminary_for_few() -> None:
    """S25: theory 60 and top 35 to the final; with 35 or fewer there is no preliminary."""
    rule = choice_from({"top": 35, "least": {"theory": "60"}, "all_if_at_most": 35})
    many = contestants(*range(1, 51), theory={3: 59})
    assert numbers(many, rule) == [1, 2, *range(4, 37)]
    [failed] = [one for one in choose(many, rule) if one.entry == key(3)]
    assert (failed.status, failed.code, failed.facts) == (
        "out",
        "selection:mark",
        {"part": "@part:theory", "least": 60},
    )
    few = contestants(*range(1, 36), theory={3: 12})
    assert numbers(few, rule) == list(range(1, 36))


def test_the_first_70_of_a_preliminary() -> None:
    """S26."""
    assert numbers(contestants(*range(1, 101)), Choice(top=70)) == list(range(1, 71))


def test_three_per_delegation_and_the_next_are_substitutes() -> None:
    """S44, S72: at most so many of a unit; who comes next waits in order."""
    field = contestants(1, 2, 3, 4, 5, 6, delegations="AAABBB")
    rule = Choice(top=4, per_delegation=2, substitutes=1)
    assert numbers(field, rule) == [1, 2, 4, 5]
    assert numbers(field, rule, "substitute") == [3]
    [last] = [one for one in choose(field, rule) if one.entry == key(6)]
    assert (last.status, last.code) == ("out", "selection:delegation_full")


@pytest.mark.parametrize(("edge", "selected"), [("include_all", [1, 2, 3, 4]), ("exclude_all", [1, 2])])
def test_a_tie_across_the_edge_goes_whole_or_not_at_all(edge: str, selected: list[int]) -> None:
    assert numbers(contestants(1, 2, 3, 3, 5), Choice(top=3, edge=edge)) == selected


def test_a_share_counts_those_who_have_a_rank() -> None:
    assert numbers(contestants(1, 2, 3, 4, 5, None), Choice(share=Fraction(50))) == [1, 2]
    assert numbers(contestants(1, 2, None), Choice(share=Fraction(50), must_pass=("theory",))) == [1]


@pytest.mark.parametrize(
    "stored",
    [{"top": "x"}, {"top": -1}, {"share": "0"}, {"share": "101"}, {"top": 3, "share": "10"}, {"least": {"theory": "sechzig"}},
     {"edge": "coin"}, {"rounding": "sometimes"}],
)  # fmt: skip
def test_what_is_no_choice_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="choice_wrong"):
        choice_from(stored)


def test_a_choice_comes_back_from_its_stored_form() -> None:
    rule = Choice(
        share=Fraction(33, 2),
        per_delegation=2,
        least={"theory": Fraction(121, 2)},
        must_pass=("practice",),
        substitutes=3,
    )
    assert choice_from(rule.stored()) == rule


@given(
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from("ABC")), max_size=30), st.integers(0, 12), st.integers(1, 4), st.randoms(),
)  # fmt: skip
def test_nobody_better_is_left_behind_within_a_delegation(
    entries: list[tuple[int, str]], top: int, most: int, rng: Any
) -> None:
    field = [Contestant(key(n), rank, home) for n, (rank, home) in enumerate(entries, 1)]
    rule = Choice(top=top, per_delegation=most, edge="exclude_all", substitutes=2)
    found = choose(field, rule)
    assert len(found) == len(field)
    assert len([one for one in found if one.status == "selected"]) <= top
    rank_of, home_of = {one.entry: one.rank for one in field}, {one.entry: one.delegation for one in field}
    for one in found:
        for other in found:
            if one.status == "selected" and other.status != "selected" and home_of[one.entry] == home_of[other.entry]:
                assert (rank_of[one.entry] or 0, str(one.entry)) < (rank_of[other.entry] or 0, str(other.entry))
    mixed = list(field)
    rng.shuffle(mixed)
    assert {(one.entry, one.status, one.order) for one in choose(mixed, rule)} == {
        (one.entry, one.status, one.order) for one in found
    }


def test_seats_by_weight_with_the_largest_remainders() -> None:
    bodies = [Body("a", Fraction(50)), Body("b", Fraction(30)), Body("c", Fraction(20))]
    assert allocate(7, bodies, "proportional") == {"a": 4, "b": 2, "c": 1}  # 3.5, 2.1, 1.4
    assert allocate(7, bodies, "proportional", least=1) == {"a": 3, "b": 2, "c": 2}  # 2.0, 1.2, 0.8 and one each
    assert allocate(99, bodies, "each", least=2) == {"a": 2, "b": 2, "c": 2}
    assert allocate(5, bodies, "list", given={"a": 3, "b": 1, "c": 1}) == {"a": 3, "b": 1, "c": 1}
    with pytest.raises(Refusal, match="seats_too_few"):
        allocate(2, bodies, "proportional", least=1)
    for listed in ({"a": 3}, {"a": 3, "b": 2, "c": 1}):
        with pytest.raises(Refusal, match="seats_not_listed"):
            allocate(5, bodies, "list", given=listed)


@given(st.integers(0, 200), st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_every_seat_is_given_once(total: int, weights: list[int]) -> None:
    found = allocate(total, [Body(str(n), Fraction(weight)) for n, weight in enumerate(weights)], "proportional")
    assert sum(found.values()) == (total if sum(weights) else 0)
    for n, one in enumerate(weights):
        for m, other in enumerate(weights):
            if one > other:
                assert found[str(n)] >= found[str(m)]


def test_unused_seats_pass_on_in_order() -> None:
    seats, used = {"a": 2, "b": 1, "c": 1}, {"a": 1, "b": 0, "c": 1}
    assert pass_on(seats, used, ["b", "c", "a", "c"]) == [("a", "b"), ("b", "c")]
    assert pass_on(seats, used, ["b"]) == [("a", "b")]
    assert pass_on({"a": 1}, {}, ["a"]) == []
