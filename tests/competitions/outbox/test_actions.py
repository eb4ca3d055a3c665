"""The outbox: whom each kind reaches, what waits, how it leaves, who else's it is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounts.people.actions import PersonFacts, note_person
from competitions.entries.actions import delegations as delegation_actions
from competitions.entries.actions import entering
from competitions.entries.models.entries import Entry
from competitions.outbox import actions, queries
from competitions.programme.actions import move_competition
from foundation.db import db, session, transaction
from foundation.messages.models import Channel, Message
from foundation.messages.queries import inbox, text_of
from foundation.permission import MACHINE
from foundation.refusal import Refusal
from tests.factories.accounts import make_account
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event


@pytest.fixture
def competition(app: Flask, at: datetime) -> UUID:
    made = make_competition(starts_on=(at + timedelta(days=9)).date(), ends_on=(at + timedelta(days=9)).date())
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=at)
    return made


@pytest.fixture
def event(competition: UUID) -> UUID:
    return make_event(competition, code="HJ")


def texts(competition: UUID) -> list[str]:
    db.session.rollback()
    return [text_of(row) for row, _person in session().execute(queries.outbox(competition, order="name"))]


def test_an_invitation_goes_to_those_who_have_not_claimed(competition: UUID, event: UUID, at: datetime) -> None:
    make_entry(event, name="林晓禾")
    make_entry(event, name="王强", claimed_at=at)
    count = actions.write_messages(competition, "claim", claim_address="https://x/claim", actor=MACHINE, at=at)
    [text] = texts(competition)
    assert (count, "https://x/claim" in text, "焊接" in text) == (1, True, True)
    assert queries.counts(competition) == {"held": 1, "sent": 0, "dropped": 0, "read": 0, "failed": 0}


def test_a_reminder_goes_to_drafts_and_their_leaders(competition: UUID, event: UUID, at: datetime) -> None:
    with pytest.raises(Refusal, match="deadline_not_set"):
        actions.write_messages(competition, "deadline", actor=MACHINE, at=at)
    delegation_actions.set_deadline(competition, at + timedelta(days=2), actor=MACHINE, at=at)
    delegation = delegation_actions.open_delegation(competition, "江州市", actor=MACHINE, at=at)
    delegation_actions.appoint_officer(delegation, "leader", "赵领队", user_name="leader9", actor=MACHINE, at=at)
    draft = make_entry(event, name="林晓禾", state="draft")
    make_entry(event, name="王强")
    with transaction() as writing:
        writing.get_one(Entry, draft).delegation_id = delegation
    assert actions.write_messages(competition, "deadline", actor=MACHINE, at=at) == 2
    assert queries.urgent(competition) == (2, at + timedelta(days=2), 1)
    first, second = texts(competition)
    assert ("尚未提交" in first, "江州市尚有1项" in second) == (True, True)
    assert "2026年11月24日 10:00" in first


def test_what_is_missing_is_named_to_each(competition: UUID, event: UUID, at: datetime) -> None:
    make_entry(event, name="林晓禾")
    actions.write_messages(competition, "lacking", actor=MACHINE, at=at)
    [text] = texts(competition)
    assert "照片" in text


def test_own_texts_reach_each_candidate_once(competition: UUID, event: UUID, at: datetime) -> None:
    first = make_entry(event, name="林晓禾")
    other = make_event(competition, code="DG", name_zh="电气装置")
    person = session().get_one(Entry, first).members[0].person_id
    make_entry(other, person_id=person)
    with pytest.raises(Refusal, match="outbox_text_missing"):
        actions.write_messages(competition, "candidates", actor=MACHINE, at=at)
    assert actions.write_messages(competition, "candidates", text="带安全帽", actor=MACHINE, at=at) == 1
    with pytest.raises(Refusal, match="outbox_nobody"):
        actions.write_messages(competition, "leaders", text="x", actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="outbox_nobody"):
        actions.write_messages(competition, "results", actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="outbox_kind_unknown"):
        actions.write_messages(competition, "everything", actor=MACHINE, at=at)


def test_messages_leave_by_the_way_they_are_sent(competition: UUID, event: UUID, at: datetime) -> None:
    for name in ("甲", "乙", "丙"):
        make_entry(event, name=name)
    actions.write_messages(competition, "candidates", text="带安全帽", actor=MACHINE, at=at)
    keys = [row.id for row, _person in session().execute(queries.outbox(competition, order="name"))]
    assert actions.release(competition, keys[:1], actor=MACHINE, at=at) == 1
    assert actions.release(competition, keys[:1], actor=MACHINE, at=at) == 0
    assert actions.hand_over(competition, keys[1:2], Channel.SLIP, actor=MACHINE, at=at) == keys[1:2]
    assert actions.drop(competition, keys, actor=MACHINE, at=at) == 1
    assert actions.hand_over(competition, keys[2:], Channel.GROUP, actor=MACHINE, at=at) == []
    db.session.rollback()
    rows = {key: session().get_one(Message, key) for key in keys}
    assert [rows[key].state for key in keys] == ["sent", "sent", "dropped"]
    assert queries.receipts(rows[keys[1]]) == [(Channel.IN_APP, True), (Channel.SLIP, True)]
    phone = PersonFacts(name_zh="甲", phone="13800138000")
    note_person(phone, person_id=rows[keys[0]].recipient_id, actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="sms_off"):
        actions.release(competition, keys[:1], by_sms=True, actor=MACHINE, at=at)


def test_another_competitions_messages_are_not_reached(competition: UUID, event: UUID, at: datetime) -> None:
    make_entry(event, name="甲")
    actions.write_messages(competition, "candidates", text="带安全帽", actor=MACHINE, at=at)
    [(row, _person)] = session().execute(queries.outbox(competition))
    with pytest.raises(Refusal, match="outbox_nothing_chosen"):
        actions.release(make_competition(region_code="370000"), [row.id], actor=MACHINE, at=at)


def test_a_decision_waits_while_everything_is_held(competition: UUID, event: UUID, at: datetime) -> None:
    entry = make_entry(event, name="林晓禾", state="submitted")
    person = session().get_one(Entry, entry).members[0].person_id
    make_account(person)
    actions.hold_everything(competition, True, actor=MACHINE, at=at)
    entering.review_entry(entry, "return", note="照片不清", actor=MACHINE, at=at)
    db.session.rollback()
    assert inbox(person) == []
    actions.release(competition, queries.waiting(competition), actor=MACHINE, at=at)
    db.session.rollback()
    [told] = inbox(person)
    assert ("照片不清" in text_of(told), "焊接" in text_of(told), told.link) == (True, True, f"/my/entries/{entry}")
