"""The pages of promotion, policies and filings."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from certification.promotion import actions, queries
from certification.promotion.facts import ApprovalFacts
from foundation.clock import set_arranged
from foundation.permission import Scope, ScopeKind
from foundation.web.cards import cards
from tests.certification.publishing import Desk, forget_standard, results
from tests.factories.accounts import make_person

DOCUMENT = ("resident_identity_card", "320102199005010012")


@pytest.fixture
def desk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_the_road_of_a_list_in_the_browser(
    desk: Desk, signed_in: Callable[..., FlaskClient], client: FlaskClient, at: datetime
) -> None:
    forget_standard()
    person = make_person("林晓禾")
    one = desk.publish(results([person, make_person()], ranks=(4, 21)))
    officer = signed_in(person_id=desk.officer.person)
    base = f"/competitions/{one.competition.id}/award-lists"
    assert "提出核发名单" in officer.get(f"{base}/new").text
    made = officer.post(
        f"{base}/new",
        data={"publication": str(one.publication_id), "policy": str(desk.policy), "issuer": str(desk.issuer)},
    )
    assert made.status_code == 302, made.text
    page = made.location
    shown = officer.get(page).text
    assert "第十二条第二款第（一）项" in shown
    assert "本赛项可核发的最后名次为第20名" in shown
    assert officer.post(f"{page}/check").status_code == 422
    officer.post(f"{page}/confirm-standard", data={"grade": "L2", "note": "国家职业标准"})
    assert officer.post(f"{page}/check").status_code == 302
    assert client.get(f"{page}/notice").status_code == 404
    contacts = {
        "days": "5",
        "contact_name": "赵",
        "contact_phone": "1",
        "contact_address": "路",
        "supervision_phone": "2",
    }
    assert officer.post(f"{page}/post", data=contacts).status_code == 302
    public = client.get(f"{page}/notice").text
    assert "林晓禾" in public
    assert "江州重工" in public
    set_arranged(at + timedelta(days=9))  # the sessions of that day are over
    officer, authority = signed_in(person_id=desk.officer.person), signed_in(person_id=desk.authority.person)
    assert officer.post(f"{page}/approve", data={"number": "1", "on": "2026-11-30"}).status_code == 404
    approved = authority.post(f"{page}/approve", data={"number": "江人社竞〔2026〕31号", "on": "2026-11-30"})
    assert approved.status_code == 302, approved.text
    book = openpyxl.load_workbook(io.BytesIO(officer.get(f"{page}/roster.xlsx").data))
    assert [cell.value for cell in book.worksheets[0][2]][1] == "林晓禾"
    assert officer.get(f"{page}/roster.pdf").data.startswith(b"%PDF-")
    case = queries.cases_of_person(person)[0]
    assert officer.get(f"{page}/cases/{case.id}").status_code == 200
    mine = signed_in(person_id=person)
    assert "第4名" in mine.get(f"/me/award-cases/{case.id}").text
    assert officer.get(f"/me/award-cases/{case.id}").status_code == 404
    found = cards(dataclasses.replace(desk.officer, person=person), Scope(ScopeKind.SELF, str(person)), at)
    assert "award_card:mine" in [card.code for card in found]
    stranger = signed_in(person_id=make_person())
    assert stranger.get(page).status_code == 404


def test_policy_pages_and_the_trial(desk: Desk, signed_in: Callable[..., FlaskClient], at: datetime) -> None:
    one = desk.publish(results([make_person("林晓禾"), make_person()], ranks=(4, 21)))
    officer = signed_in(person_id=desk.officer.person)
    assert "江州省职业技能竞赛管理办法" in officer.get("/award-policies").text
    for version in desk.versions.values():
        assert officer.get(f"/award-policies/{version}").status_code == 200
        assert officer.get(f"/award-policies/{version}/what-if?publication={one.publication_id}").status_code == 200
    assert "二级/技师" in officer.get(f"/award-policies/{desk.policy}/what-if?publication={one.publication_id}").text
    assert queries.lists_of_publication(one.publication_id) == []
    assert officer.post(f"/award-policies/{desk.versions['tianjin-2024']}/in-force").status_code == 302


def test_an_approval_from_outside_keeps_its_scan(
    desk: Desk, signed_in: Callable[..., FlaskClient], at: datetime
) -> None:
    made = desk.on_notice([make_person()])
    set_arranged(at + timedelta(days=9))
    authority, facts = (
        signed_in(person_id=desk.authority.person),
        {"number": "外 1 号", "on": "2026-11-30", "outside": "y"},
    )
    assert authority.post(f"/award-lists/{made}/approve", data=facts).status_code == 422
    text = authority.post(f"/award-lists/{made}/approve", data=facts | {"scan": (io.BytesIO(b"hello"), "a.txt")})
    assert (text.status_code, "扫描件须为" in text.text) == (422, True)
    scanned = authority.post(f"/award-lists/{made}/approve", data=facts | {"scan": (io.BytesIO(b"%PDF-1.7"), "a.pdf")})
    assert scanned.status_code == 302
    row = queries.award_list(made)
    assert (row.approval_outside, row.approval_scan_id is not None, row.approval_date) == (
        True,
        True,
        date(2026, 11, 30),
    )
    assert actions.approve(made, ApprovalFacts("外 1 号", date(2026, 11, 30)), actor=desk.authority, at=at) == 0
