"""What may follow what for award lists and award cases. Certification keeps its own tables: it knows nothing of competitions' rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from foundation.refusal import Conflict


@dataclass(frozen=True, slots=True)
class Course:
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


class ListState(StrEnum):
    """Where a list of award cases stands."""

    PROPOSED = "proposed"
    CHECKED = "checked"
    ON_NOTICE = "on_notice"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class CaseState(StrEnum):
    """Where one person's case stands. From `approved` on the certificate has its own course."""

    PROPOSED = "proposed"
    NOT_AWARDED = "not_awarded"
    CHECKED = "checked"
    ON_NOTICE = "on_notice"
    APPROVED = "approved"
    HELD = "held"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


_L, _C = ListState, CaseState
OPEN_LIST = (_L.PROPOSED, _L.CHECKED, _L.ON_NOTICE)
OPEN_CASE = (_C.PROPOSED, _C.CHECKED, _C.ON_NOTICE)

AWARD_LIST = Course(
    noun="award_list",
    start=_L.PROPOSED,
    moves={
        (_L.PROPOSED, "check"): _L.CHECKED,
        (_L.CHECKED, "reassess"): _L.PROPOSED,
        (_L.CHECKED, "post"): _L.ON_NOTICE,
        (_L.ON_NOTICE, "approve"): _L.APPROVED,
        **{(state, "supersede"): _L.SUPERSEDED for state in OPEN_LIST},
    },
)

AWARD_CASE = Course(
    noun="award_case",
    start=_C.PROPOSED,
    moves={
        (_C.PROPOSED, "check"): _C.CHECKED,
        (_C.PROPOSED, "drop"): _C.NOT_AWARDED,
        (_C.NOT_AWARDED, "take_up"): _C.PROPOSED,
        (_C.CHECKED, "reassess"): _C.PROPOSED,
        (_C.CHECKED, "post"): _C.ON_NOTICE,
        (_C.ON_NOTICE, "approve"): _C.APPROVED,
        **{(state, "hold"): _C.HELD for state in OPEN_CASE},
        (_C.HELD, "release"): _C.PROPOSED,
        (_C.HELD, "resume"): _C.ON_NOTICE,
        **{(state, "refuse"): _C.REFUSED for state in (*OPEN_CASE, _C.HELD)},
        **{(state, "supersede"): _C.SUPERSEDED for state in (*OPEN_CASE, _C.NOT_AWARDED, _C.HELD)},
        (_C.APPROVED, "revoke"): _C.REVOKED,
    },
)

COURSES = (AWARD_LIST, AWARD_CASE)
