"""Which of a cell's revisions is in force. The answer follows from the set of revisions, not from the order they arrived in.

Every revision names the one it was made on (`base_id`). What no other revision was made on is a leaf; one leaf is the value in
force, several leaves with different values are a conflict: all are kept, a person decides (a resolving revision, which ends
everything recorded before it). Until then the leaf the ledger recorded first is shown: never last write wins, never a tablet's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Revision:
    """A value given to a cell; None clears it. `resolves` is a decision between everything recorded before."""

    id: UUID
    base_id: UUID | None
    value: str | None
    resolves: bool = False


@dataclass(frozen=True, slots=True)
class HeadOfCell:
    """What is in force, how many leaves stand beside each other, and whether they disagree."""

    id: UUID
    value: str | None
    leaves: int
    conflict: bool


def leaves_of(revisions: Sequence[Revision]) -> list[Revision]:
    """The revisions nobody built upon, in the order recorded."""
    last = max((index for index, revision in enumerate(revisions) if revision.resolves), default=0)
    bases = {revision.base_id for revision in revisions}
    left = [revision for revision in revisions[last:] if revision.id not in bases]
    return left or list(revisions[last:])  # a ring of bases: nothing is trusted, everything is shown


def head_of(revisions: Sequence[Revision]) -> HeadOfCell:
    """The head of a cell from its revisions, at least one, in the order recorded."""
    leaves = leaves_of(revisions)
    return HeadOfCell(leaves[0].id, leaves[0].value, len(leaves), len({leaf.value for leaf in leaves}) > 1)
