"""Meetings on pages: the organizer's, a leader's own and nobody else's, the public's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import delegations
from competitions.meetings import actions, queries
from competitions.programme.actions import move_competition
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.competitions import make_competition


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition = make_competition(name_en="Jiangzhou Contest")
    move_competition(competition, "announce", actor=MACHINE, at=at)
    first, second = (
        delegations.open_delegation(competition, name, actor=MACHINE, at=at) for name in ("江州市", "临江市")
    )
    meeting = actions.arrange_meeting(competition, "领队会", at, place="会议厅", agenda="抽签", actor=MACHINE, at=at)
    actions.announce_meeting(meeting, address="", actor=MACHINE, at=at)
    question = actions.ask(first, "焊条自带吗？", anonymous=True, actor=MACHINE, at=at)
    told = actions.publish_clarification(competition, "八点检录。", public=True, actor=MACHINE, at=at)
    return {
        "competition": competition,
        "first": first,
        "second": second,
        "meeting": meeting,
        "question": question,
        "told": told,
    }


def test_every_page_reads_in_both_languages(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient], client: FlaskClient
) -> None:
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(place["second"])))
    pages = (
        (organizer, f"/competitions/{place['competition']}/meetings"), (organizer, f"/meetings/{place['meeting']}"),
        (organizer, f"/competitions/{place['competition']}/meetings/new"), (organizer, f"/meetings/{place['meeting']}/edit"),
        (organizer, f"/questions/{place['question']}/answer"), (leader, f"/delegations/{place['second']}/meetings"),
        (client, f"/competitions/{place['competition']}/clarifications"),
    )  # fmt: skip
    for who, page in pages:
        for language in ("zh", "en"):
            assert who.get(f"{page}?lang={language}").status_code == 200, (page, language)
    assert organizer.get(f"/meetings/{place['meeting']}/minutes.pdf").data.startswith(b"%PDF")


def test_a_leader_meets_asks_and_confirms_for_the_own_delegation_alone(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(place["second"])))
    own, other = f"/delegations/{place['second']}", f"/delegations/{place['first']}"
    assert f"{own}/meetings" in leader.get(own).text  # the way there
    assert leader.get(f"/meetings/{place['meeting']}/here").location.startswith(f"{own}/meetings")
    shown = leader.get(f"{own}/meetings").text
    assert ("八点检录。" in shown, "焊条自带吗" in shown, "江州市" in shown) == (True, False, False)
    assert leader.post(f"{own}/meetings/{place['meeting']}/sign-in").status_code == 302
    assert leader.post(f"{own}/questions", data={"text": "几点？"}).status_code == 302
    assert leader.post(f"{own}/questions", data={"text": " "}).status_code == 422
    assert leader.post(f"{own}/clarifications/{place['told']}/read").status_code == 302
    assert queries.read_by(place["second"]) == {place["told"]}
    assert [one.text for one in queries.questions_of(place["second"])] == ["几点？"]
    for address in (
        f"{other}/meetings/{place['meeting']}/sign-in",
        f"{other}/questions",
        f"{other}/clarifications/{place['told']}/read",
    ):
        assert leader.post(address, data={"text": "x"}).status_code == 404
    assert leader.get(f"{other}/meetings").status_code == 404
    assert leader.get(f"/meetings/{place['meeting']}").status_code == 404
    assert leader.post(f"/questions/{place['question']}/decline", data={"reason": "x"}).status_code == 404


def test_the_organizer_answers_signs_in_and_closes(
    place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    given = {"question": "焊条自带吗？", "answer": "统一提供。"}
    assert organizer.post(f"/questions/{place['question']}/answer", data=given).status_code == 302
    assert organizer.post(f"/questions/{place['question']}/answer", data=given).status_code == 422
    assert (
        organizer.post(f"/meetings/{place['meeting']}/sign-in/{place['first']}", data={"name": "老周"}).status_code
        == 302
    )
    assert organizer.post(f"/meetings/{place['meeting']}/close", data={"notes": "工具统一提供"}).status_code == 302
    row = queries.meeting(place["meeting"])
    assert (row.notes, [seat.signed.name for seat in queries.seats(row) if seat.signed]) == ("工具统一提供", ["老周"])
    assert [one.number for one in queries.clarifications(place["competition"])] == [2, 1]
