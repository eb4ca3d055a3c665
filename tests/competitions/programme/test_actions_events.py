from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from accounts.access.roles import Role
from accounts.sign_in import actions as sign_in
from competitions.programme import actions, queries
from competitions.programme.actions import DivisionFacts, EventFacts, PartFacts
from competitions.rules.rule_set import RuleSet
from foundation.audit.queries import entries_of_chain
from foundation.clock import new_id
from foundation.db import session, transaction
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal
from tests.factories.accounts import make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry

WORKERS = DivisionFacts("worker", "职工组")


def welding(**overrides: Any) -> EventFacts:
    given: dict[str, Any] = {
        "code": "01", "name_zh": "焊接", "occupation_code": "6-18-02-04", "test_level": "L3", "divisions": (WORKERS,),
    }  # fmt: skip
    return EventFacts(**(given | overrides))


def refused(*arguments: Any, **named: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as found:
        actions.add_event(*arguments, actor=MACHINE, **named)
    return found.value.code, found.value.field


def test_an_event_takes_its_occupation_by_value_and_the_usual_parts(app: Flask, at: datetime) -> None:
    competition = make_competition()
    made = actions.add_event(competition, welding(), actor=MACHINE, at=at)
    row = queries.event(made)
    assert (row.occupation_edition, row.occupation_code, row.occupation_name) == ("2022", "6-18-02-04", "焊工")
    assert [(part.kind, part.weight, part.pass_mark, part.source) for part in row.parts] == [
        ("theory", Fraction(3, 10), Decimal("60.00"), "entered_score"),
        ("practice", Fraction(7, 10), Decimal("60.00"), "scheme"),
    ]
    assert [(division.kind, division.quota) for division in row.divisions] == [("worker", None)]
    verbs = [entry.verb for entry in entries_of_chain(queries.audit_chain(competition))]
    assert sorted(verbs) == ["competition:set_up", "event:added"]


def test_the_same_key_makes_one_event_and_the_same_code_is_refused(app: Flask, at: datetime) -> None:
    competition, key = make_competition(), new_id()
    for _ in range(2):
        assert actions.add_event(competition, welding(), actor=MACHINE, at=at, key=key) == key
    assert queries.event_codes(competition) == ["01"]
    assert refused(competition, welding(), at=at) == ("event_code_taken", "code")
    assert queries.event_codes(competition) == ["01"]


@pytest.mark.parametrize(
    ("overrides", "code", "field"),
    [
        ({"occupation_code": "6-18-99-99"}, "occupation_unknown", "occupation"),
        ({"occupation_edition": "2015"}, "occupation_unknown", "occupation"),
        ({"test_level": "L6"}, "test_level_unknown", "test_level"),
        ({"occupation_code": "4-04-04-05", "test_level": "L5"}, "test_level_not_offered", "test_level"),
        ({"team_size": 0}, "team_size_wrong", "team_size"),
        ({"team_size": 11}, "team_size_wrong", "team_size"),
        ({"divisions": ()}, "divisions_missing", "division_worker"),
        ({"divisions": (WORKERS, WORKERS)}, "division_wrong", "division_worker"),
        ({"divisions": (DivisionFacts("elders", "长者组"),)}, "division_wrong", "division_worker"),
        ({"divisions": (WORKERS, DivisionFacts("open", "不分组"))}, "division_open_alone", "division_open"),
        ({"divisions": (DivisionFacts("worker", "职工组", quota=0),)}, "quota_wrong", "quota_worker"),
        ({"parts": ()}, "parts_wrong", None),
        ({"parts": (PartFacts("theory", Fraction(1)),)}, "parts_wrong", None),
        ({"parts": (PartFacts("practice", Fraction(7, 10)),)}, "weights_sum", "practice_weight"),
        (
            {"parts": (PartFacts("theory", Fraction(1, 3)), PartFacts("practice", Fraction(66, 100)))},
            "weights_sum",
            "practice_weight",
        ),
        ({"parts": (PartFacts("practice", Fraction(1), source="entered_score"),)}, "part_source_wrong", None),
        ({"parts": (PartFacts("practice", Fraction(1), Decimal(101)),)}, "pass_mark_wrong", "practice_pass"),
        ({"parts": (PartFacts("practice", Fraction(0)),)}, "part_weight_wrong", "practice_weight"),
        (
            {"parts": (PartFacts("theory", Fraction(0), None, gate_only=True), PartFacts("practice", Fraction(1)))},
            "gate_without_pass_mark",
            "theory_pass",
        ),
    ],
)
def test_wrong_combinations_are_refused_and_nothing_is_stored(
    app: Flask, at: datetime, overrides: dict[str, Any], code: str, field: str | None
) -> None:
    competition = make_competition()
    assert refused(competition, welding(**overrides), at=at) == (code, field)
    assert queries.event_codes(competition) == []


def test_exact_thirds_make_a_whole_and_a_gate_counts_nothing(app: Flask, at: datetime) -> None:
    competition = make_competition()
    thirds = (PartFacts("theory", Fraction(1, 3)), PartFacts("practice", Fraction(2, 3)))
    made = actions.add_event(competition, welding(parts=thirds), actor=MACHINE, at=at)
    assert [part.weight for part in queries.event(made).parts] == [Fraction(1, 3), Fraction(2, 3)]
    gate = (PartFacts("theory", Fraction(0), gate_only=True), PartFacts("practice", Fraction(1)))
    made = actions.add_event(competition, welding(code="02", parts=gate), actor=MACHINE, at=at)
    assert [part.gate_only for part in queries.event(made).parts] == [True, False]


def test_any_level_is_possible_where_the_standard_is_unknown(app: Flask, at: datetime) -> None:
    milling = welding(occupation_code="6-18-01-02", test_level="L5")
    assert actions.add_event(make_competition(), milling, actor=MACHINE, at=at)


def test_a_correction_keeps_the_ids_of_divisions_and_parts(app: Flask, at: datetime) -> None:
    made = actions.add_event(make_competition(), welding(), actor=MACHINE, at=at)
    before = {part.kind: part.id for part in queries.event(made).parts}
    workers = queries.event(made).divisions[0].id
    changed = welding(
        name_zh="焊接技术",
        divisions=(DivisionFacts("student", "学生组", quota=30), WORKERS),
        parts=(PartFacts("practice", Fraction(1), Decimal(70)),),
    )
    for _ in range(2):
        actions.correct_event(made, changed, actor=MACHINE, at=at)
    session().rollback()
    row = queries.event(made)
    assert row.name_zh == "焊接技术"
    assert [(division.kind, division.quota) for division in row.divisions] == [("student", 30), ("worker", None)]
    assert row.divisions[1].id == workers
    assert [(part.id, part.weight) for part in row.parts] == [(before["practice"], Fraction(1))]


def test_a_division_with_entries_stays(app: Flask, at: datetime) -> None:
    made = actions.add_event(make_competition(), welding(), actor=MACHINE, at=at)
    make_entry(made)
    with pytest.raises(Refusal) as found:
        actions.correct_event(
            made, welding(name_zh="另名", divisions=(DivisionFacts("student", "学生组"),)), actor=MACHINE, at=at
        )
    assert found.value.code == "division_in_use"
    session().rollback()
    assert (queries.event(made).name_zh, [d.kind for d in queries.event(made).divisions]) == ("焊接", ["worker"])


def test_events_do_not_change_once_the_competition_runs(app: Flask, at: datetime) -> None:
    competition = make_competition()
    made = actions.add_event(competition, welding(), actor=MACHINE, at=at)
    for move in ("announce", "open_registration", "close_registration", "start"):
        actions.move_competition(competition, move, actor=MACHINE, at=at)
    assert refused(competition, welding(code="02"), at=at) == ("events_closed", None)
    with pytest.raises(Conflict, match="events_closed"):
        actions.correct_event(made, welding(), actor=MACHINE, at=at)


def test_cancelling_an_event_needs_a_reason_and_happens_once(app: Flask, at: datetime) -> None:
    competition = make_competition()
    made = actions.add_event(competition, welding(), actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="reason_missing"):
        actions.cancel_event(made, reason=" ", actor=MACHINE, at=at)
    actions.cancel_event(made, reason="报名不足", actor=MACHINE, at=at)
    actions.cancel_event(made, reason="再次", actor=MACHINE, at=at)
    session().rollback()
    row = queries.event(made)
    assert (row.cancelled_at, row.cancel_reason) == (at, "报名不足")
    with pytest.raises(Conflict, match="event_cancelled"):
        actions.correct_event(made, welding(), actor=MACHINE, at=at)
    verbs = [entry.verb for entry in entries_of_chain(queries.audit_chain(competition))]
    assert verbs.count("event:cancelled") == 1
    with pytest.raises(Missing):
        actions.cancel_event(new_id(), reason="无", actor=MACHINE, at=at)


# --- rules ------------------------------------------------------------------------------------------------------------


def test_each_change_of_the_rules_is_a_version_and_a_repetition_is_none(app: Flask, at: datetime) -> None:
    competition = make_competition()
    first, _rules = queries.rule_set_in_force(competition)
    wanted = RuleSet(notice_days=7, tie_breaks=("theory", "time"))
    second = actions.set_rules(competition, wanted, basis="江人社函〔2026〕18号", actor=MACHINE, at=at)
    again = actions.set_rules(competition, wanted, basis="江人社函〔2026〕18号", actor=MACHINE, at=at)
    assert first != second == again
    assert queries.rule_set_in_force(competition) == (second, wanted)
    assert [(row.number, row.basis) for row in queries.rule_set_versions(competition)] == [
        (2, "江人社函〔2026〕18号"),
        (1, ""),
    ]


def test_impossible_rules_are_refused(app: Flask, at: datetime) -> None:
    competition = make_competition()
    with pytest.raises(Refusal) as found:
        actions.set_rules(competition, RuleSet(notice_days=0), basis="", actor=MACHINE, at=at)
    assert (found.value.code, found.value.field) == ("rule_value_wrong", "notice_days")
    with pytest.raises(Missing):
        actions.set_rules(new_id(), RuleSet(), basis="", actor=MACHINE, at=at)
    assert len(queries.rule_set_versions(competition)) == 1


# --- staff ------------------------------------------------------------------------------------------------------------


def posts(competition: Any, at: datetime) -> list[tuple[str, str]]:
    session().rollback()
    return [(post.name, post.grant.role) for post in queries.staff(queries.competition(competition), at)]


def test_the_holder_of_an_account_is_appointed_once(app: Flask, at: datetime) -> None:
    competition, person = make_competition(), make_person("王督")
    make_account(person, "wangdu")
    first = actions.appoint(competition, "WangDu", "supervisor", actor=MACHINE, at=at)
    assert actions.appoint(competition, "wangdu", "supervisor", actor=MACHINE, at=at) == first
    assert posts(competition, at) == [("王督", "supervisor")]
    for user_name, role, code in (
        ("nobody", "supervisor", "account_unknown"),
        ("wangdu", "judge", "staff_role_unknown"),
    ):
        with pytest.raises(Refusal, match=code):
            actions.appoint(competition, user_name, role, actor=MACHINE, at=at)


def test_a_new_account_can_sign_in_with_its_first_password(app: Flask, at: datetime) -> None:
    competition = make_competition()
    person, password = actions.appoint_new(competition, "李计", "liji", "tally_clerk", actor=MACHINE, at=at)
    _token, who = sign_in.sign_in("liji", password, browser="", hours=12, at=at)
    assert who == person
    assert posts(competition, at) == [("李计", "tally_clerk")]
    with pytest.raises(Refusal) as found:
        actions.appoint_new(competition, "另一人", "LiJi", "auditor", actor=MACHINE, at=at)
    assert (found.value.code, found.value.field) == ("login_taken", "user_name")
    assert posts(competition, at) == [("李计", "tally_clerk")]


def test_dismissing_needs_a_reason_and_leaves_an_organizer(app: Flask, at: datetime) -> None:
    competition = make_competition()
    scope = Scope(ScopeKind.COMPETITION, str(competition))
    first = make_grant(make_person("甲"), Role.ORGANIZER, scope)
    with pytest.raises(Refusal, match="last_organizer"):
        actions.dismiss(competition, first, reason="调离", actor=MACHINE, at=at)
    second = make_grant(make_person("乙"), Role.ORGANIZER, scope)
    with pytest.raises(Refusal, match="reason_missing"):
        actions.dismiss(competition, second, reason="", actor=MACHINE, at=at)
    for _ in range(2):
        actions.dismiss(competition, second, reason="调离", actor=MACHINE, at=at)
    assert posts(competition, at) == [("甲", "organizer")]
    elsewhere = make_grant(make_person(), Role.AUDITOR, Scope(ScopeKind.COMPETITION, str(new_id())))
    with pytest.raises(Missing):
        actions.dismiss(competition, elsewhere, reason="调离", actor=MACHINE, at=at)


def test_the_public_sees_what_was_announced(app: Flask, at: datetime) -> None:
    draft, announced = make_competition(name_zh="草稿"), make_competition(name_zh="公布")
    actions.move_competition(announced, "announce", actor=MACHINE, at=at)
    rehearsal = make_competition(name_zh="彩排")
    actions.move_competition(rehearsal, "announce", actor=MACHINE, at=at)
    with transaction() as writing:
        writing.get_one(queries.Competition, rehearsal).rehearsal = True
    assert [row.name_zh for row in queries.public_competitions()] == ["公布"]
    assert queries.public_competition(announced).name_zh == "公布"
    for hidden in (draft, rehearsal):
        with pytest.raises(Missing):
            queries.public_competition(hidden)
