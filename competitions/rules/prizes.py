"""Prizes from ranks: bands of places or shares, as data, with declared rounding, counting base and edge policy.

A band takes the next places in one of these ways (`way`):

- `places`: a number of places;
- `to_rank`: all places down to a rank;
- `share`: a share of the counting base, percent, rounded as declared;
- `to_share`: all places down to a share of the counting base (a merit prize "within the first half");
- `ratio`: its part of the largest whole multiple of the ratio that a cap on all prizes allows (1 : 2 : 3 within 20 %);
- `rest`: everybody who is left and has a rank.

A tie across the lower edge of a band follows `edge`: `include_all` gives the prize to everybody in the tie, `exclude_all` to nobody
of it, `open` leaves the tie without a prize and says so, for the chief judge to decide. Places used up by a longer band are not
handed out again by the next. Sources: competition rules 9.1 and 14 examples 1, 2, 3, 7 and 12.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from foundation.exact import Rounding, exact, round_to_int
from foundation.refusal import Refusal

KEY = "prizes:bands_2"
Entry = TypeVar("Entry")
INCLUDE_ALL, EXCLUDE_ALL, OPEN = "include_all", "exclude_all", "open"
EDGES = (INCLUDE_ALL, EXCLUDE_ALL)
"""What a stored scheme may say of a tie across an edge; `open` serves proposals alone."""
WAYS = ("places", "to_rank", "share", "to_share", "ratio", "rest")
PRIZES = (
    "gold_medal", "silver_medal", "bronze_medal", "special_prize", "first_prize", "second_prize", "third_prize",
    "merit_prize", "excellence_prize",
)  # fmt: skip
"""The names a notice gives to prizes of individuals and teams, from high to low."""


@dataclass(frozen=True, slots=True)
class Band:
    """One prize and the places it takes; exactly one of the ways is set, `rest` when none is."""

    prize: str
    places: int | None = None
    share: Fraction | None = None
    rounding: Rounding = Rounding.HALF_UP
    edge: str = INCLUDE_ALL
    to_rank: int | None = None
    to_share: Fraction | None = None
    ratio: int | None = None

    @property
    def way(self) -> str:
        """How it takes its places; see `WAYS`."""
        return next((way for way in WAYS if getattr(self, way, None) is not None), "rest")

    def count(self, base: int) -> int:
        """How many places a band of `places` or `share` has among `base` entries."""
        if self.places is not None:
            return self.places
        return round_to_int((self.share or Fraction(0)) * base / 100, self.rounding)


@dataclass(frozen=True, slots=True)
class Scheme:
    """All prizes of an event and division. `cap` is the percent of the base that bands with a ratio may come to together."""

    bands: tuple[Band, ...] = ()
    cap: Fraction | None = None

    def ends(self, base: int) -> tuple[int | None, ...]:
        """The last place of each band; None where it takes everybody who is left."""
        unit, last = self._unit(base), 0
        found: list[int | None] = []
        for band in self.bands:
            match band.way:
                case "to_rank":
                    last = max(last, band.to_rank or 0)
                case "to_share":
                    last = max(last, round_to_int((band.to_share or Fraction(0)) * base / 100, band.rounding))
                case "ratio":
                    last += unit * (band.ratio or 0)
                case "rest":
                    found.append(None)
                    continue
                case _:
                    last += band.count(base)
            found.append(last)
        return tuple(found)

    def _unit(self, base: int) -> int:
        parts = sum(band.ratio or 0 for band in self.bands)
        if not parts or self.cap is None:
            return 0
        return round_to_int(self.cap * base / 100, Rounding.DOWN) // parts


MEDALS = (Band("gold", places=1), Band("silver", places=1), Band("bronze", places=1))
"""Ranks 1, 2 and 3, ties included: what a notice that says nothing else means."""


def bands_from(stored: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    """Bands in their stored form: a prize and exactly one way with its value. Raises ValueError for what is none."""
    made = []
    for one in stored:
        ways = [way for way in WAYS if one.get(way) is not None]
        if len(ways) != 1:
            raise ValueError("a band has either places or a share, or another way, and only one")
        [way] = ways
        value: Any = one[way]
        if way in ("share", "to_share"):
            value = exact(str(value))
        elif way != "rest":
            value = int(value)
        given = {} if way == "rest" else {way: value}
        made.append(
            Band(
                str(one["prize"]),
                rounding=Rounding(one.get("rounding", Rounding.HALF_UP)),
                edge=str(one.get("edge", INCLUDE_ALL)),
                **given,
            )
        )
    return tuple(made)


def scheme_from(stored: Sequence[Mapping[str, Any]], cap: str = "") -> Scheme:
    """A scheme in its stored form. Raises Refusal prize_line_wrong (which line), prize_cap_missing."""
    bands: list[Band] = []
    for number, one in enumerate(stored, 1):
        try:
            [band] = bands_from([one])
            value = None if band.way == "rest" else getattr(band, band.way)
            fits = value is None or (0 < value <= (100 if band.way in ("share", "to_share") else 10000))
        except (ValueError, KeyError, TypeError):
            fits, band = False, Band("")
        if not fits or band.edge not in EDGES or band.prize not in PRIZES:
            raise Refusal("prize_line_wrong", number=number)
        bands.append(band)
    if any(band.ratio for band in bands) and not cap:
        raise Refusal("prize_cap_missing", field="prize_cap")
    return Scheme(tuple(bands), exact(cap) if cap else None)


@dataclass(frozen=True, slots=True)
class Award:
    """What an entry gets: a prize, or nothing; `open` while the chief judge must decide about a tie at an edge."""

    prize: str | None
    open: bool = False


def awards(ranks: Mapping[Entry, int], bands: Sequence[Band] | Scheme, *, base: int) -> dict[Entry, Award]:
    """Every ranked entry's award. `ranks` are award ranks (1, 2, 2, 4); `base` is the declared counting base."""
    scheme = bands if isinstance(bands, Scheme) else Scheme(tuple(bands))
    sizes: dict[int, int] = {}
    for rank in ranks.values():
        sizes[rank] = sizes.get(rank, 0) + 1
    found: dict[Entry, Award] = {}
    first = 1
    for band, end in zip(scheme.bands, scheme.ends(base), strict=True):
        last = max(ranks.values(), default=0) if end is None else end
        held = [entry for entry, rank in ranks.items() if first <= rank <= last and entry not in found]
        for entry in held:
            across = ranks[entry] + sizes[ranks[entry]] - 1 > last
            if not across or band.edge == INCLUDE_ALL:
                found[entry] = Award(band.prize)
            else:
                found[entry] = Award(None, open=band.edge == OPEN)
        first = last + 1
    return {entry: found.get(entry, Award(None)) for entry in ranks}


def award_ranks(ranks: Mapping[Entry, int], without_reward: Collection[Entry], *, succession: bool) -> dict[Entry, int]:
    """The ranks that prizes, titles and grades go by. Entries without reward have none.

    With `succession` (递补) those below move up by the number of entries without reward above them; without it their places
    stay empty. Source: competition rules 10.5 step 2.
    """
    left = {entry: rank for entry, rank in ranks.items() if entry not in without_reward}
    if not succession:
        return left
    gone = sorted(ranks[entry] for entry in without_reward if entry in ranks)
    return {entry: rank - sum(other < rank for other in gone) for entry, rank in left.items()}
