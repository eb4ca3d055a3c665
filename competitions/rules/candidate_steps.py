"""What is next for a candidate: one step for every state an entry can be in, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from competitions.rules.lifecycle import CompetitionState, EntryState


class Turn(StrEnum):
    """Whose turn it is."""

    YOURS = "yours"
    THEIRS = "theirs"
    NOBODYS = "nobodys"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one person's part in an entry. `open_for_entry`: entering is possible now."""

    entry: str
    competition: str
    attendance: str = "expected"
    gaps: int = 0
    consent_owed: bool = False
    open_for_entry: bool = True
    has_pass: bool = False
    begun: bool = False  # the first day has come
    identity_open: bool = False
    final: bool = False  # results are decided


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step as a code (`candidate_step:…`) with facts, and whose turn it is."""

    code: str
    turn: Turn
    facts: Mapping[str, Any] = field(default_factory=dict)


_ENDED = {
    EntryState.REFUSED: NextStep("refused", Turn.NOBODYS),
    EntryState.WITHDRAWN: NextStep("withdrawn", Turn.NOBODYS),
}
_ON_THE_DAY = {
    "present": NextStep("checked_in", Turn.THEIRS),
    "late": NextStep("checked_in_late", Turn.THEIRS),
    "absent": NextStep("absent", Turn.YOURS),
    "stopped": NextStep("stopped", Turn.THEIRS),
}


def next_step(one: Situation) -> NextStep:
    """The next step: what ended first, then the day itself, then what the candidate owes, then what others do."""
    if one.competition == CompetitionState.CANCELLED:
        return NextStep("competition_cancelled", Turn.NOBODYS)
    if one.entry in _ENDED:
        return _ENDED[EntryState(one.entry)]
    if one.entry == EntryState.ACCEPTED:
        return _accepted(one)
    if one.competition in (CompetitionState.CONCLUDED, CompetitionState.ARCHIVED):
        return NextStep("over_without_you", Turn.NOBODYS)
    if one.consent_owed:
        return NextStep("consent", Turn.YOURS)
    if one.entry == EntryState.RETURNED:
        return NextStep("returned", Turn.YOURS)
    if one.entry == EntryState.DRAFT:
        return NextStep("submit", Turn.YOURS) if one.open_for_entry else NextStep("deadline_missed", Turn.YOURS)
    if one.entry == EntryState.OFFERED:
        return NextStep("take_place", Turn.YOURS)
    if one.entry == EntryState.WAITING:
        return NextStep("waiting_list", Turn.THEIRS)
    return NextStep("complete", Turn.YOURS) if one.gaps else NextStep("review", Turn.THEIRS)


def _accepted(one: Situation) -> NextStep:
    if one.final:
        return NextStep("results", Turn.NOBODYS) if one.attendance != "absent" else NextStep("was_absent", Turn.NOBODYS)
    if one.identity_open:
        return NextStep("identity", Turn.YOURS)
    if one.attendance in _ON_THE_DAY:
        return _ON_THE_DAY[one.attendance]
    if one.consent_owed:
        return NextStep("consent", Turn.YOURS)
    if one.begun and one.has_pass:
        return NextStep("go_to_check_in", Turn.YOURS)
    if one.gaps:
        return NextStep("complete", Turn.YOURS)
    return NextStep("bring_pass", Turn.YOURS) if one.has_pass else NextStep("pass_coming", Turn.THEIRS)
