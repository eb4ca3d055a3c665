from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.rules.codes import ALPHABET, apart, draw_codes
from foundation.refusal import Refusal


def seeded(seed: int) -> random.Random:
    """The same numbers for the same seed."""
    return random.Random(seed)


def distance(one: str, other: str) -> int:
    """Levenshtein's, the slow and plain way."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


words = st.text(alphabet="2AB", min_size=3, max_size=6)


@given(words, words)
def test_apart_is_the_edit_distance_of_two(one: str, other: str) -> None:
    assert apart(one, other) == (distance(one, other) >= 2)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 70), st.integers(0, 40), st.integers())
def test_codes_are_far_apart_from_each_other_and_from_all_that_were_drawn(first: int, more: int, seed: int) -> None:
    rng = seeded(seed)
    before = draw_codes(first, taken=(), rng=rng)
    after = draw_codes(more, taken=before, rng=rng)
    codes = before + after
    assert len(codes) == first + more
    assert all(distance(a, b) >= 2 for number, a in enumerate(codes) for b in codes[:number])
    assert all(
        set(code) <= set(ALPHABET) and len(code) == 4 and not code.isalpha() and not code.isdigit() for code in codes
    )


def test_a_large_event_gets_five_characters_and_short_ones_stay_apart() -> None:
    rng = seeded(1)
    short = draw_codes(600, taken=(), rng=rng)
    long = draw_codes(60, taken=short, rng=rng)
    assert ({len(code) for code in short}, {len(code) for code in long}) == ({4}, {5})
    assert all(distance(a, b) >= 2 for a in long for b in short)


def test_the_alphabet_has_nothing_that_is_mistaken() -> None:
    assert set("0O1IL").isdisjoint(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    assert draw_codes(9, taken=(), rng=seeded(3)) == draw_codes(9, taken=(), rng=seeded(3))
    assert draw_codes(9, taken=(), rng=seeded(3)) != draw_codes(9, taken=(), rng=seeded(4))


def test_there_is_an_end() -> None:
    with pytest.raises(Refusal, match="codes_exhausted"):
        draw_codes(20_001, taken=(), rng=seeded(1))
