"""Quotas: the notices' own sentences as worked examples, and what holds for every order of entering."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules import quotas as rules
from competitions.rules.quotas import Group, Newcomer, Quota, added, first_full, judge, may_exceed, moving_up, shares
from foundation.refusal import Refusal

FORMS = Path(__file__).resolve().parents[4] / "shared/data/real/registration_forms.csv"
SCHOOL = Quota("q1", "unit", "event", 2, "people")  # 每校每项目限报2名选手
DELEGATION = Quota("q2", "delegation", "division", 3, beyond="waiting", exceeded_by="leader")


def pupil(school: str, event: str = "HJ", delegation: str = "") -> Newcomer:
    return Newcomer(event, "student", delegation, (school,))


def test_two_pupils_of_a_school_in_each_event_and_no_third() -> None:
    there = added([SCHOOL], [pupil("一校"), pupil("一校"), pupil("一校", "DG"), pupil("二校")])
    assert there == {Group("q1", "一校", "HJ"): 2, Group("q1", "一校", "DG"): 1, Group("q1", "二校", "HJ"): 1}
    full = first_full(judge([SCHOOL], pupil("一校"), there))
    assert full is not None
    assert (full.taken, full.adds, full.quota.most, full.group.body) == (2, 1, 2, "一校")
    assert first_full(judge([SCHOOL], pupil("一校", "DG"), there)) is None


@pytest.mark.skipif(not FORMS.exists(), reason="the collected forms are not here")
def test_the_form_of_hubei_reads_as_this_quota() -> None:
    with FORMS.open(encoding="utf-8") as lines:
        (said,) = [row["field"] for row in csv.DictReader(lines) if row["form_id"] == "R9"]
    assert said.startswith("每校每项目限报2名选手")
    assert rules.quota({"key": "q1", "per": "unit", "each": "event", "most": 2, "counted": "people"}) == SCHOOL


def test_a_team_of_two_schools_counts_for_each_school_its_own_people() -> None:
    team = Newcomer("JQR", "student", "d", ("一校", "一校", "二校"))
    assert shares(SCHOOL, team) == {Group("q1", "一校", "JQR"): 2, Group("q1", "二校", "JQR"): 1}
    assert shares(Quota("q", "unit", "event", 1), team) == {Group("q", "一校", "JQR"): 1, Group("q", "二校", "JQR"): 1}
    assert shares(Quota("q", "competition", "competition", 9, "people"), team) == {Group("q"): 3}


def test_who_belongs_to_no_delegation_and_other_events_are_not_concerned() -> None:
    assert shares(DELEGATION, pupil("一校")) == {}
    assert shares(Quota("q", "competition", "event", 1, events=("DG",)), pupil("一校")) == {}
    assert shares(Quota("q", "competition", "event", 1, divisions=("worker",)), pupil("一校")) == {}


def test_a_quota_that_refuses_stands_before_one_that_lets_wait() -> None:
    whole = Quota("q3", "competition", "event", 1, exceeded_by="nobody")
    there = {Group("q2", "d", "HJ", "student"): 3, Group("q3", "", "HJ"): 1}
    found = judge([DELEGATION, whole], pupil("一校", delegation="d"), there)
    full = first_full(found)
    assert full is not None
    assert full.quota is whole
    assert (may_exceed(found, "organizer"), may_exceed(found[:1], "leader")) == (False, True)
    assert (may_exceed(found[:1], "organizer"), may_exceed(found[:1], "candidate")) == (True, False)


def test_whose_delegation_is_full_does_not_hold_up_those_behind() -> None:
    line = [pupil("一校", delegation="full"), pupil("二校", delegation="b"), pupil("三校", delegation="b")]
    one_each = Quota("q2", "delegation", "division", 1, beyond="waiting")
    assert moving_up([one_each], line, {Group("q2", "full", "HJ", "student"): 1}) == [1]


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ({"most": 0}, "most"), ({"most": "2"}, "most"), ({"per": "planet"}, "per"), ({"each": "x"}, "each"), ({"counted": "x"}, "counted"),
        ({"beyond": "x"}, "beyond"), ({"exceeded_by": "x"}, "exceeded_by"), ({"color": "red"}, "color"),
    ],
)  # fmt: skip
def test_a_quota_that_says_nonsense_is_refused_by_name(stored: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as found:
        rules.quota({"key": "q", "per": "unit", "each": "event", "most": 2} | stored)
    assert (found.value.code, found.value.field) == ("quota_rule_wrong", field)


def test_the_stored_form_comes_back_the_same() -> None:
    assert rules.quota(DELEGATION.stored()) == DELEGATION


people = st.builds(Newcomer, st.sampled_from(["HJ", "DG"]), st.just("worker"), st.sampled_from(["", "a", "b"]),
                   st.lists(st.sampled_from(["一校", "二校", ""]), min_size=1, max_size=3).map(tuple))  # fmt: skip


@given(st.lists(people, max_size=12), st.integers(1, 4))
def test_entering_in_turn_never_passes_a_quota(entered: list[Newcomer], most: int) -> None:
    held = [Quota("q1", "unit", "event", most, "people"), Quota("q2", "delegation", "competition", most)]
    counts: dict[Group, int] = {}
    for who in entered:
        if first_full(judge(held, who, counts)) is None:
            counts = added(held, [who], counts)
    assert all(count <= most for count in counts.values())


@given(st.lists(people, max_size=12))
def test_the_counts_do_not_depend_on_the_order(entered: list[Newcomer]) -> None:
    held = [SCHOOL, DELEGATION, Quota("q3", "competition", "event", 5)]
    assert added(held, entered) == added(held, reversed(entered))
