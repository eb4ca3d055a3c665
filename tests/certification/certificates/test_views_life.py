"""Pages of the four acts: a holder asks on a phone, officers ask and decide, the public reads what came of it."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from certification.certificates.actions.life import ChangeFacts, ask_change
from certification.certificates.queries import life as queries
from certification.certificates.queries import register
from certification.rules.certificate_states import Act
from foundation.db import session
from foundation.permission import Scope, ScopeKind
from tests.certification.verification.test_views import ask
from tests.competitions.test_query_counts import constant
from tests.conftest import AT
from tests.factories import certification as factory

SignIn = Callable[..., FlaskClient]


def proof() -> tuple[io.BytesIO, str]:
    return io.BytesIO(factory.photo()), "身份证.jpg"


def test_a_holder_asks_and_two_officers_hear_of_it(app: Flask, client: FlaskClient, signed_in: SignIn) -> None:
    person = factory.make_holder("林小禾")
    key = factory.make_issued(factory.make_issuer(), person)
    holder, officer, stranger = signed_in(person_id=person), signed_in(Role.EVALUATION_OFFICER), signed_in()
    page = f"/my/certificates/{key}/change"
    assert (holder.get(page).status_code, stranger.get(page).status_code) == (200, 404)
    lacking = holder.post(page, data={"act": "correct", "reason": "名字错了", "name": "林晓禾"})
    assert (lacking.status_code, "更正换发须附证明材料" in lacking.text, "林晓禾" in lacking.text) == (422, True, True)
    wrong = holder.post(
        page, data={"act": "correct", "reason": "x", "name": "林晓禾", "evidence": (io.BytesIO(b"MZ"), "x.exe")}
    )
    assert "扫描件须为 PDF、JPEG 或 PNG" in wrong.text
    assert holder.post(page, data={"act": "revoke", "reason": "x"}).status_code == 422
    asked = holder.post(page, data={"act": "correct", "reason": "名字错了", "name": "林晓禾", "evidence": proof()})
    assert asked.status_code == 302
    assert "待决定" in holder.get(page).text
    (change,) = queries.changes_of(key)
    listed = officer.get("/certificates/changes?state=asked").text
    assert ("名字错了" in listed, "林小禾" in listed) == (True, True)
    one = officer.get(f"/certificates/{key}/changes").text
    assert ("林晓禾" in one, "现印：林小禾" in one) == (True, True)
    shown = officer.get(f"/certificates/{key}/changes/{change.id}/evidence")
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/jpeg", factory.photo())
    assert officer.post(f"/certificates/{key}/changes/{change.id}/agree", data={"note": "核对无误"}).status_code == 302
    row = register.certificate(key)
    assert (row.edition, register.printed_values(row)["name"]) == (2, "林晓禾")
    assert row.number is not None
    page_text = ask(client, row.number)
    assert "更正换发：此前的文件和纸质证书作废" in page_text


def test_who_asked_sees_no_way_to_agree(app: Flask, signed_in: SignIn) -> None:
    key = factory.make_issued(factory.make_issuer())
    officer = signed_in(Role.EVALUATION_OFFICER)
    page = f"/certificates/{key}/changes"
    empty = officer.post(page, data={"act": "withdraw", "reason": ""})
    assert (empty.status_code, "请写明原因" in empty.text) == (422, True)
    assert (
        officer.post(page, data={"act": "withdraw", "reason": "本人申请", "effective_on": "2026-11-22"}).status_code
        == 302
    )
    (change,) = queries.changes_of(key)
    text = officer.get(page).text
    assert ("由他人决定" in text, f"{change.id}/agree" in text) == (True, False)
    refused = officer.post(f"{page}/{change.id}/agree", data={})
    assert (refused.status_code, "须由他人决定" in refused.text) == (422, True)
    other = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "37"))
    assert other.post(f"{page}/{change.id}/agree", data={}).status_code == 404
    assert officer.post(f"{page}/{change.id}/take-back", data={}).status_code == 302
    session().rollback()
    assert queries.changes_of(key)[0].state == "taken_back"


def test_a_request_of_another_certificate_is_not_there(app: Flask, signed_in: SignIn) -> None:
    issuer = factory.make_issuer()
    mine, other = factory.make_issued(issuer), factory.make_issued(issuer, factory.make_holder("周一"))
    made = ask_change(other, Act.REVOKE, ChangeFacts("x"), actor=factory.make_officer(), at=AT)
    officer = signed_in(Role.APPROVING_AUTHORITY)
    for act in ("agree", "refuse", "take-back"):
        answer = officer.post(f"/certificates/{mine}/changes/{made}/{act}", data={"note": "x"})
        assert answer.status_code == 404, act
    assert queries.change(made, other).state == "asked"


def test_the_public_check_says_what_ended_it_and_what_took_its_place(app: Flask, client: FlaskClient) -> None:
    issuer, person = factory.make_issuer(), factory.make_holder("周一")
    key = factory.make_issued(issuer, person)
    better = register.certificate(factory.make_issued(issuer, person, grade="L1")).number
    factory.change(key, "withdraw", "晋升", replaced_by=better)
    number = register.certificate(key).number
    assert number is not None
    text = ask(client, number)
    for shown in ("已注销", "有效期至2026年11月22日", f"已由编号 {better} 的证书替代"):
        assert shown in text, shown
    again = factory.make_issued(issuer, factory.make_holder("周二"))
    factory.change(again, "reissue", "遗失")
    reissued = register.certificate(again).number
    assert reissued is not None
    assert f"仅印制流水码 {reissued}-2 的纸质证书有效" in ask(client, reissued)


def test_the_list_of_requests_costs_the_same_for_one_and_three(app: Flask, signed_in: SignIn) -> None:
    issuer, officer = factory.make_issuer(), signed_in(Role.EVALUATION_OFFICER)

    def add(name: str) -> None:
        key = factory.make_approved(issuer, factory.make_holder(name))
        ask_change(key, Act.REVOKE, ChangeFacts("x"), actor=factory.make_officer(), at=AT)

    add("周一")
    names = iter(("周二", "周三"))
    constant(officer, ["/certificates/changes"], lambda: add(next(names)))
