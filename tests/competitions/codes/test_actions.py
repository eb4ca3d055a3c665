from __future__ import annotations

import contextvars
import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.access.roles import Role
from competitions.codes import actions, queries
from competitions.codes.models import Work, WorkEntry
from competitions.entries.models.entries import Entry
from competitions.programme import queries as programme
from competitions.rules.codes import apart
from foundation.audit.queries import entries_of_chain
from foundation.db import db, session, transaction
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Forbidden, Missing, Refusal
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event


def person(event: UUID, role: Role, name: str = "") -> Actor:
    key = make_person(name)
    make_grant(key, role, Scope(ScopeKind.EVENT, str(event)))
    return Actor(key)


def attend(entry: UUID, attendance: str) -> None:
    with transaction() as writing:
        writing.get_one(Entry, entry).attendance = attendance


def verbs(event: UUID) -> list[str]:
    chain = programme.audit_chain(programme.event(event).competition_id)
    return [entry.verb for entry in entries_of_chain(chain) if entry.verb.startswith("codes:")]


def refused(code: str, act: object, *arguments: object, **options: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **options)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_works_get_codes_far_apart_in_an_order_that_says_nothing(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    entries = [make_entry(event, attendance=kind) for kind in ("expected", "present", "late") for _ in range(8)]
    for kind, state in (("absent", "accepted"), ("stopped", "accepted"), ("present", "submitted")):
        make_entry(event, attendance=kind, state=state)
    assert actions.make_works(event, actor=MACHINE, at=at) == 24
    codes = [work.code for work in queries.works(event)]
    assert codes == sorted(codes)
    assert all(apart(one, other) for number, one in enumerate(codes) for other in codes[:number])
    linked = dict(
        session().execute(select(Work.code, WorkEntry.entry_id).join(WorkEntry, WorkEntry.work_id == Work.id)).all()
    )
    assert set(linked.values()) == set(entries)
    assert [linked[code] for code in codes] != entries
    stored = [entry_id for (entry_id,) in session().execute(select(WorkEntry.entry_id)).all()]
    assert stored != entries
    seal = queries.seal_of(event)
    assert seal is not None
    assert (seal.sealed_at, queries.seal_state(seal)) == (at, "sealed")
    assert actions.make_works(event, actor=MACHINE, at=at) == 0


def test_late_entries_are_added_and_the_absent_taken_back(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    first, second = make_entry(event), make_entry(event)
    actions.make_works(event, actor=MACHINE, at=at)
    before = {work.code for work in queries.works(event)}
    attend(first, "absent")
    attend(second, "stopped")
    make_entry(event, attendance="late")
    assert queries.without_work(event) == 1
    assert actions.make_works(event, actor=MACHINE, at=at) == 1
    session().expire_all()
    after = queries.works(event)
    assert (len(after), len(queries.works(event, withdrawn=True))) == (2, 3)
    fresh = {work.code for work in after} - before
    assert len(fresh) == 1
    attend(first, "late")
    assert actions.make_works(event, actor=MACHINE, at=at) == 0
    session().expire_all()
    assert {work.code for work in queries.works(event)} == before | fresh


def test_nothing_to_give_codes_to(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    refused("codes_no_entries", actions.make_works, event, actor=MACHINE, at=at)
    assert queries.seal_of(event) is None
    refused("codes_not_made", queries.entries_by_work, event)
    refused("codes_not_made", actions.release_codes, event, actor=MACHINE, at=at)


def test_two_people_unblind_after_confirmation_and_not_before(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    entry = make_entry(event)
    actions.make_works(event, actor=MACHINE, at=at)
    blinding, supervisor, both = person(event, Role.BLINDING_JUDGE, "钱密"), person(event, Role.SUPERVISOR, "孙督"), person(event, Role.SUPERVISOR)  # fmt: skip
    make_grant(both.person, Role.ORGANIZER, Scope(ScopeKind.EVENT, str(event)))  # type: ignore[arg-type]
    refused("codes_sealed", queries.entries_by_work, event)
    refused("unblinding_too_early", actions.ask_unblinding, event, actor=blinding, at=at)
    actions.release_codes(event, actor=MACHINE, at=at)
    actions.release_codes(event, actor=MACHINE, at=at + timedelta(hours=1))
    refused("codes_sealed", queries.entries_by_work, event)
    refused("codes_released", actions.make_works, event, actor=MACHINE, at=at)
    refused("unblinding_not_asked", actions.agree_unblinding, event, actor=supervisor, at=at)
    with pytest.raises(Forbidden):
        actions.ask_unblinding(event, actor=supervisor, at=at)
    refused("unblinding_needs_person", actions.ask_unblinding, event, actor=MACHINE, at=at)
    actions.ask_unblinding(event, actor=both, at=at)
    refused("unblinding_same_person", actions.agree_unblinding, event, actor=both, at=at)
    said = refused("unblinding_asked", actions.ask_unblinding, event, actor=blinding, at=at)
    assert isinstance(said, Conflict)
    assert said.facts["when"] == at
    with pytest.raises(Forbidden):
        actions.agree_unblinding(event, actor=blinding, at=at)
    refused("codes_sealed", queries.entries_by_work, event)
    actions.agree_unblinding(event, actor=supervisor, at=at)
    session().expire_all()
    assert list(queries.entries_by_work(event).values()) == [entry]
    said = refused("unblinding_agreed", actions.agree_unblinding, event, actor=supervisor, at=at)
    assert said.facts == {"who": "孙督", "when": at}
    assert sorted(verbs(event)) == sorted(["codes:made", "codes:released", "codes:unblinding_asked", "codes:unblinded"])


def test_twenty_agree_at_once_and_one_does(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    make_entry(event)
    actions.make_works(event, actor=MACHINE, at=at)
    actions.release_codes(event, actor=MACHINE, at=at)
    actions.ask_unblinding(event, actor=person(event, Role.BLINDING_JUDGE), at=at)
    supervisors = [person(event, Role.SUPERVISOR) for _ in range(20)]
    db.session.rollback()
    start, answers = threading.Barrier(20), []

    def agree(who: Actor) -> None:
        with app.app_context():
            start.wait()
            try:
                actions.agree_unblinding(event, actor=who, at=at)
                answers.append("done")
            except Conflict as conflict:
                answers.append(conflict.code)

    threads = [threading.Thread(target=contextvars.Context().run, args=(agree, who)) for who in supervisors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", *["unblinding_agreed"] * 19]
    assert verbs(event).count("codes:unblinded") == 1


def test_the_sealed_list_opens_for_its_custodian_and_that_is_recorded(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    make_entry(event, name="刘焊")
    actions.make_works(event, actor=MACHINE, at=at)
    for role in set(Role) - {Role.BLINDING_JUDGE, Role.CANDIDATE}:
        with pytest.raises(Missing):
            actions.open_mapping(event, actor=person(event, role), at=at)
    assert "codes:mapping_opened" not in verbs(event)
    rows = actions.open_mapping(event, actor=person(event, Role.BLINDING_JUDGE), at=at)
    assert [row.code for row in rows] == [work.code for work in queries.works(event)]
    assert "刘焊" not in str(rows)
    assert verbs(event).count("codes:mapping_opened") == 1
