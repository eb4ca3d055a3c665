from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pikepdf
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from accounts.access.roles import Role
from accounts.sign_in import queries as accounts
from accounts.sign_in.actions import pair_device
from competitions.codes import actions as codes
from competitions.judges import actions, queries
from competitions.judges.actions import JudgeFacts
from competitions.programme import queries as programme
from foundation.db import session
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from foundation.print import printer
from tests.factories.accounts import make_person, make_session
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event, make_panel, make_scheme

Sign = Callable[..., FlaskClient]


@pytest.fixture
def event(app: Flask) -> UUID:
    made = make_event(make_competition())
    make_scheme(made)
    return made


def organizer(signed_in: Sign, event: UUID) -> FlaskClient:
    return signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(programme.event(event).competition_id)))


def test_inviting_shows_the_link_once_and_keeps_what_was_typed(event: UUID, signed_in: Sign) -> None:
    client = organizer(signed_in, event)
    wrong = client.post(f"/events/{event}/judges/new", data={"name": "李芳", "role": "judge", "login": "nobody"})
    assert wrong.status_code == 422
    assert "李芳" in wrong.text
    assert "没有以“nobody”登录的账号" in wrong.text
    assert queries.duties(event) == []
    page = client.post(f"/events/{event}/judges/new", data={"name": "李芳", "role": "judge", "unit_name": "江州重工"})
    assert page.status_code == 200
    code = re.search(r"/invitations/([0-9A-Z-]+)", page.text)
    assert code is not None
    make_entry(event)
    listed = client.get(f"/events/{event}/judges").text
    assert "与选手同单位" in listed
    assert code[1] not in listed


def test_the_person_invited_accepts_and_others_learn_nothing(event: UUID, app: Flask, at: datetime) -> None:
    duty = actions.invite_judge(event, JudgeFacts("李芳"), "judge", actor=MACHINE, at=at)
    code = actions.invitation_code(duty, actor=MACHINE, at=at)
    client = app.test_client()
    assert "李芳" in client.get(f"/invitations/{code}").text
    assert client.get("/invitations/ABCDE-FGHJK").status_code == 404
    weak = client.post(f"/invitations/{code}", data={"user_name": "lifang", "new_password": "123", "again": "123"})
    assert weak.status_code == 422
    assert 'value="lifang"' in weak.text
    done = client.post(
        f"/invitations/{code}", data={"user_name": "lifang", "new_password": "laurel-9-x", "again": "laurel-9-x"}
    )
    assert (done.status_code, done.location) == (302, "/judge")
    assert "裁判" in client.get("/judge").text
    assert app.test_client().get(f"/invitations/{code}").status_code == 404


def test_declining_on_the_page(event: UUID, client: FlaskClient, at: datetime) -> None:
    duty = actions.invite_judge(event, JudgeFacts("李芳"), "judge", actor=MACHINE, at=at)
    code = actions.invitation_code(duty, actor=MACHINE, at=at)
    assert "谢谢" in client.post(f"/invitations/{code}", data={"decline": "yes", "reason": "出差"}).text
    assert queries.duty(duty).state == "declined"


def test_card_and_pin_open_the_hall_and_leaving_ends_the_tablet(event: UUID, client: FlaskClient, at: datetime) -> None:
    duty = actions.invite_judge(event, JudgeFacts("李芳"), "judge", actor=MACHINE, at=at)
    code = actions.issue_card(duty, "482913", actor=MACHINE, at=at)
    assert code in client.get(f"/judge?card={code}").text
    wrong = client.post("/judge", data={"code": code, "pin": "111111"})
    assert wrong.status_code == 422
    assert "482913" not in wrong.text
    assert client.post("/judge", data={"code": code.lower(), "pin": "482913"}).status_code == 302
    assert "我的职责" in client.get("/judge").text
    person = queries.duty(duty).person_id
    token, device = pair_device(
        person, event, label="平板", ends_at=actions.token_ends(event, at), actor=Actor(person), at=at
    )
    assert client.post("/judge/leave", data={"device_id": str(device)}).status_code == 302
    session().expire_all()
    assert accounts.live_device(token, at) is None
    assert "裁判登录" in client.get("/judge").text


def test_the_cards_are_printed_with_a_code_that_scans(event: UUID, signed_in: Sign, at: datetime) -> None:
    duty = actions.invite_judge(event, JudgeFacts("李芳"), "judge", actor=MACHINE, at=at)
    client = organizer(signed_in, event)
    assert client.post(f"/events/{event}/judges/cards").status_code == 302
    answer = client.post(f"/events/{event}/judges/cards", data={"duty": str(duty)})
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 2
    picture = Image.open(io.BytesIO(printer.picture_of(answer.data, dpi=150)))
    address = zxingcpp.read_barcodes(picture)[0].text
    assert re.fullmatch(r".*/judge\?card=[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", address)
    assert queries.duty(duty).state == "accepted"


def test_panels_are_set_up_and_refusals_keep_what_was_chosen(event: UUID, signed_in: Sign, at: datetime) -> None:
    client = organizer(signed_in, event)
    judges = [
        str(actions.invite_judge(event, JudgeFacts(name), "judge", actor=MACHINE, at=at))
        for name in ("甲某", "乙某", "丙某")
    ]
    sub = {row.code: str(row.id) for row in queries.sub_criteria(event)}
    few = {"name": "A 组", "entry_mode": "own_tablet", "duties": judges[:2], "sub_criteria": [sub["A1"]]}
    wrong = client.post(f"/events/{event}/panels/new", data=few)
    assert wrong.status_code == 422
    assert "“A1-2”为评价分，须由三名裁判评分" in wrong.text
    assert f'value="{judges[1]}" selected' in wrong.text
    assert f'value="{sub["A1"]}" checked' in wrong.text
    good = client.post(f"/events/{event}/panels/new", data=few | {"duties": [*judges, "", ""]})
    assert good.status_code == 302
    page = client.get(f"/events/{event}/panels").text
    assert "尚有 1 个评分子项未分配评分组" in page
    panel = queries.panels(event)[0]
    assert client.get(f"/panels/{panel.id}").status_code == 200
    assert client.post(f"/events/{event}/panels/one").status_code == 302
    assert len(queries.panels(event)) == 2
    actions.freeze_panel(panel.id, at=at)
    frozen = client.post(f"/panels/{panel.id}", data=few | {"duties": judges})
    assert frozen.status_code == 422
    assert "已开始评分" in frozen.text


def test_relieving_on_the_page(event: UUID, signed_in: Sign, at: datetime) -> None:
    client = organizer(signed_in, event)
    panel = make_panel(event)
    actions.freeze_panel(panel, at=at)
    duty = queries.panel(panel).seats[0].duty_id
    refused = client.post(f"/duties/{duty}/relieve", data={"reason": "生病"})
    assert refused.status_code == 422
    assert "请指定接任裁判" in refused.text
    other = actions.invite_judge(event, JudgeFacts("替补"), "judge", actor=MACHINE, at=at)
    actions.issue_card(other, "482913", actor=MACHINE, at=at)
    done = client.post(f"/duties/{duty}/relieve", data={"reason": "生病", "replaced_by": str(other)})
    assert done.status_code == 302
    assert "生病" in client.get(f"/duties/{duty}").text


def test_no_page_of_a_judge_and_no_label_names_a_candidate(
    event: UUID, app: Flask, signed_in: Sign, at: datetime
) -> None:
    make_entry(event, name="刘焊工")
    codes.make_works(event, actor=MACHINE, at=at)
    panel = make_panel(event, sub_criteria=tuple(row.id for row in queries.sub_criteria(event)))
    judge = queries.panel(panel).seats[0].duty.person_id
    client = signed_in(Role.JUDGE, Scope(ScopeKind.EVENT, str(event)), person_id=judge)
    assert "刘焊工" not in client.get("/judge").text
    for path in ("codes", "judges", "panels"):
        assert client.get(f"/events/{event}/{path}").status_code == 404
    for path in ("mapping", "mapping.pdf", "labels.pdf", "make", "ask", "agree"):
        assert client.post(f"/events/{event}/codes/{path}").status_code == 404
    maker = organizer(signed_in, event)
    for path in ("codes", "judges", "panels"):
        assert "刘焊工" not in maker.get(f"/events/{event}/{path}").text
    assert maker.post(f"/events/{event}/codes/mapping").status_code == 404


def test_cards_of_the_board(event: UUID, signed_in: Sign, at: datetime) -> None:
    actions.invite_judge(event, JudgeFacts("李芳"), "judge", actor=MACHINE, at=at)
    client = organizer(signed_in, event)
    page = client.get(f"/competitions/{programme.event(event).competition_id}").text
    assert "裁判到位" in page
    assert "尚有 2 个评分子项未分配评分组" in page


def test_pages_ask_the_database_a_constant_number_of_times(
    event: UUID, app: Flask, signed_in: Sign, at: datetime
) -> None:
    from sqlalchemy import event as listener

    from foundation.db import db

    client = organizer(signed_in, event)
    asked: list[str] = []

    def note(_c: object, _x: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def count(path: str) -> int:
        asked.clear()
        assert client.get(path).status_code == 200
        return len(asked)

    engines = list(db.engines.values())
    for engine in engines:
        listener.listen(engine, "before_cursor_execute", note)
    paths = (f"/events/{event}/judges", f"/events/{event}/panels", f"/events/{event}/codes",
             f"/competitions/{programme.event(event).competition_id}/judges")  # fmt: skip
    make_panel(event)
    make_entry(event)
    codes.make_works(event, actor=MACHINE, at=at)
    few = [count(path) for path in paths]
    for _ in range(4):
        make_panel(event)
        make_entry(event)
    codes.make_works(event, actor=MACHINE, at=at)
    many = [count(path) for path in paths]
    for engine in engines:
        listener.remove(engine, "before_cursor_execute", note)
    assert [later - before for later, before in zip(many, few, strict=True)] == [0, 0, 0, 0]


def test_another_persons_session_is_not_a_judges(event: UUID, app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = make_session(make_person()), True
    assert "您目前没有赛项职责" in client.get("/judge").text


def test_a_supervisor_finds_the_codes_from_the_own_duties(event: UUID, client: FlaskClient, at: datetime) -> None:
    duty = actions.invite_judge(event, JudgeFacts("孙督"), "supervisor", actor=MACHINE, at=at)
    code = actions.issue_card(duty, "482913", actor=MACHINE, at=at)
    client.post("/judge", data={"code": code, "pin": "482913"})
    page = client.get("/judge").text
    assert f"/events/{event}/codes" in page
    assert client.get(f"/events/{event}/codes").status_code == 200
