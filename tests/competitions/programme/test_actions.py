from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from accounts.access.roles import Role
from competitions.programme import actions, queries
from competitions.programme.permissions import ProgrammePermission
from competitions.rules.lifecycle import COMPETITION
from foundation.audit.queries import entries_of_chain
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.refusal import Conflict, Forbidden, Refusal
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import competition_facts, make_competition


def test_setting_up_makes_a_draft_with_hosts_rules_and_an_organizer(app: Flask, at: datetime) -> None:
    officer = Actor(make_person("周敏"))
    make_grant(officer.person, Role.REGION_OFFICER, Scope(ScopeKind.REGION, "32"))
    made = actions.set_up_competition(
        competition_facts(hosts=(("lead_host", "省厅"), ("implementer", "技师学院"))), actor=officer, at=at
    )
    row = queries.competition(made)
    assert (row.state, [(host.role, host.organization.name) for host in row.hosts]) == (
        "draft",
        [("lead_host", "省厅"), ("implementer", "技师学院")],
    )
    assert queries.rule_set_in_force(made)[1].notice_days == 5
    scopes = queries.competition_scopes(made)
    assert can(officer, ProgrammePermission.EDIT, scopes)
    assert [entry.verb for entry in entries_of_chain(queries.audit_chain(made))] == ["competition:set_up"]


def test_the_same_key_makes_one_competition(app: Flask, at: datetime) -> None:
    key, officer = new_id(), Actor(make_person())
    make_grant(officer.person, Role.ORGANIZER)
    first = actions.set_up_competition(competition_facts(), actor=officer, at=at, key=key)
    second = actions.set_up_competition(competition_facts(), actor=officer, at=at, key=key)
    assert (first, second) == (key, key)
    assert len(session().execute(queries.competitions(officer)).all()) == 1


def test_nobody_sets_up_a_competition_outside_their_region(app: Flask, at: datetime) -> None:
    officer = Actor(make_person())
    make_grant(officer.person, Role.REGION_OFFICER, Scope(ScopeKind.REGION, "37"))
    with pytest.raises(Forbidden):
        actions.set_up_competition(competition_facts(), actor=officer, at=at)


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"ends_on": date(2026, 11, 19)}, "dates_reversed"),
        ({"hosts": (("host", "省总工会"),)}, "lead_host_missing"),
        ({"hosts": (("lead_host", "甲"), ("lead_host", "乙"))}, "lead_host_missing"),
    ],
)
def test_wrong_facts_are_refused_and_nothing_is_stored(
    app: Flask, at: datetime, overrides: dict[str, object], code: str
) -> None:
    officer = Actor(make_person())
    make_grant(officer.person, Role.ORGANIZER)
    with pytest.raises(Refusal) as refused:
        actions.set_up_competition(competition_facts(**overrides), actor=officer, at=at)
    assert refused.value.code == code
    assert session().execute(queries.competitions(officer)).all() == []


def test_every_move_of_the_table_is_possible_and_every_other_is_refused(app: Flask, at: datetime) -> None:
    officer = Actor(make_person())
    made = make_competition()
    walked = []
    for move in ("announce", "open_registration", "close_registration", "reopen_registration", "close_registration", "start",
                 "conclude", "archive"):  # fmt: skip
        walked.append(actions.move_competition(made, move, actor=officer, at=at))
    assert walked[-1] == "archived"
    with pytest.raises(Conflict):
        actions.move_competition(made, "announce", actor=officer, at=at)


def test_cancelling_needs_a_reason(app: Flask, at: datetime) -> None:
    made = make_competition()
    with pytest.raises(Refusal) as refused:
        actions.move_competition(made, "cancel", reason="  ", actor=Actor(make_person()), at=at)
    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    assert actions.move_competition(made, "cancel", reason="人数不足", actor=Actor(make_person()), at=at) == "cancelled"


def test_the_table_reaches_every_state() -> None:
    assert COMPETITION.states() == (
        "draft", "announced", "registration_open", "registration_closed", "in_progress", "concluded", "archived", "cancelled",
    )  # fmt: skip
