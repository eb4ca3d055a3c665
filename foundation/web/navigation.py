"""The side navigation: each room registers its entries in its package's wiring; a person sees those they may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, request, url_for

from foundation.permission import PLATFORM, can, scopes_of, visible
from foundation.web.access import actor


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry. `of` names the URL argument it needs (`competition_id`); without it the entry is always offered.

    `section` and `label` are msgids; `order` places it in the course of a competition.
    """

    section: str
    label: str
    endpoint: str
    icon: str
    permission: str
    order: int
    of: str = ""


_items: list[NavigationItem] = []


def register(*items: NavigationItem) -> None:
    """Add entries; the same endpoint once."""
    known = {item.endpoint for item in _items}
    _items.extend(item for item in items if item.endpoint not in known)
    _items.sort(key=lambda item: item.order)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it."""

    item: NavigationItem
    url: str
    current: bool


def shown() -> dict[str, list[Shown]]:
    """The sections and entries for this request's person, in order."""
    sections: dict[str, list[Shown]] = {}
    entered = here()
    for item in _items:
        key = entered.get(item.of) if item.of else None
        if item.of and key is None:
            continue
        if item.of and key is not None:
            allowed = can(actor(), item.permission, scopes_of(item.of, key) or (PLATFORM,))
        else:
            allowed = visible(actor(), item.permission).anywhere
        if allowed:
            arguments: dict[str, Any] = {item.of: key} if item.of else {}
            url = url_for(item.endpoint, **arguments)
            current = getattr(g, "nav", request.endpoint) == item.endpoint
            sections.setdefault(item.section, []).append(Shown(item, url, current))
    return sections


def enter(nav: str = "", **keys: UUID) -> None:
    """Say which competition (or event) the page is about, so that the navigation and the bar can offer its rooms.

    `nav` is the endpoint of the entry to mark as current, for pages below it.
    """
    g.here = {**getattr(g, "here", {}), **keys}
    if nav:
        g.nav = nav


def here() -> dict[str, UUID]:
    """What `enter` was told in this request."""
    found: dict[str, UUID] = getattr(g, "here", {})
    return found
