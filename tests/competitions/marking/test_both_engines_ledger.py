"""The ledger on both engines: nothing lost, nothing twice, nothing changed."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from competitions.judges.models import Panel
from competitions.marking import verification
from competitions.marking.actions import rebuild
from competitions.marking.bodies import MarkBody
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Mark, MarkHead, Sheet
from competitions.marking.queries import marks as queries
from competitions.schemes.models import MarkingScheme
from foundation.clock import new_id
from foundation.db import db, session, transaction
from foundation.permission import Actor, Via
from foundation.refusal import Refusal
from tests.conftest import AT
from tests.factories.marking import Hall, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


def value(hall: Hall, body: MarkBody) -> tuple[str | None, bool]:
    cell = body.seat_id or hall.panel_id
    head = session().get(MarkHead, (body.work_id, body.aspect_id, cell), populate_existing=True)
    return (head.value, head.conflict) if head else (None, False)


def state(hall: Hall, sub: str, work: int = 0) -> str:
    wanted = select(Sheet.state).where(Sheet.sub_criterion_id == hall.subs[sub], Sheet.work_id == hall.works[work])
    return session().scalar(wanted) or "open"


def stored() -> int:
    return session().scalar(select(func.count(Mark.id))) or 0


def test_a_mark_is_received_chained_and_in_force(hall: Hall) -> None:
    body = hall.mark(0, "A1-2", "2")
    [answer] = receive_marks([body], actor=hall.judges[0], at=AT)
    assert (answer.status, answer.sequence, answer.code) == ("received", 1, "")
    assert value(hall, body) == ("2", False)
    assert queries.stream_head(hall.event_id) == (1, answer.hash)
    assert list(queries.heads_of(hall.event_id)) == [(hall.works[0], hall.aspects["A1-2"], hall.seats[0], "2")]


def test_the_first_mark_freezes_scheme_and_panel_and_makes_the_sheets(hall: Hall) -> None:
    receive_marks([hall.mark(0, "A1-2", "2")], actor=hall.judges[0], at=AT)
    assert session().get_one(MarkingScheme, hall.scheme_id).state == "frozen"
    assert session().get_one(Panel, hall.panel_id).frozen_at == AT
    assert session().scalar(select(func.count(Sheet.id))) == 4  # two sub-criteria × two works


def test_the_same_mark_again_is_answered_as_the_first_time(hall: Hall) -> None:
    body = hall.mark(0, "A1-2", "2")
    [first] = receive_marks([body], actor=hall.judges[0], at=AT)
    [again, twice] = receive_marks([body, body], actor=hall.judges[0], at=AT + timedelta(minutes=1))
    assert [(a.status, a.sequence, a.hash) for a in (again, twice)] == [("duplicate", 1, first.hash)] * 2
    assert stored() == 1


def test_the_same_id_with_another_body_is_held_once_under_its_own_id(hall: Hall) -> None:
    body = hall.mark(0, "A1-2", "2")
    other = replace(body, value="3")
    receive_marks([body], actor=hall.judges[0], at=AT)
    [held] = receive_marks([other], actor=hall.judges[0], at=AT)
    [again] = receive_marks([other], actor=hall.judges[0], at=AT)
    assert (held.status, held.code, again.status, again.sequence) == ("held", "mark_id_reused", "duplicate", 2)
    [row] = queries.held(hall.event_id)
    assert (row.refers_to, row.value, value(hall, body)) == (body.id, "3", ("2", False))


@pytest.mark.parametrize(
    ("aspect", "raw", "code"),
    [
        ("B1-1", "30.01", "mark_above_maximum"),
        ("A1-2", "4", "mark_above_maximum"),
        ("A1-2", "1.5", "mark_not_whole"),
        ("B1-1", "-1", "mark_negative"),
        ("B1-1", "2.345", "mark_too_fine"),
        ("B1-1", "viel", "mark_not_a_number"),
    ],
)
def test_a_value_the_aspect_cannot_take_is_invalid_and_not_stored(hall: Hall, aspect: str, raw: str, code: str) -> None:
    good = hall.mark(1, "A1-2", "2")
    bad, fine = receive_marks([hall.mark(1, aspect, raw), good], actor=hall.judges[1], at=AT)
    assert (bad.status, bad.code, bad.sequence, fine.status, stored()) == ("invalid", code, None, "received", 1)


def test_unknown_places_and_forms_are_invalid(hall: Hall) -> None:
    judge, other = hall.judges[0], make_hall()
    bodies = [
        hall.mark(0, "A1-2", "1", work_id=new_id()),
        hall.mark(0, "A1-2", "1", aspect_id=new_id()),
        hall.mark(0, "A1-2", "1", aspect_id=other.aspects["A1-2"]),
        hall.mark(0, "A1-2", "1", scheme_id=new_id()),
        hall.mark(0, "A1-2", "1", seat_id=new_id()),
        hall.mark(0, "A1-2", "1", seat_id=None),
        hall.mark(0, "A1-1", "1", seat_id=hall.seats[0]),
        hall.mark(0, "A1-2", "1", kind="clear"),
        hall.mark(0, "A1-2", "1", device_sequence=0),
    ]
    answers = receive_marks(bodies, actor=judge, at=AT)
    assert [(a.status, a.code) for a in answers] == [("invalid", code) for code in (
        "mark_unknown_place", "mark_unknown_place", "mark_unknown_place", "mark_unknown_scheme", "mark_unknown_seat",
        "mark_seat_needed", "mark_by_panel", "mark_malformed", "mark_malformed")]  # fmt: skip
    assert stored() == 0


def test_untimely_and_unseated_marks_are_held(hall: Hall) -> None:
    stranger = make_hall()
    withdrawn = hall.works[1]
    with transaction() as writing:
        from competitions.codes.models import Work

        writing.execute(update(Work).where(Work.id == withdrawn).values(withdrawn_at=AT))
    [other_panel] = receive_marks([hall.mark(0, "A1-2", "1")], actor=stranger.judges[0], at=AT)
    [other_seat] = receive_marks([hall.mark(1, "A1-2", "1")], actor=hall.judges[0], at=AT)
    [gone] = receive_marks([hall.mark(0, "A1-2", "1", work=1)], actor=hall.judges[0], at=AT)
    tablet = Actor(hall.judges[0].person, Via.DEVICE, new_id())
    [device] = receive_marks([hall.mark(0, "A1-2", "1")], actor=tablet, at=AT)
    answers = (other_panel, other_seat, gone, device)
    assert [(a.status, a.code) for a in answers] == [("held", "mark_other_panel"), ("held", "mark_other_seat"),
        ("held", "mark_work_withdrawn"), ("held", "mark_other_device")]  # fmt: skip
    assert list(queries.heads_of(hall.event_id)) == []
    assert [row.sequence for row in queries.held(hall.event_id)] == [1, 2, 3, 4]


def test_a_sub_criterion_without_a_panel_and_an_older_scheme_are_held(hall: Hall) -> None:
    with transaction() as writing:
        writing.execute(text("DELETE FROM panel_assignment"))
        older = MarkingScheme(
            event_id=hall.event_id, number=2, state="superseded", total=1, sections=[], content_hash="", created_at=AT
        )
        writing.add(older)  # fmt: skip
    [none] = receive_marks([hall.mark(0, "A1-2", "1")], actor=hall.judges[0], at=AT)
    assert (none.status, none.code) == ("held", "mark_no_panel")


def test_a_sequence_number_used_before_is_held_and_keeps_its_device(hall: Hall) -> None:
    first = hall.mark(0, "A1-2", "1")
    receive_marks([first], actor=hall.judges[0], at=AT)
    again = hall.mark(0, "B1-1", "20", device_sequence=first.device_sequence)
    answers = [receive_marks([again], actor=hall.judges[0], at=AT)[0] for _ in range(2)]
    assert [(a.status, a.code) for a in answers] == [
        ("held", "mark_sequence_reused"),
        ("duplicate", "mark_sequence_reused"),
    ]
    [row] = queries.held(hall.event_id)
    assert (row.refers_to, row.id) == (first.device_id, again.id)


def test_two_values_from_the_same_base_are_both_kept_and_in_conflict(hall: Hall) -> None:
    first = hall.mark(0, "A1-1", "1")
    second = hall.mark(1, "A1-1", "0", client_at=AT + timedelta(seconds=1))
    receive_marks([first], actor=hall.judges[0], at=AT)
    [answer] = receive_marks([second], actor=hall.judges[1], at=AT)
    assert (answer.status, answer.code, stored()) == ("conflict", "mark_conflict", 2)
    assert value(hall, first) == ("1", True)  # the one recorded first, whatever the tablets' clocks say
    assert queries.open_work(hall.event_id)["conflicts"] == 1


def test_equal_values_from_the_same_base_are_no_conflict(hall: Hall) -> None:
    receive_marks([hall.mark(0, "A1-1", "1")], actor=hall.judges[0], at=AT)
    [answer] = receive_marks([hall.mark(1, "A1-1", "1.0")], actor=hall.judges[1], at=AT)
    assert answer.status == "received"


def test_clear_empties_the_cell_and_a_note_leaves_the_value(hall: Hall) -> None:
    first = hall.mark(0, "A1-2", "NA")
    note = hall.mark(0, "A1-2", "焊缝一处未熔合", kind="note")
    receive_marks([first, note], actor=hall.judges[0], at=AT)
    head = session().get(MarkHead, (first.work_id, first.aspect_id, hall.seats[0]), populate_existing=True)
    assert head is not None
    assert (head.value, head.note) == ("NA", "焊缝一处未熔合")
    receive_marks([hall.mark(0, "A1-2", None, base_id=first.id)], actor=hall.judges[0], at=AT)
    assert value(hall, first) == (None, False)


def test_a_sheet_is_complete_when_every_cell_is_in_and_the_spread_is_small(hall: Hall) -> None:
    for seat, given in enumerate(("0", "2", "2")):
        receive_marks(hall.whole(seat, 0, given), actor=hall.judges[seat], at=AT)
    assert (state(hall, "A1"), state(hall, "B1"), state(hall, "A1", 1)) == ("open", "complete", "open")
    first = hall.mark(
        0,
        "A1-2",
        "1",
        base_id=session().get_one(MarkHead, (hall.works[0], hall.aspects["A1-2"], hall.seats[0])).mark_id,
    )
    receive_marks([first], actor=hall.judges[0], at=AT)  # discussed again
    assert state(hall, "A1") == "complete"
    assert len(queries.revisions_at(hall.works[0], hall.aspects["A1-2"])) == 4
    receive_marks([hall.mark(0, "A1-2", None, base_id=first.id)], actor=hall.judges[0], at=AT)
    assert state(hall, "A1") == "open"


def test_one_recorder_enters_every_seat_on_a_panel_tablet(app: Flask) -> None:
    hall = make_hall(entry_mode="panel_tablet")
    bodies = [replace(hall.mark(0, "A1-2", "2"), seat_id=seat) for seat in hall.seats]
    assert [a.status for a in receive_marks(bodies, actor=hall.judges[0], at=AT)] == ["received"] * 3


def test_batches_are_between_one_and_fifty(hall: Hall) -> None:
    with pytest.raises(Refusal, match="marks_batch_size"):
        receive_marks([], actor=hall.judges[0], at=AT)
    with pytest.raises(Refusal, match="marks_batch_size"):
        receive_marks([hall.mark(0, "A1-2", "1")] * 51, actor=hall.judges[0], at=AT)


def test_eight_senders_of_the_same_batch_leave_one_row_each(hall: Hall, app: Flask) -> None:
    batch = hall.whole(0, 0) + hall.whole(0, 1)
    answers: list[list[str]] = []

    def send() -> None:
        with app.app_context():
            answers.append([a.status for a in receive_marks(batch, actor=hall.judges[0], at=AT)])

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    db.session.rollback()
    assert sorted(answers) == [["duplicate"] * 6] * 7 + [["received"] * 6]
    assert stored() == 6
    sequences = session().scalars(select(Mark.sequence).order_by(Mark.sequence)).all()
    assert sequences == [1, 2, 3, 4, 5, 6]


def test_the_chain_is_verified_and_tampering_is_found(hall: Hall) -> None:
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=AT)
    [report] = verification.verify()
    assert (report.marks, report.broken_at) == (7, None)
    with transaction() as writing:
        dialect = writing.get_bind().dialect.name
        writing.execute(
            text("DROP TRIGGER mark_no_update" if dialect == "sqlite" else "ALTER TABLE mark DISABLE TRIGGER ALL")
        )
        writing.execute(update(Mark).where(Mark.sequence == 4).values(value="3"))
    db.session.rollback()
    assert [report.broken_at for report in verification.verify()] == [4]


def test_heads_are_rebuilt_from_the_marks_alone(hall: Hall) -> None:
    first, second = hall.mark(0, "A1-1", "1"), hall.mark(1, "A1-1", "0")
    receive_marks([first, hall.mark(0, "A1-2", "第1条", kind="note")], actor=hall.judges[0], at=AT)
    receive_marks([second], actor=hall.judges[1], at=AT)
    assert rebuild.rebuild_heads(hall.event_id, check=True) == []
    with transaction() as writing:
        writing.execute(update(MarkHead).values(value="1", conflict=False))
    db.session.rollback()
    different = [(first.work_id, first.aspect_id, hall.panel_id), (first.work_id, hall.aspects["A1-2"], hall.seats[0])]
    assert rebuild.rebuild_heads(hall.event_id) == sorted(different, key=str)
    assert rebuild.rebuild_heads(hall.event_id, check=True) == []


def test_sheets_are_rebuilt_from_the_marks_alone(hall: Hall) -> None:
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=AT)
    assert rebuild.rebuild_sheets(hall.event_id, check=True) == []
    with transaction() as writing:
        right = {row.id: row.state for row in writing.scalars(select(Sheet))}
        writing.execute(update(Sheet).values(state="open"))
    db.session.rollback()
    assert len(rebuild.rebuild_sheets(hall.event_id, check=True)) == 2
    rebuild.rebuild_sheets(hall.event_id)
    assert {row.id: row.state for row in session().scalars(select(Sheet))} == right
    with transaction() as writing:
        writing.execute(update(Sheet).values(state="signed"))  # the other work's sheets are empty: no state mends that
    db.session.rollback()
    assert len(rebuild.rebuild_sheets(hall.event_id)) == 2
    assert len(rebuild.rebuild_sheets(hall.event_id, check=True)) == 2


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_repetition_gives_the_same_heads(app: Flask, seed: int) -> None:
    """Three judges change their minds; their batches arrive shuffled and twice: the same heads, the same conflicts."""
    chance = random.Random(seed)
    one = make_hall()
    batches: list[tuple[int, list[MarkBody]]] = []
    for seat in range(3):
        for work in range(2):
            marks = one.whole(seat, work, str(chance.randint(0, 3)), str(chance.randint(0, 30)))
            marks += [one.later(mark, str(chance.randint(0, 1)), seat) for mark in chance.sample(marks, 2)]
            marks += [one.mark(seat, "A1-1", str(chance.randint(0, 1)), work)]
            batches += [(seat, marks[:2]), (seat, marks[2:])]
    seen = []
    for _ in range(2):
        order = batches + chance.sample(batches, 4)
        chance.shuffle(order)
        with transaction() as writing:
            nested = writing.begin_nested()
            for seat, marks in order:
                receive_marks(chance.sample(marks, len(marks)), actor=one.judges[seat], at=AT)
            heads = queries.stored_heads(writing, one.event_id)
            assert heads == queries.heads_from_marks(writing, one.event_id)
            seen.append({p: (None if h.conflict else h.value, h.leaves, h.conflict) for p, h in heads.items()})
            nested.rollback()
    assert seen[0] == seen[1]
    assert any(conflict for *_, conflict in seen[0].values()) or seed


def test_hashes_of_neighbours_are_linked(hall: Hall) -> None:
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=AT)
    links = session().execute(select(Mark.previous_hash, Mark.hash).order_by(Mark.sequence)).all()
    assert all(before.hash == after.previous_hash for before, after in pairwise(links))
