"""Extra fields: asked, answered, counted, owed before an entry is handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from accounts.access.roles import Role
from competitions.entries.actions import delegations, fields
from competitions.entries.queries import entries
from competitions.entries.queries import fields as queries
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from competitions.rules.registration_fields import Field, Option
from foundation.db import session
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Refusal
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts
from tests.factories.rows import make_event

SIZE = Field("size", "choice", required=True, options=(Option("s", "小号", "Small"), Option("m", "中号", "Medium")))


@pytest.fixture
def competition(app: Flask, at: datetime) -> UUID:
    made = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    return made


@pytest.fixture
def entry(competition: UUID, at: datetime) -> UUID:
    event = make_event(competition, code="HJ", divisions=("worker",))
    sent = delegations.open_delegation(competition, "江州队", actor=MACHINE, at=at)
    division = event_row(event).divisions[0].id
    return delegations.enter_for(sent, event, division, [member_facts()], actor=MACHINE, at=at)


def refused(expected: str, call: Callable[..., object], /, *arguments: object, **more: object) -> None:
    with pytest.raises(Refusal) as found:
        call(*arguments, **more)
    assert found.value.code == expected


def test_a_required_answer_is_owed_before_the_entry_is_handed_in(competition: UUID, entry: UUID, at: datetime) -> None:
    fields.add_field(competition, SIZE, "服装尺码", actor=MACHINE, at=at)
    refused("field_key_taken", fields.add_field, competition, SIZE, "又一个", actor=MACHINE, at=at)
    sent = entries.entry(entry).delegation_id
    assert sent is not None
    refused("fields_unanswered", delegations.submit_delegation, sent, actor=MACHINE, at=at)
    refused(
        "field_choice_unknown", fields.note_answers, entry, 1, {"size": "大号"}, capacity="leader", actor=MACHINE, at=at
    )
    fields.note_answers(entry, 1, {"size": "中号", "unknown": "x"}, capacity="candidate", actor=MACHINE, at=at)
    assert [(row.key, counted) for row, counted in queries.counts(competition)] == [("size", [("m", 1)])]
    assert delegations.submit_delegation(sent, actor=MACHINE, at=at) == 1


def test_answers_lie_sealed_and_only_who_may_fills_them_in(competition: UUID, entry: UUID, at: datetime) -> None:
    fields.add_field(competition, Field("hotel", "text", filled_by="organizer"), "住宿", actor=MACHINE, at=at)
    member = entries.entry(entry).members[0].id
    fields.note_answers(entry, 1, {"hotel": "江州宾馆"}, capacity="leader", actor=MACHINE, at=at)
    assert queries.answers_of([member]) == {}
    fields.note_answers(entry, 1, {"hotel": "江州宾馆"}, capacity="organizer", actor=MACHINE, at=at)
    assert queries.answers_of([member]) == {member: {"hotel": "江州宾馆"}}
    assert "江州宾馆" not in session().execute(text("SELECT value FROM field_value")).scalar_one()


def test_a_field_for_students_is_not_asked_of_a_worker_and_a_retired_one_of_nobody(
    competition: UUID, entry: UUID, at: datetime
) -> None:
    school = Field("school_year", "text", required=True, identity_class="student")
    fields.add_field(competition, school, "入学年份", actor=MACHINE, at=at)
    kept = fields.add_field(competition, SIZE, "服装尺码", actor=MACHINE, at=at)
    found = entries.entry(entry)
    assert [row.key for row, _value in queries.asked(found, found.members[0])] == ["size"]
    fields.retire_field(competition, kept, actor=MACHINE, at=at)
    assert queries.asked(found, found.members[0]) == []


def test_the_organizer_asks_in_the_browser_and_the_leader_answers(
    app: Flask, signed_in: Callable[..., FlaskClient], competition: UUID, entry: UUID, at: datetime
) -> None:
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    page = f"/competitions/{competition}/fields"
    size = {
        "label_zh": "服装尺码",
        "key": "size",
        "kind": "choice",
        "filled_by": "candidate",
        "identity_class": "",
        "options": "小号 = Small\n中号",
    }
    assert organizer.post(page, data=size | {"options": "小号"}).status_code == 422
    assert organizer.post(page, data=size).status_code == 302
    truth = {
        "label_zh": "本人承诺所填属实",
        "key": "truth",
        "kind": "declaration",
        "filled_by": "leader",
        "identity_class": "",
    }
    organizer.post(page, data=truth)
    sent = entries.entry(entry).delegation_id
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(sent)))
    assert "服装尺码" in leader.get(f"/entries/{entry}").text
    answer = {"field.size": "a2", "declarations": "truth", "field.truth.yes": "yes"}
    assert leader.post(f"/entries/{entry}/members/1/answers", data=answer).status_code == 302
    shown = organizer.get(page).text
    assert ("中号" in shown, "<dt>是</dt>" in shown) == (True, True)
    assert leader.get(page).status_code == 404
    assert organizer.get(f"/competitions/{competition}/fields.xlsx").status_code == 200
    assert organizer.get(f"/competitions/{competition}/entries.xlsx").status_code == 200
