"""The page of quotas, deadlines and the waiting list; what leader and candidate see of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import delegations, registering
from competitions.entries.queries import entries, quotas
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from competitions.programme.queries import event as event_row
from foundation.db import transaction
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from tests.competitions.test_query_counts import counts
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts
from tests.factories.rows import make_event

QUOTA = {"most": "1", "counted": "entries", "per": "delegation", "each": "event", "beyond": "waiting", "exceeded_by": "organizer"}  # fmt: skip


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
def organizer(signed_in: Callable[..., FlaskClient], competition: UUID) -> FlaskClient:
    return signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))


def led(delegation: UUID, event: UUID, at: datetime, name: str = "林晓禾") -> UUID:
    division = event_row(event).divisions[0].id
    return delegations.enter_for(delegation, event, division, [member_facts(name_zh=name)], actor=MACHINE, at=at)


def test_a_quota_is_added_shown_to_the_leader_and_lifted(
    organizer: FlaskClient, signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    page = f"/competitions/{competition}/quotas"
    assert organizer.post(page, data=QUOTA | {"article": "三（二）"}).headers["Location"] == page
    said = organizer.get(page).text
    assert ("每个代表队在每个赛项最多 1 项报名" in said, "三（二）" in said) == (True, True)
    assert organizer.post(page, data=QUOTA).status_code == 422  # the same again
    assert organizer.post(page, data=QUOTA | {"most": "0"}).status_code == 422
    made = delegations.open_delegation(competition, "江州队", actor=MACHINE, at=at)
    led(made, event, at)
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(made)))
    grid = leader.get(f"/delegations/{made}").text
    assert ("1 / 1" in grid, "再报名将列入候补" in grid) == (True, True)
    assert "江州队" in organizer.get(page).text
    assert "每个代表队在每个赛项最多 1 项报名" in organizer.get(f"/competitions/{competition}/rules").text
    organizer.post(f"{page}/remove", data={"key": "q1"})
    assert quotas.quotas_of(competition) == ()


def test_the_list_is_offered_from_and_taken_by_the_leader(
    organizer: FlaskClient, signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    page = f"/competitions/{competition}/quotas"
    organizer.post(page, data=QUOTA)
    made = delegations.open_delegation(competition, "江州队", actor=MACHINE, at=at)
    held, waits = led(made, event, at), led(made, event, at, "王二")
    delegations.submit_delegation(made, actor=MACHINE, at=at)
    assert "候补第 1 位，共 1 位" in organizer.get(f"/entries/{waits}").text
    assert organizer.post(f"/entries/{waits}/offer").status_code == 422  # no place yet
    registering.withdraw_entry(held, reason="生病", actor=MACHINE, at=at)
    assert "有空余名额" in organizer.get(page).text
    assert organizer.post(f"/entries/{waits}/offer").headers["Location"] == page
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(made)))
    assert "王二可以递补参赛" in leader.get(f"/delegations/{made}").text
    assert leader.post(f"/entries/{waits}/offer").status_code == 404
    leader.post(f"/entries/{waits}/take")
    assert entries.entry(waits).state == "submitted"


def test_a_candidate_sees_the_place_and_takes_the_offer(
    organizer: FlaskClient, signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    organizer.post(f"/competitions/{competition}/quotas", data=QUOTA | {"per": "competition"})
    division = event_row(event).divisions[0].id
    people = []
    for name in ("王一", "王二"):
        entry, person = registering.register(
            event, division, member_facts(name_zh=name, phone=""), password="guihuaxiang", user_name=f"u{len(people)}00",
            actor=Actor(None), at=at,
        )  # fmt: skip
        registering.submit(entry, actor=Actor(person), at=at)
        people.append((entry, person))
    [(first, _one), (second, person)] = people
    phone = signed_in(person_id=person)
    for path in ("/my", f"/my/entries/{second}"):
        assert "候补第 1 位，共 1 位" in phone.get(path).text
    assert phone.post(f"/my/entries/{second}/take").status_code == 409
    registering.withdraw_entry(first, reason="不参加", actor=MACHINE, at=at)
    organizer.post(f"/entries/{second}/offer")
    assert "确认递补" in phone.get(f"/my/entries/{second}").text
    stranger = signed_in()
    assert stranger.post(f"/my/entries/{second}/take").status_code == 404
    phone.post(f"/my/entries/{second}/take")
    assert entries.entry(second).state == "submitted"


def test_deadlines_by_role_stand_on_the_pages_they_concern(
    organizer: FlaskClient, client: FlaskClient, competition: UUID, event: UUID
) -> None:
    page = f"/competitions/{competition}/delegations/deadline"
    given = {"closes_at": "2026-11-25T14:30", "candidate": "2026-11-23T12:00"}
    assert organizer.post(page, data=given).status_code == 302
    said = client.get(f"/register/{competition}").text
    assert ("个人报名截止：2026年11月23日 12:00" in said, "还有1天2小时" in said) == (True, True)
    assert organizer.post(page, data=given | {"leader": "2027-06-01T00:00"}).status_code == 422
    assert 'value="2026-11-23 12:00:00"' in organizer.get(f"/competitions/{competition}/quotas").text


def test_a_late_entry_asks_for_its_reason_on_the_form(organizer: FlaskClient, competition: UUID, event: UUID) -> None:
    move_competition(competition, "close_registration", actor=MACHINE, at=datetime.now().astimezone())
    path = f"/events/{event}/entries/new"
    assert "补报原因" in organizer.get(path).text
    filled = {
        "division_id": str(event_row(event).divisions[0].id), "m1-name_zh": "林晓禾", "m1-identity_class": "worker",
        "m1-document_kind": "resident_identity_card", "m1-identity_number": identity_number(), "m1-unit_name": "江州重工",
    }  # fmt: skip
    answer = organizer.post(path, data=filled)
    assert (answer.status_code, "报名已截止。补报须填写原因" in answer.text) == (422, True)
    assert organizer.post(path, data=filled | {"late_reason": "公文晚到"}).status_code == 302


def test_the_page_asks_a_constant_number_of_queries(
    organizer: FlaskClient, competition: UUID, event: UUID, at: datetime
) -> None:
    organizer.post(f"/competitions/{competition}/quotas", data=QUOTA)
    paths = [f"/competitions/{competition}/quotas"]

    def fill(name: str) -> None:
        made = delegations.open_delegation(competition, name, actor=MACHINE, at=at)
        led(made, event, at)
        led(made, event, at)
        delegations.submit_delegation(made, actor=MACHINE, at=at)

    fill("一队")
    few = counts(organizer, paths)
    for name in ("二队", "三队"):
        fill(name)
    assert counts(organizer, paths) == few
