from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.people import queries as people
from accounts.people.actions import QualificationFacts, note_qualification
from accounts.people.models import QualificationKind
from competitions.entries.actions import check_in, registering
from competitions.entries.actions import entering as actions
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import Attendance
from competitions.entries.queries import entries as queries
from competitions.programme.actions import move_competition
from foundation.audit.queries import entries_of_chain
from foundation.clock import new_id
from foundation.db import session
from foundation.messages.queries import inbox
from foundation.permission import MACHINE, PUBLIC_ACTOR, Actor
from foundation.refusal import Conflict, Refusal
from tests.factories.accounts import make_account, make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts, picture
from tests.factories.rows import make_event


@pytest.fixture
def competition(app: Flask) -> UUID:
    made = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(made, move, actor=MACHINE, at=datetime.fromisoformat("2026-11-01T00:00:00+00:00"))
    return made


@pytest.fixture
def event(competition: UUID) -> UUID:
    return make_event(competition, code="HJ", divisions=("worker", "student"))


def division(event_id: UUID, number: int = 0) -> UUID:
    from competitions.programme.queries import event as event_row

    return event_row(event_id).divisions[number].id


def entered(event_id: UUID, at: datetime, **facts: Any) -> UUID:
    return actions.enter(event_id, division(event_id), [member_facts(**facts)], actor=MACHINE, at=at)


def accepted(event_id: UUID, at: datetime, **facts: Any) -> UUID:
    made = entered(event_id, at, **facts)
    actions.review_entry(made, "accept", actor=MACHINE, at=at)
    return made


def refused(expected: str, call: Any, /, *arguments: Any, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        call(*arguments, **more)
    assert found.value.code == expected
    return found.value


def test_entering_fills_birth_date_and_sex_from_the_number_and_judges(event: UUID, at: datetime) -> None:
    made = entered(event, at, document_number=identity_number(date(1988, 3, 9), male=False))
    row = queries.entry(made)
    person = row.members[0].person
    assert (person.birth_date, person.sex, row.state, row.number) == (date(1988, 3, 9), "2", "submitted", 1)
    assert [verdict.verdict for verdict in row.verdicts] == ["pass", "pass", "pass"]
    assert queries.certificate_gaps(row.members[0]) == ["gap:photo"]


def test_the_same_key_enters_once_and_the_same_person_once(event: UUID, at: datetime) -> None:
    key, facts = new_id(), member_facts()
    first = actions.enter(event, division(event), [facts], actor=MACHINE, at=at, key=key)
    assert actions.enter(event, division(event), [facts], actor=MACHINE, at=at, key=key) == first == key
    refused("already_entered", actions.enter, event, division(event), [facts], actor=MACHINE, at=at)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"document_number": "320102199005010010"}, "identity_number_check"),
        ({"document_number": "3201021990"}, "identity_number_form"),
        ({"birth_date": date(1991, 1, 1)}, "birth_date_disagrees"),
        ({"sex": "2"}, "sex_disagrees"),
        ({"phone": "12345"}, "phone_form"),
        ({"name_zh": " "}, "name_missing"),
        ({"name_zh": "李\ue815"}, "name_private_character"),
        ({"name_zh": "李3"}, "name_form"),
        ({"held_grade": "L3"}, "held_grade_incomplete"),
        ({"years_in_trade": 99}, "years_wrong"),
    ],
)
def test_wrong_facts_are_refused_and_nothing_is_stored(
    event: UUID, at: datetime, facts: dict[str, Any], code: str
) -> None:
    refused(code, entered, event, at, **facts)
    assert queries.entries_of_event(event) == []


@pytest.mark.parametrize("name", ["李䶮", "𠮷田", "阿卜杜拉·买买提", "Nguyễn Văn An", "〇一"])
def test_rare_names_are_kept_as_written(event: UUID, at: datetime, name: str) -> None:
    row = queries.entry(entered(event, at, name_zh=name))
    assert row.members[0].person.name_zh == name


def test_a_known_number_attaches_to_its_person_whose_data_stay(event: UUID, competition: UUID, at: datetime) -> None:
    number = identity_number()
    first = queries.entry(entered(event, at, document_number=number)).members[0].person_id
    other = make_event(make_competition(name_zh="另一赛"), code="DG")
    again = actions.enter(
        other, division(other), [member_facts(document_number=number, phone="13911112222", unit_name="别处")],
        actor=MACHINE, at=at,
    )  # fmt: skip
    member = queries.entry(again).members[0]
    assert (member.person_id, member.unit_name, member.person.phone.revealed()) == (first, "别处", "13800138000")


def test_a_known_number_under_another_name_reveals_nothing(event: UUID, at: datetime) -> None:
    number = identity_number()
    entered(event, at, document_number=number)
    wrong = refused("identity_name_differs", entered, event, at, document_number=number, name_zh="周敏")
    assert wrong.facts == {}


def test_a_team_keeps_its_order_and_size(competition: UUID, at: datetime) -> None:
    event = make_event(competition, code="TD", team_size=2)
    refused("entry_team_size_wrong", entered, event, at)
    pair = [member_facts(name_zh="甲一"), member_facts(name_zh="乙二")]
    made = actions.enter(event, division(event), pair, delegation="江州市", actor=MACHINE, at=at)
    row = queries.entry(made)
    assert [(member.position, member.person.name_zh) for member in row.members] == [(1, "甲一"), (2, "乙二")]
    assert row.delegation is not None
    assert row.delegation.name == "江州市"


def test_a_holder_of_a_barred_title_is_accepted_only_with_a_reason(event: UUID, at: datetime) -> None:
    made = entered(event, at, titles=("全国技术能手",))
    wrong = refused("eligibility_open", actions.review_entry, made, "accept", actor=MACHINE, at=at)
    assert (wrong.field, wrong.facts["rule"]) == ("override_reason", "@eligibility_rule:barred_titles")
    assert queries.entry(made).state == "submitted"
    actions.review_entry(made, "accept", override_reason="表演参赛，不计名次", actor=MACHINE, at=at)
    reasons = [verdict.override_reason for verdict in queries.entry(made).verdicts]
    assert reasons == ["", "", "表演参赛，不计名次"]


def test_acceptance_judges_anew(event: UUID, at: datetime) -> None:
    made = entered(event, at)
    person = queries.entry(made).members[0].person_id
    note_qualification(person, QualificationFacts(QualificationKind.TITLE, "全国技术能手"), actor=MACHINE, at=at)
    refused("eligibility_open", actions.review_entry, made, "accept", actor=MACHINE, at=at)


def test_a_minor_waits_for_the_consent(event: UUID, at: datetime) -> None:
    made = entered(event, at, document_number=identity_number(date(2009, 6, 1)), identity_class="student")
    refused("eligibility_open", actions.review_entry, made, "accept", actor=MACHINE, at=at)
    actions.keep_consent(made, 1, b"%PDF-1.4", media_type="application/pdf", actor=MACHINE, at=at)
    actions.review_entry(made, "accept", actor=MACHINE, at=at)
    assert queries.entry(made).state == "accepted"


def test_returning_and_refusing_need_a_note_and_are_told(event: UUID, at: datetime) -> None:
    made = entered(event, at)
    person = queries.entry(made).members[0].person_id
    make_account(person)
    refused("reason_missing", actions.review_entry, made, "return", actor=MACHINE, at=at)
    actions.review_entry(made, "return", note="请补照片", actor=MACHINE, at=at)
    registering.submit(made, actor=Actor(person), at=at)
    actions.review_entry(made, "refuse", note="名额已满", actor=MACHINE, at=at)
    assert {message.code for message in inbox(person)} == {"message:entry_returned", "message:entry_refused"}
    with pytest.raises(Conflict):
        actions.review_entry(made, "accept", actor=MACHINE, at=at)


def test_passes_are_numbered_once_by_division_and_number(event: UUID, at: datetime) -> None:
    student = actions.enter(event, division(event, 1), [member_facts()], actor=MACHINE, at=at)
    actions.review_entry(student, "accept", actor=MACHINE, at=at)
    worker = accepted(event, at)
    entered(event, at)
    assert (actions.issue_passes(event, actor=MACHINE, at=at), actions.issue_passes(event, actor=MACHINE, at=at)) == (
        2,
        0,
    )
    assert (queries.entry(worker).pass_number, queries.entry(student).pass_number) == ("HJ001", "HJ002")
    later = accepted(event, at)
    actions.issue_passes(event, actor=MACHINE, at=at)
    assert queries.entry(later).pass_number == "HJ003"


def test_the_check_in_gives_the_counting_base(event: UUID, at: datetime) -> None:
    four = [accepted(event, at) for _ in range(5)]
    kinds = (Attendance.PRESENT, Attendance.LATE, Attendance.ABSENT, Attendance.STOPPED)
    for made, kind in zip(four[:4], kinds, strict=True):
        check_in.note_attendance(made, kind, note="因伤" if kind == Attendance.STOPPED else "", actor=MACHINE, at=at)
    assert queries.counting_base(event, division(event)) == 3
    assert queries.attendance_counts(event) == {"expected": 1, "present": 1, "late": 1, "absent": 1, "stopped": 1}
    refused("attendance_note_missing", check_in.note_attendance, four[2], Attendance.LATE, actor=MACHINE, at=at)
    check_in.note_attendance(four[2], Attendance.LATE, note="走错考场", actor=MACHINE, at=at)
    assert queries.counting_base(event, division(event)) == 4
    check_in.fix_attendance(event, actor=MACHINE, at=at)
    refused("attendance_fixed", check_in.note_attendance, four[0], Attendance.ABSENT, note="x", actor=MACHINE, at=at)


def test_only_accepted_entries_are_checked_in(event: UUID, at: datetime) -> None:
    refused("not_accepted", check_in.note_attendance, entered(event, at), Attendance.PRESENT, actor=MACHINE, at=at)


# --- claiming ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def slip(event: UUID, at: datetime) -> dict[str, Any]:
    number = identity_number()
    made = entered(event, at, document_number=number)
    member = queries.entry(made).members[0]
    code = actions.issue_claim_code(member.id, actor=MACHINE, at=at)
    return {"name": "林晓禾", "document_kind": "resident_identity_card", "number": number, "code": code,
            "entry": made, "member": member.id, "person": member.person_id}  # fmt: skip


def claims(slip: dict[str, Any], at: datetime, **changes: Any) -> UUID:
    given = slip | changes
    return actions.claim(
        given["name"], given["document_kind"], given["number"], given["code"], password="guihuaxiang", user_name="linxh",
        actor=given.get("actor", Actor(None)), at=at,
    )  # fmt: skip


def test_name_number_and_code_together_make_an_account(slip: dict[str, Any], at: datetime) -> None:
    assert claims(slip, at, name=" 林 晓 禾 ", code=slip["code"].lower()) == slip["person"]
    assert queries.member(slip["member"]).claimed_at == at
    refused("already_claimed", claims, slip, at)


@pytest.mark.parametrize(
    "changes",
    [{"name": "林晓"}, {"number": "11010519491231002X"}, {"number": "1"}, {"code": "22222-22222"}, {"code": ""},
     {"document_kind": "passport"}],
)  # fmt: skip
def test_whatever_does_not_match_is_answered_alike(slip: dict[str, Any], at: datetime, changes: dict[str, Any]) -> None:
    wrong = refused("identity_not_confirmed", claims, slip, at, **changes)
    assert (wrong.facts, wrong.field) == ({}, None)


def test_a_newer_slip_ends_the_older(slip: dict[str, Any], at: datetime) -> None:
    newer = actions.issue_claim_code(slip["member"], actor=MACHINE, at=at)
    refused("identity_not_confirmed", claims, slip, at)
    assert claims(slip, at, code=newer) == slip["person"]


def test_who_has_an_account_signs_in_first(slip: dict[str, Any], at: datetime) -> None:
    make_account(slip["person"])
    refused("sign_in_to_claim", claims, slip, at)
    refused("claim_other_person", claims, slip, at, actor=Actor(make_person("别人")))
    assert claims(slip, at, actor=Actor(slip["person"])) == slip["person"]


# --- the candidate ----------------------------------------------------------------------------------------------------


def registers(event: UUID, at: datetime, facts: MemberFacts, actor: Actor = PUBLIC_ACTOR, name: str = "linxh") -> UUID:
    return registering.register(
        event, division(event), facts, password="guihuaxiang", user_name=name, actor=actor, at=at
    )[0]


def test_a_candidate_registers_completes_and_submits(event: UUID, at: datetime) -> None:
    made = registers(event, at, member_facts())
    person = queries.entry(made).members[0].person_id
    actions.keep_photo(made, 1, picture(), actor=Actor(person), at=at)
    registering.submit(made, actor=Actor(person), at=at)
    row = queries.entry(made)
    assert (row.state, row.origin, queries.certificate_gaps(row.members[0])) == ("submitted", "candidate", [])


def test_somebody_elses_number_is_answered_like_a_mismatch(event: UUID, at: datetime) -> None:
    number = identity_number()
    entered(event, at, document_number=number)
    wrong = refused("identity_not_confirmed", registers, event, at, member_facts(document_number=number))
    assert wrong.facts == {}
    registered = registers(event, at, member_facts(name_zh="周敏"), name="zhoumin")
    zhou = Actor(queries.entry(registered).members[0].person_id)
    refused("identity_not_confirmed", registers, event, at, member_facts(name_zh="周敏", document_number=number), zhou)


def test_registration_is_closed_but_for_its_days(competition: UUID, event: UUID, at: datetime) -> None:
    move_competition(competition, "close_registration", actor=MACHINE, at=at)
    refused("registration_not_open", registers, event, at, member_facts())


def test_after_submitting_a_candidate_completes_only_what_was_not_judged(event: UUID, at: datetime) -> None:
    made = registers(event, at, member_facts(phone=""))
    person = queries.entry(made).members[0].person_id
    registering.submit(made, actor=Actor(person), at=at)
    changed = MemberFacts(
        "别名", phone="13911112222", held_grade="L1", held_occupation_name="焊工", unit_name="别处", sex="2",
        document_number=identity_number(), birth_date=date(2000, 1, 1),
    )  # fmt: skip
    actions.correct(made, 1, changed, by_candidate=True, actor=Actor(person), at=at)
    member = queries.entry(made).members[0]
    assert (member.person.name_zh, member.person.sex, member.unit_name, member.held_grade_id) == (
        "林晓禾",
        "1",
        "江州重工",
        None,
    )
    assert member.person.phone.revealed() == "13911112222"


def test_a_held_grade_is_declared_by_candidates_and_verified_by_the_office(event: UUID, at: datetime) -> None:
    held = {
        "held_grade": "L3",
        "held_occupation_name": "焊工",
        "held_occupation_code": "6-18-02-04",
        "held_number": "S0001",
    }
    made = registers(event, at, member_facts(**held, held_basis="verified"))
    assert queries.entry(made).members[0].held_grade.basis == "declared"
    actions.correct(made, 1, MemberFacts("林晓禾", **held, held_basis="verified"), actor=MACHINE, at=at)
    row = queries.entry(made).members[0].held_grade
    assert (row.basis, row.verified_at, row.occupation_edition) == ("verified", at, "2022")
    states = {one.basis: one.state for one in queries.entry(made).members[0].person.qualifications}
    assert states == {"declared": "ended", "verified": "held"}


def test_a_wrong_number_is_corrected_while_nobody_relies_on_it(event: UUID, at: datetime) -> None:
    made, taken, right = entered(event, at), identity_number(), identity_number()
    entered(event, at, document_number=taken)
    refused(
        "identity_known_elsewhere", actions.correct, made, 1, member_facts(document_number=taken), actor=MACHINE, at=at
    )
    actions.correct(made, 1, member_facts(document_number=right), actor=MACHINE, at=at)
    person = queries.entry(made).members[0].person_id
    found = people.person_with_document("resident_identity_card", right)
    assert found is not None
    assert found.id == person
    make_account(person)
    refused(
        "identity_fixed",
        actions.correct,
        made,
        1,
        member_facts(document_number=identity_number()),
        actor=MACHINE,
        at=at,
    )


def test_revealing_and_exporting_stand_in_the_audit_log_without_the_number(
    competition: UUID, event: UUID, at: datetime
) -> None:
    number = identity_number()
    made = entered(event, at, document_number=number)
    assert actions.reveal_identity(queries.entry(made).members[0].id, actor=MACHINE, at=at) == number
    actions.note_export(competition, count=1, revealed=True, actor=MACHINE, at=at)
    log = entries_of_chain(f"competition:{competition}")
    assert {"entry:identity_revealed", "entry:exported"} <= {entry.verb for entry in log}
    assert all(number not in entry.facts and "林晓禾" not in entry.facts for entry in log)


def test_the_database_holds_no_number_and_no_phone_in_plain_text(event: UUID, at: datetime) -> None:
    number, phone = identity_number(), "13876543210"
    entered(event, at, document_number=number, phone=phone, address="江州市某路9号")
    for table in ("person", "identity_document", "entry", "entry_member", "eligibility_verdict", "audit_entry"):
        dump = str(session().execute(text(f"SELECT * FROM {table}")).all())
        assert number not in dump
        assert phone not in dump
        assert "江州市某路9号" not in dump
