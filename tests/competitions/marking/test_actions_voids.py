"""Left out after marking began: two people, sheets that no longer wait, results that say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from accounts.access.roles import Role
from competitions.marking.actions import signing, voids
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Sheet
from competitions.marking.queries import marks as queries
from competitions.marking.queries import voids as void_queries
from competitions.marking.queries.finality import open_in_event
from competitions.publications import actions as publishing
from competitions.results import queries as runs
from competitions.schemes.models import Aspect, MarkingScheme
from foundation.clock import new_id
from foundation.db import session, transaction
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories.accounts import make_person
from tests.factories.marking import Hall, make_hall
from tests.factories.results import Ready, make_ready, signed_run


@pytest.fixture
def hall(app: Flask) -> Hall:
    return make_hall()


@pytest.fixture
def supervisor(app: Flask) -> Actor:
    return Actor(make_person("吴监督"))


def ask(hall: Hall, aspect: str, way: str, reason: str = "量具损坏") -> UUID:
    return voids.ask_void(hall.event_id, "aspect", hall.aspects[aspect], way, reason, actor=hall.chief, at=AT)


def states(hall: Hall) -> list[str]:
    session().expire_all()
    return sorted(session().scalars(select(Sheet.state).where(Sheet.event_id == hall.event_id)))


def without_points(hall: Hall) -> None:
    """Everything is marked but A1-2 of the second judge."""
    for seat in range(3):
        marks = [m for work in range(2) for m in hall.whole(seat, work)]
        receive_marks(
            [m for m in marks if (seat, m.aspect_id) != (1, hall.aspects["A1-2"])], actor=hall.judges[seat], at=AT
        )


def test_what_is_left_out_no_longer_keeps_a_sheet_open(hall: Hall, supervisor: Actor) -> None:
    without_points(hall)
    assert states(hall) == ["complete", "complete", "open", "open"]
    void = ask(hall, "A1-2", "leave_out")
    assert [matter.code for matter in open_in_event(hall.event_id)] == [
        "open:incomplete",
        "open:unsigned",
        "open:voids",
    ]
    with pytest.raises(Refusal, match="correction_other_person"):
        voids.agree_void(void, actor=hall.chief, at=AT)
    assert states(hall) == ["complete", "complete", "open", "open"]
    voids.agree_void(void, actor=supervisor, at=AT)
    voids.agree_void(void, actor=supervisor, at=AT)
    assert states(hall) == ["complete"] * 4
    receive_marks([hall.mark(0, "A1-1", "1")], actor=hall.judges[0], at=AT)  # a later mark looks at the sheet again
    assert "complete" in states(hall)
    back = ask(hall, "A1-2", "count", "量具修好")
    voids.agree_void(back, actor=supervisor, at=AT)
    assert "open" in states(hall)
    assert void_queries.said(hall.event_id) == []


def test_what_counts_again_must_be_marked_where_it_was_signed(hall: Hall, supervisor: Actor) -> None:
    without_points(hall)
    voids.agree_void(ask(hall, "A1-2", "full"), actor=supervisor, at=AT)
    made = signing.make_signing_list(hall.panel_id, list(hall.subs.values()), actor=hall.judges[0], at=AT)
    for seat in range(3):
        signing.sign_list(made, hall.seats[seat], queries.signing_list(made).hash, actor=hall.judges[seat], at=AT)
    with pytest.raises(Refusal, match="void_signed_empty"):
        voids.agree_void(ask(hall, "A1-2", "count"), actor=supervisor, at=AT)
    assert states(hall) == ["signed"] * 4


def test_what_is_refused(hall: Hall, supervisor: Actor) -> None:
    with pytest.raises(Refusal, match="void_not_frozen"):
        ask(hall, "A1-2", "full")
    without_points(hall)
    for way, reason, code in (
        ("full", " ", "reason_missing"), ("half", "x", "void_way"), ("count", "x", "void_nothing_to_restore"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            ask(hall, "A1-2", way, reason)
    with pytest.raises(Missing):
        voids.ask_void(hall.event_id, "aspect", new_id(), "full", "x", actor=hall.chief, at=AT)
    with pytest.raises(Missing):
        voids.ask_void(make_hall().event_id, "aspect", hall.aspects["A1-2"], "full", "x", actor=hall.chief, at=AT)
    void = ask(hall, "A1-2", "full")
    with pytest.raises(Conflict, match="void_waits"):
        ask(hall, "A1-2", "leave_out")
    voids.refuse_void(void, "不必", actor=supervisor, at=AT)
    with pytest.raises(Conflict, match="move_not_allowed"):
        voids.agree_void(void, actor=supervisor, at=AT)
    assert void_queries.voided_aspects(hall.event_id) == frozenset()


def frozen(ready: Ready) -> dict[str, UUID]:
    with transaction() as writing:
        writing.execute(update(MarkingScheme).where(MarkingScheme.event_id == ready.event_id).values(state="frozen"))
        wanted = select(Aspect.code, Aspect.id).join(MarkingScheme, MarkingScheme.id == Aspect.scheme_id)
        return {row[0]: row[1] for row in writing.execute(wanted.where(MarkingScheme.event_id == ready.event_id))}


def test_results_are_outdated_and_the_next_ones_say_what_was_left_out(app: Flask, at: datetime) -> None:
    ready = make_ready()
    aspects, first = frozen(ready), signed_run(ready, at=at)
    void = voids.ask_void(ready.event_id, "aspect", aspects["A1-2"], "rescale", "评分点有误", actor=ready.chief, at=at)
    with pytest.raises(Refusal, match="open:voids"):
        publishing.propose_results(first, actor=ready.organizer, at=at)
    voids.agree_void(void, actor=ready.supervisor, at=at)
    with pytest.raises(Conflict, match="run_outdated"):
        publishing.propose_results(first, actor=ready.organizer, at=at)
    run = signed_run(ready, reason="A1-2 作废")
    names = {key: name for name, key in ready.entries.items()}
    totals = {names[row.entry_id]: row.total for row in runs.run(run).rows}
    # 王强: theory 80 × 0.3; A1-1 alone carries A's 70; points (24+25+26)/3.
    assert totals["王强"] == 24 + Fraction(7, 10) * (40 * Fraction(70, 40) + 25)
    said = [{"level": "aspect", "code": "A1-2", "way": "rescale", "reason": "评分点有误"}]
    assert [{k: one[k] for k in said[0]} for one in runs.left_out(runs.run(run))] == said
    assert all(report.holds for report in runs.verify_runs())
    notice = publishing.propose_results(run, actor=ready.organizer, at=at)
    page = app.test_client().get(f"/publications/{notice}").text
    assert "不计分，其余按比例放大" in page
    assert "评分点有误" in page


def test_the_pages_of_the_two(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    without_points(hall)
    scope = Scope(ScopeKind.EVENT, str(hall.event_id))
    chief, supervisor = signed_in(Role.CHIEF_JUDGE, scope), signed_in(Role.SUPERVISOR, scope)
    address = f"/events/{hall.event_id}/voids"
    target = f"aspect|{hall.aspects['A1-2']}"
    assert chief.post(address, data={"target": "x", "way": "full", "reason": "x"}).status_code == 422
    wrong = chief.post(address, data={"target": target, "way": "", "reason": "量具损坏"})
    assert (wrong.status_code, "量具损坏" in wrong.text) == (422, True)
    assert chief.post(address, data={"target": target, "way": "full", "reason": "量具损坏"}).status_code == 302
    [row] = void_queries.decisions(hall.event_id)
    assert supervisor.post(address, data={"target": target, "way": "full", "reason": "x"}).status_code == 404
    assert chief.post(f"/marking/voids/{row.id}/agree").status_code == 404
    assert "全体按满分计" in supervisor.get(address).text
    assert supervisor.post(f"/marking/voids/{row.id}/agree").status_code == 302
    assert void_queries.voided_aspects(hall.event_id) == {hall.aspects["A1-2"]}
