"""Two doors, one entry: what fits is taken, what agrees agrees, what would overwrite silently is held."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.check_in import AT_THE_DOOR, Outcome, Standing, Step, Told, missing_members, take
from foundation.refusal import Refusal

A, B, C, D = (UUID(int=number) for number in range(1, 5))
FRESH = Standing()


def told(key: UUID, step: Step, base: UUID | None = None, reason: str = "", *, decides: bool = False) -> Told:
    return Told(key, step, base, reason, decides)


def test_the_first_note_counts() -> None:
    answer = take(FRESH, told(A, Step.PRESENT))
    assert (answer.outcome, answer.standing) == (Outcome.RECEIVED, Standing("present", A))


def test_two_doors_that_say_the_same_agree() -> None:
    first = take(FRESH, told(A, Step.PRESENT)).standing
    second = take(first, told(B, Step.PRESENT))
    assert (second.outcome, second.standing) == (Outcome.AGREES, Standing("present", B))


def test_two_doors_that_disagree_are_both_kept() -> None:
    first = take(FRESH, told(A, Step.PRESENT)).standing
    second = take(first, told(B, Step.ABSENT))
    assert (second.outcome, second.standing, second.code) == (Outcome.HELD, first, "check_in_conflict")
    settled = take(first, told(C, Step.ABSENT, A, "核实未到", decides=True))
    assert (settled.outcome, settled.standing) == (Outcome.RECEIVED, Standing("absent", C))


def test_a_door_that_saw_the_note_may_correct_it_with_a_reason() -> None:
    absent = Standing("absent", A)
    with pytest.raises(Refusal, match="attendance_note_missing"):
        take(absent, told(B, Step.LATE, A))
    assert take(absent, told(B, Step.LATE, A, "后来到场")).standing == Standing("late", B)
    assert take(absent, told(B, Step.UNDO, A, "点错")).standing == Standing("expected", B)


def test_a_wrong_person_waits_for_the_organizer() -> None:
    with pytest.raises(Refusal, match="attendance_note_missing"):
        take(FRESH, told(A, Step.MISMATCH))
    doubted = take(FRESH, told(A, Step.MISMATCH, None, "与照片不符")).standing
    assert doubted == Standing("expected", A, True)
    held = take(doubted, told(B, Step.PRESENT, A))
    assert (held.outcome, held.code, held.standing) == (Outcome.HELD, "check_in_identity_open", doubted)
    assert take(doubted, told(C, Step.PRESENT, A, "证件核对无误", decides=True)).standing == Standing("present", C)
    assert take(doubted, told(C, Step.ABSENT, A, "替考", decides=True)).standing == Standing("absent", C)


def test_late_news_is_held_and_never_lost() -> None:
    assert take(FRESH, told(A, Step.PRESENT), accepted=False).code == "not_accepted"
    assert take(FRESH, told(A, Step.PRESENT), fixed=True).code == "attendance_fixed"
    assert take(Standing("present", A), told(B, Step.PRESENT), fixed=True).outcome == Outcome.AGREES


@given(st.permutations([(A, Step.PRESENT), (B, Step.LATE), (C, Step.ABSENT), (D, Step.PRESENT)]))
def test_whichever_door_reaches_the_server_first_nothing_overwrites(order: list[tuple[UUID, Step]]) -> None:
    standing, outcomes = FRESH, []
    for key, step in order:
        answer = take(standing, told(key, step))
        outcomes.append(answer.outcome)
        standing = answer.standing
    assert standing.attendance == order[0][1].value
    agreeing = sum(step == order[0][1] for _key, step in order[1:])
    assert outcomes.count(Outcome.AGREES) == agreeing
    assert outcomes.count(Outcome.HELD) == 3 - agreeing


def test_every_order_of_a_doubt_and_a_presence_ends_with_a_decision_or_a_conflict() -> None:
    for order in permutations([told(A, Step.PRESENT), told(B, Step.MISMATCH, None, "不符")]):
        standing, held = FRESH, 0
        for one in order:
            answer = take(standing, one)
            standing, held = answer.standing, held + (answer.outcome == Outcome.HELD)
        assert standing.identity_open or held == 1


def test_what_a_door_may_say() -> None:
    assert Step.KEEP not in AT_THE_DOOR


@pytest.mark.parametrize(("positions", "size", "wanted"), [((), 1, ()), ((2,), 3, (2,)), ((3, 2, 2), 3, (2, 3))])
def test_a_team_may_compete_without_a_member(positions: tuple[int, ...], size: int, wanted: tuple[int, ...]) -> None:
    assert missing_members(positions, size) == wanted


@pytest.mark.parametrize(("positions", "size"), [((1,), 1), ((1, 2), 2), ((4,), 3), ((0,), 3)])
def test_a_team_without_anybody_is_absent_instead(positions: tuple[int, ...], size: int) -> None:
    with pytest.raises(Refusal, match="check_in_members_wrong"):
        missing_members(positions, size)
