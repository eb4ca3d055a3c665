"""From a publication to approved cases, step by step, on both engines."""

from __future__ import annotations

import contextvars
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.people.actions import QualificationFacts, note_qualification
from accounts.people.models import Basis, Qualification, QualificationKind
from certification.certificates.models.certificates import Certificate
from certification.promotion import actions, queries
from certification.promotion.facts import ApprovalFacts, case_hash
from certification.rules.lifecycle import COURSES, ListState
from foundation import translation
from foundation.audit.queries import entries_of_chain
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import MACHINE
from foundation.refusal import Conflict, Missing, Refusal
from tests.certification.publishing import NOTICE, Desk, forget_standard, results
from tests.factories.accounts import make_person

APPROVAL = ApprovalFacts("江人社竞〔2026〕31号", date(2026, 11, 30))
LATER = timedelta(days=9)  # posted Sunday 22 November, five working days end on Friday 27


@pytest.fixture
def desk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def hold(
    person: object, grade: str, basis: Basis = Basis.VERIFIED, name: str = "焊工", code: str = "6-18-02-04"
) -> object:
    return note_qualification(
        person,  # type: ignore[arg-type]
        QualificationFacts(QualificationKind.GRADE, grade, occupation_code=code, occupation_name=name, occupation_edition="2022",
                           number="S000032000001253000001", basis=basis),
        actor=MACHINE, at=datetime.fromisoformat("2026-01-05T08:00:00+08:00"),
    )  # fmt: skip


def outcome(list_id: object) -> list[tuple[str, str, str]]:
    return [(case.state, case.grade, case.decision["reason"]) for case in queries.award_list(list_id).cases]  # type: ignore[arg-type]


def test_everybody_gets_a_case_and_the_awkward_ones_say_why(desk: Desk, at: datetime) -> None:
    people = [make_person() for _ in range(8)]
    hold(people[1], "L2")
    hold(people[2], "L1")
    hold(people[3], "L1", name="电工", code="6-31-01-03")
    hold(people[6], "L4")
    made = desk.proposed(people, ranks=(1, 2, 3, 4, 5, 6, 21, None), theory={4: "59"})
    assert outcome(made) == [
        ("proposed", "L2", ""), ("proposed", "L1", ""), ("proposed", "", ""), ("proposed", "L2", ""),
        ("not_awarded", "", "part_failed"), ("proposed", "L3", ""), ("not_awarded", "", "rank_below_bands"), ("not_awarded", "", "not_ranked"),
    ]  # fmt: skip
    assert [case.title for case in queries.award_list(made).cases][:6] == ["江州省技术能手"] * 4 + ["", ""]
    first = queries.award_list(made).cases[0]
    assert first.decision["article"] == "第十二条第二款第（一）项"
    assert first.hash == case_hash("ab" * 32, first.id, first.entry_id, first.person_id, first.decision)
    assert first.hash != case_hash("ac" * 32, first.id, first.entry_id, first.person_id, first.decision)


def test_proposing_twice_makes_one_list_and_only_of_what_is_decided(desk: Desk, at: datetime) -> None:
    one = desk.publish(results([make_person()]))
    ids = {actions.propose(one.publication_id, desk.policy, desk.issuer, actor=desk.officer, at=at) for _ in range(2)}
    assert len(ids) == 1
    posted = desk.publish(results([make_person()], kind="posted"))
    with pytest.raises(Refusal, match="publication_not_final"):
        actions.propose(posted.publication_id, desk.policy, desk.issuer, actor=desk.officer, at=at)
    with pytest.raises(Refusal, match="policy_not_in_force"):
        actions.propose(desk.publish(results([make_person()])).publication_id, desk.versions["tianjin-2024"], desk.issuer,
                        actor=desk.officer, at=at)  # fmt: skip


def test_what_waits_for_a_person_stops_the_check(desk: Desk, at: datetime) -> None:
    forget_standard()
    people = [make_person(), make_person()]
    declared = hold(people[0], "L2", Basis.DECLARED)
    one = desk.publish(results(people))
    made = actions.propose(one.publication_id, desk.policy, desk.issuer, actor=desk.officer, at=at)
    with pytest.raises(Refusal) as refused:
        actions.check_list(made, actor=desk.officer, at=at)
    assert (refused.value.code, refused.value.facts["count"]) == ("cases_waiting", 2)
    for grade in ("L1", "L2"):
        actions.confirm_standard(made, grade, note="查国家职业标准", actor=desk.officer, at=at)
    case = queries.award_list(made).cases[0]
    with pytest.raises(Refusal, match="note_missing"):
        actions.verify_held(made, case.id, declared, note=" ", actor=desk.officer, at=at)  # type: ignore[arg-type]
    with pytest.raises(Missing):
        actions.verify_held(made, case.id, new_id(), note="查询", actor=desk.officer, at=at)
    actions.verify_held(made, case.id, declared, note="全国联网查询", actor=desk.officer, at=at)  # type: ignore[arg-type]
    row = session().get(Qualification, declared)
    assert row is not None
    assert (row.basis, row.verified_by, row.basis_note) == ("verified", desk.officer.person, "全国联网查询")
    assert actions.check_list(made, actor=desk.officer, at=at) == 2


def test_notice_then_approval_registers_certificates_and_title(desk: Desk, at: datetime) -> None:
    people = [make_person() for _ in range(6)]
    made = desk.on_notice(people)
    row = queries.award_list(made)
    assert (row.notice["first"], row.notice["last"], row.notice["days"]) == ("2026-11-23", "2026-11-27", 5)
    with pytest.raises(Refusal, match="award_notice_running"):
        actions.approve(made, APPROVAL, actor=desk.authority, at=at)
    with pytest.raises(Refusal, match="self_approval"):
        actions.approve(made, APPROVAL, actor=desk.officer, at=at + LATER)
    with pytest.raises(Refusal, match="approval_date_wrong"):
        actions.approve(made, dataclasses.replace(APPROVAL, on=date(2026, 11, 20)), actor=desk.authority, at=at + LATER)
    with pytest.raises(Refusal, match="scan_missing"):
        actions.approve(made, dataclasses.replace(APPROVAL, outside=True), actor=desk.authority, at=at + LATER)
    assert actions.approve(made, APPROVAL, actor=desk.authority, at=at + LATER) == 6
    assert actions.approve(made, APPROVAL, actor=desk.authority, at=at + LATER) == 0
    with pytest.raises(Conflict, match="already_approved"):
        actions.approve(made, dataclasses.replace(APPROVAL, number="别的"), actor=desk.authority, at=at + LATER)
    certificates = session().scalars(select(Certificate)).all()
    hashes = {case.id: case.hash for case in queries.award_list(made).cases}
    assert {(c.award_case_id, c.previous_hash) for c in certificates} == set(hashes.items())
    titles = session().scalars(select(Qualification).where(Qualification.kind == "title")).all()
    assert [(t.state, t.name) for t in titles] == [("pending", "江州省技术能手")] * 5
    verbs = [entry.verb for entry in entries_of_chain(queries.audit_chain(row.competition_id))]
    assert verbs.count("award_list:approved") == 1


def test_twenty_approvals_at_once_make_one(app: Flask, desk: Desk, at: datetime) -> None:
    made = desk.on_notice([make_person(), make_person()])

    def approve(_number: int) -> object:
        def run() -> object:
            with app.app_context():
                return actions.approve(made, APPROVAL, actor=desk.authority, at=at + LATER)

        return contextvars.Context().run(run)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(approve, range(20)))
    assert sorted(answers) == [0] * 19 + [2]  # type: ignore[type-var]
    assert len(session().scalars(select(Certificate)).all()) == 2


def test_once_a_year_holds_between_proposal_and_approval(desk: Desk, at: datetime) -> None:
    person = make_person()
    first, second = desk.on_notice([person]), desk.on_notice([person])
    assert actions.approve(first, APPROVAL, actor=desk.authority, at=at + LATER) == 1
    assert actions.approve(second, APPROVAL, actor=desk.authority, at=at + LATER) == 0
    assert [(c.state, c.hold_reason) for c in queries.award_list(second).cases] == [("held", "changed_since_check")]
    third = desk.proposed([person])
    assert [(c.grade, c.decision["target"]) for c in queries.award_list(third).cases] == [("", "L2")]


def test_a_held_case_lets_the_others_go_on(desk: Desk, at: datetime) -> None:
    made = desk.on_notice([make_person(), make_person()])
    case = queries.award_list(made).cases[0]
    with pytest.raises(Refusal, match="reason_missing"):
        actions.hold_case(made, case.id, reason="", actor=desk.officer, at=at)
    actions.hold_case(made, case.id, reason="有异议", actor=desk.officer, at=at)
    assert actions.approve(made, APPROVAL, actor=desk.authority, at=at + LATER) == 1
    actions.release_case(made, case.id, reason="异议不成立", actor=desk.officer, at=at + LATER)
    assert actions.approve(made, APPROVAL, actor=desk.authority, at=at + LATER) == 1
    assert [c.state for c in queries.award_list(made).cases] == ["approved", "approved"]
    with pytest.raises(Conflict):
        actions.refuse_case(made, case.id, reason="迟", actor=desk.officer, at=at)
    actions.revoke_case(made, case.id, reason="替考", actor=desk.officer, at=at)
    assert queries.award_list(made).cases[0].state == "revoked"


def test_an_open_objection_waits(desk: Desk, at: datetime) -> None:
    made = desk.proposed([make_person(), make_person()], held=(0,))
    with pytest.raises(Refusal, match="cases_waiting"):
        actions.check_list(made, actor=desk.officer, at=at)
    actions.hold_case(made, queries.award_list(made).cases[0].id, reason="异议核查", actor=desk.officer, at=at)
    assert actions.check_list(made, actor=desk.officer, at=at) == 1


def test_a_superseded_publication_ends_open_lists_and_flags_approved_cases(desk: Desk, at: datetime) -> None:
    open_list, approved = desk.proposed([make_person()]), desk.on_notice([make_person()])
    actions.approve(approved, APPROVAL, actor=desk.authority, at=at + LATER)
    for made in (open_list, approved):
        for _ in range(2):
            actions.supersede(queries.award_list(made).publication_id, new_id(), actor=MACHINE, at=at)
    row = queries.award_list(open_list)
    assert (row.state, [c.state for c in row.cases]) == (ListState.SUPERSEDED, ["superseded"])
    assert [(c.state, c.review_needed) for c in queries.award_list(approved).cases] == [("approved", True)]


def test_every_state_move_and_verb_has_a_sentence(app: Flask) -> None:
    for course in COURSES:
        codes = [f"{course.noun}_state:{state}" for state in course.states()]
        codes += [f"{course.noun}_move:{move}" for _, move in course.moves]
        assert [code for code in codes if not translation.known(code)] == []
    verbs = "proposed reassessed standard_confirmed checked posted approved superseded exported"
    assert [verb for verb in verbs.split() if not translation.known(f"audit:award_list:{verb}")] == []
    assert [
        v for v in ("hold", "release", "resume", "refuse", "revoke") if not translation.known(f"audit:award_case:{v}")
    ] == []


def test_the_notice_is_never_shorter_than_the_policy_says(desk: Desk, at: datetime) -> None:
    made = desk.proposed([make_person()])
    actions.check_list(made, actor=desk.officer, at=at)
    with pytest.raises(Refusal, match="notice_days_few"):
        actions.post_notice(made, dataclasses.replace(NOTICE, days=3), actor=desk.officer, at=at)
