"""What may follow what: a start state and the moves of one noun. Both packages of the trade keep their tables in this form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.refusal import Conflict


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A start state and the moves: (state, move) → next state."""

    noun: str
    start: str
    moves: Mapping[tuple[str, str], str]

    def advance(self, state: str, move: str) -> str:
        """The state after `move`. Raises Conflict move_not_allowed with both named."""
        following = self.moves.get((state, move))
        if following is None:
            raise Conflict("move_not_allowed", state=f"@{self.noun}_state:{state}", move=f"@{self.noun}_move:{move}")
        return following

    def moves_from(self, state: str) -> tuple[str, ...]:
        """What may be done in `state`, in the table's order."""
        return tuple(move for (at, move) in self.moves if at == state)

    def states(self) -> tuple[str, ...]:
        """Every state, the start first."""
        return tuple(dict.fromkeys((self.start, *(at for at, _ in self.moves), *self.moves.values())))
