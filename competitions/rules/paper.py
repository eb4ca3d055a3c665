"""Two clerks key a paper sheet in, each alone: where they differ, and what counts once the paper was looked at again.

Source: competition-rules 16.20 (paper fallback with later entry by two people); reliability 2.4 (blind double entry).
"""

from __future__ import annotations

from collections.abc import Mapping

from foundation.refusal import Refusal

Keyed = Mapping[str, str]  # cell → value as keyed; empty where the paper is empty


def differences(first: Keyed, second: Keyed) -> tuple[str, ...]:
    """The cells in which two keyings differ, in order."""
    return tuple(cell for cell in sorted(first.keys() | second.keys()) if first.get(cell, "") != second.get(cell, ""))


def settled(first: Keyed, second: Keyed, chosen: Keyed) -> dict[str, str]:
    """What the paper says: where both agree their value, elsewhere the chosen one, which must be one of the two.

    Raises Refusal paper_unsettled with how many cells lack a choice.
    """
    differ = differences(first, second)
    lacking = [cell for cell in differ if chosen.get(cell) not in (first.get(cell, ""), second.get(cell, ""))]
    if lacking:
        raise Refusal("paper_unsettled", count=len(lacking))
    whole = {**first, **{cell: chosen[cell] for cell in differ}}
    return {cell: value for cell, value in whole.items() if value}
