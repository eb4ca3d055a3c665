"""Places in status lists and roots: by the recommendation's arithmetic."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.rules.status_list import PLACES, encoded, is_set, leaf, merkle_root, scattered

KEY = b"k" * 32


def test_every_place_is_given_once_and_neighbours_are_far_apart() -> None:
    places = [scattered(position, KEY) for position in range(3000)]
    assert len(set(places)) == 3000
    assert all(0 <= place < PLACES for place in places)
    near = sum(abs(one - other) < 100 for one, other in pairwise(places))
    assert near < 30
    assert [scattered(position, b"x" * 32) for position in range(20)] != places[:20]
    with pytest.raises(ValueError, match="131,072"):
        scattered(PLACES, KEY)


@given(st.sets(st.integers(0, PLACES - 1), max_size=20), st.integers(0, PLACES - 1))
def test_what_was_set_is_set_and_nothing_else(places: set[int], other: int) -> None:
    text = encoded(places)
    assert text.startswith("u")
    assert all(is_set(text, place) for place in places)
    assert is_set(text, other) == (other in places)


def test_the_first_bit_from_the_left_is_place_nought() -> None:
    import base64
    import gzip

    bits = gzip.decompress(base64.urlsafe_b64decode(encoded([0, 15])[1:] + "=="))
    assert (bits[:2], len(bits)) == (b"\x80\x01", 16_384)
    for wrong in ("x", "u", "uAAAA", encoded([])[1:]):
        with pytest.raises(ValueError, match="not a status list"):
            is_set(wrong, 1)


def test_a_root_by_hand() -> None:
    one, two, three = sorted(leaf(hashlib.sha256(name).hexdigest()) for name in (b"a", b"b", b"c"))
    pair = hashlib.sha256(b"\x01" + bytes.fromhex(one) + bytes.fromhex(two)).digest()
    assert merkle_root([one]) == one
    assert merkle_root([three, one, two]) == hashlib.sha256(b"\x01" + pair + bytes.fromhex(three)).hexdigest()
    assert leaf("00" * 32) == hashlib.sha256(bytes(33)).hexdigest()
