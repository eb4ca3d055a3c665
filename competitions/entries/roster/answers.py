"""The extra fields of a competition in a roster: which columns hold them, what stands above the table, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from competitions.rules.registration_fields import Field, Subject, applies, checked_value, may_fill
from foundation.refusal import Refusal

PREFIX = "field."


@dataclass(frozen=True, slots=True)
class ExtraField:
    """A field as a roster may name it: its rule and its heads, plain as `columns.plain_head` makes them."""

    id: UUID
    rule: Field
    heads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a competition asks beside the usual, who answers (leader | organizer), and what was answered: member or entry → key → value."""

    fields: Sequence[ExtraField] = ()
    capacity: str = "organizer"
    known: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)

    def by_head(self, about: Iterable[str] = ("member", "entry")) -> dict[str, str]:
        """Plain head → `field.key`, of fields that a cell can answer."""
        wanted = set(about)
        return {
            head: PREFIX + one.rule.key
            for one in self.fields
            if one.rule.about in wanted and one.rule.kind != "file"
            for head in one.heads
        }

    def answer(self, one: ExtraField, text: str, subject: Subject) -> str:
        """A cell as the stored answer; empty: nothing said. Raises Refusal field_not_asked, field_not_yours and of `checked_value`."""
        if not text.strip() or one.rule.kind == "file":
            return ""
        value = checked_value(one.rule, text)
        if value and not applies(one.rule, subject):
            raise Refusal("field_not_asked", field=one.rule.key)
        return value

    def differing(self, one: ExtraField, value: str, subject_id: UUID | None) -> bool:
        """Does a given answer differ from the stored one? Raises Refusal field_not_yours when it is not the sender's to give."""
        if not value or (subject_id and self.known.get(subject_id, {}).get(one.rule.key, "") == value):
            return False
        if not may_fill(one.rule, self.capacity):
            raise Refusal("field_not_yours", field=one.rule.key)
        return True


def head_values(rows: Sequence[Sequence[Any]], plain: Any) -> dict[str, tuple[int, int, str]]:
    """What stands beside each word above a table: plain word → (row, column index, text of the next filled cell)."""
    found: dict[str, tuple[int, int, str]] = {}
    for row in rows:
        for index, cell in enumerate(row):
            if cell.value is None:
                continue
            word, sign, rest = cell.text.replace("：", ":").partition(":")
            if sign and rest.strip():  # 经办人：林晓禾, in one cell
                found.setdefault(plain(word), (cell.row, index, rest.strip()))
                continue
            right = next(
                ((place, one) for place, one in enumerate(row[index + 1 :], index + 1) if one.value is not None), None
            )
            if right is not None:
                found.setdefault(plain(cell.text), (cell.row, right[0], right[1].text))
    return found
