"""Parcels of a tablet's outbox: what waited for the network and is sent in batches, each thing under an id of its own.

A parcel is `{"items": [{"id": …, …}, …]}`; the answer names every id. Only pages of ours may send one (a header of its own and
the same origin), because the cookie travels along.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import request

from foundation.permission import Via
from foundation.refusal import Forbidden, Refusal
from foundation.web.access import actor

LARGEST = 512 * 1024
MOST = 50


def from_a_page_of_ours() -> None:
    """Raise Forbidden unless a cookie's request comes from a page of ours."""
    if actor().via == Via.SESSION and (
        request.headers.get("X-Laurel") != "1" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    ):
        raise Forbidden("parcel_from_elsewhere")


def items() -> list[dict[str, Any]]:
    """The things in the parcel that came with this request. Raises Forbidden, Refusal parcel_malformed, parcel_size."""
    from_a_page_of_ours()
    request.max_content_length = LARGEST
    found = request.get_json(silent=True) if request.is_json and request.get_data() else None
    sent = found.get("items") if isinstance(found, dict) else None
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise Refusal("parcel_malformed", place="items")
    if not 1 <= len(sent) <= MOST:
        raise Refusal("parcel_size", count=len(sent), most=MOST)
    return sent


def key(item: dict[str, Any], name: str) -> UUID:
    """An id in an item. Raises Refusal parcel_malformed."""
    try:
        return UUID(str(item.get(name)))
    except ValueError as wrong:
        raise Refusal("parcel_malformed", place=name) from wrong


def text(item: dict[str, Any], name: str, most: int) -> str:
    """A text in an item, empty where absent. Raises Refusal parcel_malformed."""
    found = item.get(name) or ""
    if not isinstance(found, str) or len(found) > most or "\x00" in found:
        raise Refusal("parcel_malformed", place=name)
    return found.strip()


def whole(item: dict[str, Any], name: str, *, most: int = 100_000) -> int:
    """A whole number in an item, 0 where absent. Raises Refusal parcel_malformed."""
    found = item.get(name, 0)
    if type(found) is not int or not 0 <= found <= most:
        raise Refusal("parcel_malformed", place=name)
    return found


def moment(item: dict[str, Any], name: str) -> datetime:
    """An aware moment in an item. Raises Refusal parcel_malformed."""
    try:
        found = datetime.fromisoformat(str(item.get(name)))
    except ValueError as wrong:
        raise Refusal("parcel_malformed", place=name) from wrong
    if found.tzinfo is None or not 2000 <= found.year <= 2200:
        raise Refusal("parcel_malformed", place=name)
    return found.astimezone(UTC)
