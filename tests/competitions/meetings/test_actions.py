"""A leaders' meeting: announced through the outbox, signed in, asked, answered to all, read by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from competitions.entries.actions import delegations
from competitions.entries.queries.delegations import officers
from competitions.meetings import actions, queries
from competitions.outbox.queries import outbox
from foundation.clock import new_id
from foundation.db import db, session, transaction
from foundation.messages.queries import inbox, text_of
from foundation.permission import MACHINE, Actor
from foundation.refusal import Conflict, Missing, Refusal
from tests.factories.competitions import make_competition


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition, found = make_competition(), {}
    for name in ("江州市", "临江市", "青川市"):
        key = delegations.open_delegation(competition, name, actor=MACHINE, at=at)
        delegations.appoint_officer(key, "leader", f"{name[:2]}领队", user_name=f"l{len(found)}x", actor=MACHINE, at=at)
        found[name] = key
    meeting = actions.arrange_meeting(
        competition,
        "领队会",
        at + timedelta(hours=3),
        place="三楼会议厅",
        agenda="抽签\n安全须知",
        actor=MACHINE,
        at=at,
    )
    return {"competition": competition, "meeting": meeting, **found}


def leader(delegation: UUID) -> Actor:
    return Actor(officers(delegation)[0].row.person_id)


def test_a_meeting_is_announced_by_notices_that_wait(place: dict[str, Any], at: datetime) -> None:
    assert queries.meetings(place["competition"], announced=True) == []
    assert actions.announce_meeting(place["meeting"], address="https://x/{}", actor=MACHINE, at=at) == 3
    db.session.rollback()
    rows = list(session().execute(outbox(place["competition"], order="name")))
    assert [row.state for row, _person in rows] == ["held"] * 3
    assert "2026年11月22日 13:00，三楼会议厅" in text_of(rows[0][0])
    assert [one.id for one in queries.meetings(place["competition"], announced=True)] == [place["meeting"]]


def test_leaders_sign_in_by_phone_or_at_the_table(place: dict[str, Any], at: datetime) -> None:
    first, second = place["江州市"], place["临江市"]
    with pytest.raises(Missing):  # not announced: leaders do not know of it
        actions.sign_in_leader(place["meeting"], first, actor=leader(first), at=at)
    actions.announce_meeting(place["meeting"], address="", actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="meeting_not_today"):
        actions.sign_in_leader(place["meeting"], first, actor=leader(first), at=at)
    then = at + timedelta(hours=2, minutes=30)
    for _ in range(2):
        actions.sign_in_leader(place["meeting"], first, actor=leader(first), at=then)
    actions.sign_in_leader(place["meeting"], second, name="副领队老周", way="table", actor=MACHINE, at=then)
    seats = queries.seats(queries.meeting(place["meeting"]))
    assert [(seat.delegation.name, seat.signed and (seat.signed.name, seat.signed.way)) for seat in seats] == [
        ("临江市", ("副领队老周", "table")), ("江州市", ("江州领队", "phone")), ("青川市", None),
    ]  # fmt: skip
    stranger = delegations.open_delegation(make_competition(region_code="370000"), "外省", actor=MACHINE, at=at)
    with pytest.raises(Missing):
        actions.sign_in_leader(place["meeting"], stranger, name="x", way="table", actor=MACHINE, at=then)
    actions.close_meeting(place["meeting"], "工具自备", actor=MACHINE, at=then)
    with pytest.raises(Refusal, match="meeting_closed"):
        actions.sign_in_leader(place["meeting"], place["青川市"], name="x", way="table", actor=MACHINE, at=then)


def test_an_answer_goes_to_all_and_names_nobody_who_asked_not_to_be_named(place: dict[str, Any], at: datetime) -> None:
    actions.announce_meeting(place["meeting"], address="", actor=MACHINE, at=at)
    key, asker = new_id(), leader(place["江州市"])
    for _ in range(2):
        actions.ask(place["江州市"], "焊条自带吗？", anonymous=True, key=key, actor=asker, at=at)
    open_one = actions.ask(place["临江市"], "几点检录？", actor=leader(place["临江市"]), at=at)
    assert [one.text for one in queries.questions(place["competition"], open_only=True)] == [
        "焊条自带吗？",
        "几点检录？",
    ]
    first = actions.publish_clarification(place["competition"], "统一提供。", question_id=key, actor=MACHINE, at=at)
    second = actions.publish_clarification(
        place["competition"], "八点。", question_id=open_one, public=True, actor=MACHINE, at=at
    )
    third = actions.publish_clarification(
        place["competition"], "改为八点半。", corrects_id=second, actor=MACHINE, at=at
    )
    with pytest.raises(Conflict, match="question_answered"):
        actions.publish_clarification(place["competition"], "x", question_id=key, actor=MACHINE, at=at)
    db.session.rollback()
    found = {one.id: one for one in queries.clarifications(place["competition"])}
    assert [(found[one].number, found[one].asked_for) for one in (first, second, third)] == [
        (1, ""),
        (2, "临江市"),
        (3, ""),
    ]
    assert {one.meeting_id for one in found.values()} == {place["meeting"]}
    assert [one.id for one in queries.clarifications(place["competition"], public=True)] == [second]
    told = [text_of(one) for one in inbox(leader(place["青川市"]).person)]  # type: ignore[arg-type]
    assert sorted(line.rpartition("第")[2][0] for line in told) == ["1", "2", "3"]


def test_who_has_not_read_is_known(place: dict[str, Any], at: datetime) -> None:
    told = actions.publish_clarification(place["competition"], "统一提供。", actor=MACHINE, at=at)
    assert queries.unread_by(place["competition"])[told] == ["临江市", "江州市", "青川市"]
    for _ in range(2):
        actions.confirm_reading(told, place["江州市"], actor=leader(place["江州市"]), at=at)
    assert queries.unread_by(place["competition"])[told] == ["临江市", "青川市"]
    assert queries.open_counts(place["competition"]) == (0, 1)
    assert queries.read_by(place["江州市"]) == {told}
    elsewhere = actions.publish_clarification(make_competition(region_code="370000"), "x", actor=MACHINE, at=at)
    with pytest.raises(Missing):
        actions.confirm_reading(elsewhere, place["江州市"], actor=MACHINE, at=at)
    with pytest.raises(DBAPIError), transaction() as writing:
        writing.execute(text("UPDATE clarification SET answer = 'x'"))


def test_a_question_that_is_not_answered_to_all_has_a_reason(place: dict[str, Any], at: datetime) -> None:
    asked = actions.ask(place["江州市"], "能换人吗？", actor=leader(place["江州市"]), at=at)
    with pytest.raises(Refusal, match="answer_empty"):
        actions.decline_question(asked, " ", actor=MACHINE, at=at)
    actions.decline_question(asked, "个别事项，请联系赛务办", actor=MACHINE, at=at)
    db.session.rollback()
    assert queries.questions(place["competition"], open_only=True) == []
    assert queries.questions_of(place["江州市"])[0].declined == "个别事项，请联系赛务办"
    with pytest.raises(Refusal, match="question_empty"):
        actions.ask(place["江州市"], "  ", actor=MACHINE, at=at)
