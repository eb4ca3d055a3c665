"""Nothing becomes final over something open: lists, runs, publications ask one question."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from accounts.sign_in.actions import pair_device
from accounts.sign_in.models import Device
from competitions.marking.actions import signing
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Mark, MarkHead, MarkStream, Sheet
from competitions.marking.queries import marks as queries
from competitions.marking.queries.finality import open_in_event
from competitions.programme.actions import set_rules
from competitions.publications import actions as publishing
from competitions.results import actions as results
from competitions.rules.rule_set import RuleSet
from foundation.clock import new_id
from foundation.db import session, transaction
from foundation.permission import MACHINE
from foundation.refusal import Conflict, Refusal
from tests.conftest import AT
from tests.factories.accounts import make_person
from tests.factories.marking import Hall, Tablet, make_hall
from tests.factories.results import AFTER_NOTICE, Ready, make_ready, signed_run


def codes(event_id: UUID) -> list[str]:
    session().expire_all()
    return [matter.code for matter in open_in_event(event_id)]


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


def signed_list(hall: Hall) -> UUID:
    for seat in range(3):
        receive_marks(hall.whole(seat, 0) + hall.whole(seat, 1), actor=hall.judges[seat], at=AT)
    made = signing.make_signing_list(hall.panel_id, list(hall.subs.values()), actor=hall.judges[0], at=AT)
    for seat in range(3):
        signing.sign_list(made, hall.seats[seat], queries.signing_list(made).hash, actor=hall.judges[seat], at=AT)
    return made


def test_the_way_of_an_event_from_open_to_final(hall: Hall) -> None:
    assert codes(hall.event_id) == ["open:incomplete"]
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=AT)
    assert codes(hall.event_id) == ["open:incomplete", "open:unsigned"]
    receive_marks([hall.mark(1, "A1-1", "0")], actor=hall.judges[1], at=AT)
    assert codes(hall.event_id) == ["open:conflicts", "open:incomplete", "open:unsigned"]


def test_the_list_that_all_signed_is_all_that_is_left(hall: Hall) -> None:
    made = signed_list(hall)
    assert codes(hall.event_id) == ["open:unconfirmed"]
    signing.confirm_list(made, actor=hall.chief, at=AT)
    assert codes(hall.event_id) == []


def test_a_dispute_of_another_panel_does_not_hold_up_a_list_but_the_event(app: Flask) -> None:
    hall, other = make_hall(), make_hall()
    made = signed_list(hall)
    receive_marks([other.mark(0, "A1-2", "2", seat_id=other.seats[1])], actor=other.judges[0], at=AT)
    assert signing.confirm_list(made, actor=hall.chief, at=AT).finished
    assert codes(hall.event_id) == []
    assert "open:held" in codes(other.event_id)


def a_gap(ready: Ready) -> UUID:
    person = make_person("王裁判")
    _token, device = pair_device(person, ready.event_id, label="", ends_at=AFTER_NOTICE, actor=MACHINE, at=AT)
    with transaction() as writing:
        writing.execute(update(Device).where(Device.id == device).values(last_sequence=2))
    return device


def a_conflict(ready: Ready) -> None:
    with transaction() as writing:
        head = writing.query(MarkHead).filter_by(event_id=ready.event_id).order_by(MarkHead.work_id).first()
        assert head is not None
        head.conflict = True


def a_mark(ready: Ready, *, status: str) -> None:
    """A further mark of an event in which everything was confirmed."""
    with transaction() as writing:
        stream = writing.get_one(MarkStream, f"event:{ready.event_id}")
        first = writing.query(Mark).filter_by(stream=stream.stream).order_by(Mark.sequence).first()
        assert first is not None
        row = {column.name: getattr(first, column.name) for column in Mark.__table__.columns}
        stream.sequence += 1
        writing.add(
            Mark(**{**row, "id": new_id(), "device_id": new_id(), "sequence": stream.sequence, "status": status})
        )


def a_signature_missing(ready: Ready) -> None:
    with transaction() as writing:
        sheet = writing.query(Sheet).filter_by(event_id=ready.event_id).first()
        assert sheet is not None
        sheet.state = "complete"


OPEN = {
    "open:gaps": a_gap,
    "open:conflicts": a_conflict,
    "open:held": lambda ready: a_mark(ready, status="held"),
    "open:unsigned": a_signature_missing,
}


@pytest.mark.parametrize("code", OPEN)
def test_no_run_and_no_signature_over_it(app: Flask, at: datetime, code: str) -> None:
    ready = make_ready()
    run = results.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    OPEN[code](ready)
    assert codes(ready.event_id) == [code]
    with pytest.raises(Refusal, match=code):
        results.sign_run(run, role="chief_judge", actor=ready.chief, at=at)
    with pytest.raises(Refusal, match=code):
        results.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)


@pytest.mark.parametrize("code", OPEN)
def test_no_notice_and_no_announcement_over_it(app: Flask, at: datetime, code: str) -> None:
    ready = make_ready()
    run = signed_run(ready, at=at)
    publishing.propose_results(run, actor=ready.organizer, at=at)
    OPEN[code](ready)
    with pytest.raises(Refusal, match=code):
        publishing.decide_results(
            run, document_number="1号", document_date=at.date(), actor=ready.organizer, at=AFTER_NOTICE
        )
    with pytest.raises(Refusal, match=code):
        publishing.post_results(run, actor=ready.organizer, at=at)


def test_a_run_is_outdated_by_a_mark_in_force_and_not_by_one_left_out(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = results.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    a_mark(ready, status="received")
    with pytest.raises(Conflict, match="run_outdated"):
        results.sign_run(run, role="chief_judge", actor=ready.chief, at=at)


def test_the_refusal_says_what_is_open_in_the_readers_language(app: Flask, at: datetime) -> None:
    from foundation.translation import sentence

    ready = make_ready()
    a_gap(ready)
    a_conflict(ready)
    with pytest.raises(Refusal) as refused:
        results.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert sentence(refused.value.code, **refused.value.facts) == (
            "现在还不能形成最终结果：1个评分单元有两个值，待裁判长裁定（见“评分”）；"
            "平板上有2个给分尚未送达（王裁判 (2)）：请让平板联网，或申报遗失（见“平板”）。"
        )


def only_paired(hall: Hall) -> None:
    set_rules(hall.competition_id, RuleSet(paired_tablets_only=True), basis="", actor=MACHINE, at=AT)


def test_where_only_paired_tablets_count_an_unsigned_mark_is_held(hall: Hall) -> None:
    only_paired(hall)
    [answer] = receive_marks([hall.mark(0, "A1-2", "2")], actor=hall.judges[0], at=AT)
    assert (answer.status, answer.code) == ("held", "mark_unpaired")
    person, tablet = hall.judges[1].person, Tablet()
    assert person is not None
    _token, device = pair_device(
        person, hall.event_id, label="", ends_at=AFTER_NOTICE, actor=MACHINE, at=AT, public_key=""
    )
    [answer] = receive_marks([hall.mark(1, "A1-2", "2", device_id=device)], actor=hall.judges[1], at=AT)
    assert (answer.status, answer.code) == ("held", "mark_unpaired")  # registered, but it has no key
    from competitions.marking.actions.tablets import register_tablet

    paired = register_tablet(hall.event_id, tablet.jwk, label="", actor=hall.judges[1], at=AT)
    signed = tablet.signed(hall.mark(1, "A1-2", "2", device_id=paired.device_id, device_sequence=1))
    [answer] = receive_marks([signed], actor=hall.judges[1], at=AT)
    assert answer.status == "received"


def test_paper_and_the_chiefs_decisions_count_where_only_paired_tablets_do(hall: Hall) -> None:
    from competitions.marking.actions.sheets import settle_held

    only_paired(hall)
    body = hall.mark(0, "A1-2", "2")
    receive_marks([body], actor=hall.judges[0], at=AT)
    settle_held(body.id, taken=True, reason="平板故障", actor=hall.chief, at=AT)
    assert session().get_one(MarkHead, (hall.works[0], hall.aspects["A1-2"], hall.seats[0])).value == "2"
    [answer] = receive_marks([hall.mark(1, "A1-2", "2")], actor=hall.judges[1], at=AT, paper=True)
    assert answer.status == "received"
