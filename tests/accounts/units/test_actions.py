"""Bodies and operators: each level makes those below it, and nobody else's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from accounts.access.queries import holders
from accounts.access.roles import Role
from accounts.organizations import queries as organizations
from accounts.sign_in import actions as sign_in
from accounts.units import actions, queries
from foundation.permission import PLATFORM, Actor, Scope, ScopeKind
from foundation.refusal import Missing, Refusal
from tests.factories.accounts import make_account, make_grant, make_person


def holder(role: Role, scope: Scope) -> Actor:
    person = make_person()
    make_grant(person, role, scope)
    return Actor(person)


@pytest.fixture
def root(app: Flask) -> Actor:
    return holder(Role.PLATFORM_ADMINISTRATOR, PLATFORM)


def operator_of(organization_id: UUID) -> Actor:
    return holder(Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, str(organization_id)))


def founded(name: str, actor: Actor, at: datetime, **more: Any) -> UUID:
    return actions.found_unit(name, kind=more.pop("kind", "enterprise"), actor=actor, at=at, **more)


def refused(expected: str, call: Any, /, *arguments: Any, **more: Any) -> None:
    with pytest.raises(Refusal) as found:
        call(*arguments, **more)
    assert found.value.code == expected


def test_a_region_officer_makes_bodies_of_the_region_and_an_operator_those_below(root: Actor, at: datetime) -> None:
    officer = holder(Role.REGION_OFFICER, Scope(ScopeKind.REGION, "3201"))
    group = founded("江州重工集团有限公司", officer, at, region_code="320102")
    refused("unit_region_wrong", founded, "山东某厂", officer, at, region_code="370100")
    works = founded("江州重工一分厂", operator_of(group), at)  # below the operator's own, in its region
    row = queries.unit(works)
    assert (row.parent_id, row.region_code) == (group, "320102")
    other = founded("别的集团", root, at)
    refused("unit_parent_wrong", founded, "插队分厂", operator_of(group), at, parent_id=other)
    refused("unit_name_taken", founded, "江州重工一分厂", root, at)
    refused("unit_kind_unknown", founded, "某某", root, at, kind="planet")
    refused("unit_credit_code_wrong", founded, "某某", root, at, credit_code="123")


def test_the_list_of_a_level_is_what_lies_below_it(root: Actor, at: datetime) -> None:
    group = founded("集团", root, at, region_code="32")
    works = founded("分厂", root, at, parent_id=group)
    founded("外省厂", root, at, region_code="37")
    from foundation.db import session
    from foundation.permission import visible

    def names(actor: Actor) -> list[str]:
        return [row.name for row in session().scalars(queries.units(visible(actor, "unit:manage")))]

    assert names(operator_of(group)) == ["分厂", "集团"]
    assert names(operator_of(works)) == ["分厂"]
    assert names(holder(Role.REGION_OFFICER, Scope(ScopeKind.REGION, "37"))) == ["外省厂"]
    assert names(Actor(make_person())) == []


def test_a_slip_opens_the_body_alone_and_is_handed_over_and_reset(root: Actor, at: datetime) -> None:
    unit = founded("江州重工", root, at)
    password = actions.appoint_operator(unit, "孙经办", "sunjb", actor=root, at=at)
    _token, person = sign_in.sign_in("sunjb", password, browser="", hours=1, at=at)
    [grant] = holders(Scope(ScopeKind.UNIT, str(unit)), at)
    assert (grant.person_id, grant.role) == (person, "unit_operator")
    fresh = actions.reset_operator(grant.id, actor=root, at=at)
    assert fresh != password
    refused(
        "unit_reason_missing", actions.hand_over_operator, grant.id, "周接", "zhoujie", reason=" ", actor=root, at=at
    )
    assert actions.hand_over_operator(grant.id, "周接", "zhoujie", reason="岗位调整", actor=root, at=at)
    assert [one.user_name for one in queries.operators(Scope(ScopeKind.UNIT, str(unit)), Role.UNIT_OPERATOR, at)] == ["zhoujie"]  # fmt: skip
    make_account(make_person("严明"), "yanming")
    refused("unit_login_taken", actions.appoint_operator, unit, "别人", "yanming", actor=root, at=at)
    assert actions.appoint_operator(unit, "严明", "yanming", actor=root, at=at) == ""


def test_nobody_touches_an_operator_that_is_not_below(root: Actor, at: datetime) -> None:
    group, other = founded("集团", root, at), founded("别的集团", root, at)
    works = founded("分厂", root, at, parent_id=group)
    actions.appoint_operator(works, "孙经办", "sunjb", actor=root, at=at)
    [grant] = holders(Scope(ScopeKind.UNIT, str(works)), at)
    for stranger in (operator_of(other), operator_of(works), holder(Role.ORGANIZER, PLATFORM)):
        with pytest.raises(Missing):
            actions.reset_operator(grant.id, actor=stranger, at=at)
    assert actions.reset_operator(grant.id, actor=operator_of(group), at=at)
    make_grant(grant.person_id, Role.ORGANIZER)
    refused("unit_account_beyond", actions.reset_operator, grant.id, actor=root, at=at)
    [organizer] = holders(PLATFORM, at, Role.ORGANIZER)[:1]
    with pytest.raises(Missing):
        actions.dismiss_operator(organizer.id, reason="x", actor=root, at=at)


def test_region_officers_are_appointed_by_the_level_above(root: Actor, at: datetime) -> None:
    actions.appoint_region_officer("320000", "省管", "shengguan", actor=root, at=at)
    [province] = holders(Scope(ScopeKind.REGION, "32"), at)
    officer = Actor(province.person_id)
    actions.appoint_region_officer("3201", "市管", "shiguan", actor=officer, at=at)
    for code in ("32", "37", "x"):
        refused("unit_region_wrong", actions.appoint_region_officer, code, "某", "mouren", actor=officer, at=at)
    [city] = holders(Scope(ScopeKind.REGION, "3201"), at)
    assert actions.reset_operator(city.id, actor=officer, at=at)
    with pytest.raises(Missing):
        actions.reset_operator(province.id, actor=Actor(city.person_id), at=at)


def test_aliases_and_the_body_above(root: Actor, at: datetime) -> None:
    group, works = founded("江州重工集团有限公司", root, at), founded("一分厂", root, at)
    actions.add_alias(group, " 江州重工 ", actor=root, at=at)
    actions.add_alias(group, "江州重工", actor=root, at=at)
    refused("unit_name_taken", actions.add_alias, works, "江州重工", actor=root, at=at)
    assert organizations.known_as(["江州重工", "别家"]) == ["江州重工集团有限公司", "别家"]
    assert organizations.ids_named(["江州重工", "一分厂", "别家"]) == {"江州重工": group, "一分厂": works}
    actions.put_below(works, group, actor=root, at=at)
    assert organizations.bodies_below([group]) == {group, works}
    refused("unit_parent_wrong", actions.put_below, group, works, actor=root, at=at)  # a loop
    actions.remove_alias(group, "江州重工", actor=root, at=at)
    assert organizations.organization_named("江州重工") is None
