"""Quotas at entering, importing, submitting, accepting; the waiting list; deadlines by role; late entries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from accounts.organizations.models import OrganizationAlias
from competitions.entries.actions import delegations, entering, importing, quotas, registering, waiting
from competitions.entries.queries import entries, rosters
from competitions.entries.queries import quotas as queries
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition, Division
from competitions.programme.queries import competition as competition_row
from competitions.programme.queries import event as event_row
from competitions.programme.queries import rule_set_versions
from foundation.db import transaction
from foundation.permission import MACHINE, Actor
from foundation.refusal import Conflict, Refusal
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts
from tests.factories.rosters import line, workbook
from tests.factories.rows import make_event


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


def places(event_id: UUID, count: int) -> None:
    with transaction() as writing:
        writing.get_one(Division, division(event_id)).quota = count


def quota(competition_id: UUID, at: datetime, **given: Any) -> str:
    stored = {"per": "delegation", "each": "event", "most": 1, "counted": "entries"} | given
    return quotas.add_quota(competition_id, stored, actor=MACHINE, at=at)


def led(delegation_id: UUID, event_id: UUID, at: datetime, **given: Any) -> UUID:
    reason = given.pop("quota_reason", "")
    return delegations.enter_for(
        delegation_id, event_id, division(event_id), [member_facts(**given)], quota_reason=reason, actor=MACHINE, at=at
    )


def entered(event_id: UUID, at: datetime, **given: Any) -> UUID:
    return entering.enter(event_id, division(event_id), [member_facts()], actor=MACHINE, at=at, **given)


def registered(event_id: UUID, at: datetime, name: str, user: str) -> tuple[UUID, Actor]:
    facts = member_facts(name_zh=name, phone="")
    made, person = registering.register(
        event_id, division(event_id), facts, password="guihuaxiang", user_name=user, actor=Actor(None), at=at
    )
    return made, Actor(person)


def refused(expected: str, call: Any, /, *arguments: Any, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        call(*arguments, **more)
    assert found.value.code == expected
    return found.value


def state(entry_id: UUID) -> str:
    return entries.entry(entry_id).state


def test_a_delegations_quota_is_asked_at_entering_and_says_the_count(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    quota(competition, at)
    led(delegation, event, at)
    said = refused("quota_delegation_full", led, delegation, event, at)
    assert (said.facts["taken"], said.facts["quota"], said.facts["where"]) == (1, 1, "焊接")
    other = delegations.open_delegation(competition, "青川队", actor=MACHINE, at=at)
    led(other, event, at)
    led(delegation, make_event(competition, code="DG"), at)


def test_a_unit_counts_under_all_its_names(competition: UUID, event: UUID, at: datetime) -> None:
    quota(competition, at, per="unit", counted="people")
    made = delegations.open_delegation(competition, "江州重工集团有限公司", actor=MACHINE, at=at)
    with transaction() as writing:
        body = delegations.queries.delegation(made).organization_id
        writing.add(OrganizationAlias(organization_id=body, name="江州重工"))
    led(made, event, at, unit_name="江州重工")
    said = refused("quota_unit_full", led, made, event, at, unit_name="江州重工集团有限公司")
    assert said.facts["unit"] == "江州重工集团有限公司"
    led(made, event, at, unit_name="二厂")


def test_beyond_a_quota_with_a_reason_by_whom_the_rules_name(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    quota(competition, at)
    led(delegation, event, at)
    refused("quota_delegation_full", led, delegation, event, at, quota_reason="主办方同意")
    made = entered(event, at, delegation="江州队", quota_reason="主办方同意")
    assert entries.entry(made).quota_reason == "主办方同意"
    refused("quota_delegation_full", entered, event, at, delegation="江州队")
    entering.review_entry(made, "accept", actor=MACHINE, at=at)


def test_a_lowered_quota_is_asked_again_at_acceptance(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    first, second = led(delegation, event, at), led(delegation, event, at)
    delegations.submit_delegation(delegation, actor=MACHINE, at=at)
    entering.review_entry(first, "accept", actor=MACHINE, at=at)
    quota(competition, at)
    refused("quota_delegation_full", entering.review_entry, second, "accept", actor=MACHINE, at=at)
    entering.review_entry(second, "accept", override_reason="先报先得", actor=MACHINE, at=at)
    assert entries.entry(second).quota_reason == "先报先得"


def test_a_roster_names_the_rows_that_have_no_place(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    quota(competition, at, most=3)
    led(delegation, event, at)
    sent = importing.send_roster(
        competition, workbook([line(number) for number in (1, 2, 3, 4)]), name="名单.xlsx", delegation_id=delegation,
        actor=MACHINE, at=at,
    )  # fmt: skip
    report = rosters.report_of(rosters.roster_import(sent))
    assert [(one["row"], one["wrong"][0]["code"]) for one in report["wrong"]] == [
        (4, "quota_delegation_full"), (5, "quota_delegation_full"),
    ]  # fmt: skip
    importing.accept_roster(sent, only_good=True, actor=MACHINE, at=at)
    assert len(entries.entries_of_event(event)) == 3


def test_handing_in_fills_the_places_in_order_and_the_rest_wait(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    quota(competition, at, most=2, beyond="waiting")
    made = [led(delegation, event, at) for _ in range(4)]
    delegations.submit_delegation(delegation, actor=MACHINE, at=at)
    assert [state(key) for key in made] == ["submitted", "submitted", "waiting", "waiting"]
    assert [queries.place_of(entries.entry(key)) for key in made[2:]] == [(1, 2), (2, 2)]
    assert queries.whose_turn(competition) == []


def test_a_full_division_waits_and_moves_up_by_a_persons_offer(competition: UUID, event: UUID, at: datetime) -> None:
    places(event, 1)
    quotas.set_waiting(
        competition, full_division="waiting", waiting_offers="person", offer_hours=24, actor=MACHINE, at=at
    )
    held = entered(event, at)
    first, me = registered(event, at, "王一", "wangyi")
    second, _other = registered(event, at, "王二", "wanger")
    for key in (first, second):
        registering.submit(key, actor=MACHINE, at=at)
    assert [state(key) for key in (held, first, second)] == ["submitted", "waiting", "waiting"]
    refused("division_full", waiting.offer_place, first, actor=MACHINE, at=at)
    registering.withdraw_entry(held, reason="生病", actor=MACHINE, at=at)
    assert state(first) == "waiting"  # a person offers
    refused("offer_out_of_turn", waiting.offer_place, second, actor=MACHINE, at=at)
    waiting.offer_place(first, actor=MACHINE, at=at)
    assert entries.entry(first).offered_until == at + timedelta(hours=24)
    assert queries.place_of(entries.entry(second)) == (1, 1)
    assert queries.whose_turn(competition) == []  # the offered place is held
    waiting.take_place(first, actor=me, at=at + timedelta(hours=1))
    assert state(first) == "submitted"


def test_places_are_offered_automatically_and_an_offer_that_ran_out_goes_to_the_next(
    competition: UUID, event: UUID, at: datetime
) -> None:
    places(event, 1)
    quotas.set_waiting(
        competition, full_division="waiting", waiting_offers="automatic", offer_hours=24, actor=MACHINE, at=at
    )
    held = entered(event, at)
    first, me = registered(event, at, "王一", "wangyi")
    second, _other = registered(event, at + timedelta(minutes=1), "王二", "wanger")
    registering.submit(first, actor=MACHINE, at=at)
    registering.submit(second, actor=MACHINE, at=at + timedelta(minutes=1))
    entering.review_entry(held, "refuse", note="不符合条件", actor=MACHINE, at=at)
    assert (state(first), state(second)) == ("offered", "waiting")
    later = at + timedelta(hours=25)
    with pytest.raises(Conflict, match="offer_over"):
        waiting.take_place(first, actor=me, at=later)
    waiting.move_up(competition, actor=MACHINE, at=later)
    assert (state(first), state(second)) == ("waiting", "offered")
    registering.withdraw_entry(second, reason="不参加", actor=MACHINE, at=later)
    assert state(first) == "offered"


def test_each_change_is_a_version_of_the_rules_and_lifting_frees_places(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    key = quota(competition, at)
    refused("quota_twice", quota, competition, at, most=5)
    refused("quota_rule_wrong", quota, competition, at, per="planet")
    before = len(rule_set_versions(competition))
    quotas.remove_quota(competition, key, actor=MACHINE, at=at)
    quotas.remove_quota(competition, key, actor=MACHINE, at=at)
    assert len(rule_set_versions(competition)) == before + 1
    led(delegation, event, at)
    led(delegation, event, at)


def test_a_leader_sees_three_of_five(competition: UUID, event: UUID, delegation: UUID, at: datetime) -> None:
    quota(competition, at, most=5)
    for _ in range(3):
        led(delegation, event, at)
    row = delegations.queries.delegation(delegation)
    [mine] = queries.lines_of_delegation(row, competition_row(competition))
    assert (mine.event, mine.taken, mine.quota.most) == ("焊接", 3, 5)
    [whole] = queries.lines_of_competition(competition_row(competition), queries.quotas_of(competition)).values()
    assert [(one.body, one.taken) for one in whole] == [("江州队", 3)]


def test_each_role_has_its_deadline_and_afterwards_the_organizer_enters_with_a_reason(
    competition: UUID, event: UUID, delegation: UUID, at: datetime
) -> None:
    soon, later = at + timedelta(days=1), at + timedelta(days=2)
    delegations.set_deadline(competition, later, actor=MACHINE, at=at)
    delegations.set_deadline(competition, soon, role="candidate", actor=MACHINE, at=at)
    draft, _me = registered(event, at, "王一", "wangyi")
    refused("registration_not_open", registered, event, soon, "王二", "wanger")
    refused("registration_not_open", registering.submit, draft, actor=MACHINE, at=soon)
    led(delegation, event, soon)
    entered(event, soon)  # registration is not over for everybody
    refused("registration_not_open", led, delegation, event, later)
    refused("late_reason_missing", entered, event, later)
    refused("late_one_by_one", importing.send_roster, competition, workbook([line(1)]), name="x", actor=MACHINE, at=later)  # fmt: skip
    assert entries.entry(entered(event, later, late_reason="公文晚到")).late_reason == "公文晚到"
    delegations.set_deadline(competition, None, role="candidate", actor=MACHINE, at=later)
    delegations.set_deadline(competition, None, actor=MACHINE, at=later)
    registering.submit(draft, actor=MACHINE, at=later)
    assert state(draft) == "submitted"
