"""Delegations: leaders with slips, entering for them, handing in once, the sealed summary."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from accounts.access.queries import holders
from accounts.access.roles import Role
from accounts.sign_in import actions as sign_in
from accounts.sign_in.queries import account_of, live_sessions
from competitions.entries.actions import delegations as actions
from competitions.entries.actions import entering
from competitions.entries.queries import delegations as queries
from competitions.entries.queries import entries
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from foundation.refusal import Missing, Refusal
from tests.factories.accounts import make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts
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


@pytest.fixture
def delegation(competition: UUID, at: datetime) -> UUID:
    return actions.open_delegation(competition, "江州重工集团有限公司", actor=MACHINE, at=at)


def refused(expected: str, call: Any, /, *arguments: Any, **more: Any) -> None:
    with pytest.raises(Refusal) as found:
        call(*arguments, **more)
    assert found.value.code == expected


def entered(delegation_id: UUID, event_id: UUID, at: datetime, **facts: Any) -> UUID:
    division = event_row(event_id).divisions[0].id
    return actions.enter_for(delegation_id, event_id, division, [member_facts(**facts)], actor=MACHINE, at=at)


def test_the_same_body_opens_one_delegation(competition: UUID, delegation: UUID, at: datetime) -> None:
    assert actions.open_delegation(competition, " 江州重工集团有限公司 ", actor=MACHINE, at=at) == delegation
    refused("delegation_name_missing", actions.open_delegation, competition, " ", actor=MACHINE, at=at)


def test_a_leader_gets_an_account_that_must_change_and_access_to_this_delegation(
    delegation: UUID, at: datetime
) -> None:
    _officer, password = actions.appoint_officer(
        delegation, "leader", "孙领", user_name="sunling", actor=MACHINE, at=at
    )
    _token, person = sign_in.sign_in("sunling", password, browser="", hours=1, at=at)
    account = account_of(person)
    assert account is not None
    assert account.must_change
    assert [row.person_id for row in holders(Scope(ScopeKind.DELEGATION, str(delegation)), at)] == [person]
    assert [(one.row.role, one.user_name) for one in queries.officers(delegation)] == [("leader", "sunling")]


def test_an_account_of_that_name_is_used_and_another_persons_is_not(delegation: UUID, at: datetime) -> None:
    make_account(make_person("孙领"), "sunling")
    appoint = actions.appoint_officer
    assert appoint(delegation, "leader", "孙领", user_name="sunling", actor=MACHINE, at=at)[1] == ""
    refused("login_taken", appoint, delegation, "leader", "别人", user_name="sunling", actor=MACHINE, at=at)
    refused("login_missing", appoint, delegation, "leader", "别人", actor=MACHINE, at=at)
    refused("officer_role_unknown", appoint, delegation, "king", "别人", actor=MACHINE, at=at)


def test_handing_over_ends_the_first_leaders_access_with_the_reason(delegation: UUID, at: datetime) -> None:
    first, _password = actions.appoint_officer(delegation, "leader", "孙领", user_name="sunling", actor=MACHINE, at=at)
    hand = actions.hand_over
    refused("reason_missing", hand, delegation, first, "周接", "zhoujie", reason=" ", actor=MACHINE, at=at)
    assert [one.user_name for one in queries.officers(delegation)] == ["sunling"]  # nothing half done
    assert hand(delegation, first, "周接", "zhoujie", reason="岗位调整", actor=MACHINE, at=at)
    assert [one.user_name for one in queries.officers(delegation)] == ["zhoujie"]
    assert len(holders(Scope(ScopeKind.DELEGATION, str(delegation)), at)) == 1


def test_a_reset_ends_sessions_and_is_refused_for_whoever_holds_more(delegation: UUID, at: datetime) -> None:
    officer, password = actions.appoint_officer(delegation, "leader", "孙领", user_name="sunling", actor=MACHINE, at=at)
    _token, person = sign_in.sign_in("sunling", password, browser="", hours=1, at=at)
    fresh = actions.reset_officer(delegation, officer, actor=MACHINE, at=at)
    assert list(live_sessions(person, at)) == []
    refused("sign_in_wrong", sign_in.sign_in, "sunling", password, browser="", hours=1, at=at)
    assert sign_in.sign_in("sunling", fresh, browser="", hours=1, at=at)[1] == person
    make_grant(person, Role.ORGANIZER)
    refused("account_beyond_office", actions.reset_officer, delegation, officer, actor=MACHINE, at=at)


def test_another_delegations_officer_is_not_there(competition: UUID, delegation: UUID, at: datetime) -> None:
    other = actions.open_delegation(competition, "青川队", actor=MACHINE, at=at)
    officer, _password = actions.appoint_officer(other, "leader", "孙领", user_name="sunling", actor=MACHINE, at=at)
    for call in (actions.reset_officer, actions.dismiss_officer):
        with pytest.raises(Missing):
            call(
                delegation,
                officer,
                actor=MACHINE,
                at=at,
                **({"reason": "x"} if call is actions.dismiss_officer else {}),
            )


def test_entries_of_a_leader_are_drafts_until_the_delegation_is_handed_in(
    delegation: UUID, event: UUID, at: datetime
) -> None:
    first, second = entered(delegation, event, at), entered(delegation, event, at, name_zh="王二", address="")
    assert [entries.entry(key).state for key in (first, second)] == ["draft", "draft"]
    refused("submit_first", actions.print_summary, delegation, actor=MACHINE, at=at)
    leader = Actor(make_person("孙领"))
    assert actions.submit_delegation(delegation, actor=leader, at=at) == 2
    assert [entries.entry(key).state for key in (first, second)] == ["submitted", "submitted"]
    row = queries.delegation(delegation)
    assert (row.submitted_at, row.submitted_by) == (at, leader.person)
    refused("nothing_to_submit", actions.submit_delegation, delegation, actor=leader, at=at)


def test_the_grid_says_who_lacks_what(delegation: UUID, event: UUID, at: datetime) -> None:
    entered(delegation, event, at)
    entered(delegation, event, at, name_zh="王二", address="", unit_name="二厂")
    assert [set(line.gaps) for line in queries.grid(delegation)] == [{"gap:photo"}, {"gap:photo", "gap:address"}]
    assert [line.member.person.name_zh for line in queries.grid(delegation, search="wanger")] == ["王二"]
    assert [line.member.person.name_zh for line in queries.grid(delegation, search="二厂")] == ["王二"]
    assert queries.grid(delegation, event="XX") == []
    assert len(queries.grid(delegation, lack="missing")) == len(queries.grid(delegation, lack="unclaimed")) == 2


def test_after_the_deadline_a_leader_enters_nobody(
    delegation: UUID, event: UUID, competition: UUID, at: datetime
) -> None:
    entered(delegation, event, at)
    move_competition(competition, "close_registration", actor=MACHINE, at=at)
    refused("registration_not_open", entered, delegation, event, at, name_zh="王二")
    refused("registration_not_open", actions.submit_delegation, delegation, actor=MACHINE, at=at)


def test_an_event_of_another_competition_is_not_there(delegation: UUID, at: datetime) -> None:
    with pytest.raises(Missing):
        entered(delegation, make_event(make_competition(name_zh="另一赛"), code="DG"), at)


def test_what_a_leader_changes_after_acceptance_is_reviewed_again(delegation: UUID, event: UUID, at: datetime) -> None:
    entry = entered(delegation, event, at)
    actions.submit_delegation(delegation, actor=MACHINE, at=at)
    entering.review_entry(entry, "accept", actor=MACHINE, at=at)
    entering.issue_passes(event, actor=MACHINE, at=at)
    facts = member_facts(document_number="", unit_name="二厂")
    entering.correct(entry, 1, facts, actor=MACHINE, at=at)
    assert entries.entry(entry).state == "accepted"  # the organizer's own correction
    entering.correct(entry, 1, facts, by_leader=True, actor=MACHINE, at=at)
    row = entries.entry(entry)
    assert (row.state, row.pass_number) == ("submitted", "HJ001")


def test_the_sealed_summary_is_filed_by_its_code_and_void_after_a_change(
    delegation: UUID, event: UUID, at: datetime
) -> None:
    refused("nobody_entered", actions.print_summary, delegation, actor=MACHINE, at=at)
    entry = entered(delegation, event, at)
    actions.submit_delegation(delegation, actor=MACHINE, at=at)
    printed = actions.print_summary(delegation, actor=MACHINE, at=at)
    assert actions.print_summary(delegation, actor=MACHINE, at=at).code == printed.code
    entering.review_entry(entry, "accept", actor=MACHINE, at=at)  # a decision does not void the sheet
    file = actions.file_summary
    refused(
        "summary_code_wrong", file, delegation, "HZ-XXXX", b"%PDF-", media_type="application/pdf", actor=MACHINE, at=at
    )
    entering.correct(entry, 1, member_facts(document_number="", unit_name="二厂"), actor=MACHINE, at=at)
    refused(
        "summary_void", file, delegation, printed.code, b"%PDF-", media_type="application/pdf", actor=MACHINE, at=at
    )
    again = actions.print_summary(delegation, actor=MACHINE, at=at)
    assert again.code != printed.code
    file(delegation, again.code.lower(), b"%PDF-", media_type="application/pdf", actor=MACHINE, at=at)
    assert [one.scan_id is not None for one in queries.summaries(delegation) if one.code == again.code] == [True]
    refused("summary_filed", file, delegation, again.code, b"%PDF-", media_type="application/pdf", actor=MACHINE, at=at)
