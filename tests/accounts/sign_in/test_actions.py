from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from accounts.sign_in import actions, queries
from foundation.permission import MACHINE, Actor
from foundation.refusal import Conflict, Refusal
from tests.factories.accounts import PASSWORD, make_account, make_person


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_people_sign_in_by_user_name_or_phone(app: Flask, at: datetime) -> None:
    person = make_person()
    actions.open_account(person, "right-password", user_name="Zhou Min", phone="138 0013 8000", actor=MACHINE, at=at)
    for login in ("zhoumin", "ＺＨＯＵＭＩＮ", "13800138000", "+86 138-0013-8000"):
        token, who = actions.sign_in(login, "right-password", browser="", hours=12, at=at)
        assert who == person
        assert queries.live_session(token, at, timedelta(hours=4)) is not None


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(app: Flask, at: datetime) -> None:
    make_account(make_person(), "known")
    codes = []
    for login in ("known", "unknown"):
        with pytest.raises(Refusal) as refused:
            actions.sign_in(login, "wrong", browser="", hours=12, at=at)
        codes.append((code_of(refused), refused.value.facts))
    assert codes == [("sign_in_wrong", {}), ("sign_in_wrong", {})]


def test_five_failures_lock_the_account_for_ten_minutes(app: Flask, at: datetime) -> None:
    login = make_account(make_person())
    for _ in range(5):
        with pytest.raises(Refusal, match="sign_in_wrong"):
            actions.sign_in(login, "wrong", browser="", hours=12, at=at)
    with pytest.raises(Refusal, match="sign_in_locked"):
        actions.sign_in(login, PASSWORD, browser="", hours=12, at=at + timedelta(minutes=9))
    actions.sign_in(login, PASSWORD, browser="", hours=12, at=at + timedelta(minutes=11))


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "password_too_short"), ("12345678", "password_too_common"), ("aaaaaaaaaa", "password_too_common")],
)
def test_weak_passwords_are_refused(app: Flask, at: datetime, password: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        actions.open_account(make_person(), password, user_name="someone", actor=MACHINE, at=at)


def test_a_login_belongs_to_one_account_and_a_person_has_one(app: Flask, at: datetime) -> None:
    person = make_person()
    actions.open_account(person, "right-password", user_name="taken", actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="login_taken"):
        actions.open_account(make_person(), "right-password", user_name="TAKEN", actor=MACHINE, at=at)
    with pytest.raises(Conflict, match="account_exists"):
        actions.open_account(person, "right-password", user_name="another", actor=MACHINE, at=at)


def test_a_session_ends_when_idle_over_or_revoked(app: Flask, at: datetime) -> None:
    login, idle = make_account(make_person()), timedelta(hours=4)
    token, person = actions.sign_in(login, PASSWORD, browser="", hours=12, at=at)
    assert queries.live_session(token, at + timedelta(hours=5), idle) is None
    assert queries.live_session(token, at + timedelta(hours=3), idle) is not None
    actions.sign_out(token, actor=Actor(person), at=at)
    assert queries.live_session(token, at, idle) is None


def test_changing_the_password_ends_every_other_session(app: Flask, at: datetime) -> None:
    login = make_account(make_person())
    keep, person = actions.sign_in(login, PASSWORD, browser="a", hours=12, at=at)
    actions.sign_in(login, PASSWORD, browser="b", hours=12, at=at)
    row = queries.live_session(keep, at, timedelta(hours=4))
    assert row is not None
    with pytest.raises(Refusal, match="current_password_wrong"):
        actions.change_password(person, "wrong", "new-password", keep=row.id, actor=Actor(person), at=at)
    actions.change_password(person, PASSWORD, "new-password", keep=row.id, actor=Actor(person), at=at)
    assert [live.browser for live in queries.live_sessions(person, at)] == ["a"]


def test_the_first_administrator_is_made_once(app: Flask, at: datetime) -> None:
    actions.make_first_administrator("周敏", "admin", "right-password", at=at)
    with pytest.raises(Conflict, match="already_set_up"):
        actions.make_first_administrator("别人", "admin2", "right-password", at=at)
