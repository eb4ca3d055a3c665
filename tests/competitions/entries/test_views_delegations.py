"""A leader sees the own delegation and nothing else; the first password opens one page alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import delegations as actions
from competitions.entries.actions import entering
from competitions.entries.queries import delegations as queries
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from competitions.programme.queries import event as event_row
from foundation.db import transaction
from foundation.permission import MACHINE, SIGNED_IN, Scope, ScopeKind, requirement_of
from tests.architecture.test_permission_table import address, routes
from tests.architecture.world import World
from tests.competitions.test_query_counts import counts
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts
from tests.factories.rows import make_event


@pytest.fixture
def competition(app: Flask, at: datetime) -> UUID:
    made = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    return made


@pytest.fixture
def event(competition: UUID) -> UUID:
    return make_event(competition, code="HJ", divisions=("worker",))


def delegation(competition_id: UUID, event_id: UUID, name: str, at: datetime) -> dict[str, UUID]:
    """A delegation with one entry handed in and a printed summary: ids as URLs name them."""
    made = actions.open_delegation(competition_id, name, actor=MACHINE, at=at)
    officer, _password = actions.appoint_officer(made, "coach", "教一", actor=MACHINE, at=at)
    entry = actions.enter_for(
        made, event_id, event_row(event_id).divisions[0].id, [member_facts()], actor=MACHINE, at=at
    )  # fmt: skip
    actions.submit_delegation(made, actor=MACHINE, at=at)
    summary = actions.print_summary(made, actor=MACHINE, at=at)
    actions.file_summary(made, summary.code, b"%PDF-1.7", media_type="application/pdf", actor=MACHINE, at=at)
    return {
        "competition_id": competition_id, "event_id": event_id, "delegation_id": made, "officer_id": officer,
        "entry_id": entry, "summary_id": summary.id,
    }  # fmt: skip


def test_a_leader_reaches_no_route_of_another_delegation(
    app: Flask, signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    mine = delegation(competition, event, "江州队", at)
    other = delegation(competition, event, "青川队", at)
    client = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(mine["delegation_id"])))
    leaks, opened = [], set()
    for endpoint, method, rule in routes(app):
        asked = requirement_of(app.view_functions[endpoint])
        assert asked is not None
        if asked.permission == SIGNED_IN or not asked.of:
            continue
        status = client.open(address(app, endpoint, World(other)), method=method).status_code
        if status != 404:
            leaks.append((rule, method, status))
        if method == "GET" and client.get(address(app, endpoint, World(mine))).status_code in (200, 302):
            opened.add(endpoint)
    assert leaks == []
    assert {"delegations.delegation", "delegations.officers", "delegations.scan", "entries.entry"} <= opened
    assert not {"entries.entries", "entries.event_entries", "delegations.delegations", "delegations.hand_over"} & opened


def test_the_leaders_road_from_the_slip_to_the_sealed_summary(
    app: Flask, signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    organizer.post(f"/competitions/{competition}/delegations", data={"name": "江州重工"})
    [row] = queries.delegations_of(competition)
    home = f"/delegations/{row.delegation.id}"
    slip = organizer.post(f"{home}/officers", data={"role": "leader", "name": "孙领", "user_name": "sunling"}).text
    password = slip.partition("<code>")[2].partition("</code>")[0]

    leader = app.test_client()
    leader.post("/sign-in", data={"login": "sunling", "password": password, "next": "/home"})
    assert [leader.get(path).headers.get("Location") for path in (home, "/messages", "/my")] == ["/account"] * 3
    assert leader.post(f"{home}/submit").headers["Location"] == "/account"
    changed = {"current_password": password, "new_password": "guihuaxiang", "again": "guihuaxiang"}
    leader.post("/account", data=changed)
    assert leader.get("/home").headers["Location"] == "/delegations"
    assert leader.get("/delegations").headers["Location"] == home

    filled = {
        "division_id": str(event_row(event).divisions[0].id), "m1-name_zh": "林晓禾", "m1-identity_class": "worker",
        "m1-document_kind": "resident_identity_card", "m1-identity_number": identity_number(), "m1-held_basis": "verified",
        "m1-sex": "", "m1-unit_name": "江州重工",
    }  # fmt: skip
    assert leader.post(f"{home}/events/{event}/enter", data=filled).headers["Location"] == home
    page = leader.get(home).text
    assert page.count('class="lacks"') == 6  # photo, phone, address, ethnic group, education, years
    assert "林晓禾" in leader.get(f"{home}?q=linxiaohe").text
    assert "林晓禾" not in leader.get(f"{home}?q=wang").text.partition("<tbody>")[2]
    leader.post(f"{home}/submit")
    assert leader.post(f"{home}/summary").data.startswith(b"%PDF-")
    code = queries.summaries(row.delegation.id)[0].code
    sent = {"code": code, "scan": (io.BytesIO(b"%PDF-1.7 sealed"), "scan.pdf")}
    assert leader.post(f"{home}/summary/file", data=sent).headers["Location"] == home
    assert leader.get(f"/summaries/{queries.summaries(row.delegation.id)[0].id}/scan").data == b"%PDF-1.7 sealed"
    assert queries.delegations_of(competition)[0].filed


def test_a_leader_corrects_but_neither_verifies_nor_reviews(
    signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    ids = delegation(competition, event, "江州队", at)
    entering.review_entry(ids["entry_id"], "accept", actor=MACHINE, at=at)
    client = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(ids["delegation_id"])))
    filled = {
        "name_zh": "林晓禾", "identity_class": "worker", "document_kind": "resident_identity_card", "held_grade": "L3",
        "held_occupation_name": "焊工", "held_number": "S1", "held_basis": "verified", "title": "", "sex": "",
    }  # fmt: skip
    assert client.post(f"/entries/{ids['entry_id']}/members/1", data=filled).status_code == 302
    [line] = queries.grid(ids["delegation_id"])
    assert (line.entry.state, line.member.held_grade.basis if line.member.held_grade else "") == (
        "submitted",
        "declared",
    )
    assert client.post(f"/entries/{ids['entry_id']}/review", data={"decision": "accept"}).status_code == 404


def test_the_grid_asks_a_constant_number_of_queries(
    signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    ids = delegation(competition, event, "江州队", at)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    paths = [f"/delegations/{ids['delegation_id']}", f"/competitions/{competition}/delegations"]
    few = counts(client, paths)
    for number in range(3):
        division = event_row(event).divisions[0].id
        actions.enter_for(
            ids["delegation_id"], event, division, [member_facts()], actor=MACHINE, at=at
        )  # fmt: skip
        delegation(competition, event, f"第{number}队", at)
    assert counts(client, paths) == few


def test_the_deadline_stands_in_words_with_the_time_left_and_closes_the_leaders_road(
    signed_in: Callable[..., FlaskClient], competition: UUID, event: UUID, at: datetime
) -> None:
    made = actions.open_delegation(competition, "江州队", actor=MACHINE, at=at)
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    path = f"/competitions/{competition}/delegations/deadline"
    assert organizer.post(path, data={"closes_at": "2026-11-22T17:30"}).status_code == 422  # after the first day
    with transaction() as writing:
        writing.get_one(Competition, competition).starts_on = date(2026, 12, 20)
    organizer.post(path, data={"closes_at": "2026-11-25T14:30"})  # now it is 10:00 on the 22nd
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(made)))
    page = leader.get(f"/delegations/{made}").text
    assert ("2026年11月25日 14:30" in page, "还有3天4小时" in page) == (True, True)
    organizer.post(path, data={"closes_at": "2026-11-22T10:00"})
    assert leader.get(f"/delegations/{made}/events/{event}/enter").status_code == 422
    assert "报名未开放" in leader.get(f"/delegations/{made}").text
