"""Paper: two clerks, neither sees the other's; differences settled; the same ledger, the same signatures."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from accounts.access.roles import Role
from competitions.marking import verification
from competitions.marking.actions import paper, signing
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Mark, MarkHead, SheetSignature
from competitions.marking.models.paper import PaperSheet
from competitions.marking.queries import marks
from competitions.marking.queries import paper as queries
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Refusal
from tests.conftest import AT
from tests.factories.accounts import make_grant, make_person
from tests.factories.marking import Hall, make_hall


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall(works=1)


@pytest.fixture
def clerks(hall: Hall) -> list[Actor]:
    people = [make_person(f"记分员{n}") for n in range(3)]
    for person in people:
        make_grant(person, Role.TALLY_CLERK, Scope(ScopeKind.EVENT, str(hall.event_id)))
    return [Actor(person) for person in people]


def printed(hall: Hall) -> PaperSheet:
    return paper.print_sheets(hall.panel_id, actor=hall.chief, at=AT)[0]


def read(hall: Hall, **change: str) -> dict[str, str]:
    """What a clerk reads: every cell, with changes by aspect code and seat, `A1-2_1`."""
    given = {"A1-1": "1", "A1-2": "2", "B1-1": "20"}
    found = {}
    for cell in queries.form_of(hall.panel_id).flat:
        found[cell.key] = change.get(f"{cell.aspect.code}_{cell.seat or 0}".replace("-", "x"), given[cell.aspect.code])
    return found


def test_two_clerks_settle_and_the_marks_enter_the_ledger(hall: Hall, clerks: list[Actor]) -> None:
    row = printed(hall)
    with pytest.raises(Refusal, match="paper_not_keyed"):
        paper.enter_paper(row.id, {}, actor=clerks[0], at=AT)
    paper.key_in(row.id, read(hall), [1, 2, 3], actor=clerks[0], at=AT)
    with pytest.raises(Conflict, match="paper_keyed_by_you"):
        paper.key_in(row.id, read(hall), [1], actor=clerks[0], at=AT)
    with pytest.raises(Refusal, match="paper_value"):
        paper.key_in(row.id, read(hall, B1x1_2="31"), [1], actor=clerks[1], at=AT)
    paper.key_in(row.id, read(hall, B1x1_2="26"), [1, 2, 3], actor=clerks[1], at=AT)
    with pytest.raises(Conflict, match="paper_keyed"):
        paper.key_in(row.id, read(hall), [1], actor=clerks[2], at=AT)
    [differs] = [c.key for c in queries.form_of(hall.panel_id).flat if (c.aspect.code, c.seat) == ("B1-1", 2)]
    with pytest.raises(Refusal, match="paper_unsettled"):
        paper.enter_paper(row.id, {differs: "25"}, actor=clerks[0], at=AT)
    assert paper.enter_paper(row.id, {differs: "26"}, actor=clerks[0], at=AT) == 7
    assert paper.enter_paper(row.id, {differs: "20"}, actor=clerks[1], at=AT) == 0
    stored = session().scalars(select(Mark)).all()
    assert {(m.status, m.device_id) for m in stored} == {("received", row.id)}
    assert sorted(m.device_sequence for m in stored) == list(range(1, 8))
    assert session().get_one(MarkHead, (hall.works[0], hall.aspects["B1-1"], hall.seats[1])).value == "26"
    assert {m.judge_id for m in stored} == {judge.person for judge in hall.judges}
    assert marks.open_work(hall.event_id)["complete"] == 2

    with pytest.raises(Refusal, match="paper_scan_missing"):
        paper.take_signatures(hall.panel_id, actor=clerks[0], at=AT)
    paper.file_scan(row.id, b"%PDF-1.4 scan", actor=clerks[0], at=AT)
    made = paper.take_signatures(hall.panel_id, actor=clerks[0], at=AT)
    assert {s.kind for s in session().scalars(select(SheetSignature))} == {"paper"}
    signing.confirm_list(made, actor=hall.chief, at=AT)
    assert marks.open_work(hall.event_id)["confirmed"] == 2
    assert [report.broken_at for report in verification.verify()] == [None]
    with pytest.raises(Refusal, match="paper_nothing_to_sign"):
        paper.take_signatures(hall.panel_id, actor=clerks[0], at=AT)


def test_a_seat_that_one_clerk_did_not_see_signs_itself(hall: Hall, clerks: list[Actor]) -> None:
    row = printed(hall)
    paper.key_in(row.id, read(hall), [1, 2, 3], actor=clerks[0], at=AT)
    paper.key_in(row.id, read(hall), [1, 3, 9], actor=clerks[1], at=AT)
    paper.enter_paper(row.id, {}, actor=clerks[1], at=AT)
    paper.file_scan(row.id, b"%PDF-1.4", actor=clerks[0], at=AT)
    made = paper.take_signatures(hall.panel_id, actor=clerks[0], at=AT)
    assert set(marks.signatures_of(made)) == {hall.seats[0], hall.seats[2]}
    with pytest.raises(Refusal, match="list_unsigned"):
        signing.confirm_list(made, actor=hall.chief, at=AT)


def test_a_tablet_in_between_makes_a_conflict_and_no_signature(hall: Hall, clerks: list[Actor]) -> None:
    row = printed(hall)
    receive_marks([hall.mark(0, "B1-1", "11")], actor=hall.judges[0], at=AT)
    for clerk in clerks[:2]:
        paper.key_in(row.id, read(hall), [1, 2, 3], actor=clerk, at=AT)
    paper.enter_paper(row.id, {}, actor=clerks[0], at=AT)
    assert session().get_one(MarkHead, (hall.works[0], hall.aspects["B1-1"], hall.seats[0])).conflict
    paper.file_scan(row.id, b"%PDF-1.4", actor=clerks[0], at=AT)
    with pytest.raises(Refusal, match=r"paper_overtaken|sheets_incomplete"):
        paper.take_signatures(hall.panel_id, actor=clerks[0], at=AT)


def test_a_second_print_makes_the_first_void(hall: Hall, clerks: list[Actor]) -> None:
    first = printed(hall)
    second = printed(hall)
    with pytest.raises(Refusal, match="paper_void"):
        paper.key_in(first.id, read(hall), [], actor=clerks[0], at=AT)
    paper.key_in(second.id, read(hall), [], actor=clerks[0], at=AT)


def test_the_pages(hall: Hall, clerks: list[Actor], signed_in: Callable[..., FlaskClient]) -> None:
    one, two = (signed_in(person_id=clerk.person) for clerk in clerks[:2])
    pdf = one.post(f"/marking/panels/{hall.panel_id}/paper.pdf")
    assert pdf.data.startswith(b"%PDF-")
    [(row, work)] = queries.paper_sheets(hall.event_id)
    address = f"/marking/paper/{row.id}"
    assert "按纸质表录入" in one.get(address).get_data(as_text=True)
    wrong = one.post(f"{address}/key", data=read(hall, A1x2_1="7"))
    assert (wrong.status_code, "7" in wrong.get_data(as_text=True)) == (422, True)
    assert one.post(f"{address}/key", data=read(hall, A1x2_1="1") | {"signed": ["1", "2", "3"]}).status_code == 302
    assert "按纸质表录入" not in one.get(address).get_data(as_text=True)
    blank = two.get(address).get_data(as_text=True)
    assert 'value="1"' not in blank.split("纸上的签名")[0]  # the other clerk's values are not on the page
    two.post(f"{address}/key", data=read(hall) | {"signed": ["1", "2", "3"]})
    assert "有 1 格录入不一致" in two.get(address).get_data(as_text=True)
    [differs] = [c.key for c in queries.form_of(hall.panel_id).flat if (c.aspect.code, c.seat) == ("A1-2", 1)]
    two.post(f"{address}/enter", data={differs: "1"})
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    picture.seek(0)
    assert two.post(f"{address}/scan", data={"scan": (picture, "x.png")}).status_code == 302
    assert two.get(f"{address}/scan").mimetype == "image/png"
    assert two.post(f"{address}/scan", data={"scan": (io.BytesIO(b"MZ"), "x.pdf")}).status_code == 422
    two.post(f"/marking/panels/{hall.panel_id}/paper/signatures")
    assert work.code in two.get(f"/events/{hall.event_id}/paper").get_data(as_text=True)
    chief = signed_in(person_id=hall.chief.person)
    [row] = marks.lists_of(hall.event_id)
    assert "纸质签名" in chief.get(f"/marking/lists/{row.id}").get_data(as_text=True)
    assert chief.get(f"{address}/scan").status_code == 404
    judge = signed_in(person_id=hall.judges[0].person)
    assert judge.get(address).status_code == 404
