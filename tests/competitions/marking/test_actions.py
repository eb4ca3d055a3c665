"""Signing, confirming, deciding: once each, by the right person, with everything kept."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from competitions.codes.models import CodeSeal, Work
from competitions.marking import verification
from competitions.marking.actions import rebuild, signing
from competitions.marking.actions import sheets as actions
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Mark, MarkHead, Sheet, SheetSignature, SigningList
from competitions.marking.queries import marks as queries
from foundation.audit import chain
from foundation.clock import new_id
from foundation.db import db, session, transaction
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


def mark_everything(hall: Hall) -> None:
    for work in range(len(hall.works)):
        for seat in range(3):
            receive_marks(hall.whole(seat, work), actor=hall.judges[seat], at=AT)


def make_list(hall: Hall, *subs: str) -> SigningList:
    keys = [hall.subs[code] for code in subs or ("A1", "B1")]
    made = signing.make_signing_list(hall.panel_id, keys, title="A1", actor=hall.judges[0], at=AT)
    return queries.signing_list(made)


def sign_all(hall: Hall, row: SigningList) -> list[signing.Signed]:
    return [
        signing.sign_list(row.id, s, row.hash, actor=j, at=AT) for s, j in zip(hall.seats, hall.judges, strict=True)
    ]


def states(hall: Hall) -> dict[str, int]:
    rows = session().execute(
        select(Sheet.state, func.count()).where(Sheet.event_id == hall.event_id).group_by(Sheet.state)
    )
    return {row[0]: row[1] for row in rows}


def test_an_incomplete_sheet_cannot_be_put_on_a_list(hall: Hall) -> None:
    receive_marks(hall.whole(0, 0), actor=hall.judges[0], at=AT)
    with pytest.raises(Refusal) as refused:
        make_list(hall)
    assert (refused.value.code, refused.value.facts) == ("sheets_incomplete", {"count": 4, "of": 4})


def test_three_judges_sign_the_chief_confirms_and_the_codes_are_released(hall: Hall) -> None:
    mark_everything(hall)
    first, second = make_list(hall, "A1"), make_list(hall, "B1")
    assert [signed.finished for signed in sign_all(hall, first)] == [False, False, True]
    assert states(hall) == {"complete": 2, "signed": 2}
    assert not signing.confirm_list(first.id, actor=hall.chief, at=AT).finished
    sign_all(hall, second)
    assert signing.confirm_list(second.id, actor=hall.chief, at=AT).finished
    assert states(hall) == {"confirmed": 4}
    assert queries.open_work(hall.event_id) == {
        "sheets": 4, "open": 0, "complete": 0, "signed": 0, "confirmed": 4, "conflicts": 0, "held": 0,
    }  # fmt: skip
    assert session().get_one(CodeSeal, hall.event_id).released_at == AT
    assert [report.broken_at for report in (*chain.verify(), *verification.verify())] == [None] * 3


def test_a_second_click_is_answered_with_the_first_time(hall: Hall) -> None:
    mark_everything(hall)
    row = make_list(hall)
    later = AT + timedelta(minutes=9)
    sign_all(hall, row)
    again = signing.sign_list(row.id, hall.seats[0], row.hash, actor=hall.judges[0], at=later)
    assert (again.again, again.at, again.finished) == (True, AT, True)
    signing.confirm_list(row.id, actor=hall.chief, at=AT)
    confirmed = signing.confirm_list(row.id, actor=hall.chief, at=later)
    assert (confirmed.again, confirmed.at) == (True, AT)
    key = new_id()
    with pytest.raises(Refusal, match="nothing_to_sign"):
        signing.make_signing_list(hall.panel_id, [hall.subs["A1"]], actor=hall.judges[0], at=AT, key=key)


def test_the_same_key_makes_one_list(hall: Hall) -> None:
    mark_everything(hall)
    key = new_id()
    made = {
        signing.make_signing_list(hall.panel_id, [hall.subs["A1"]], actor=hall.judges[0], at=AT, key=key)
        for _ in range(2)
    }
    assert made == {key}


def test_nobody_signs_for_another_and_not_what_they_did_not_see(hall: Hall) -> None:
    mark_everything(hall)
    row = make_list(hall)
    with pytest.raises(Refusal, match="not_your_seat"):
        signing.sign_list(row.id, hall.seats[1], row.hash, actor=hall.judges[0], at=AT)
    with pytest.raises(Refusal, match="list_changed"):
        signing.sign_list(row.id, hall.seats[0], "0" * 64, actor=hall.judges[0], at=AT)
    with pytest.raises(Refusal, match="list_unsigned"):
        signing.confirm_list(row.id, actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="not_seated"):
        signing.make_signing_list(hall.panel_id, [hall.subs["A1"]], actor=hall.chief, at=AT)


def test_twenty_clicks_at_once_leave_one_signature(hall: Hall, app: Flask) -> None:
    mark_everything(hall)
    row = make_list(hall)
    answers: list[bool] = []

    def click() -> None:
        with app.app_context():
            answers.append(signing.sign_list(row.id, hall.seats[0], row.hash, actor=hall.judges[0], at=AT).again)

    clicks = [threading.Thread(target=click) for _ in range(20)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    db.session.rollback()
    assert sorted(answers) == [False] + [True] * 19
    assert session().scalar(select(func.count(SheetSignature.id))) == 1


def test_a_change_before_the_first_signature_takes_the_list_back(hall: Hall) -> None:
    mark_everything(hall)
    row = make_list(hall)
    head = session().get_one(MarkHead, (hall.works[0], hall.aspects["B1-1"], hall.seats[0]))
    [answer] = receive_marks([hall.mark(0, "B1-1", "21", base_id=head.mark_id)], actor=hall.judges[0], at=AT)
    assert answer.status == "received"
    assert queries.signing_list(row.id).withdrawn_at == AT
    with pytest.raises(Conflict, match="list_withdrawn"):
        signing.sign_list(row.id, hall.seats[0], row.hash, actor=hall.judges[0], at=AT)


def test_a_mark_after_a_signature_is_held_and_can_be_taken_over_after_a_return(hall: Hall) -> None:
    mark_everything(hall)
    row = make_list(hall)
    sign_all(hall, row)
    head = session().get_one(MarkHead, (hall.works[0], hall.aspects["B1-1"], hall.seats[0]))
    late = hall.mark(0, "B1-1", "25", base_id=head.mark_id)
    [answer] = receive_marks([late], actor=hall.judges[0], at=AT)
    assert (answer.status, answer.code) == ("held", "mark_sheet_signed")
    with pytest.raises(Refusal, match="open:held"):
        signing.confirm_list(row.id, actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="sheet_not_open"):
        actions.settle_held(late.id, taken=True, reason="记录有误", actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="reason_missing"):
        signing.return_list(row.id, " ", actor=hall.chief, at=AT)
    signing.return_list(row.id, "B1重新核对", actor=hall.chief, at=AT)
    assert states(hall) == {"complete": 4}
    actions.settle_held(late.id, taken=True, reason="记录有误", actor=hall.chief, at=AT)
    with pytest.raises(Conflict, match="held_settled"):
        actions.settle_held(late.id, taken=True, reason="记录有误", actor=hall.chief, at=AT)
    assert session().get_one(MarkHead, (hall.works[0], hall.aspects["B1-1"], hall.seats[0])).value == "25"
    assert queries.held(hall.event_id) == []
    assert rebuild.rebuild_heads(hall.event_id, check=True) == []
    assert [report.broken_at for report in verification.verify()] == [None]


def test_a_held_mark_can_be_left_out(hall: Hall) -> None:
    body = hall.mark(1, "A1-2", "3")
    receive_marks([body], actor=hall.judges[0], at=AT)
    actions.settle_held(body.id, taken=False, reason="不是本人", actor=hall.chief, at=AT)
    assert (queries.held(hall.event_id), list(queries.heads_of(hall.event_id))) == ([], [])


def test_the_chief_resolves_a_conflict_and_both_values_stay(hall: Hall) -> None:
    one, two = hall.mark(0, "A1-1", "1"), hall.mark(1, "A1-1", "0", client_at=AT + timedelta(seconds=1))
    receive_marks([one], actor=hall.judges[0], at=AT)
    receive_marks([two], actor=hall.judges[1], at=AT)
    with pytest.raises(Refusal, match="reason_missing"):
        actions.resolve_conflict(one.id, "", actor=hall.chief, at=AT)
    answer = actions.resolve_conflict(one.id, "复测合格", actor=hall.chief, at=AT)
    assert answer.status == "received"
    assert actions.resolve_conflict(one.id, "复测合格", actor=hall.chief, at=AT).status == "duplicate"
    head = session().get_one(MarkHead, (hall.works[0], hall.aspects["A1-1"], hall.panel_id))
    assert (head.value, head.conflict, session().scalar(select(func.count(Mark.id)))) == ("1", False, 3)
    decision = session().get_one(Mark, head.mark_id)
    assert (decision.refers_to, decision.reason, decision.judge_id) == (one.id, "复测合格", hall.chief.person)
    with pytest.raises(Refusal, match="conflict_over"):
        actions.resolve_conflict(two.id, "还是这个", actor=hall.chief, at=AT)
    assert rebuild.rebuild_heads(hall.event_id, check=True) == []


def test_a_withdrawn_work_needs_no_sheets(hall: Hall) -> None:
    with transaction() as writing:
        writing.get_one(Work, hall.works[1]).withdrawn_at = AT
    assert queries.open_work(hall.event_id)["sheets"] == 2


def test_a_call_is_made_once_and_answered_once(hall: Hall) -> None:
    first = actions.call_chief(hall.panel_id, hall.works[0], None, actor=hall.judges[0], at=AT)
    assert actions.call_chief(hall.panel_id, hall.works[0], None, actor=hall.judges[0], at=AT) == first
    for _ in range(2):
        actions.answer_call(first, actor=hall.chief, at=AT)
    assert queries.open_calls(hall.event_id) == []
    with pytest.raises(Missing):
        actions.answer_call(new_id(), actor=hall.chief, at=AT)
