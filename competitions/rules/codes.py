"""Random codes of works: short, easy to read aloud, and so far apart that one slip of the pen never names another work.

Source: design consequence of competition-rules 5.2 (random codes, a redraw is a new draw); three fixed characters fewer than the
usual alphabet because 0 and O, 1, I and L are mistaken for one another on paper.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from foundation.refusal import Refusal

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
FEW = 600  # up to so many codes of an event have four characters: dense enough to draw quickly, far apart all the same
MOST = 20_000


def apart(one: str, other: str) -> bool:
    """Is the edit distance (one character replaced, added or left out) of two codes at least 2?"""
    if abs(len(one) - len(other)) > 1:
        return True
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) > 1
    short, long = sorted((one, other), key=len)
    return short not in _shortened(long)


def draw_codes(count: int, *, taken: Iterable[str], rng: random.Random) -> list[str]:
    """`count` new codes in random order, each at least two edits from every other and from all `taken`.

    Four characters in an event of up to `FEW`, five beyond; each has a letter and a digit, so that none reads as a word or a
    registration number. Raises Refusal codes_exhausted beyond `MOST`.
    """
    used = _Used()
    for code in taken:
        used.add(code)
    if used.count + count > MOST:
        raise Refusal("codes_exhausted", most=MOST)
    length = 4 if used.count + count <= FEW else 5
    drawn: list[str] = []
    while len(drawn) < count:
        code = "".join(rng.choice(ALPHABET) for _ in range(length))
        if code.isalpha() or code.isdigit() or used.near(code):
            continue
        used.add(code)
        drawn.append(code)
    return drawn


class _Used:
    """What has been drawn, ready to answer in constant time whether a candidate is within one edit of it."""

    def __init__(self) -> None:
        self.count = 0
        self._codes: set[str] = set()
        self._holed: set[str] = set()
        self._shortened: set[str] = set()

    def add(self, code: str) -> None:
        self.count += 1
        self._codes.add(code)
        self._holed |= _holed(code)
        self._shortened |= _shortened(code)

    def near(self, code: str) -> bool:
        return (
            not self._holed.isdisjoint(_holed(code))
            or code in self._shortened
            or not self._codes.isdisjoint(_shortened(code))
        )


def _holed(code: str) -> set[str]:
    return {f"{code[:place]}_{code[place + 1 :]}" for place in range(len(code))}


def _shortened(code: str) -> set[str]:
    return {code[:place] + code[place + 1 :] for place in range(len(code))}
