"""The check-in: notes of several doors come in once each, what disagrees waits for the organizer, the base follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounts.access.roles import Role
from competitions.entries.actions import check_in as actions
from competitions.entries.actions.check_in import CheckInBody
from competitions.entries.models.entries import Attendance, Entry
from competitions.entries.queries import check_in as queries
from competitions.entries.queries import entries
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.audit.queries import entries_of_chain
from foundation.db import transaction
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from foundation.refusal import Missing, Refusal
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event


@pytest.fixture
def event(app: Flask) -> UUID:
    return make_event(make_competition(), code="HJ")


@pytest.fixture
def clerk(event: UUID) -> Actor:
    person = make_person("陆晴")
    make_grant(person, Role.TALLY_CLERK, Scope(ScopeKind.EVENT, str(event)))
    return Actor(person)


def expected(event: UUID, name: str = "选手") -> UUID:
    key = make_entry(event, name=name)
    with transaction() as writing:
        writing.get_one(Entry, key).attendance = "expected"
    return key


def body(entry: UUID, step: str, at: datetime, **more: Any) -> CheckInBody:
    return CheckInBody(uuid4(), entry, step, at, **more)


def refused(code: str, act: Callable[..., Any], *given: Any, **named: Any) -> None:
    with pytest.raises(Refusal, match=code):
        act(*given, **named)


def test_a_note_sent_twice_is_stored_once(event: UUID, clerk: Actor, at: datetime) -> None:
    entry, tapped = expected(event), at - timedelta(minutes=9)
    note = body(entry, "present", tapped)
    first, again = (actions.receive_note(note, actor=clerk, at=at) for _ in range(2))
    assert (first.outcome, first.repeated, again.outcome, again.repeated) == ("received", False, "received", True)
    [kept] = queries.notes_of_entry(entry)
    assert (kept.client_at, kept.received_at, kept.noted_by, kept.number) == (tapped, at, clerk.person, 1)
    row = entries.entry(entry)
    assert (row.attendance, row.attended_at) == ("present", tapped)
    other = CheckInBody(note.id, entry, "absent", tapped)
    refused("check_in_id_reused", actions.receive_note, other, actor=clerk, at=at)


def test_doors_that_disagree_wait_for_the_organizer(event: UUID, clerk: Actor, at: datetime) -> None:
    entry = expected(event, "林晓禾")
    actions.receive_note(body(entry, "present", at), actor=clerk, at=at)
    held = actions.receive_note(body(entry, "absent", at, reason="未见到"), actor=clerk, at=at)
    assert (held.outcome, held.code) == ("held", "check_in_conflict")
    assert entries.entry(entry).attendance == "present"
    [waiting] = queries.waiting_in(event)
    assert (waiting.note.id, waiting.by, waiting.entry.id) == (held.id, "陆晴", entry)
    assert waiting.note.reason is not None
    assert waiting.note.reason.revealed() == "未见到"
    actions.settle_note(held.id, "keep", reason="签到表有签名", actor=MACHINE, at=at)
    assert queries.waiting_in(event) == []
    assert entries.entry(entry).attendance == "present"
    refused("check_in_settled", actions.settle_note, held.id, "absent", reason="x", actor=MACHINE, at=at)
    verbs = [row.verb for row in entries_of_chain(f"competition:{event_row(event).competition_id}")]
    assert {"entry:attendance_noted", "entry:attendance_held", "entry:attendance_settled"} <= set(verbs)


def test_a_wrong_person_is_admitted_or_turned_away_with_a_reason(event: UUID, clerk: Actor, at: datetime) -> None:
    admitted, away = expected(event, "甲"), expected(event, "乙")
    for entry in (admitted, away):
        actions.receive_note(body(entry, "mismatch", at, reason="与照片不符"), actor=clerk, at=at)
        refused("check_in_identity_open", actions.note_attendance, entry, Attendance.PRESENT, actor=clerk, at=at)
    assert entries.attendance_counts(event)["expected"] == 2
    first, second = (queries.notes_of_entry(entry)[0].id for entry in (admitted, away))
    refused("attendance_note_missing", actions.settle_note, first, "present", reason=" ", actor=MACHINE, at=at)
    refused("check_in_malformed", actions.settle_note, first, "mismatch", reason="x", actor=MACHINE, at=at)
    actions.settle_note(first, "late", reason="公安系统核验一致", actor=MACHINE, at=at)
    actions.settle_note(second, "absent", reason="替考", actor=MACHINE, at=at)
    assert [entries.entry(entry).attendance for entry in (admitted, away)] == ["late", "absent"]
    assert queries.counting_bases(event) == {event_row(event).divisions[0].id: 1}
    assert queries.waiting_in(event) == []


def test_taking_back_needs_a_reason_and_frees_the_base(event: UUID, clerk: Actor, at: datetime) -> None:
    entry = expected(event)
    first = actions.receive_note(body(entry, "present", at), actor=clerk, at=at)
    refused(
        "attendance_note_missing", actions.receive_note, body(entry, "undo", at, base_id=first.id), actor=clerk, at=at
    )
    undone = actions.receive_note(body(entry, "undo", at, base_id=first.id, reason="点错"), actor=clerk, at=at)
    assert undone.outcome == "received"
    assert queries.counting_bases(event) == {}
    assert [line.note.step for line in queries.history(entry)] == ["undo", "present"]


def test_closing_notes_the_absent_and_leaves_doubts_alone(event: UUID, clerk: Actor, at: datetime) -> None:
    three = [expected(event, name) for name in ("甲", "乙", "丙")]
    actions.note_attendance(three[0], Attendance.PRESENT, actor=clerk, at=at)
    actions.doubt_identity(three[1], reason="无证件", actor=clerk, at=at)
    assert (actions.close_check_in(event, actor=clerk, at=at), actions.close_check_in(event, actor=clerk, at=at)) == (
        1,
        0,
    )
    assert [entries.entry(key).attendance for key in three] == ["present", "expected", "absent"]


def test_what_arrives_after_the_end_is_kept_and_changes_nothing(event: UUID, clerk: Actor, at: datetime) -> None:
    entry = expected(event)
    actions.fix_attendance(event, actor=MACHINE, at=at)
    late = actions.receive_note(body(entry, "present", at), actor=clerk, at=at)
    assert (late.outcome, late.code, entries.entry(entry).attendance) == ("held", "attendance_fixed", "expected")
    assert len(queries.notes_of_entry(entry)) == 1


def test_a_door_notes_nobody_elsewhere(event: UUID, clerk: Actor, at: datetime) -> None:
    elsewhere = expected(make_event(make_competition(region_code="370000")))
    with pytest.raises(Missing):
        actions.receive_note(body(elsewhere, "present", at), actor=clerk, at=at)
    assert queries.notes_of_entry(elsewhere) == []


def test_the_door_keeps_what_it_needs_and_no_more(event: UUID, at: datetime) -> None:
    expected(event, "林晓禾")
    [one] = queries.door_list(event, named=lambda division: division.name_zh)
    assert set(one) == {"id", "number", "pass_number", "division", "delegation", "members"}
    [member] = one["members"]  # type: ignore[misc]
    assert set(member) == {"id", "position", "name", "pinyin", "unit", "photo", "last4"}


def test_notes_stay_as_they_were_written(event: UUID, clerk: Actor, at: datetime) -> None:
    actions.note_attendance(expected(event), Attendance.PRESENT, actor=clerk, at=at)
    for statement in ("UPDATE check_in_note SET step = 'absent'", "DELETE FROM check_in_note"):
        with pytest.raises(DBAPIError), transaction() as writing:
            writing.execute(text(statement))


def test_a_cancelled_competition_changes_no_attendance(event: UUID, clerk: Actor, at: datetime) -> None:
    entry = expected(event)
    move_competition(event_row(event).competition_id, "cancel", reason="停办", actor=MACHINE, at=at)
    refused("attendance_fixed", actions.note_attendance, entry, Attendance.PRESENT, actor=clerk, at=at)
