"""Lists: found by name, pinyin and unit, filtered and ordered by the address, given out as they are shown."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import delegations, entering
from competitions.judges.actions import JudgeFacts, invite_judge
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.competitions.test_query_counts import constant
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts
from tests.factories.rows import make_event


def column(data: bytes, index: int = 0) -> list[object]:
    return [row[index].value for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2)]


def test_delegations_are_searched_filtered_ordered_and_exported(
    app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]
) -> None:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    event = make_event(competition, code="HJ")
    made = {
        name: delegations.open_delegation(competition, name, actor=MACHINE, at=at)
        for name in ("滨江区", "临江市", "安平县")
    }
    delegations.appoint_officer(made["临江市"], "leader", "欧阳雨", user_name="ouyang", actor=MACHINE, at=at)
    division = event_row(event).divisions[0].id
    delegations.enter_for(made["滨江区"], event, division, [member_facts()], actor=MACHINE, at=at)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    page = f"/competitions/{competition}/delegations"
    for asked, expected in (
        ("?sort=name", ["安平县", "滨江区", "临江市"]),
        ("?sort=-entries&q=jiang", ["滨江区", "临江市"]),
        ("?q=ouyang", ["临江市"]),
        ("?q=bjq", ["滨江区"]),
        ("?state=waiting", ["滨江区"]),
        ("?state=empty&sort=name", ["安平县", "临江市"]),
        ("?state=leaderless&sort=-name", ["滨江区", "安平县"]),
        ("?state=sealed", []),
    ):
        shown = client.get(f"{page}.xlsx{asked}").data
        assert column(shown) == expected, asked
        text = client.get(page + asked).text
        assert [name for name in made if f">{name}</a>" in text] == [name for name in made if name in expected], asked
    constant(
        client, [page], lambda: delegations.open_delegation(competition, f"新队{len(made)}{at}", actor=MACHINE, at=at)
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("?sort=name", ["陈浩", "李芳", "赵海"]), ("?q=lf", ["李芳"]), ("?q=船厂", ["赵海"]), ("?sort=-unit", ["李芳", "赵海", "陈浩"]),
     ("?state=accepted", [])],
)  # fmt: skip
def test_the_judges_of_an_event_are_found_and_exported(
    app: Flask, at: datetime, signed_in: Callable[..., FlaskClient], asked: str, expected: list[str]
) -> None:
    competition = make_competition()
    event = make_event(competition, code="HJ")
    for name, unit in (("李芳", "重工"), ("陈浩", "学院"), ("赵海", "船厂")):
        invite_judge(event, JudgeFacts(name, unit_name=unit), "judge", actor=MACHINE, at=at)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    assert column(client.get(f"/events/{event}/judges.xlsx{asked}").data) == expected
    assert client.get(f"/events/{event}/judges{asked}").status_code == 200


def test_a_leader_prints_the_passes_of_the_own_delegation_alone(
    app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]
) -> None:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    event = make_event(competition, code="HJ")
    division = event_row(event).divisions[0].id
    mine, other = (delegations.open_delegation(competition, name, actor=MACHINE, at=at) for name in ("甲队", "乙队"))
    entries = [
        delegations.enter_for(sent, event, division, [member_facts(name_zh=name)], actor=MACHINE, at=at)
        for sent, name in ((mine, "林晓禾"), (other, "欧阳雨"))
    ]
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(mine)))
    page = f"/delegations/{mine}/passes.pdf"
    assert leader.get(page).status_code == 302  # no pass has a number yet
    for sent in (mine, other):
        delegations.submit_delegation(sent, actor=MACHINE, at=at)
    for entry in entries:
        entering.review_entry(entry, "accept", actor=MACHINE, at=at)
    entering.issue_passes(event, actor=MACHINE, at=at)
    printed = leader.get(page).data
    said = subprocess.run(["pdftotext", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode()
    assert ("林晓禾" in said, "欧阳雨" in said) == (True, False)
    assert leader.get(f"/entries/{entries[0]}/pass.png").data[:8] == b"\x89PNG\r\n\x1a\n"
    assert leader.get(f"/entries/{entries[1]}/pass.png").status_code == 404
    assert leader.get(f"/delegations/{other}/passes.pdf").status_code == 404
