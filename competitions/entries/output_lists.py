"""Output lists of offices as data: a layout names its columns, this module fills them. One TOML file a layout, no code.

A layout lies in `data/output_lists/` or, an installation's own, in `LAUREL_DATA/output_lists/`. `value` of a column or of a box of
the head is one of `OWN`, of what higher rooms offer (`foundation/web/columns.py`), `field:KEY` (an extra field of the competition)
or empty: left free for the pen. `only` keeps the rows that have that value; `order` sorts by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.refusal import Refusal

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "output_lists"
OWN = (
    "running", "number", "pass_number", "name", "sex", "birth_date", "identity_number", "phone", "unit", "post", "education", "event",
    "division", "delegation", "occupation", "test_level", "registered_on", "starts_on", "ends_on", "venue", "contact_address",
    "years_in_trade", "held_grade", "attendance",
)  # fmt: skip
HEAD = ("competition", "event", "delegation", "people", "lead_host", "contact_phone", "venue", "starts_on", "ends_on")
FIELD = "field:"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column, or one box of a head: its name in both languages and what stands in it."""

    head: str
    head_en: str
    value: str
    fallback: str = ""
    tall: bool = False

    def name(self, language: str) -> str:
        """The head for the reader."""
        return self.head_en or self.head if language == "en" else self.head


@dataclass(frozen=True, slots=True)
class ListLayout:
    """One output list."""

    key: str
    form: str
    title: str
    title_en: str
    source: str
    columns: tuple[ListColumn, ...]
    head: tuple[ListColumn, ...] = ()
    order: str = "number"
    only: str = ""
    photo: bool = False
    notices: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The title for the reader."""
        return self.title_en or self.title if language == "en" else self.title

    @property
    def wanted(self) -> frozenset[str]:
        """Every value this layout asks for."""
        named = (name for one in (*self.columns, *self.head) for name in (one.value, one.fallback))
        return frozenset(name for name in (*named, self.order, self.only) if name)

    @property
    def asks(self) -> tuple[str, ...]:
        """The extra fields it shows, by key."""
        return tuple(sorted(name.removeprefix(FIELD) for name in self.wanted if name.startswith(FIELD)))


def layout_of(text: str) -> ListLayout:
    """A layout as written. Raises Refusal list_layout_wrong."""
    try:
        said = tomllib.loads(text)
        made = ListLayout(
            said["key"], said["form"], said["title"], said.get("title_en", ""), said.get("source", ""),
            tuple(_column(one) for one in said["columns"]), tuple(_column(one) for one in said.get("head", ())),
            said.get("order", "number"), said.get("only", ""), bool(said.get("photo")), tuple(said.get("notices", ())),
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as wrong:
        raise Refusal("list_layout_wrong", what=str(wrong)[:80]) from wrong
    if made.form not in ("table", "cards") or not made.columns or not made.key.replace("_", "").isalnum():
        raise Refusal("list_layout_wrong", what=made.form)
    return made


def _column(said: Mapping[str, Any]) -> ListColumn:
    head = said.get("head", said.get("label", ""))
    return ListColumn(
        head, said.get("head_en", ""), said.get("value", ""), said.get("fallback", ""), bool(said.get("tall"))
    )


def unknown_values(layout: ListLayout, offered: Iterable[str]) -> list[str]:
    """Values of a layout that nobody offers: typing errors of whoever wrote it."""
    known = {*OWN, *HEAD, *offered}
    return sorted(name for name in layout.wanted if name not in known and not name.startswith(FIELD))


def layouts(folders: Sequence[Path]) -> dict[str, ListLayout]:
    """Every layout of the folders by key; a later folder's goes before an earlier one's."""
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            made = layout_of(path.read_text(encoding="utf-8"))
            found[made.key] = made
    return found


def filled(layout: ListLayout, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The cells of a layout: rows that have what `only` names, in order, with the running number."""
    kept = [row for row in rows if not layout.only or row.get(layout.only) not in (None, "")]
    kept.sort(key=lambda row: _order(row.get(layout.order)))
    return [
        [number if one.value == "running" else _value(one, row) for one in layout.columns]
        for number, row in enumerate(kept, start=1)
    ]


def kept_rows(layout: ListLayout, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows in the order of `filled`, for what stands beside the cells (a photo)."""
    kept = [row for row in rows if not layout.only or row.get(layout.only) not in (None, "")]
    return sorted(kept, key=lambda row: _order(row.get(layout.order)))


def _value(one: ListColumn, row: Mapping[str, Any]) -> Any:
    found = row.get(one.value) if one.value else None
    return row.get(one.fallback) if found in (None, "") and one.fallback else found


def _order(value: Any) -> tuple[int, int, str]:
    if isinstance(value, int):
        return (0, value, "")
    return (2, 0, "") if value in (None, "") else (1, 0, str(value))
