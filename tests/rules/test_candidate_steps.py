"""Every state an entry can be in has one next step, and each says whose turn it is."""

from __future__ import annotations

import itertools

import pytest

from competitions.entries.models.entries import Attendance
from competitions.entries.step_sentences import STEPS
from competitions.rules.candidate_steps import Situation, Turn, next_step
from competitions.rules.lifecycle import CompetitionState, EntryState

OPEN = "registration_open"


@pytest.mark.parametrize(
    ("situation", "code", "turn"),
    [
        (Situation("draft", OPEN), "submit", Turn.YOURS),
        (Situation("draft", OPEN, open_for_entry=False), "deadline_missed", Turn.YOURS),
        (Situation("draft", OPEN, consent_owed=True), "consent", Turn.YOURS),
        (Situation("returned", OPEN, gaps=3), "returned", Turn.YOURS),
        (Situation("submitted", OPEN), "review", Turn.THEIRS),
        (Situation("submitted", OPEN, gaps=1), "complete", Turn.YOURS),
        (Situation("waiting", OPEN), "waiting_list", Turn.THEIRS),
        (Situation("offered", OPEN), "take_place", Turn.YOURS),
        (Situation("accepted", OPEN), "pass_coming", Turn.THEIRS),
        (Situation("accepted", OPEN, gaps=1, has_pass=True), "complete", Turn.YOURS),
        (Situation("accepted", "registration_closed", has_pass=True), "bring_pass", Turn.YOURS),
        (Situation("accepted", "in_progress", has_pass=True, begun=True, gaps=2), "go_to_check_in", Turn.YOURS),
        (Situation("accepted", "in_progress", "present"), "checked_in", Turn.THEIRS),
        (Situation("accepted", "in_progress", "late"), "checked_in_late", Turn.THEIRS),
        (Situation("accepted", "in_progress", "absent"), "absent", Turn.YOURS),
        (Situation("accepted", "in_progress", "stopped"), "stopped", Turn.THEIRS),
        (Situation("accepted", "in_progress", identity_open=True, has_pass=True, begun=True), "identity", Turn.YOURS),
        (Situation("accepted", "concluded", "present", final=True), "results", Turn.NOBODYS),
        (Situation("accepted", "concluded", "absent", final=True), "was_absent", Turn.NOBODYS),
        (Situation("draft", "concluded"), "over_without_you", Turn.NOBODYS),
        (Situation("refused", OPEN), "refused", Turn.NOBODYS),
        (Situation("withdrawn", "in_progress", "present"), "withdrawn", Turn.NOBODYS),
        (Situation("accepted", "cancelled", "present"), "competition_cancelled", Turn.NOBODYS),
    ],
)
def test_the_step_of_a_state(situation: Situation, code: str, turn: Turn) -> None:
    found = next_step(situation)
    assert (found.code, found.turn) == (code, turn)


def test_every_combination_has_a_step_with_a_sentence() -> None:
    flags = (False, True)
    found = {
        next_step(Situation(entry, competition, attendance, gaps, *rest)).code
        for entry, competition, attendance, gaps, *rest in itertools.product(
            EntryState, CompetitionState, Attendance, (0, 1), *(flags,) * 6
        )
    }
    assert found == {code.removeprefix("candidate_step:") for code in STEPS if code.startswith("candidate_step:")}
