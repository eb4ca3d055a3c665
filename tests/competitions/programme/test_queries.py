from __future__ import annotations

import pytest
from flask import Flask

from accounts.access.roles import Role
from competitions.programme import queries
from foundation.db import session
from foundation.permission import PUBLIC_ACTOR, Actor, Scope, ScopeKind
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition


def seen(actor: Actor) -> list[str]:
    return sorted(row.name_zh for row in session().scalars(queries.competitions(actor)))


@pytest.fixture
def three(app: Flask) -> dict[str, object]:
    return {
        "province": make_competition(name_zh="省赛", region_code="320000"),
        "city": make_competition(name_zh="市赛", region_code="320100", hosts=(("lead_host", "市局"),)),
        "other": make_competition(name_zh="外省", region_code="370000", hosts=(("lead_host", "外省厅"),)),
    }


def test_a_region_officer_sees_the_region_and_nothing_beside_it(three: dict[str, object]) -> None:
    officer = Actor(make_person())
    make_grant(officer.person, Role.REGION_OFFICER, Scope(ScopeKind.REGION, "32"))
    assert seen(officer) == ["市赛", "省赛"]


def test_a_host_sees_what_it_hosts(three: dict[str, object]) -> None:
    body = queries.competition(three["city"]).hosts[0].organization_id  # type: ignore[arg-type]
    organizer = Actor(make_person())
    make_grant(organizer.person, Role.ORGANIZER, Scope(ScopeKind.ORGANIZATION, str(body)))
    assert seen(organizer) == ["市赛"]


def test_a_judge_of_one_competition_and_the_public(three: dict[str, object]) -> None:
    chief = Actor(make_person())
    make_grant(chief.person, Role.CHIEF_JUDGE, Scope(ScopeKind.COMPETITION, str(three["other"])))
    assert seen(chief) == ["外省"]
    assert seen(PUBLIC_ACTOR) == []
    assert seen(Actor(make_person())) == []


def test_search_and_filters_narrow_the_list(three: dict[str, object]) -> None:
    everywhere = Actor(make_person())
    make_grant(everywhere.person, Role.ORGANIZER)
    assert [row.name_zh for row in session().scalars(queries.competitions(everywhere, search="市"))] == ["市赛"]
    assert session().scalars(queries.competitions(everywhere, state="announced")).all() == []
