from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from competitions.entries.models.entries import Entry
from competitions.marking.models.marks import Sheet
from competitions.marking.queries.marks import stream_head
from competitions.results import actions, queries
from foundation.audit.queries import entries_of_chain
from foundation.db import session, transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Forbidden, Missing, Refusal
from foundation.spreadsheets.writing import Table, workbook
from tests.factories.accounts import make_person
from tests.factories.results import Ready, change_theory, make_ready, signed_run


def numbers(ready: Ready) -> dict[str, str]:
    return {name: session().get_one(Entry, key).pass_number or "" for name, key in ready.entries.items()}


def book(*rows: tuple[object, object]) -> bytes:
    return workbook([Table("成绩", ("参赛证号", "成绩"), rows)])


def test_the_template_holds_every_pass_number_but_those_of_absent_entries(app: Flask) -> None:
    ready = make_ready(scores=False)
    sheet = openpyxl.load_workbook(io.BytesIO(actions.score_template(ready.event_id, ready.theory_id))).worksheets[0]
    known = numbers(ready)
    assert [row[0].value for row in sheet.iter_rows()] == ["参赛证号", *(known[name] for name in ("李梅", "王强", "张伟", "赵刚"))]  # fmt: skip


def test_everything_wrong_is_said_at_once_and_nothing_is_stored(app: Flask, at: datetime) -> None:
    ready = make_ready(scores=False)
    known = numbers(ready)
    source = openpyxl.load_workbook(
        io.BytesIO(
            book(
                (known["李梅"], "101"), (known["李梅"], "90"), ("99999", "80"), (known["王强"], "八十"), (known["张伟"], "-1"),
                (known["孙丽"], "60"), (known["赵刚"], None), ("", "5"),
            )
        )
    )  # fmt: skip
    source.worksheets[0]["B5"] = "=40+40"
    target = io.BytesIO()
    source.save(target)
    found = actions.check_scores(ready.event_id, ready.theory_id, target.getvalue())
    assert [(wrong.place, wrong.code) for wrong in found.wrong] == [
        ("B2", "score_above_full_mark"), ("A3", "pass_number_twice"), ("A4", "pass_number_unknown"), ("B5", "score_formula"),
        ("B6", "score_negative"), ("B7", "score_of_absent"), ("B8", "score_missing"), ("A9", "pass_number_missing"),
    ]  # fmt: skip
    with pytest.raises(Refusal) as refused:
        actions.import_scores(ready.event_id, ready.theory_id, target.getvalue(), name="x.xlsx", actor=ready.organizer, at=at)  # fmt: skip
    assert (refused.value.code, refused.value.facts["count"]) == ("score_list_wrong", 8)
    assert queries.score_imports(ready.event_id) == []


def entered(ready: Ready, at: datetime) -> object:
    known = numbers(ready)
    data = book(*((known[name], score) for name, score in (("李梅", "90"), ("王强", "80"), ("张伟", "80"), ("赵刚", "55.5"))))  # fmt: skip
    return actions.import_scores(ready.event_id, ready.theory_id, data, name="理论.xlsx", actor=ready.organizer, at=at)


def test_a_second_person_confirms_and_then_nothing_changes(app: Flask, at: datetime) -> None:
    ready = make_ready(scores=False)
    key = entered(ready, at)
    with pytest.raises(Refusal, match="second_person_needed"):
        actions.confirm_scores(key, actor=ready.organizer, at=at)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="scores_open"):
        actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    actions.confirm_scores(key, actor=Actor(make_person()), at=at)  # type: ignore[arg-type]
    for again in (
        lambda: actions.confirm_scores(key, actor=Actor(make_person()), at=at),  # type: ignore[arg-type]
        lambda: actions.withdraw_scores(key, reason="错了", actor=ready.organizer, at=at),  # type: ignore[arg-type]
    ):
        with pytest.raises(Conflict, match="move_not_allowed"):
            again()
    with pytest.raises(Refusal, match="score_list_wrong"):
        entered(ready, at)


def test_a_list_is_withdrawn_with_a_reason_and_can_come_again(app: Flask, at: datetime) -> None:
    ready = make_ready(scores=False)
    key = entered(ready, at)
    with pytest.raises(Refusal, match="reason_missing"):
        actions.withdraw_scores(key, reason=" ", actor=ready.organizer, at=at)  # type: ignore[arg-type]
    actions.withdraw_scores(key, reason="用错了文件", actor=ready.organizer, at=at)  # type: ignore[arg-type]
    entered(ready, at)
    assert sorted(row.state for row, _count in queries.score_imports(ready.event_id)) == ["entered", "withdrawn"]


def test_a_run_holds_exact_totals_ranks_and_what_broke_ties(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = queries.run(actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at))
    names = {key: name for name, key in ready.entries.items()}
    tied = Fraction(24) + Fraction(7, 10) * (65 + Fraction(70, 3))
    assert [(names[row.entry_id], row.rank, row.status, row.total, row.decided_by) for row in run.rows] == [
        ("李梅", 1, "ranked", Fraction("96.3"), ""),
        ("王强", 2, "ranked", tied, "equal_rank"),
        ("张伟", 2, "ranked", tied, "equal_rank"),
        ("赵刚", 4, "ranked", Fraction("37.5"), ""),
        ("孙丽", None, "absent", None, ""),
    ]
    assert run.rows[1].shown_total == Decimal("85.83")
    assert [part["passed"] for part in run.rows[3].parts] == [False, False]
    assert (run.attendance, run.number, run.marks_hash) == (4, 1, stream_head(ready.event_id)[1])
    assert all(report.holds for report in queries.verify_runs())


def test_equal_inputs_are_the_same_run_and_a_change_after_signing_needs_a_reason(app: Flask, at: datetime) -> None:
    ready = make_ready()
    first = signed_run(ready)
    assert actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at) == first
    change_theory(ready, "王强", "82")
    with pytest.raises(Refusal, match="correction_reason_missing"):
        actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    second = actions.compute_run(
        ready.event_id, ready.division_id, reason="理论成绩复核更正", actor=ready.organizer, at=at
    )
    changed = [one for one in queries.compared(queries.run(first), queries.run(second)) if one.changed]
    names = {key: name for name, key in ready.entries.items()}
    assert [(names[one.entry_id], one.before.rank, one.after.rank) for one in changed if one.before and one.after] == [
        ("王强", 2, 2),
        ("张伟", 2, 3),
    ]
    with pytest.raises(Conflict, match="run_not_latest"):
        actions.sign_run(first, role="chief_judge", actor=ready.chief, at=at)


def test_nothing_is_computed_before_its_time(app: Flask, at: datetime) -> None:
    sealed = make_ready(unblinded=False)
    with pytest.raises(Refusal, match="codes_sealed"):
        actions.compute_run(sealed.event_id, sealed.division_id, actor=sealed.organizer, at=at)
    ready = make_ready()
    with transaction() as writing:
        writing.query(Sheet).filter_by(event_id=ready.event_id).first().state = "signed"
    with pytest.raises(Refusal) as refused:
        actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    assert (refused.value.code, refused.value.facts) == (
        "marking_not_final",
        {"open": (("open:unconfirmed", {"count": 1}),)},
    )
    with pytest.raises(Missing):
        actions.compute_run(sealed.event_id, ready.division_id, actor=ready.organizer, at=at)


def test_an_entry_whose_attendance_nobody_noted_stops_the_count(app: Flask, at: datetime) -> None:
    ready = make_ready()
    with transaction() as writing:
        writing.get_one(Entry, ready.entries["李梅"]).attendance = "expected"
    with pytest.raises(Refusal, match="attendance_open"):
        actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)


def test_two_different_people_sign_each_in_their_role_and_once(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    with pytest.raises(Forbidden):
        actions.sign_run(run, role="supervisor", actor=ready.chief, at=at)
    with pytest.raises(Missing):
        actions.sign_run(run, role="organizer", actor=ready.organizer, at=at)
    actions.sign_run(run, role="chief_judge", actor=ready.chief, at=at)
    with pytest.raises(Conflict) as refused:
        actions.sign_run(run, role="chief_judge", actor=ready.chief, at=at)
    assert refused.value.facts == {"by": "钱裁判", "when": at}
    actions.sign_run(run, role="supervisor", actor=ready.supervisor, at=at)
    assert sorted(queries.signatures([run])[run]) == ["chief_judge", "supervisor"]
    assert sorted(entry.verb for entry in entries_of_chain(f"competition:{ready.competition_id}")) == [
        "competition:set_up",
        "run:computed",
        "run:signed",
        "run:signed",
    ]


def test_one_person_with_both_roles_signs_once(app: Flask, at: datetime) -> None:
    from accounts.access.roles import Role
    from foundation.permission import Scope, ScopeKind
    from tests.factories.accounts import make_grant

    ready = make_ready()
    make_grant(ready.chief.person, Role.SUPERVISOR, Scope(ScopeKind.EVENT, str(ready.event_id)))  # type: ignore[arg-type]
    run = actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    actions.sign_run(run, role="chief_judge", actor=ready.chief, at=at)
    with pytest.raises(Refusal, match="other_person_needed"):
        actions.sign_run(run, role="supervisor", actor=ready.chief, at=at)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE result_row SET rank = 1",
        "DELETE FROM result_row",
        "UPDATE result_run SET attendance = 99",
        "UPDATE run_signature SET role = 'supervisor'",
    ],
)
def test_a_stored_run_cannot_be_changed(app: Flask, at: datetime, attack: str) -> None:
    signed_run(make_ready())
    with pytest.raises(DBAPIError, match="append-only"), transaction() as writing:
        writing.execute(text(attack))
