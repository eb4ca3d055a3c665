"""Signatures by finger: checked, and drawn again as lines. A typed name is the way for whoever cannot draw.

A drawing is JSON: `{"w": 600, "h": 220, "strokes": [[x, y, x, y, ...], ...]}` in whole pixels of the field it was drawn on.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from foundation.refusal import Refusal

KINDS = ("drawn", "typed", "paper", "sign_in")
LONGEST = 60_000  # characters of a drawing
LARGEST = 4_000  # pixels of a side
LEAST_POINTS = 8
LEAST_WIDTH = 0.08  # share of the field's width that a signature spans; a dot is none


@dataclass(frozen=True, slots=True)
class Hand:
    """A signature as given: `drawn` strokes as JSON, or a `typed` name."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A checked drawing: the field and its strokes, each a row of points."""

    width: int
    height: int
    strokes: tuple[tuple[tuple[int, int], ...], ...]


def checked_hand(hand: Hand, names: Sequence[str]) -> Hand:
    """The signature, once it is one. A typed name must be one of `names`, spaces and case apart.

    Raises Refusal signature_empty, signature_malformed, signature_name_differs.
    """
    if hand.kind == "typed":
        if _plain(hand.text) not in {_plain(name) for name in names if name}:
            raise Refusal("signature_name_differs", field="typed", name=names[0])
        return hand
    if hand.kind != "drawn":
        raise Refusal("signature_malformed")
    found = read_drawing(hand.text)
    points = [point for stroke in found.strokes for point in stroke]
    across = [x for x, _y in points]
    if len(points) < LEAST_POINTS or max(across) - min(across) < found.width * LEAST_WIDTH:
        raise Refusal("signature_empty", field="drawing")
    return hand


def read_drawing(text: str) -> Drawing:
    """A drawing from its JSON. Raises Refusal signature_malformed, signature_empty for none at all."""
    if len(text) > LONGEST:
        raise Refusal("signature_malformed")
    try:
        found: Any = json.loads(text)
        width, height, strokes = int(found["w"]), int(found["h"]), found["strokes"]
        drawn = tuple(tuple(zip(_whole(row)[::2], _whole(row)[1::2], strict=True)) for row in strokes)
    except (ValueError, TypeError, KeyError, RecursionError) as wrong:
        raise Refusal("signature_malformed") from wrong
    inside = all(0 <= x <= width and 0 <= y <= height for stroke in drawn for x, y in stroke)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST and inside):
        raise Refusal("signature_malformed")
    if not any(drawn):
        raise Refusal("signature_empty", field="drawing")
    return Drawing(width, height, tuple(stroke for stroke in drawn if stroke))


def svg(text: str) -> str:
    """A checked drawing as an SVG picture; nothing but numbers of it reaches the picture."""
    found = read_drawing(text)
    paths = "".join(
        f'<path d="M{" L".join(f"{x} {y}" for x, y in stroke)}"/>' if len(stroke) > 1
        else f'<circle cx="{stroke[0][0]}" cy="{stroke[0][1]}" r="2"/>'
        for stroke in found.strokes
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {found.width} {found.height}">'
        f'<g fill="none" stroke="#14303a" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">{paths}</g></svg>'
    )


def _whole(row: Any) -> list[int]:
    if not isinstance(row, list) or any(type(value) is not int for value in row):
        raise ValueError("points are whole numbers")
    return row


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
