from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.programme import actions, queries
from competitions.programme.permissions import ProgrammePermission
from foundation.clock import new_id
from foundation.db import db, session
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.web import cards
from tests.factories.accounts import make_account, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def competition(app: Flask) -> UUID:
    return make_competition()


@pytest.fixture
def organizer(app: Flask, competition: UUID, signed_in: SignIn) -> FlaskClient:
    return signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))


def event_fields(**changes: Any) -> dict[str, Any]:
    given = {
        "key": str(new_id()), "occupation": "焊工", "code": "01", "test_level": "L3", "team_size": "1", "division_worker": "y",
        "theory": "y", "theory_weight": "30", "theory_pass": "60", "practice_weight": "70", "practice_pass": "60",
    }  # fmt: skip
    return {name: value for name, value in (given | changes).items() if value is not None}


def test_the_usual_event_needs_an_occupation_alone(competition: UUID, organizer: FlaskClient) -> None:
    address = f"/competitions/{competition}/events/new"
    page = organizer.get(address).text
    assert 'value="6-18-02-04 焊工"' in page
    for name, value in (("code", "01"), ("theory_weight", "30"), ("practice_weight", "70"), ("team_size", "1")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name
    fields = event_fields()
    for _ in range(2):  # a second click makes nothing new
        answer = organizer.post(address, data=fields)
        assert answer.status_code == 302
    events = queries.competition(competition).events
    assert [(row.code, row.name_zh, row.occupation_code) for row in events] == [("01", "焊工", "6-18-02-04")]
    assert answer.location == f"/events/{events[0].id}"
    shown = organizer.get(answer.location).text
    assert "6-18-02-04 焊工" in shown
    assert "30 %" in shown
    board = organizer.get(f"/competitions/{competition}").text
    assert "6-18-02-04 · 命题等级 " in board


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"occupation": "没有的职业"}, "没有该代码或名称的职业"),
        ({"occupation": "钳工"}, "有多个职业符合"),
        ({"practice_weight": "60"}, "各部分权重合计为 90，应为 100。"),
        ({"theory": None}, "各部分权重合计为 70，应为 100。"),
        ({"division_worker": None}, "请至少勾选一个组别"),
        ({"division_open": "y"}, "不能与其他组别同时勾选"),
        ({"occupation": "4-04-04-05", "test_level": "L5"}, "未设该等级"),
        ({"team_size": "11"}, "最多 10"),
        ({"quota_worker": "0"}, "至少为 1"),
    ],
)
def test_wrong_input_is_answered_and_nothing_typed_is_lost(
    competition: UUID, organizer: FlaskClient, changes: dict[str, Any], sentence: str
) -> None:
    answer = organizer.post(f"/competitions/{competition}/events/new", data=event_fields(name_zh="焊接赛", **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="焊接赛"' in answer.text
    assert queries.event_codes(competition) == []


def test_an_event_is_corrected_and_cancelled(competition: UUID, organizer: FlaskClient) -> None:
    event = make_event(competition, code="07", divisions=("worker", "student"))
    page = organizer.get(f"/events/{event}/edit").text
    assert 'value="6-18-02-04 焊工"' in page
    changed = event_fields(code="07", name_zh="焊接", division_student="y", quota_student="20", theory_gate="y",
                           theory_weight=None, practice_weight="100")  # fmt: skip
    assert organizer.post(f"/events/{event}/edit", data=changed).status_code == 302
    row = queries.event(event)
    assert [(part.kind, part.gate_only, part.weight) for part in row.parts] == [
        ("theory", True, 0),
        ("practice", False, 1),
    ]
    assert organizer.post(f"/events/{event}/cancel", data={"reason": ""}).status_code == 422
    assert organizer.post(f"/events/{event}/cancel", data={"reason": "报名不足"}).status_code == 302
    assert "报名不足" in organizer.get(f"/events/{event}").text


def test_the_region_is_picked_by_code_or_name(competition: UUID, organizer: FlaskClient, signed_in: SignIn) -> None:
    fields = {"name_zh": "市赛", "tier": "municipal", "competition_class": "class_2", "programme": "skills_contest",
              "line": "human_resources", "starts_on": "2026-12-01", "ends_on": "2026-12-02", "lead_host": "市局"}  # fmt: skip
    address = f"/competitions/{competition}/edit"
    for typed in ("南京市", "320100", "320100 江苏省南京市"):
        assert organizer.post(address, data=fields | {"region_code": typed}).status_code == 302, typed
        session().rollback()
        assert queries.competition(competition).region_code == "320100"
    assert "江苏省南京市" in organizer.get(f"/competitions/{competition}").text
    for typed, sentence in (("999999", "没有该代码或名称的行政区划"), ("鼓楼区", "有多个行政区划符合")):
        answer = organizer.post(address, data=fields | {"region_code": typed})
        assert (answer.status_code, sentence in answer.text) == (422, True)


# --- rules ------------------------------------------------------------------------------------------------------------


def rules_fields(**changes: Any) -> dict[str, Any]:
    given = {
        "basis": "江人社函〔2026〕18号", "tie_1": "practice", "tie_2": "theory", "tie_3": "", "tie_4": "", "tie_5": "", "last_resort": "equal_rank",
        "score_places": "2", "judgement_spread": "1", "panel_entry": "own_tablet", "notice_days": "5", "minimum_entries": "30",
        "late_minutes": "15", "recheck_top": "0", "recheck_rest": "0", "recheck_limit": "5", "rewards_enabled": "y", "age_least": "16", "consent_age": "18",
        "barred_titles": "中华技能大奖\n全国技术能手", "barred_pending": "y", "prize_base": "attended", "prizes_below_minimum": "y",
    }  # fmt: skip
    return given | changes


def test_rules_are_read_changed_and_compared(competition: UUID, organizer: FlaskClient) -> None:
    page = organizer.get(f"/competitions/{competition}/rules").text
    assert "5 个工作日" in page
    assert "操作技能成绩 → 理论知识成绩" in page
    address = f"/competitions/{competition}/rules/edit"
    assert "全国技术能手" in organizer.get(address).text
    scan = (io.BytesIO(b"%PDF-1.7 notice"), "通知.pdf")
    fields = rules_fields(notice_days="7", tie_1="time", tie_2="", age_most="45", age_reference_date="2026-11-01")
    answer = organizer.post(address, data=fields | {"notice": scan})
    assert answer.status_code == 302
    rules = queries.rule_set_in_force(competition)[1]
    assert (rules.notice_days, rules.tie_breaks) == (7, ("time",))
    assert rules.eligibility[0] == {"kind": "age", "least": 16, "most": 45, "reference_date": "2026-11-01"}
    page = organizer.get(f"/competitions/{competition}/rules").text
    assert '<strong>成绩公示期</strong> <span class="was">5 个工作日</span> → 7 个工作日' in page
    assert "江人社函〔2026〕18号" in page
    served = organizer.get(f"/competitions/{competition}/rules/2/notice")
    assert (served.data, served.mimetype) == (b"%PDF-1.7 notice", "application/pdf")
    assert organizer.get(f"/competitions/{competition}/rules/1/notice").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"notice_days": "0"}, "请填写 1 至 60 的整数"),
        ({"age_least": "50", "age_most": "40"}, "年龄上限低于下限（50 周岁）"),
        ({"notice": (io.BytesIO(b"MZ"), "x.exe")}, "扫描件须为 PDF、PNG 或 JPEG 文件"),
    ],
)
def test_wrong_rules_are_answered(
    competition: UUID, organizer: FlaskClient, changes: dict[str, Any], sentence: str
) -> None:
    answer = organizer.post(f"/competitions/{competition}/rules/edit", data=rules_fields(**changes))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert len(queries.rule_set_versions(competition)) == 1


# --- staff ------------------------------------------------------------------------------------------------------------


def test_staff_is_appointed_with_a_slip_and_dismissed(
    competition: UUID, organizer: FlaskClient, client: FlaskClient
) -> None:
    address = f"/competitions/{competition}/staff"
    make_account(make_person("王督"), "wangdu")
    assert organizer.post(address, data={"role": "supervisor", "user_name": "wangdu"}).status_code == 302
    slip = organizer.post(address, data={"role": "tally_clerk", "user_name": "liji", "name": "李计"})
    assert slip.status_code == 200
    found = re.search(r"<code>([^<]+)</code>", slip.text)
    assert found is not None
    assert client.post("/sign-in", data={"login": "liji", "password": found[1]}).status_code == 302
    page = organizer.get(address).text
    assert "王督" in page
    assert "李计" in page
    assert found[1] not in page
    answer = organizer.post(address, data={"role": "auditor", "user_name": "nobody"})
    assert (answer.status_code, "没有使用该用户名的账号" in answer.text) == (422, True)
    grants = {post.name: post.grant.id for post in queries.staff(queries.competition(competition), session_at())}
    assert organizer.post(f"{address}/dismiss", data={"grant": grants["王督"], "reason": "调离"}).status_code == 302
    assert "王督" not in organizer.get(address).text
    assert organizer.post(f"{address}/dismiss", data={"grant": "x", "reason": "调离"}).status_code == 404


def session_at() -> Any:
    from foundation.clock import now

    return now()


# --- public -----------------------------------------------------------------------------------------------------------


def test_the_public_sees_announced_competitions_and_no_drafts(competition: UUID, client: FlaskClient) -> None:
    make_event(competition)
    page = f"/public/competitions/{competition}"
    assert client.get(page).status_code == 404
    assert "目前没有已公布的竞赛" in client.get("/").text
    actions.move_competition(competition, "announce", actor=MACHINE, at=session_at())
    assert page in client.get("/").text
    shown = client.get(page)
    assert shown.status_code == 200
    assert "6-18-02-04 焊工" in shown.text
    assert "不与职业技能等级挂钩" not in shown.text
    assert client.get(f"/public/competitions/{new_id()}").status_code == 404
    actions.move_competition(competition, "cancel", reason="撤销", actor=MACHINE, at=session_at())
    assert client.get(page).status_code == 404


def test_a_competition_outside_the_plan_says_so_on_its_first_page(app: Flask, client: FlaskClient) -> None:
    outside = make_competition(plan_number="")
    actions.move_competition(outside, "announce", actor=MACHINE, at=session_at())
    said = re.search(
        r'notice-warning">.*?<span>([^<]+)</span>',
        client.get(f"/public/competitions/{outside}?lang=en").text,
        re.DOTALL,
    )
    assert said is not None
    assert said[1] == "Not in an annual plan: this competition brings no grade."


def test_rooms_add_links_to_an_event(
    competition: UUID, organizer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(competition)
    waiting = cards.EventLink(
        "Correct the event", "programme.edit_event", ProgrammePermission.EDIT, 10, due=lambda ids: ids
    )
    hidden = cards.EventLink("Open", "programme.event", "never:granted", 5)
    monkeypatch.setattr(cards, "_event_links", [hidden, waiting])
    board = organizer.get(f"/competitions/{competition}").text
    assert f'<a href="/events/{event}/edit"><strong>修改赛项</strong></a>' in board
    assert 'class="due"' in organizer.get(f"/events/{event}").text


def test_the_board_takes_a_constant_number_of_queries(competition: UUID, organizer: FlaskClient, app: Flask) -> None:
    from sqlalchemy import event as sqlalchemy_event

    def counted() -> int:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engines = list(db.engines.values())
        for engine in engines:
            sqlalchemy_event.listen(engine, "before_cursor_execute", note)
        assert organizer.get(f"/competitions/{competition}").status_code == 200
        for engine in engines:
            sqlalchemy_event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    make_event(competition)
    organizer.get(f"/competitions/{competition}")
    one = counted()
    for _ in range(6):
        make_event(competition)
    assert counted() == one
