"""Offices of the whole platform."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from accounts.access.roles import Role
from accounts.offices import actions, queries
from accounts.sign_in import actions as sign_in
from foundation.clock import new_id
from foundation.permission import MACHINE, PLATFORM
from foundation.refusal import Missing, Refusal
from tests.factories.accounts import make_account, make_grant, make_person


def test_somebody_new_gets_an_account_and_its_first_password(app: Flask, at: datetime) -> None:
    password = actions.appoint("evaluation_officer", "fangyuan", "方圆", actor=MACHINE, at=at)
    assert [(row.name, row.user_name, row.grant.role) for row in queries.offices(at)] == [
        ("方圆", "fangyuan", "evaluation_officer")
    ]
    assert (
        sign_in.sign_in("fangyuan", password, browser="", hours=1, at=at)[1] == queries.offices(at)[0].grant.person_id
    )


def test_an_account_gets_a_role_once(app: Flask, at: datetime) -> None:
    make_account(make_person("严明"), "yanming")
    for _again in range(2):
        assert actions.appoint("approving_authority", "yanming", "", actor=MACHINE, at=at) == ""
    assert [row.grant.role for row in queries.offices(at)] == ["approving_authority"]


@pytest.mark.parametrize(
    ("role", "user_name", "code"),
    [("judge", "x", "office_role_unknown"), ("organizer", "nobody", "office_account_unknown")],
)
def test_what_is_refused(app: Flask, at: datetime, role: str, user_name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.appoint(role, user_name, "", actor=MACHINE, at=at)
    assert refused.value.code == code


def test_the_last_administrator_stays(app: Flask, at: datetime) -> None:
    make_grant(make_person("韩冰"), Role.PLATFORM_ADMINISTRATOR, PLATFORM)
    make_grant(make_person("周敏"), Role.ORGANIZER, PLATFORM)
    grants = {row.grant.role: row.grant.id for row in queries.offices(at)}
    with pytest.raises(Refusal) as refused:
        actions.dismiss(grants["platform_administrator"], reason="离任", actor=MACHINE, at=at)
    assert refused.value.code == "last_administrator"
    for _again in range(2):
        actions.dismiss(grants["organizer"], reason="离任", actor=MACHINE, at=at)
    assert [row.grant.role for row in queries.offices(at)] == ["platform_administrator"]
    with pytest.raises(Missing):
        actions.dismiss(new_id(), reason="离任", actor=MACHINE, at=at)
