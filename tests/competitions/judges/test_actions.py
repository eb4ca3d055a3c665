from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounts.access.authority import grants
from accounts.access.roles import Role
from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from competitions.judges import actions, queries
from competitions.judges.actions import JudgeFacts
from competitions.programme import queries as programme
from foundation.audit.queries import entries_of_chain
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import MACHINE, Actor, Scope, ScopeKind, can
from foundation.refusal import Conflict, Missing, Refusal
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event, make_panel, make_scheme


def invited(event: UUID, at: datetime, name: str = "李芳", role: str = "judge", **facts: str) -> UUID:
    return actions.invite_judge(event, JudgeFacts(name, **facts), role, actor=MACHINE, at=at)


def carded(event: UUID, at: datetime, name: str = "李芳", role: str = "judge") -> UUID:
    duty = invited(event, at, name, role)
    actions.issue_card(duty, "482913", actor=MACHINE, at=at)
    return duty


def subs(event: UUID) -> dict[str, UUID]:
    return {sub.code: sub.id for sub in queries.sub_criteria(event)}


def refused(code: str, act: object, *arguments: object, **options: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **options)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_an_invitation_opens_an_account_and_grants_the_role_on_the_event(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at, unit_name="江州技师学院", licence="省级 0012", phone="13900001111")
    code = actions.invitation_code(duty, actor=MACHINE, at=at)
    assert queries.duty(duty).state == "invited"
    person = actions.accept_invitation(code, user_name="lifang", password=PASSWORD, actor=Actor(None), at=at)
    row = queries.duty(duty)
    assert (row.state, row.person_id, row.person.name_zh, row.unit_name) == ("accepted", person, "李芳", "江州技师学院")
    assert [(held.role, held.scope.kind) for held in grants(person) if held.role != Role.CANDIDATE] == [
        (Role.JUDGE, ScopeKind.EVENT)
    ]
    assert accounts.account_by_login("LiFang") is not None
    found = queries.duty_of(person, event, "judge")
    assert found is not None
    assert found.id == duty
    chain = programme.audit_chain(programme.event(event).competition_id)
    assert [entry.verb for entry in entries_of_chain(chain)][:2] != []
    assert "李芳" not in str([entry.facts for entry in entries_of_chain(chain)])


def test_an_invitation_is_answered_once_and_a_new_link_ends_the_old(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at)
    old = actions.invitation_code(duty, actor=MACHINE, at=at)
    new = actions.invitation_code(duty, actor=MACHINE, at=at)
    refused("code_wrong", actions.open_invitation, old, at=at)
    refused("code_wrong", actions.open_invitation, new, at=at + timedelta(days=61))
    actions.accept_invitation(new, user_name="lifang", password=PASSWORD, actor=Actor(None), at=at)
    refused("invitation_over", actions.open_invitation, new, at=at)
    refused("invitation_over", actions.invitation_code, duty, actor=MACHINE, at=at)


def test_a_refused_acceptance_leaves_the_invitation_open(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at)
    code = actions.invitation_code(duty, actor=MACHINE, at=at)
    refused(
        "password_too_short", actions.accept_invitation, code, user_name="li", password="x", actor=Actor(None), at=at
    )
    assert queries.duty(duty).state == "invited"
    assert actions.open_invitation(code, at=at).used_at is None


def test_the_signed_in_judge_accepts_as_themselves_and_nobody_else_does(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at)
    code = actions.invitation_code(duty, actor=MACHINE, at=at)
    other, me = make_person("王强"), make_person("李芳")
    refused("invitation_other_name", actions.accept_invitation, code, actor=Actor(other), at=at)
    assert actions.accept_invitation(code, actor=Actor(me), at=at) == me
    assert queries.duty(duty).person_id == me
    known = make_person("赵云")
    make_account(known, "zhaoyun")
    second = invited(event, at, "赵云", login="zhaoyun")
    assert queries.duty(second).person_id == known
    link = actions.invitation_code(second, actor=MACHINE, at=at)
    refused(
        "invitation_sign_in",
        actions.accept_invitation,
        link,
        user_name="x",
        password=PASSWORD,
        actor=Actor(None),
        at=at,
    )


def test_declining_and_being_asked_again(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at)
    actions.decline_invitation(
        actions.invitation_code(duty, actor=MACHINE, at=at), reason="回避", actor=Actor(None), at=at
    )
    assert (queries.duty(duty).state, queries.duty(duty).reason) == ("declined", "回避")
    refused("move_not_allowed", actions.issue_card, duty, "482913", actor=MACHINE, at=at)
    actions.invitation_code(duty, actor=MACHINE, at=at)
    assert (queries.duty(duty).state, queries.duty(duty).reason) == ("invited", "")


def test_the_same_key_invites_once_and_there_is_one_chief(app: Flask, at: datetime) -> None:
    event, key = make_event(make_competition()), new_id()
    for _click in range(2):
        assert actions.invite_judge(event, JudgeFacts("陈总"), "chief_judge", actor=MACHINE, at=at, key=key) == key
    assert len(queries.duties(event)) == 1
    refused("chief_judge_taken", invited, event, at, "林总", "chief_judge")
    actions.relieve_judge(key, reason="生病", actor=MACHINE, at=at)
    invited(event, at, "林总", "chief_judge")


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("judge", "supervisor", "duty_outside_judges"),
        ("arbiter", "chief_judge", "duty_outside_judges"),
        ("blinding_judge", "judge", "duty_custodian"),
        ("chief_judge", "blinding_judge", "duty_custodian"),
        ("judge", "judge", "duty_there"),
    ],
)
def test_duties_that_exclude_each_other(app: Flask, at: datetime, first: str, second: str, code: str) -> None:
    event = make_event(make_competition())
    login = make_account(make_person("李芳"))
    invited(event, at, role=first, login=login)
    refused(code, invited, event, at, role=second, login=login)
    assert len(queries.duties(event)) == 1


def test_supervisor_and_arbiter_may_be_one_person_and_floor_judges_may_mark(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    one, other = make_account(make_person()), make_account(make_person())
    for login, roles in ((one, ("supervisor", "arbiter")), (other, ("judge", "floor_judge"))):
        for role in roles:
            invited(event, at, role=role, login=login)
    assert len(queries.duties(event)) == 4


def test_organizers_and_competitors_are_not_judges(app: Flask, at: datetime) -> None:
    competition = make_competition()
    event = make_event(competition)
    organizer, competitor = make_person(), make_person()
    make_grant(organizer, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    make_entry(event, person_id=competitor)
    refused("duty_organizer", invited, event, at, login=make_account(organizer))
    refused("duty_candidate", invited, event, at, login=make_account(competitor))
    refused("judge_login_unknown", invited, event, at, login="nobody")
    refused("duty_unknown", invited, event, at, role="king")


def test_a_card_counts_as_accepted_and_opens_a_session_without_an_account(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at)
    issued = actions.issue_cards(event, [duty], actor=MACHINE, at=at)[0]
    assert len(issued.pin) == 6
    assert issued.pin.isdigit()
    person = queries.duty(duty).person_id
    assert accounts.account_of(person) is None
    token, found = actions.sign_in_with_card(issued.code, issued.pin, browser="t", hours=14, at=at)
    assert found == duty
    live = accounts.live_session(token, at, timedelta(hours=1))
    assert live is not None
    assert (live.person_id, live.account_id) == (person, None)


def test_five_wrong_pins_lock_the_card_and_a_new_card_ends_the_old(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = invited(event, at)
    code = actions.issue_card(duty, "482913", actor=MACHINE, at=at)
    for _try in range(5):
        refused("code_wrong", actions.sign_in_with_card, code, "000000", browser="t", hours=14, at=at)
    refused("code_locked", actions.sign_in_with_card, code, "482913", browser="t", hours=14, at=at)
    later = at + timedelta(minutes=11)
    actions.sign_in_with_card(code, "482913", browser="t", hours=14, at=later)
    actions.issue_card(duty, "482913", actor=MACHINE, at=later)
    refused("code_wrong", actions.sign_in_with_card, code, "482913", browser="t", hours=14, at=later)
    refused("pin_form", actions.issue_card, duty, "12", actor=MACHINE, at=later)


def test_cards_of_another_event_are_not_issued(app: Flask, at: datetime) -> None:
    competition = make_competition()
    duty = invited(make_event(competition), at)
    with pytest.raises(Missing):
        actions.issue_cards(make_event(competition), [duty], actor=MACHINE, at=at)


def test_a_tablet_is_paired_for_an_own_duty_and_ends_with_it(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    duty = carded(event, at)
    person = queries.duty(duty).person_id
    ends = actions.token_ends(event, at)
    token, device = sign_in.pair_device(person, event, label="平板 1", ends_at=ends, actor=Actor(person), at=at)
    live = accounts.live_device(token, at)
    assert live is not None
    assert (live.id, live.person_id, live.scope_id) == (device, person, event)
    actions.relieve_judge(duty, reason="违纪", actor=MACHINE, at=at)
    session().expire_all()
    assert accounts.live_device(token, at) is None
    assert [held.role for held in grants(person)] == [Role.CANDIDATE]


def test_a_relieved_judge_leaves_seats_that_have_not_marked(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    panel = make_panel(event)
    seats = queries.panel(panel).seats
    actions.relieve_judge(seats[1].duty_id, reason="生病", actor=MACHINE, at=at)
    session().expire_all()
    assert [(seat.number, seat.duty_id) for seat in queries.panel(panel).seats] == [
        (1, seats[0].duty_id), (2, seats[2].duty_id),
    ]  # fmt: skip
    refused("relieve_reason_missing", actions.relieve_judge, seats[0].duty_id, reason=" ", actor=MACHINE, at=at)


def test_a_frozen_seat_is_handed_over(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    panel = make_panel(event)
    actions.freeze_panel(panel, at=at)
    seat = queries.panel(panel).seats[1]
    said = refused("seat_frozen", actions.relieve_judge, seat.duty_id, reason="生病", actor=MACHINE, at=at)
    assert said.field == "replaced_by"
    assert queries.duty(seat.duty_id).state == "accepted"
    for wrong in (
        invited(event, at, "未到"),
        queries.panel(panel).seats[0].duty_id,
        carded(event, at, "密", "blinding_judge"),
    ):
        refused(
            "seat_replacement_wrong", actions.relieve_judge, seat.duty_id, reason="生病", replaced_by=wrong,
            actor=MACHINE, at=at,
        )  # fmt: skip
    other = carded(event, at, "替补")
    actions.relieve_judge(seat.duty_id, reason="生病", replaced_by=other, actor=MACHINE, at=at)
    session().expire_all()
    after = queries.panel(panel).seats[1]
    assert (after.id, after.number, after.duty_id) == (seat.id, 2, other)


def test_a_panel_seats_judges_in_order_and_marks_its_sub_criteria(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    make_scheme(event)
    judges = [carded(event, at, name) for name in ("甲", "乙", "丙")]
    made = actions.set_up_panel(
        event, "A 组", "own_tablet", [judges[2], judges[0], judges[1]], [subs(event)["A1"]], actor=MACHINE, at=at
    )
    panel = queries.panel(made)
    assert [seat.duty_id for seat in panel.seats] == [judges[2], judges[0], judges[1]]
    assert [sub.code for sub in queries.sub_criteria(event) if sub.id not in queries.assigned_to(event)] == ["B1"]
    assert queries.is_complete(panel)
    person = queries.duty(judges[0]).person_id
    assert [seat.number for seat in queries.seats_of(person, event)] == [2]
    actions.change_panel(made, "甲组", "panel_tablet", judges, list(subs(event).values()), actor=MACHINE, at=at)
    session().expire_all()
    panel = queries.panel(made)
    assert (panel.name, panel.entry_mode, [seat.duty_id for seat in panel.seats], len(panel.assignments)) == (
        "甲组", "panel_tablet", judges, 2,
    )  # fmt: skip
    assert queries.load(event) == dict.fromkeys(judges, 2)


def test_what_a_panel_may_not_be(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    make_scheme(event)
    judges = [carded(event, at, name) for name in ("甲", "乙", "丙")]
    floor, stranger = carded(event, at, "场", "floor_judge"), carded(make_event(make_competition()), at)
    a1, b1 = subs(event)["A1"], subs(event)["B1"]

    def make(
        *, name: str = "组", mode: str = "own_tablet", who: list[UUID] = judges, what: tuple[UUID, ...] = ()
    ) -> UUID:
        return actions.set_up_panel(event, name, mode, who, what, actor=MACHINE, at=at)

    refused("panel_name_missing", make, name=" ")
    refused("panel_mode_unknown", make, mode="paper")
    refused("panel_without_judges", make, who=[])
    for who in ([floor], [stranger], [judges[0], judges[0]]):
        refused("seat_not_judge", make, who=who)
    refused("sub_criterion_unknown", make, what=(new_id(),))
    said = refused("panel_needs_three_judges", make, who=judges[:2], what=(a1,))
    assert said.facts == {"aspect": "A1-2", "judges": 2}
    make(who=judges[:1], what=(b1,))
    assert refused("sub_criterion_taken", make, name="二组", what=(b1,)).facts == {"sub_criterion": "B1", "panel": "组"}
    refused("panel_name_taken", make)


def test_a_frozen_panel_does_not_change(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    panel = make_panel(event)
    actions.freeze_panel(panel, at=at)
    actions.freeze_panel(panel, at=at + timedelta(hours=1))
    assert queries.panel(panel).frozen_at == at
    seats = [seat.duty_id for seat in queries.panel(panel).seats]
    with pytest.raises(Conflict, match="panel_frozen"):
        actions.change_panel(panel, "x", "own_tablet", seats, [], actor=MACHINE, at=at)
    with pytest.raises(Conflict, match="panel_frozen"):
        actions.dissolve_panel(panel, actor=MACHINE, at=at)


def test_one_panel_marks_everything_that_is_left(app: Flask, at: datetime) -> None:
    event = make_event(make_competition())
    refused("scheme_missing", actions.one_panel_marks_everything, event, "一组", actor=MACHINE, at=at)
    make_scheme(event)
    refused("panel_without_judges", actions.one_panel_marks_everything, event, "一组", actor=MACHINE, at=at)
    for name in ("甲", "乙", "丙"):
        carded(event, at, name)
    made = actions.one_panel_marks_everything(event, "一组", actor=MACHINE, at=at)
    assert len(queries.panel(made).assignments) == 2
    actions.dissolve_panel(made, actor=MACHINE, at=at)
    assert queries.panels(event) == []
    assert queries.assigned_to(event) == {}


def test_the_custodian_never_marks_and_the_marker_never_sees_the_people(app: Flask, at: datetime) -> None:
    """Grants are there; the separation denies all the same."""
    competition = make_competition()
    event, other = make_event(competition), make_event(competition)
    here, scopes = Scope(ScopeKind.EVENT, str(event)), programme.event_scopes(event) or ()
    for role, scope in ((Role.BLINDING_JUDGE, here), (Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition))),
                        (Role.ORGANIZER, Scope(ScopeKind.REGION, "32")), (Role.ORGANIZER, Scope(ScopeKind.PLATFORM))):  # fmt: skip
        person = make_person()
        make_grant(person, Role.JUDGE, here)
        assert not queries.separated(Actor(person), "marking:mark", scopes)
        make_grant(person, role, scope)
        assert queries.separated(Actor(person), "marking:mark", scopes)
        assert not can(Actor(person), "marking:mark", scopes)
    seated = queries.seats_of
    panel = make_panel(event)
    judge = queries.panel(panel).seats[0].duty.person_id
    assert len(seated(judge, event)) == 1
    make_grant(judge, Role.BLINDING_JUDGE, here)
    make_grant(judge, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    for place in (event, other):
        assert not can(Actor(judge), "codes:read_mapping", programme.event_scopes(place) or ())
        assert queries.separated(Actor(judge), "entries:view", programme.event_scopes(place) or ())
    free = make_person()
    make_grant(free, Role.BLINDING_JUDGE, here)
    assert can(Actor(free), "codes:read_mapping", scopes)
    assert not queries.separated(Actor(free), "entries:view", scopes)
