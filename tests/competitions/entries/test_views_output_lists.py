"""Output lists from data: what an office's form asks stands in its columns; whoever may not see numbers in clear does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import fields
from competitions.entries.actions.entering import issue_passes
from competitions.entries.output_lists import SHIPPED, filled, layout_of, layouts, unknown_values
from competitions.entries.queries import entries
from competitions.rules.registration_fields import Field
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Refusal
from foundation.web import columns
from tests.factories import certification, results


def sheet(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]]


@pytest.fixture
def decided(app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]) -> tuple[results.Ready, FlaskClient]:
    ready = results.make_ready()
    issue_passes(ready.event_id, actor=MACHINE, at=at)
    results.decided(ready)
    return ready, signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(ready.competition_id)))


def test_every_shipped_layout_asks_for_what_somebody_offers(app: Flask) -> None:
    found = layouts((SHIPPED,))
    assert set(found) == {"r3_contest_record", "r5_admission", "r6_scores", "r6_certificates"}
    assert {key: unknown_values(layout, columns.offered()) for key, layout in found.items()} == {
        key: [] for key in found
    }


def test_r3_the_roster_of_those_who_won(decided: tuple[results.Ready, FlaskClient]) -> None:
    ready, client = decided
    rows = sheet(client.get(f"/competitions/{ready.competition_id}/lists/r3_contest_record.xlsx").data)
    assert rows[0] == ["序号", "参赛工种", "姓名", "性别", "获奖名次"]
    names = {row.members[0].person.name_zh for row in entries.entries_of_event(ready.event_id)}
    assert [row[0] for row in rows[1:]] == list(range(1, len(rows)))
    assert {row[2] for row in rows[1:]} <= names


def test_r6_scores_and_pass_come_from_the_decided_publication(decided: tuple[results.Ready, FlaskClient]) -> None:
    ready, client = decided
    rows = sheet(client.get(f"/competitions/{ready.competition_id}/lists/r6_scores.xlsx").data)
    assert rows[0] == [
        "准考证号",
        "报名时间",
        "鉴定职业",
        "级别",
        "理论成绩",
        "实操成绩",
        "外语成绩",
        "综合成绩",
        "评定成绩",
    ]
    passed = {row.pass_number for row in entries.entries_of_event(ready.event_id) if row.pass_number}
    assert {row[0] for row in rows[1:]} == passed
    [first] = [row for row in rows[1:] if row[0] == min(passed)]
    assert (first[2], first[6], first[7]) == ("焊工", None, None)
    scored = [row for row in rows[1:] if row[4] and row[5]]
    assert scored
    assert {row[8] for row in scored} <= {"合格", "不合格"}
    assert all((row[8] == "合格") == (float(row[4]) >= 60 and float(row[5]) >= 60) for row in scored)


def test_r6_certificates_come_from_the_register(
    app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]
) -> None:
    key = certification.make_issued(certification.make_issuer())
    from certification.certificates.queries.register import certificate

    row = certificate(key)
    found = columns.values(
        row.competition_id, [columns.ListRow(key, key, row.person_id)], frozenset({"certificate_number"})
    )  # type: ignore[arg-type]
    assert found[key]["certificate_number"] == row.number
    assert found[key]["certificate_grade"] == f"@grade_name:{row.grade}"
    layout = layouts((SHIPPED,))["r6_certificates"]
    assert filled(layout, [{"pass_number": "HJ2", **found[key]}, {"pass_number": "HJ1"}])[0][:2] == ["HJ2", row.number]


def test_r5_a_card_a_person_with_room_and_seat_from_fields(
    decided: tuple[results.Ready, FlaskClient], at: datetime
) -> None:
    ready, client = decided
    for key, label in (("room", "考场"), ("seat", "座号")):
        fields.add_field(ready.competition_id, Field(key, "text", filled_by="organizer"), label, actor=MACHINE, at=at)
    row = next(one for one in entries.entries_of_event(ready.event_id) if one.pass_number)
    fields.note_answers(row.id, 1, {"room": "三号厂房", "seat": "07"}, capacity="organizer", actor=MACHINE, at=at)
    address = f"/competitions/{ready.competition_id}/lists/r5_admission"
    shown = sheet(client.get(f"{address}.xlsx").data)
    assert shown[0][:3] == ["姓名", "准考证号", "身份证号"]
    [card] = [line for line in shown[1:] if line[1] == row.pass_number]
    assert (card[6], card[7]) == ("三号厂房", "07")
    for document in row.members[0].person.documents:
        number = document.number.revealed()
        assert card[2] == "*" * (len(number) - 4) + number[-4:]
        clear = sheet(client.get(f"{address}.xlsx?clear=yes").data)
        assert number in [line[2] for line in clear]
    printed = client.get(f"{address}.pdf")
    assert (printed.status_code, printed.data[:5]) == (200, b"%PDF-")


def test_the_page_names_what_is_missing_and_others_do_not_reach_it(
    decided: tuple[results.Ready, FlaskClient], signed_in: Callable[..., FlaskClient]
) -> None:
    ready, client = decided
    page = f"/competitions/{ready.competition_id}/lists"
    assert "<code>seat</code>" in client.get(page).text
    assert client.get(f"{page}/unknown.xlsx").status_code == 404
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(ready.competition_id)))
    assert leader.get(page).status_code == 404


@pytest.mark.parametrize("text", ["key = ", 'key = "a"', 'key="a"\nform="poem"\ntitle="x"\n[[columns]]\nhead="x"'])
def test_a_layout_that_makes_no_sense_says_so(text: str) -> None:
    with pytest.raises(Refusal, match="list_layout_wrong"):
        layout_of(text)
