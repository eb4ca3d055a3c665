"""Replacement on a statement, teams in order, substitutes, coaches; reviews by level and marked fields."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from competitions.entries.actions import delegations, entering, quotas, registering, replacing, reviewing
from competitions.entries.queries import entries, replacements
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from competitions.programme.queries import event as event_row
from foundation.db import transaction
from foundation.permission import MACHINE, Actor
from foundation.refusal import Missing, Refusal
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts
from tests.factories.rows import make_event

PAPER: dict[str, Any] = {"reason": "工伤，见说明", "statement": b"%PDF-1.7", "media_type": "application/pdf"}


@pytest.fixture
def competition(app: Flask, at: datetime) -> UUID:
    made = make_competition()
    with transaction() as writing:
        writing.get_one(Competition, made).starts_on = (at + timedelta(days=40)).date()
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    return made


@pytest.fixture
def event(competition: UUID) -> UUID:
    return make_event(competition, code="HJ", divisions=("worker",))


@pytest.fixture
def delegation(competition: UUID, at: datetime) -> UUID:
    return delegations.open_delegation(competition, "江州队", actor=MACHINE, at=at)


def division(event_id: UUID) -> UUID:
    return event_row(event_id).divisions[0].id


def accepted(delegation_id: UUID, event_id: UUID, at: datetime, *people: Any) -> UUID:
    made = delegations.enter_for(
        delegation_id, event_id, division(event_id), list(people) or [member_facts()], actor=MACHINE, at=at
    )
    delegations.submit_delegation(delegation_id, actor=MACHINE, at=at)
    entering.review_entry(made, "accept", actor=MACHINE, at=at)
    return made


def levels(competition_id: UUID, at: datetime, *wanted: str, coaches: int | None = None) -> None:
    quotas.set_waiting(
        competition_id, full_division="refuse", waiting_offers="person", offer_hours=48, coaches_most=coaches,
        review_levels=wanted, actor=MACHINE, at=at,
    )  # fmt: skip


def refused(expected: str, call: Any, /, *arguments: Any, **more: Any) -> None:
    with pytest.raises(Refusal) as found:
        call(*arguments, actor=MACHINE, **more)
    assert found.value.code == expected


def test_the_entry_keeps_its_number_and_pass_and_the_one_who_left_stays_on_record(
    event: UUID, delegation: UUID, at: datetime
) -> None:
    made = accepted(delegation, event, at)
    entering.issue_passes(event, actor=MACHINE, at=at)
    before = entries.entry(made)
    number, pass_number, left = before.number, before.pass_number, before.members[0].person_id
    code = entering.issue_claim_code(before.members[0].id, actor=MACHINE, at=at)
    replacing.replace_member(made, 1, member_facts(name_zh="王强", unit_name="二厂"), **PAPER, actor=MACHINE, at=at)
    row = entries.entry(made)
    assert (row.number, row.pass_number, row.state) == (number, pass_number, "submitted")
    assert [(one.person.name_zh, one.unit_name, one.claimed_at) for one in row.members] == [("王强", "二厂", None)]
    [kept] = replacements.replacements_of(made)
    assert (kept.left_id, kept.left.name_zh, kept.came.name_zh, kept.reason) == (left, "林晓禾", "王强", "工伤，见说明")
    assert [one.entry_id for one in replacements.left_by(left)] == [made]
    with pytest.raises(Missing):
        entries.own_entry(made, left)
    with pytest.raises(Refusal, match="identity_not_confirmed"):  # the old slip opens nothing
        entering.claim("林晓禾", "resident_identity_card", identity_number(), code, password="guihuaxiang", user_name="lin", at=at)  # fmt: skip
    entering.review_entry(made, "accept", actor=MACHINE, at=at)


def test_a_replacement_wants_reason_time_and_somebody_else(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    number = identity_number()
    made = accepted(delegation, event, at, member_facts(document_number=number))
    other = accepted(delegation, event, at, member_facts(name_zh="王强", document_number=(taken := identity_number())))
    replace = replacing.replace_member
    refused("reason_missing", replace, made, 1, member_facts(), **(PAPER | {"reason": " "}), at=at)
    refused("same_person", replace, made, 1, member_facts(document_number=number), **PAPER, at=at)
    twice = member_facts(name_zh="王强", document_number=taken)
    refused("already_entered", replace, made, 1, twice, **PAPER, at=at)
    registering.withdraw_entry(other, reason="不参加", actor=MACHINE, at=at)
    refused("entry_not_live", replace, other, 1, member_facts(), **PAPER, at=at)
    for move in ("close_registration", "start"):
        move_competition(competition, move, actor=MACHINE, at=at)
    refused("replacement_too_late", replace, made, 1, member_facts(), **PAPER, at=at)
    assert entries.entry(made).members[0].person.name_zh == "林晓禾"
    assert list(replacements.replacements_of(made)) == []


def test_the_new_persons_unit_has_to_have_a_place_and_eligibility_is_judged_anew(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    accepted(delegation, event, at, member_facts(unit_name="二厂"))
    made = accepted(delegation, event, at, member_facts(unit_name="一厂"))
    quotas.add_quota(
        competition, {"per": "unit", "each": "event", "most": 1, "counted": "people"}, actor=MACHINE, at=at
    )
    refused("quota_unit_full", replacing.replace_member, made, 1, member_facts(unit_name="二厂"), **PAPER, at=at)
    barred = member_facts(name_zh="王强", unit_name="一厂", titles=("全国技术能手",))
    replacing.replace_member(made, 1, barred, **PAPER, actor=MACHINE, at=at)
    assert [one.verdict for one in entries.entry(made).verdicts if one.rule == "barred_titles"] == ["fail"]
    refused("eligibility_open", entering.review_entry, made, "accept", at=at)


def test_a_team_has_an_order_and_a_substitute_steps_in(competition: UUID, delegation: UUID, at: datetime) -> None:
    event = make_event(competition, code="JQR", team_size=2)
    made = accepted(delegation, event, at, member_facts(name_zh="甲"), member_facts(name_zh="乙"))
    replacing.order_members(made, [2, 1], actor=MACHINE, at=at)
    assert [one.person.name_zh for one in entries.entry(made).members] == ["乙", "甲"]
    refused("order_incomplete", replacing.order_members, made, [1], at=at)
    facts = member_facts(name_zh="丙", unit_name="二厂")
    substitute = replacing.name_substitute(made, facts, actor=MACHINE, at=at)
    refused("substitute_twice", replacing.name_substitute, made, facts, at=at)
    replacing.step_in(made, 2, substitute, **PAPER, actor=MACHINE, at=at)
    assert [one.person.name_zh for one in entries.entry(made).members] == ["乙", "丙"]
    assert list(replacements.substitutes_of(made)) == []
    with pytest.raises(Missing):
        replacing.step_in(made, 1, substitute, **PAPER, actor=MACHINE, at=at)


def test_each_entry_names_its_coaches_of_its_own_delegation(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    levels(competition, at, coaches=1)
    made = accepted(delegation, event, at)
    coach, second = (
        delegations.appoint_officer(delegation, "coach", name, actor=MACHINE, at=at)[0] for name in ("教一", "教二")
    )
    replacing.name_coaches(made, [coach], actor=MACHINE, at=at)
    assert [one.officer.person.name_zh for one in replacements.coaches_of(made)] == ["教一"]
    refused("coaches_too_many", replacing.name_coaches, made, [coach, second], at=at)
    other = delegations.open_delegation(competition, "青川队", actor=MACHINE, at=at)
    stranger, _password = delegations.appoint_officer(other, "coach", "教三", actor=MACHINE, at=at)
    with pytest.raises(Missing):
        replacing.name_coaches(made, [stranger], actor=MACHINE, at=at)


def test_a_candidates_entry_passes_the_delegation_first(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    levels(competition, at, "delegation")
    made, person = registering.register(
        event, division(event), member_facts(phone=""), password="guihuaxiang", user_name="linxiao", delegation_id=delegation,
        actor=Actor(None), at=at,
    )  # fmt: skip
    registering.submit(made, actor=Actor(person), at=at)
    assert entries.entry(made).review_level == "delegation"
    refused("review_below", entering.review_entry, made, "accept", at=at)
    refused("review_elsewhere", reviewing.pass_on, made, "unit", at=at)
    marks = [{"position": 1, "field": "phone", "remark": "空号"}]
    reviewing.return_below(made, "delegation", note="", marks=marks, actor=MACHINE, at=at)
    row = entries.entry(made)
    assert (row.state, row.marks) == ("returned", marks)
    registering.submit(made, actor=Actor(person), at=at)
    reviewing.pass_on(made, "delegation", actor=MACHINE, at=at)
    assert entries.entry(made).review_level == "organizer"
    entering.review_entry(made, "accept", actor=MACHINE, at=at)
    assert (entries.entry(made).state, entries.entry(made).marks) == ("accepted", [])
    assert (
        entries.entry(accepted(delegation, event, at)).review_level == "organizer"
    )  # a leader's entry has the word already


def test_fields_are_marked_when_an_entry_is_returned(event: UUID, delegation: UUID, at: datetime) -> None:
    made = accepted(delegation, event, at)
    review = entering.review_entry
    refused("reason_missing", review, made, "return", at=at)
    unknown = [{"position": 2, "field": "phone", "remark": ""}]
    refused("mark_unknown", review, made, "return", marks=unknown, at=at)
    review(made, "return", marks=[{"position": 1, "field": "photo", "remark": " 背景不符 "}], actor=MACHINE, at=at)
    assert entries.entry(made).marks == [{"position": 1, "field": "photo", "remark": "背景不符"}]
