"""The four acts: one person asks, another decides; what was agreed happens at once, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.people.models import Person, Qualification
from certification.certificates import face
from certification.certificates.actions import keys
from certification.certificates.actions import life as actions
from certification.certificates.actions.life import ChangeFacts
from certification.certificates.checking import check_file
from certification.certificates.models.certificates import CertificateAct, CertificateNumber
from certification.certificates.models.life import CertificateChange
from certification.certificates.queries import life as queries
from certification.certificates.queries import register
from certification.rules.certificate_states import CERTIFICATE, CHANGE, Act, ended_on
from certification.verification.walking import walk
from foundation.db import session
from foundation.files.queries import file_bytes
from foundation.messages.queries import inbox
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from tests.certification.certificates.test_actions import text_of, together
from tests.conftest import AT
from tests.factories import certification as factory
from tests.factories.accounts import make_person

DAY = date(2026, 11, 22)


def agree(key: UUID, made: UUID, actor: Actor, **more: str) -> None:
    actions.agree_change(key, made, actor=actor, at=AT, public_url=factory.PUBLIC, **more)
    session().rollback()


def refused(code: str, work: Any) -> Refusal:
    with pytest.raises(Refusal, match=code) as found:
        work()
    return found.value


def test_nothing_happens_until_another_person_agrees(app: Flask, at: datetime) -> None:
    person = factory.make_holder("吴某")
    key = factory.make_issued(factory.make_issuer(), person)
    asker, other = factory.make_officer(), factory.make_officer()
    made = actions.ask_change(key, Act.REVOKE, ChangeFacts("成绩复核后不符合条件"), actor=asker, at=at)
    session().rollback()
    assert register.certificate(key).state == "issued"
    refused("change_other_person", lambda: agree(key, made, asker))
    refused("change_other_person", lambda: actions.refuse_change(key, made, "x", actor=asker, at=at))
    refused("change_waits", lambda: actions.ask_change(key, Act.WITHDRAW, ChangeFacts("x"), actor=other, at=at))
    with pytest.raises(Missing):
        agree(key, made, Actor(make_person()))
    agree(key, made, other)
    agree(key, made, other)
    row = register.certificate(key)
    assert (row.state, row.ended_on, [one.act for one in register.acts(key)]) == ("revoked", DAY, ["revoke"])
    held = session().scalars(select(Qualification).where(Qualification.person_id == person)).one()
    assert (held.state, held.held_until) == ("ended", row.issued_on)
    assert asker.person is not None
    told = [(one.code, one.link) for who in (person, asker.person) for one in inbox(who)]
    assert told == [
        ("certificate_message:revoke", "/my/certificates"),
        ("certificate_message:revoke", f"/certificates/{key}"),
    ]
    refused("move_not_allowed", lambda: actions.ask_change(key, Act.WITHDRAW, ChangeFacts("x"), actor=other, at=at))


def test_withdrawing_ends_the_grade_on_the_day_asked_for(app: Flask, at: datetime) -> None:
    person = factory.make_holder("吴某")
    issuer = factory.make_issuer()
    key = factory.make_issued(issuer, person)
    better = register.certificate(factory.make_issued(issuer, person, grade="L1"))
    officer = factory.make_officer()
    for facts, code in (
        (ChangeFacts(" "), "change_reason_missing"),
        (ChangeFacts("x", effective_on=DAY + timedelta(days=1)), "change_date_wrong"),
        (ChangeFacts("x", effective_on=DAY - timedelta(days=1)), "change_date_wrong"),
        (ChangeFacts("x", replaced_by="S999999999999262000001"), "change_replacement_unknown"),
    ):
        refused(code, lambda facts=facts: actions.ask_change(key, Act.WITHDRAW, facts, actor=officer, at=at))
    assert better.number is not None
    factory.change(key, Act.WITHDRAW, "晋升后换证", effective_on=DAY, replaced_by=better.number.lower())
    row = register.certificate(key)
    assert (row.state, row.ended_on, row.replaced_by) == ("withdrawn", DAY, better.number)
    grades = session().scalars(select(Qualification).where(Qualification.person_id == person))
    assert sorted((one.name, one.state, one.held_until) for one in grades) == [
        ("L1", "held", None),
        ("L2", "ended", DAY),
    ]


def test_a_correction_makes_a_new_file_with_the_same_number(app: Flask, at: datetime) -> None:
    person = factory.make_holder("林小禾")
    issuer = factory.make_issuer()
    keys.make_key(issuer, actor=Actor(make_person()), at=at)
    key = factory.make_issued(issuer, person)
    before = register.certificate(key)
    assert before.file_id is not None
    first, number, hash_before, issued = file_bytes(before.file_id), before.number, before.hash, before.issued_on
    assert check_file(first).code == "genuine"
    factory.correct(key, name="林晓禾")
    row = register.certificate(key)
    assert row.file_id is not None
    second = file_bytes(row.file_id)
    assert (row.number, row.edition, row.state, row.issued_on) == (number, 2, "issued", issued)
    assert ("林晓禾" in text_of(second), "林小禾" in text_of(second)) == (True, False)
    assert [check_file(data).code for data in (first, second)] == ["replaced", "genuine"]
    (edition,) = queries.editions(key)
    assert (edition.hash, edition.file_sha256) == (hash_before, hashlib.sha256(first).hexdigest())
    assert row.hash == face.chain_hash(
        row, number=number or "", file_sha256=row.file_sha256, printed=row.printed_commitment, before=hash_before
    )
    assert session().get_one(Person, person).name_zh == "林晓禾"
    held = session().scalars(select(Qualification).where(Qualification.person_id == person)).one()
    assert (held.state, held.held_until) == ("held", None)
    (change,) = queries.changes_of(key)
    assert queries.values_before(change)["name"] == "林小禾"
    assert {one.kind for one in walk().broken} == {"publication_of_list"}  # the factory's list stands on no publication
    factory.correct(key, name_en="Lin Xiaohe")
    assert {one.kind for one in walk().broken} == {"publication_of_list"}
    assert [one.edition for one in queries.editions(key)] == [1, 2]
    factory.change(key, Act.REVOKE)
    assert [check_file(data).code for data in (first, second)] == ["revoked", "revoked"]


def test_a_correction_names_what_differs_and_brings_evidence(app: Flask, at: datetime) -> None:
    person = factory.make_holder("林晓禾")
    key = factory.make_issued(factory.make_issuer(), person)
    holder = Actor(person)
    proof = register.certificate(key).file_id
    for wanted, evidence, code in (
        ({}, proof, "change_nothing_differs"),
        ({"name": "林晓禾", "grade_text": "一级/高级技师"}, proof, "change_nothing_differs"),
        ({"name": "林小禾"}, None, "change_evidence_missing"),
        ({"name": "王𲎯"}, proof, "certificate_character_missing"),
        ({"document_number": "110101199003070012"}, proof, "identity_number_check"),
    ):
        facts = ChangeFacts("x", wanted=wanted, evidence_id=evidence)
        refused(code, lambda facts=facts: actions.ask_own_change(key, Act.CORRECT, facts, actor=holder, at=at))
    refused(
        "change_not_holders", lambda: actions.ask_own_change(key, Act.REVOKE, ChangeFacts("x"), actor=holder, at=at)
    )
    with pytest.raises(Missing):
        actions.ask_own_change(key, Act.REISSUE, ChangeFacts("x"), actor=Actor(make_person()), at=at)


def test_a_reissue_gives_new_paper_and_the_same_file(app: Flask, at: datetime) -> None:
    person = factory.make_holder("林晓禾")
    issuer = factory.make_issuer()
    key, other = factory.make_issued(issuer, person), factory.make_issued(issuer, factory.make_holder("周一"))
    sha256 = register.certificate(key).file_sha256
    holder, officer = Actor(person), factory.make_officer()
    made = actions.ask_own_change(key, Act.REISSUE, ChangeFacts("遗失"), actor=holder, at=at)
    with pytest.raises(Missing):  # a holder decides nothing
        agree(key, made, holder)
    agree(key, made, officer, print_serial="A0012345")
    row = register.certificate(key)
    assert (row.print_serial, row.file_sha256, row.edition, row.state) == ("A0012345", sha256, 1, "issued")
    again = actions.ask_change(other, Act.REISSUE, ChangeFacts("污损"), actor=officer, at=at)
    refused("change_serial_taken", lambda: agree(other, again, factory.make_officer(), print_serial="A0012345"))
    agree(other, again, factory.make_officer())
    assert register.certificate(other).print_serial == f"{register.certificate(other).number}-2"
    assert [one.code for one in inbox(person)] == ["certificate_message:reissue"]


def test_a_request_is_refused_with_a_reason_or_taken_back_by_who_asked(app: Flask, at: datetime) -> None:
    person = factory.make_holder("林晓禾")
    key = factory.make_issued(factory.make_issuer(), person)
    holder, officer = Actor(person), factory.make_officer()
    made = actions.ask_own_change(key, Act.REISSUE, ChangeFacts("遗失"), actor=holder, at=at)
    refused("change_reason_missing", lambda: actions.refuse_change(key, made, " ", actor=officer, at=at))
    actions.refuse_change(key, made, "请先登报声明", actor=officer, at=at)
    actions.refuse_change(key, made, "again", actor=officer, at=at)
    with pytest.raises(Conflict, match="move_not_allowed"):
        agree(key, made, officer)
    assert [one.code for one in inbox(person)] == ["certificate_message:refused"]
    second = actions.ask_own_change(key, Act.REISSUE, ChangeFacts("遗失，已声明"), actor=holder, at=at)
    with pytest.raises(Missing):
        actions.take_back_change(key, second, actor=officer, at=at)
    actions.take_back_change(key, second, actor=holder, at=at)
    actions.take_back_change(key, second, actor=holder, at=at)
    session().rollback()
    states = [(one.state, one.decision_note) for one in queries.changes_of(key)]
    assert sorted(states) == [("refused", "请先登报声明"), ("taken_back", "")]


def test_a_number_that_was_never_issued_is_voided(app: Flask) -> None:
    key = factory.make_reported(factory.make_issuer())
    factory.change(key, Act.REVOKE, "名单有误")
    number = session().get_one(CertificateNumber, register.certificate(key).number)
    assert (number.state, number.reason) == ("voided", "名单有误")


def test_twenty_agree_at_once_and_it_happens_once(app: Flask, at: datetime) -> None:
    key = factory.make_issued(factory.make_issuer())
    made = actions.ask_change(key, Act.REISSUE, ChangeFacts("遗失"), actor=factory.make_officer(), at=at)
    other = factory.make_officer()
    answers = together(app, lambda: agree(key, made, other))
    assert set(answers) == {None}
    session().rollback()
    assert session().scalar(select(func.count()).select_from(CertificateAct)) == 1
    asked = together(
        app,
        lambda: actions.ask_change(key, Act.REVOKE, ChangeFacts("x"), actor=other, at=at) and "asked",
    )
    assert sorted(asked) == ["asked"] + ["change_waits"] * 19
    session().rollback()
    assert session().scalar(select(func.count()).select_from(CertificateChange)) == 2


@pytest.mark.parametrize("course", [CERTIFICATE, CHANGE], ids=lambda course: course.noun)
def test_every_move_that_is_not_in_the_table_is_refused(app: Flask, course: Any) -> None:
    from foundation import translation

    moves = {move for _, move in course.moves}
    for state in course.states():
        assert translation.known(f"{course.noun}_state:{state}")
        for move in moves - set(course.moves_from(state)):
            with pytest.raises(Conflict, match="move_not_allowed"):
                course.advance(state, move)
    assert [move for move in moves if not translation.known(f"{course.noun}_move:{move}")] == []


def test_the_last_day_by_rule() -> None:
    issued, today = date(2026, 3, 1), date(2026, 11, 22)
    assert ended_on(Act.REVOKE, issued_on=issued, wanted=None, today=today) == issued
    assert ended_on(Act.REVOKE, issued_on=None, wanted=None, today=today) == today
    assert ended_on(Act.WITHDRAW, issued_on=issued, wanted=None, today=today) == today
    assert ended_on(Act.WITHDRAW, issued_on=issued, wanted=issued, today=today) == issued
