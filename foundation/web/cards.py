"""Cards: what rooms have to say on pages that read every room (an organizer's board, a person's home).

A room registers a source in its package's wiring: (actor, scope, at) → next steps, figures, flags.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from foundation.permission import Actor, Scope


class CardKind(StrEnum):
    """What a card is: something to do, a number, a warning."""

    NEXT_STEP = "next_step"
    FIGURE = "figure"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to show. `code` is a registered sentence; `link` an address; a lower `order` stands first.

    `mine` is False when it is somebody else's turn: the page then says who, and since when.
    """

    kind: CardKind
    code: str
    facts: dict[str, Any]
    link: str = ""
    link_code: str = ""
    order: int = 100
    mine: bool = True
    due: datetime | None = None


Source = Callable[[Actor, Scope, datetime], Sequence[Card]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source of cards, once."""
    if source not in _sources:
        _sources.append(source)


def cards(actor: Actor, scope: Scope, at: datetime) -> list[Card]:
    """What every room has to say about `scope` to `actor`, in order."""
    found = [card for source in _sources for card in source(actor, scope, at)]
    return sorted(found, key=lambda card: (card.order, card.code))
