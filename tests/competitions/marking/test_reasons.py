"""A sheet is signed when its reasons are written; what came from paper has its words on the paper."""

from __future__ import annotations

import pytest
from flask import Flask

from competitions.marking import desk
from competitions.marking.actions import paper, signing
from competitions.marking.ledger import receive_marks
from competitions.marking.queries import paper as queries
from competitions.rules.rule_set import RuleSet
from foundation.permission import Actor
from foundation.refusal import Refusal
from tests.conftest import AT
from tests.factories.accounts import make_person
from tests.factories.competitions import set_rules
from tests.factories.marking import Hall, make_hall


def marked(hall: Hall, judgements: tuple[str, str, str] = ("0", "1", "1")) -> None:
    for seat, judgement in enumerate(judgements):
        receive_marks(hall.whole(seat, 0, judgement=judgement), actor=hall.judges[seat], at=AT)


def listed(hall: Hall) -> object:
    return signing.make_signing_list(hall.panel_id, [hall.subs["A1"]], actor=hall.judges[0], at=AT)


def test_a_zero_without_a_reason_is_not_signed(app: Flask) -> None:
    hall = make_hall(works=1)
    marked(hall)
    with pytest.raises(Refusal, match="reasons_owed"):
        listed(hall)
    board = desk.panel_board(hall.panel_id, hall.judges[0].person)
    [(sub, [(work, why)])] = board.not_ready()
    assert (sub.code, work.id, why) == ("A1", hall.works[0], (("obstacle:reason", 1),))
    assert [one.code for one in board.to_sign()] == ["B1"]
    receive_marks([hall.mark(0, "A1-2", "有焊瘤", kind="note")], actor=hall.judges[0], at=AT)
    assert [one.code for one in desk.panel_board(hall.panel_id, hall.judges[0].person).to_sign()] == ["A1", "B1"]
    assert listed(hall)


def test_the_notice_may_ask_for_none(app: Flask) -> None:
    hall = make_hall(works=1)
    set_rules(hall.competition_id, RuleSet(comment_marks={}))
    marked(hall)
    assert listed(hall)


def test_what_clerks_keyed_in_needs_no_second_reason(app: Flask) -> None:
    hall = make_hall(works=1)
    row = paper.print_sheets(hall.panel_id, actor=hall.chief, at=AT)[0]
    given = {"A1-1": "1", "A1-2": "0", "B1-1": "20"}
    read = {cell.key: given[cell.aspect.code] for cell in queries.form_of(hall.panel_id).flat}
    clerks = [Actor(make_person(f"记分员{n}")) for n in range(2)]
    for clerk in clerks:
        paper.key_in(row.id, read, [1, 2, 3], actor=clerk, at=AT)
    paper.enter_paper(row.id, {}, actor=clerks[1], at=AT)
    board = desk.panel_board(hall.panel_id, hall.judges[0].person)
    assert board.owed == {}
