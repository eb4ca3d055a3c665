"""The gate, the headers, the errors, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from accounts.sign_in import actions
from foundation.clock import now, set_arranged
from foundation.permission import MACHINE
from tests.conftest import AT
from tests.factories.accounts import PASSWORD, make_account, make_person
from tests.factories.competitions import make_competition

FORM = {
    "name_zh": "江州省第三届职业技能大赛", "tier": "provincial", "competition_class": "class_1", "programme": "skills_contest",
    "line": "human_resources", "region_code": "320000", "starts_on": "2026-11-20", "ends_on": "2026-11-23", "lead_host": "省厅",
}  # fmt: skip


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


def test_another_scope_s_object_answers_like_no_object(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    made = make_competition()
    stranger = signed_in(Role.ORGANIZER, scope=_region("37"))
    nobody = "00000000-0000-4000-8000-000000000000"
    theirs, nothing = stranger.get(f"/competitions/{made}"), stranger.get(f"/competitions/{nobody}")
    same = [answer.get_data(as_text=True).replace(str(key), "?") for answer, key in ((theirs, made), (nothing, nobody))]
    assert (theirs.status_code, same[0]) == (404, same[1])


def _region(code: str):
    from foundation.permission import Scope, ScopeKind

    return Scope(ScopeKind.REGION, code)


def test_an_expired_session_in_a_form_keeps_what_was_typed(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    person = make_person("周敏")
    login = make_account(person)
    client = signed_in(Role.ORGANIZER, person_id=person)
    set_arranged(AT + timedelta(hours=13))
    answer = client.post("/competitions/new", data=FORM)
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert 'name="kept.name_zh" value="江州省第三届职业技能大赛"' in page
    fields = dict(re.findall(r'<input type="hidden" name="(kept[^"]*)" value="([^"]*)"', page))
    again = client.post("/sign-in", data={**fields, "login": login, "password": PASSWORD})
    assert again.status_code == 200
    offered = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', again.get_data(as_text=True)))
    assert {name: offered[name] for name in FORM} == FORM
    stored = client.post("/competitions/new", data={k: v for k, v in offered.items() if k != "csrf_token"})
    assert stored.status_code == 302


def test_a_wrong_password_at_that_moment_loses_nothing_either(app: Flask, client: FlaskClient) -> None:
    login = make_account(make_person())
    kept = {"kept.name_zh": "大赛", "kept_path": "/competitions/new"}
    page = client.post("/sign-in", data={**kept, "login": login, "password": "wrong"}).get_data(as_text=True)
    assert 'name="kept.name_zh" value="大赛"' in page


def test_redirects_never_leave_the_house(app: Flask, client: FlaskClient) -> None:
    login = make_account(make_person())
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = app.test_client().post("/sign-in", data={"login": login, "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == "/"


def test_a_form_without_its_token_is_offered_again(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.ORGANIZER)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post("/competitions/new", data=FORM)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (answer.status_code, 'value="江州省第三届职业技能大赛"' in answer.get_data(as_text=True)) == (400, True)


def test_a_revoked_session_ends_at_once(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.ORGANIZER)
    assert client.get("/competitions").status_code == 200
    actions.sign_out_elsewhere(client.person_id, keep=None, actor=MACHINE, at=now())  # type: ignore[attr-defined]
    assert client.get("/competitions").status_code == 302


def test_errors_speak_the_reader_s_language(client: FlaskClient) -> None:
    assert "此处没有内容" in client.get("/nowhere").get_data(as_text=True)
    assert "There is nothing here" in client.get("/nowhere?lang=en").get_data(as_text=True)
    answer = client.get("/api/nowhere")
    assert (answer.status_code, answer.json["code"]) == (404, "http_404")  # type: ignore[index]


def test_the_language_is_kept(client: FlaskClient) -> None:
    client.post("/language", data={"language": "en", "back": "/sign-in"})
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)


def test_the_list_of_competitions_takes_a_constant_number_of_queries(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    from sqlalchemy import event

    from foundation.db import db

    client = signed_in(Role.ORGANIZER)
    counted: list[int] = []
    for many in (1, 3):
        while len(counted) < many and many > 0:
            make_competition()
            many -= 1
        statements: list[str] = []
        note = lambda *arguments: statements.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        client.get("/competitions")
        event.remove(db.engine, "before_cursor_execute", note)
        counted.append(len(statements))
    assert counted[0] == counted[1]
