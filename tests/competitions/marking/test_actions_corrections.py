"""A correction needs two people and a reason, keeps both values, and has the sheet signed and confirmed anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.access.roles import Role
from competitions.marking import verification
from competitions.marking.actions import corrections, signing
from competitions.marking.actions.rebuild import rebuild_heads
from competitions.marking.ledger import receive_marks
from competitions.marking.models.corrections import Correction
from competitions.marking.models.marks import MarkHead, Sheet
from competitions.marking.queries import marks as queries
from foundation.audit import chain
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories.accounts import make_grant, make_person
from tests.factories.marking import Hall, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    made = make_hall(works=1)
    for seat in range(3):
        receive_marks(made.whole(seat, 0), actor=made.judges[seat], at=AT)
    return made


@pytest.fixture
def supervisor(hall: Hall) -> Actor:
    person = make_person("监督员")
    make_grant(person, Role.SUPERVISOR, Scope(ScopeKind.EVENT, str(hall.event_id)))
    return Actor(person)


def confirm(hall: Hall) -> None:
    row = queries.signing_list(
        signing.make_signing_list(hall.panel_id, hall.subs.values(), actor=hall.judges[0], at=AT)
    )
    for seat, judge in zip(hall.seats, hall.judges, strict=True):
        signing.sign_list(row.id, seat, row.hash, actor=judge, at=AT)
    signing.confirm_list(row.id, actor=hall.chief, at=AT)


def ask(hall: Hall, value: str = "25", reason: str = "录入时看错行", aspect: str = "B1-1", seat: int | None = 1, **more: object):  # type: ignore[no-untyped-def]  # fmt: skip
    key = None if seat is None else hall.seats[seat]
    return corrections.ask_correction(
        hall.event_id, hall.works[0], hall.aspects[aspect], key, value, reason, actor=hall.chief, at=AT, **more
    )


def test_two_people_correct_and_everything_is_signed_again(hall: Hall, supervisor: Actor) -> None:
    confirm(hall)
    made = ask(hall)
    place = (hall.works[0], hall.aspects["B1-1"], hall.seats[1])
    assert session().get_one(MarkHead, place).value == "20"  # asking changes nothing
    corrections.agree_correction(made, actor=supervisor, at=AT)
    corrections.agree_correction(made, actor=supervisor, at=AT)
    row, head = session().get_one(Correction, made), session().get_one(MarkHead, place)
    assert (head.value, head.mark_id, row.state, row.old_value, row.new_value) == (
        "25",
        row.new_mark_id,
        "agreed",
        "20",
        "25",
    )
    assert (row.asked_by, row.decided_by) == (hall.chief.person, supervisor.person)
    revisions = [m for m in queries.revisions_at(*place[:2]) if m.seat_id == hall.seats[1]]
    assert [(m.value, m.reason) for m in revisions] == [("20", ""), ("25", "录入时看错行")]
    assert queries.open_work(hall.event_id)["confirmed"] == 1  # A1 is confirmed, B1 waits for signatures
    confirm(hall)
    assert queries.open_work(hall.event_id)["confirmed"] == 2
    assert rebuild_heads(hall.event_id, check=True) == []
    assert [report.broken_at for report in (*chain.verify(), *verification.verify())] == [None] * 3


def test_a_signed_sheet_that_is_not_confirmed_yet_can_be_corrected(hall: Hall, supervisor: Actor) -> None:
    row = queries.signing_list(
        signing.make_signing_list(hall.panel_id, hall.subs.values(), actor=hall.judges[0], at=AT)
    )
    for seat, judge in zip(hall.seats, hall.judges, strict=True):
        signing.sign_list(row.id, seat, row.hash, actor=judge, at=AT)
    corrections.agree_correction(ask(hall, "0", aspect="A1-1", seat=None), actor=supervisor, at=AT)
    states = {s.sub_criterion_id: s.state for s in session().scalars(select(Sheet))}
    assert states == {hall.subs["A1"]: "complete", hall.subs["B1"]: "signed"}
    signing.confirm_list(row.id, actor=hall.chief, at=AT)
    assert queries.open_work(hall.event_id)["confirmed"] == 1


def test_what_is_refused(hall: Hall, supervisor: Actor) -> None:
    with pytest.raises(Refusal, match="correction_not_signed"):
        ask(hall)
    signing.make_signing_list(hall.panel_id, hall.subs.values(), actor=hall.judges[0], at=AT)
    with pytest.raises(Refusal, match="correction_not_signed"):
        ask(hall)
    queries_list = queries.lists_of(hall.event_id)[0]
    for seat, judge in zip(hall.seats, hall.judges, strict=True):
        signing.sign_list(queries_list.id, seat, queries_list.hash, actor=judge, at=AT)
    with pytest.raises(Refusal, match="reason_missing"):
        ask(hall, reason=" ")
    with pytest.raises(Refusal, match="correction_same_value"):
        ask(hall, "20.0")
    with pytest.raises(Refusal, match="mark_above_maximum"):
        ask(hall, "31")
    with pytest.raises(Refusal, match="correction_seat"):
        ask(hall, seat=None)
    with pytest.raises(Missing):
        corrections.ask_correction(
            new_id(), hall.works[0], hall.aspects["B1-1"], hall.seats[0], "1", "x", actor=hall.chief, at=AT
        )
    key = new_id()
    assert {ask(hall, key=key), ask(hall, key=key)} == {key}
    with pytest.raises(Conflict, match="correction_waits"):
        ask(hall, "24")
    with pytest.raises(Refusal, match="correction_other_person"):
        corrections.agree_correction(key, actor=hall.chief, at=AT)
    with pytest.raises(Refusal, match="reason_missing"):
        corrections.refuse_correction(key, "", actor=supervisor, at=AT)
    corrections.refuse_correction(key, "无依据", actor=supervisor, at=AT)
    with pytest.raises(Conflict, match="move_not_allowed"):
        corrections.agree_correction(key, actor=supervisor, at=AT)
    assert session().get_one(Correction, key).refusal == "无依据"
    assert session().get_one(MarkHead, (hall.works[0], hall.aspects["B1-1"], hall.seats[1])).value == "20"


def test_the_pages_of_the_two(hall: Hall, supervisor: Actor, signed_in: Callable[..., FlaskClient]) -> None:
    confirm(hall)
    chief, other = signed_in(person_id=hall.chief.person), signed_in(person_id=supervisor.person)
    address = f"/events/{hall.event_id}/corrections"
    form = {"work_id": hall.works[0], "aspect_id": hall.aspects["B1-1"], "seat_id": hall.seats[1], "value": "99", "reason": "看错"}  # fmt: skip
    refused = chief.post(address, data=form)
    assert (
        refused.status_code,
        "最多 30" in refused.get_data(as_text=True) or "30" in refused.get_data(as_text=True),
    ) == (422, True)
    assert other.post(address, data=form).status_code == 404
    assert chief.post(address, data=form | {"value": "25"}).status_code == 302
    made = session().scalars(select(Correction.id)).one()
    assert chief.post(f"/marking/corrections/{made}/agree").status_code == 404
    assert "我以监督员身份会签" in other.get(address).get_data(as_text=True)
    assert other.post(f"/marking/corrections/{made}/agree").status_code == 302
    assert "已更正" in chief.get(address).get_data(as_text=True)
    judge = signed_in(person_id=hall.judges[0].person)
    assert "B1" in judge.get(f"/marking/panels/{hall.panel_id}").get_data(as_text=True)
    assert "生成签字单" in judge.get(f"/marking/panels/{hall.panel_id}").get_data(as_text=True)
