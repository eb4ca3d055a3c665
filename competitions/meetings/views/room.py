"""The blueprint that this room's pages share."""

from __future__ import annotations

from flask import Blueprint

from foundation.web import language

blueprint = Blueprint("meetings", __name__)


def named(row: object) -> str:
    """The name of a competition for the reader."""
    english: str = getattr(row, "name_en", "") if language.chosen() == "en" else ""
    return english or getattr(row, "name_zh", "")
