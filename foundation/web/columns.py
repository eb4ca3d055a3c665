"""Columns that rooms offer to lists of people, so that a lower room's list can show what a higher room knows.

A list of an office (成绩列表, 证书列表) asks for values by name; the room that has them registers a source in its package's
wiring. A source answers for many rows at once, in a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: its own key, the group it belongs to, the person it is about."""

    key: UUID
    group: UUID
    person: UUID


Source = Callable[[UUID, Sequence[ListRow]], Mapping[UUID, Mapping[str, Any]]]
"""(the scope's id, rows) → row key → value by name."""

_sources: dict[tuple[str, ...], Source] = {}


def register(names: tuple[str, ...], source: Source) -> None:
    """Offer values under these names; the same again changes nothing."""
    _sources[names] = source


def offered() -> frozenset[str]:
    """Every name that some room offers."""
    return frozenset(name for names in _sources for name in names)


def values(scope_id: UUID, rows: Sequence[ListRow], wanted: frozenset[str]) -> dict[UUID, dict[str, Any]]:
    """The wanted values of each row; only the sources that offer one of them are asked."""
    found: dict[UUID, dict[str, Any]] = {row.key: {} for row in rows}
    for names, source in _sources.items():
        if wanted & set(names):
            for key, told in source(scope_id, rows).items():
                found[key] |= told
    return found
