"""Prizes from ranks: bands of places or shares, as data, with declared rounding, counting base and edge policy.

A band takes the next places: a number of them (`places`), or a share of the counting base (`share`, percent) rounded as declared. A
tie across the lower edge of a band follows `edge`: `include_all` gives the prize to everybody in the tie, `exclude_all` to nobody
of it, `open` leaves the tie without a prize and says so, for the chief judge to decide. Places used up by a longer band are not
handed out again by the next. Sources: competition rules 9.1 and 14 examples 1, 2 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from foundation.exact import Rounding, exact, round_to_int

KEY = "prizes:bands_1"
Entry = TypeVar("Entry")
INCLUDE_ALL, EXCLUDE_ALL, OPEN = "include_all", "exclude_all", "open"


@dataclass(frozen=True, slots=True)
class Band:
    """One prize: `places` of them, or `share` percent of the counting base."""

    prize: str
    places: int | None = None
    share: Fraction | None = None
    rounding: Rounding = Rounding.HALF_UP
    edge: str = INCLUDE_ALL

    def count(self, base: int) -> int:
        """How many places it has among `base` entries."""
        if self.places is not None:
            return self.places
        return round_to_int((self.share or Fraction(0)) * base / 100, self.rounding)


MEDALS = (Band("gold", places=1), Band("silver", places=1), Band("bronze", places=1))
"""Ranks 1, 2 and 3, ties included: what a notice that says nothing else means."""


def bands_from(stored: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    """Bands in their stored form. Raises ValueError for what is none."""
    made = []
    for one in stored:
        places, share = one.get("places"), one.get("share")
        if (places is None) == (share is None):
            raise ValueError("a band has either places or a share")
        made.append(
            Band(
                str(one["prize"]),
                None if places is None else int(places),
                None if share is None else exact(str(share)),
                Rounding(one.get("rounding", Rounding.HALF_UP)),
                str(one.get("edge", INCLUDE_ALL)),
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Award:
    """What an entry gets: a prize, or nothing; `open` while the chief judge must decide about a tie at an edge."""

    prize: str | None
    open: bool = False


def awards(ranks: Mapping[Entry, int], bands: Sequence[Band], *, base: int) -> dict[Entry, Award]:
    """Every ranked entry's award. `ranks` are sporting ranks (1, 2, 2, 4); `base` is the declared counting base."""
    found: dict[Entry, Award] = {}
    last = 0
    for band in bands:
        first, last = last + 1, last + band.count(base)
        held = [entry for entry, rank in ranks.items() if first <= rank <= last and entry not in found]
        sizes = {rank: sum(other == rank for other in ranks.values()) for rank in {ranks[entry] for entry in held}}
        for entry in held:
            across = ranks[entry] + sizes[ranks[entry]] - 1 > last
            if not across or band.edge == INCLUDE_ALL:
                found[entry] = Award(band.prize)
            else:
                found[entry] = Award(None, open=band.edge == OPEN)
    return {entry: found.get(entry, Award(None)) for entry in ranks}
