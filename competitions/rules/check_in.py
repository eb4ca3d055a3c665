"""Check-in at the doors (检录): what one note does to an entry when several doors note at once, perhaps without a network.

A note names the note its door saw last (`base`). What still fits is received; what says the same again agrees; what would
silently overwrite another door's word is held until the organizer decides. Nothing is ever refused for coming late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from foundation.refusal import Refusal


class Step(StrEnum):
    """What a door says of an entry. KEEP is a decision alone: what was noted stays."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    STOPPED = "stopped"
    MISMATCH = "mismatch"  # 人证不符: who stands here is not who the pass names
    UNDO = "undo"
    KEEP = "keep"


class Outcome(StrEnum):
    """What became of a note."""

    RECEIVED = "received"
    AGREES = "agrees"
    HELD = "held"


AT_THE_DOOR = (Step.PRESENT, Step.LATE, Step.ABSENT, Step.STOPPED, Step.MISMATCH, Step.UNDO)
EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry at the door: its attendance, the last note that counts, whether an identity waits for a decision."""

    attendance: str = EXPECTED
    head: UUID | None = None
    identity_open: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One note: the step, the note its door saw last, the reason, and whether the organizer decides with it."""

    id: UUID
    step: Step
    base: UUID | None
    reason: str = ""
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a note, why it is held, and how the entry stands afterwards."""

    outcome: Outcome
    standing: Standing
    code: str = ""


def take(standing: Standing, told: Told, *, accepted: bool = True, fixed: bool = False) -> Answer:
    """Apply a note to a standing. `fixed`: the results are published. Raises Refusal attendance_note_missing.

    Only who saw what they correct owes a reason: a door without a network could not know of the other door's note.
    """
    after = _after(standing, told)
    changes = (after.attendance, after.identity_open) != (standing.attendance, standing.identity_open)
    if not accepted:
        return Answer(Outcome.HELD, standing, "not_accepted")
    if not changes:
        return Answer(Outcome.RECEIVED if told.decides else Outcome.AGREES, after)
    if fixed:
        return Answer(Outcome.HELD, standing, "attendance_fixed")
    if standing.identity_open and not told.decides:
        return Answer(Outcome.HELD, standing, "check_in_identity_open")
    if told.base != standing.head and not told.decides:
        return Answer(Outcome.HELD, standing, "check_in_conflict")
    corrects = told.step in (Step.STOPPED, Step.MISMATCH, Step.UNDO) or standing.attendance != EXPECTED
    if (corrects or told.decides) and not told.reason.strip():
        raise Refusal("attendance_note_missing", field="note")
    return Answer(Outcome.RECEIVED, after)


def _after(standing: Standing, told: Told) -> Standing:
    if told.step == Step.MISMATCH:
        return Standing(standing.attendance, told.id, True)
    if told.step == Step.KEEP:
        return Standing(standing.attendance, told.id, False)
    attendance = EXPECTED if told.step == Step.UNDO else told.step.value
    return Standing(attendance, told.id, standing.identity_open and not told.decides)


def missing_members(positions: Sequence[int], team_size: int) -> tuple[int, ...]:
    """Which members of a team did not come, in order; a team whose members are all missing is absent instead.

    Once the competition has begun nobody is replaced and a team may compete without a member (2018 provincial event rules,
    mechatronics: 允许队员缺席比赛). Raises Refusal check_in_members_wrong.
    """
    wanted = tuple(sorted(set(positions)))
    if any(not 1 <= position <= team_size for position in wanted) or (wanted and len(wanted) >= team_size):
        raise Refusal("check_in_members_wrong", size=team_size)
    return wanted
