"""Pages of replacing, substitutes, coaches, and of the review with marked fields."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import delegations, entering, quotas, registering
from competitions.entries.queries import entries, replacements
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from competitions.programme.queries import event as event_row
from foundation.db import transaction
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts, picture
from tests.factories.rows import make_event


@pytest.fixture
def competition(app: Flask, at: datetime) -> UUID:
    made = make_competition()
    with transaction() as writing:
        writing.get_one(Competition, made).starts_on = (at + timedelta(days=40)).date()
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    return made


@pytest.fixture
def event(competition: UUID) -> UUID:
    return make_event(competition, code="HJ", divisions=("worker",))


@pytest.fixture
def delegation(competition: UUID, at: datetime) -> UUID:
    return delegations.open_delegation(competition, "江州队", actor=MACHINE, at=at)


@pytest.fixture
def leader(signed_in: Callable[..., FlaskClient], delegation: UUID) -> FlaskClient:
    return signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(delegation)))


def led(delegation: UUID, event: UUID, at: datetime) -> UUID:
    division = event_row(event).divisions[0].id
    made = delegations.enter_for(delegation, event, division, [member_facts()], actor=MACHINE, at=at)
    delegations.submit_delegation(delegation, actor=MACHINE, at=at)
    return made


def test_a_leader_replaces_on_a_statement(leader: FlaskClient, event: UUID, delegation: UUID, at: datetime) -> None:
    made = led(delegation, event, at)
    path = f"/entries/{made}/members/1/replace"
    assert "替换林晓禾" in leader.get(path).text
    filled = {
        "reason": "工伤", "substitute": "", "m-name_zh": "王强", "m-identity_class": "worker", "m-unit_name": "二厂",
        "m-document_kind": "resident_identity_card", "m-identity_number": identity_number(), "m-sex": "",
    }  # fmt: skip
    answer = leader.post(path, data=filled)
    assert (answer.status_code, "请先选择文件" in answer.text, 'value="王强"' in answer.text) == (422, True, True)
    sent = filled | {"statement": (io.BytesIO(b"%PDF-1.7 sealed"), "s.pdf")}
    assert leader.post(path, data=sent).headers["Location"] == f"/entries/{made}"
    page = leader.get(f"/entries/{made}").text
    assert ("王强" in page, "工伤" in page, "林晓禾" in page) == (True, True, True)
    [one] = replacements.replacements_of(made)
    assert leader.get(f"/replacements/{one.id}/statement").data == b"%PDF-1.7 sealed"


def test_substitute_coach_and_order_from_the_page(
    leader: FlaskClient, competition: UUID, delegation: UUID, at: datetime
) -> None:
    event = make_event(competition, code="JQR", team_size=2)
    division = event_row(event).divisions[0].id
    team = [member_facts(name_zh="甲"), member_facts(name_zh="乙")]
    made = delegations.enter_for(delegation, event, division, team, actor=MACHINE, at=at)
    coach, _password = delegations.appoint_officer(delegation, "coach", "教一", actor=MACHINE, at=at)
    leader.post(f"/entries/{made}/coaches", data={"coach": str(coach)})
    leader.post(f"/entries/{made}/order", data={"up": "2"})
    facts = {"name_zh": "丙", "identity_class": "worker", "document_kind": "resident_identity_card", "sex": "", "identity_number": identity_number()}  # fmt: skip
    assert leader.post(f"/entries/{made}/substitutes/new", data=facts).status_code == 302
    page = leader.get(f"/entries/{made}").text
    assert ("教一" in page, "替补（按顺序）" in page, page.index("乙") < page.index("甲")) == (True, True, True)
    [substitute] = replacements.substitutes_of(made)
    sent = {"reason": "生病", "substitute": str(substitute.id), "statement": (io.BytesIO(b"%PDF-1.7"), "s.pdf")}
    assert leader.post(f"/entries/{made}/members/1/replace", data=sent).status_code == 302
    assert [one.person.name_zh for one in entries.entry(made).members] == ["丙", "甲"]


def test_marked_fields_are_shown_where_they_are_mended(
    signed_in: Callable[..., FlaskClient],
    leader: FlaskClient,
    competition: UUID,
    event: UUID,
    delegation: UUID,
    at: datetime,
) -> None:
    made = led(delegation, event, at)
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    marks = {
        "decision": "return",
        "mark": ["1:phone", "1:photo"],
        "remark.1:phone": "空号",
        "remark.1:photo": "背景不符",
    }
    assert organizer.post(f"/entries/{made}/review", data=marks).status_code == 302
    form = leader.get(f"/entries/{made}/members/1").text
    assert ("空号" in form, "field-marked" in form) == (True, True)
    assert "背景不符" in leader.get(f"/entries/{made}").text
    member = entries.entry(made).members[0]
    phone = signed_in(person_id=member.person_id)
    own = phone.get(f"/my/entries/{made}").text
    assert ("空号" in own, "背景不符" in own, "field-marked" in own) == (True, True, True)


def test_the_delegation_reviews_what_candidates_send(
    signed_in: Callable[..., FlaskClient], leader: FlaskClient, client: FlaskClient, competition: UUID, event: UUID,
    delegation: UUID, at: datetime,
) -> None:  # fmt: skip
    quotas.set_waiting(
        competition, full_division="refuse", waiting_offers="person", offer_hours=48, review_levels=("delegation",),
        actor=MACHINE, at=at,
    )  # fmt: skip
    assert "江州队" in client.get(f"/register/{competition}").text
    made, person = registering.register(
        event, event_row(event).divisions[0].id, member_facts(phone=""), password="guihuaxiang", user_name="linxiao",
        delegation_id=delegation, actor=Actor(None), at=at,
    )  # fmt: skip
    registering.submit(made, actor=Actor(person), at=at)
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    assert "等待代表队审核" in organizer.get(f"/entries/{made}").text
    assert organizer.post(f"/entries/{made}/endorse").status_code == 404
    assert organizer.post(f"/entries/{made}/review", data={"decision": "accept"}).status_code == 422
    assert "同意并上报" in leader.get(f"/entries/{made}").text
    assert leader.post(f"/entries/{made}/endorse", data={"decision": "pass_on"}).status_code == 302
    assert leader.post(f"/entries/{made}/endorse", data={"decision": "pass_on"}).status_code == 404
    entering.review_entry(made, "accept", actor=MACHINE, at=at)


def test_a_minor_takes_part_with_a_guardians_consent_from_registering_to_acceptance(
    signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    born = date(2010, 3, 1)
    facts = member_facts(name_zh="何小满", phone="", document_number=identity_number(born), identity_class="student")
    made, person = registering.register(
        event,
        event_row(event).divisions[0].id,
        facts,
        password="guihuaxiang",
        user_name="hexiaoman",
        actor=Actor(None),
        at=at,
    )
    phone = signed_in(person_id=person)
    page = phone.get(f"/my/entries/{made}").text
    assert ("监护人" in page, "缺" in page) == (True, True)
    registering.submit(made, actor=Actor(person), at=at)
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    accept = {"decision": "accept", "override_reason": ""}
    assert organizer.post(f"/entries/{made}/review", data=accept).status_code == 422
    wrong = phone.post(f"/my/entries/{made}/consent", data={"consent": (io.BytesIO(b"MZ not a paper"), "x.exe")})
    assert wrong.status_code == 422
    sent = {"consent": (io.BytesIO(picture()), "同意书.jpg")}
    assert phone.post(f"/my/entries/{made}/consent", data=sent).status_code == 302
    verdicts = {one.rule: one.verdict for one in entries.entry(made).verdicts}
    assert verdicts["minor_consent"] == "pass"
    assert organizer.get(f"/entries/{made}/members/1/consent").status_code == 200
    stranger = signed_in()
    assert stranger.get(f"/entries/{made}/members/1/consent").status_code == 404
    assert organizer.post(f"/entries/{made}/review", data=accept).status_code == 302
    assert entries.entry(made).state == "accepted"
