"""Cards: what rooms have to say on pages that read every room (an organizer's board, a person's home).

A room registers a source in its package's wiring: (actor, scope, at) → next steps, figures, flags.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from foundation.permission import Actor, Scope, can


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


# --- links of an event ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventLink:
    """What a room offers for one event: shown on the event's page and, when it is due, as its next action on the board.

    A room registers it in its package's wiring: `cards.register_event_link(EventLink(N_("Marking scheme"),
    "schemes.scheme", SchemePermission.VIEW, 10))`. `label` is a msgid; `endpoint` takes `event_id` alone; the link is shown
    to those who hold `permission` on the event. A lower `order` stands first. `due` is asked once a page with the ids of its
    events and answers those that wait for this step; the first link that is due is the next action.
    """

    label: str
    endpoint: str
    permission: str
    order: int = 100
    icon: str = "arrow-right"
    due: Callable[[Collection[UUID]], Collection[UUID]] | None = None


@dataclass(frozen=True, slots=True)
class EventLinkShown:
    """A link as a page shows it."""

    link: EventLink
    due: bool


_event_links: list[EventLink] = []


def register_event_link(*links: EventLink) -> None:
    """Add links; the same endpoint once."""
    known = {link.endpoint for link in _event_links}
    _event_links.extend(link for link in links if link.endpoint not in known)
    _event_links.sort(key=lambda link: link.order)


def event_links(actor: Actor, events: Mapping[UUID, Sequence[Scope]]) -> dict[UUID, list[EventLinkShown]]:
    """For each event (id → its chain of scopes) the links the actor may follow; those that are due stand first."""
    due = {link.endpoint: set(link.due(list(events))) if link.due and events else set() for link in _event_links}
    found = {}
    for key, scopes in events.items():
        offered = [
            EventLinkShown(link, key in due[link.endpoint])
            for link in _event_links
            if can(actor, link.permission, scopes)
        ]
        found[key] = sorted(offered, key=lambda shown: not shown.due)
    return found
