"""A unit's operator: opens the own delegation, sees the own unit's people and nobody else's; the pages of bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.queries import holders
from accounts.access.roles import Role
from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from competitions.entries.actions import delegations, quotas, registering
from competitions.entries.queries import entries
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from competitions.programme.queries import event as event_row
from foundation.db import transaction
from foundation.permission import MACHINE, PLATFORM, SIGNED_IN, Actor, Scope, ScopeKind, requirement_of
from tests.architecture.test_permission_table import address, routes
from tests.architecture.world import World
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts
from tests.factories.rows import make_event


@pytest.fixture
def competition(app: Flask, at: datetime) -> UUID:
    made = make_competition()
    with transaction() as writing:
        writing.get_one(Competition, made).starts_on = (at + timedelta(days=40)).date()
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    rules = {"full_division": "refuse", "waiting_offers": "person", "offer_hours": 48}
    quotas.set_waiting(made, **rules, units_open=True, review_levels=("unit",), actor=MACHINE, at=at)  # type: ignore[arg-type]
    return made


@pytest.fixture
def event(competition: UUID) -> UUID:
    return make_event(competition, code="HJ", divisions=("worker",))


def body(name: str, at: datetime, parent: UUID | None = None) -> UUID:
    return found_organization(name, kind=OrganizationKind.ENTERPRISE, parent_id=parent, actor=MACHINE, at=at)


def entered(delegation: UUID, event: UUID, at: datetime, *units: str) -> UUID:
    people = [member_facts(name_zh=f"某{unit[-1]}", unit_name=unit) for unit in units]
    return delegations.enter_for(delegation, event, event_row(event).divisions[0].id, people, actor=MACHINE, at=at)


@pytest.fixture
def operator(signed_in: Callable[..., FlaskClient], at: datetime) -> FlaskClient:
    return signed_in(Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, str(body("江州重工", at))))


def test_an_operator_opens_the_own_delegation_and_enters_there(
    operator: FlaskClient, competition: UUID, event: UUID, at: datetime
) -> None:
    own, other = body("江州重工", at), body("青川厂", at)
    assert "本单位组队报名" in operator.get("/delegations").text
    assert operator.post(f"/delegations/open/{competition}/{other}").status_code == 404
    home = operator.post(f"/delegations/open/{competition}/{own}").headers["Location"]
    assert "江州重工" in operator.get(home).text
    assert operator.get(f"{home}/events/{event}/enter").status_code == 200
    delegations.set_deadline(competition, at - timedelta(hours=1), role="unit", actor=MACHINE, at=at)
    assert operator.get(f"{home}/events/{event}/enter").status_code == 422  # the units' deadline, not the leaders'


def test_an_operator_sees_the_own_units_people_wherever_they_are_entered_and_no_others(
    operator: FlaskClient, competition: UUID, event: UUID, at: datetime
) -> None:
    works = body("江州重工一分厂", at, body("江州重工", at))
    assert works
    city = delegations.open_delegation(competition, "江州市代表队", actor=MACHINE, at=at)
    pair = make_event(competition, code="JQR", team_size=2, divisions=("worker",))
    mine, below, other = (entered(city, event, at, unit) for unit in ("江州重工", "江州重工一分厂", "青川厂"))
    mixed = entered(city, pair, at, "江州重工", "青川厂")
    opened = {key: operator.get(f"/entries/{key}").status_code for key in (mine, below, other, mixed)}
    assert opened == {mine: 200, below: 200, other: 404, mixed: 404}
    page = operator.get("/delegations").text
    assert (page.count("江州市代表队"), "某厂" in page) == (2, True)
    assert operator.get(f"/delegations/{city}").status_code == 404


def test_an_operator_reaches_no_route_of_another_unit(
    app: Flask, operator: FlaskClient, competition: UUID, event: UUID, at: datetime
) -> None:
    other = delegations.open_delegation(competition, "青川厂", actor=MACHINE, at=at)
    ids = {
        "competition_id": competition, "event_id": event, "delegation_id": other, "organization_id": body("青川厂", at),
        "entry_id": entered(other, event, at, "青川厂"),
    }  # fmt: skip
    leaks = []
    for endpoint, method, rule in routes(app):
        asked = requirement_of(app.view_functions[endpoint])
        if asked is None or asked.permission == SIGNED_IN or not asked.of:
            continue
        status = operator.open(address(app, endpoint, World(ids)), method=method).status_code
        if status != 404:
            leaks.append((rule, method, status))
    assert leaks == []


def test_the_operator_of_a_host_reaches_nothing_of_its_competition(
    signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    host = body("江州省人力资源和社会保障厅", at)
    client = signed_in(Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, str(host)))
    for path in (f"/competitions/{competition}/entries", f"/events/{event}/entries"):
        assert client.get(path).status_code == 404


def test_the_unit_reviews_a_candidate_of_its_own(
    operator: FlaskClient, competition: UUID, event: UUID, at: datetime
) -> None:
    facts = member_facts(phone="", unit_name="江州重工")
    made, person = registering.register(
        event,
        event_row(event).divisions[0].id,
        facts,
        password="guihuaxiang",
        user_name="linxiao",
        actor=Actor(None),
        at=at,
    )
    registering.submit(made, actor=Actor(person), at=at)
    assert "等待单位审核" in operator.get("/delegations").text
    assert operator.post(f"/entries/{made}/endorse", data={"decision": "pass_on"}).status_code == 302
    assert entries.entry(made).review_level == "organizer"


def test_bodies_and_slips_from_the_pages(signed_in: Callable[..., FlaskClient], at: datetime) -> None:
    root = signed_in(Role.PLATFORM_ADMINISTRATOR, PLATFORM)
    made = root.post("/units", data={"name": "江州重工", "kind": "enterprise", "region_code": "3201"})
    home = made.headers["Location"]
    slip = root.post(home, data={"name": "孙经办", "user_name": "sunjb"}).text
    assert ("孙经办" in slip, "单位经办人" in slip or "sunjb" in slip) == (True, True)
    [grant] = holders(Scope(ScopeKind.UNIT, home.rpartition("/")[2]), at)
    assert "sunjb" in root.post(f"/operators/{grant.id}/reset").text
    root.post(f"{home}/aliases", data={"alias": "江重"})
    assert "江重" in root.get("/units?q=江重").text
    assert root.post(f"{home}/above", data={"parent_name": "没有的厂"}).status_code == 422
    assert root.post("/units", data={"name": "江重", "kind": "enterprise"}).status_code == 422
    answer = root.post(
        "/units/region-officers",
        data={"officer-region_code": "32", "officer-name": "省管", "officer-user_name": "shengguan"},
    )
    assert "shengguan" in answer.text
    own = signed_in(Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, home.rpartition("/")[2]))
    assert "本单位" in own.get("/units").text
    assert own.get(home).status_code == 404
    assert own.post(f"/operators/{grant.id}/reset").status_code == 404
    below = own.post("/units", data={"name": "一分厂", "kind": "enterprise", "parent_name": ""}).headers["Location"]
    assert own.get(below).status_code == 200


def test_officers_begin_at_the_competitions_and_operators_at_their_delegations(
    signed_in: Callable[..., FlaskClient], at: datetime
) -> None:
    officer = signed_in(Role.REGION_OFFICER, Scope(ScopeKind.REGION, "32"))
    assert officer.get("/home").headers["Location"] == "/competitions"
    operator = signed_in(Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, str(body("江州重工", at))))
    assert operator.get("/home").headers["Location"] == "/delegations"
