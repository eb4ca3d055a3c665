"""Re-check (抽检复核): which works are checked again, what the error rate is, and what follows.

Works are ranked by code, before anybody knows a name. All of the top share are checked, rounded up; of the rest at least the other
share, rounded up, drawn with the seed that is recorded. The rate is wrong works (or items) over those checked; more than the
limit means that every work is checked. Source: competition rules 7.2 and 14 example 4.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from foundation.exact import Rounding, round_to_int

KEY = "recheck:top_and_drawn_1"
ERRORS = ("keying", "sum", "judging", "missing", "other")
"""Kinds of errors in the record of a re-check."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What the rule set says, in percent."""

    top: Fraction = Fraction(30)
    rest: Fraction = Fraction(15)
    limit: Fraction = Fraction(5)


@dataclass(frozen=True, slots=True)
class Sample:
    """The works to check: the best by rank of code, and those drawn from the rest."""

    top: tuple[str, ...]
    drawn: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them, best first."""
        return (*self.top, *self.drawn)


def sample(totals: Mapping[str, Fraction | None], shares: Shares, *, seed: str) -> Sample:
    """Draw the works to check again from the totals by work code. The same totals and seed give the same sample.

    A tie across the edge of the top share is taken in whole. A work without a total counts as last.
    """
    order = sorted(totals, key=lambda code: (totals[code] is None, -(totals[code] or Fraction(0)), code))
    count = round_to_int(shares.top * len(order) / 100, Rounding.UP)
    if count:
        while count < len(order) and totals[order[count]] == totals[order[count - 1]]:
            count += 1
    rest = sorted(order[count:])
    needed = round_to_int(shares.rest * len(rest) / 100, Rounding.UP)
    drawn = random.Random(seed).sample(rest, needed)  # nosec B311  # noqa: S311 - reproducible on purpose, the seed is recorded
    return Sample(tuple(order[:count]), tuple(sorted(drawn)))


@dataclass(frozen=True, slots=True)
class Rate:
    """Wrong among checked, and whether everything must be checked."""

    wrong: int
    checked: int
    share: Fraction
    full: bool


def rate(wrong: Sequence[bool], shares: Shares) -> Rate:
    """The error rate of what was checked; exactly the limit is not over it. Raises ValueError when nothing was checked."""
    if not wrong:
        raise ValueError("nothing was checked")
    share = Fraction(sum(wrong), len(wrong))
    return Rate(sum(wrong), len(wrong), share, share * 100 > shares.limit)
