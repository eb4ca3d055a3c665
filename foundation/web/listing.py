"""Lists: search, filters, order and page live in the URL, so that a list can be sent to a colleague as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from foundation.db import session

PAGE_SIZE = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """What the URL asks of a list."""

    search: str
    order: str
    descending: bool
    page: int
    filters: Mapping[str, str] = field(default_factory=dict)

    def link(self, **changes: Any) -> str:
        """This list's address with some parts changed; changing anything but the page goes back to page 1."""
        values: dict[str, Any] = {
            "q": self.search or None,
            "sort": ("-" if self.descending else "") + self.order or None,
        }
        values |= dict(self.filters)
        values |= {"page": None} | changes
        return url_for(
            request.endpoint or "",
            **(request.view_args or {}),
            **{k: v for k, v in values.items() if v not in ("", None)},
        )

    def sort_link(self, column: str) -> str:
        """The address that orders by `column`, or turns the order round."""
        return self.link(sort=("-" if self.order == column and not self.descending else "") + column)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows and how many there are in all."""

    rows: Sequence[Any]
    total: int
    number: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))


def asked(*, orders: Sequence[str], filters: Sequence[str] = ()) -> Listing:
    """The listing this request asks for. Unknown orders fall back to the first; a leading `-` means descending."""
    wanted = request.args.get("sort", "")
    order = wanted.removeprefix("-")
    return Listing(
        search=request.args.get("q", "").strip()[:100],
        order=order if order in orders else orders[0],
        descending=wanted.startswith("-") and order in orders,
        page=max(1, request.args.get("page", 1, type=int) or 1),
        filters={name: request.args[name] for name in filters if request.args.get(name)},
    )


def page_of(wanted: Select[Any], listing: Listing, *, size: int = PAGE_SIZE) -> Page:
    """The asked page of a select: one count and one page, whatever the number of rows."""
    total = session().scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    number = min(listing.page, max(1, -(-total // size)))
    rows = session().execute(wanted.limit(size).offset((number - 1) * size)).unique()
    entity = len(wanted.column_descriptions) == 1
    return Page(rows.scalars().all() if entity else rows.all(), total, number, size)


def shortlist(
    rows: Iterable[T], listing: Listing, *, words: Callable[[T], Iterable[str]], orders: Mapping[str, Callable[[T], Any]],
    filters: Mapping[str, Callable[[T, str], bool]] | None = None,
) -> list[T]:  # fmt: skip
    """A list short enough to be read whole (delegations, the judges of an event): searched, filtered and ordered as the URL asks.

    `words` are what a search looks into, pinyin among them; an order that is not asked for keeps the rows as they came.
    """
    search = listing.search.casefold()
    found = [
        row
        for row in rows
        if (not search or any(search in word.casefold() for word in words(row)))
        and all(fits(row, listing.filters[name]) for name, fits in (filters or {}).items() if name in listing.filters)
    ]
    key = orders.get(listing.order)
    return sorted(found, key=key, reverse=listing.descending) if key is not None else found
