"""Rosters: every error named, good rows entered once, columns remembered, strangers not given away."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from accounts.people.models import Person
from competitions.entries.actions import entering, importing, registering
from competitions.entries.models.entries import Delegation, Entry
from competitions.entries.models.rosters import RosterImport
from competitions.entries.queries import entries as entry_queries
from competitions.entries.queries import rosters as queries
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.clock import new_id
from foundation.db import session, transaction
from foundation.jobs.actions import run_job
from foundation.permission import MACHINE
from foundation.refusal import Conflict, Refusal
from foundation.translation import sentence
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts
from tests.factories.rosters import HEADS, NAMES, line, number_of, workbook
from tests.factories.rows import make_event


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    return {"competition": competition, "event": make_event(competition, code="HJ"), "at": at}


def delegation(place: dict[str, Any], name: str = "江州重工代表队") -> Any:
    body = found_organization(name, kind=OrganizationKind.OTHER, actor=MACHINE, at=place["at"])
    with transaction() as writing:
        row = Delegation(
            id=new_id(), competition_id=place["competition"], organization_id=body, name=name, created_at=place["at"]
        )
        writing.add(row)
    return row.id


def send(place: dict[str, Any], data: bytes, **given: Any) -> RosterImport:
    made = importing.send_roster(place["competition"], data, name="名单.xlsx", actor=MACHINE, at=place["at"], **given)
    return queries.roster_import(made)


def problems(row: RosterImport) -> list[tuple[int, int | None, str]]:
    return [
        (one["row"], wrong["column"], wrong["code"])
        for one in queries.report_of(row)["wrong"]
        for wrong in one["wrong"]
    ]


def accept(row: RosterImport, place: dict[str, Any], *, only_good: bool = False) -> Any:
    return importing.accept_roster(row.id, only_good=only_good, actor=MACHINE, at=place["at"])


def figures(row: RosterImport) -> tuple[int, int, int]:
    return row.rows_new, row.rows_known, row.rows_wrong


def test_every_error_has_its_cell(place: dict[str, Any]) -> None:
    wrong = [
        line(1), line(2, 姓名="张3"), line(3, 身份证号=number_of(3)[:-1] + "?"), line(4, 民族="火星族", 手机号码="123"), line(5, 参赛项目="茶艺"),
        line(6, 组别="学生组"), line(7, 身份证号=number_of(1)), line(8, 本职业工作年限="很久"), line(9, 身份证号=""),
    ]  # fmt: skip
    row = send(place, workbook(wrong))
    assert problems(row) == [
        (3, 1, "name_form"), (4, 2, "identity_number_form"), (5, 5, "phone_form"), (5, 3, "roster_value_unknown"),
        (6, 9, "roster_event_unknown"), (7, 10, "roster_division_unknown"), (8, 2, "roster_row_twice"), (9, 8, "years_wrong"),
    ]  # fmt: skip
    assert figures(row) == (2, 0, 7)
    with pytest.raises(Refusal, match="roster_has_errors"):
        accept(row, place)
    accept(row, place, only_good=True)
    found = entry_queries.entries_of_event(place["event"])
    assert [one.members[0].person.name_zh for one in found] == [NAMES[1], NAMES[9 % 8]]
    assert {one.state for one in found} == {"submitted"}
    assert queries.roster_import(row.id).state == "accepted"


def test_the_same_file_comes_back_with_its_errors(place: dict[str, Any]) -> None:
    row = send(place, workbook([line(1), line(2, 姓名="张3"), line(3, 手机号码="1")]))

    def marked(data_of: RosterImport) -> list[list[Any]]:
        data = importing.marked_roster(
            data_of.id, title="错误说明", say=lambda one: sentence(one["code"], **one["facts"])
        )
        return [[cell.value for cell in cells] for cells in openpyxl.load_workbook(io.BytesIO(data)).active]

    back = marked(row)
    assert [len(cells) for cells in back] == [len(HEADS) + 1] * 4
    assert [bool(cells[-1]) for cells in back] == [True, False, True, True]
    assert back[2][:3] == ["2", "张3", number_of(2)] or back[2][:3] == [2, "张3", number_of(2)]
    back[2][1], back[3][5] = "张三", "13800138001"
    again = send(place, workbook(back[1:], heads=back[0]))
    assert figures(again) == (3, 0, 0)


def test_a_second_upload_and_a_repeated_job_enter_nobody_twice(place: dict[str, Any]) -> None:
    data = workbook([line(serial) for serial in range(1, 131)])
    row = send(place, data)
    job = accept(row, place)
    assert job is not None
    from datetime import timedelta

    run_job(job, lease=timedelta(seconds=60))
    assert importing.store_roster(row.id, actor=MACHINE, at=place["at"]) == 0
    assert len(entry_queries.entries_of_event(place["event"])) == 130
    assert sorted(one.number for one in entry_queries.entries_of_event(place["event"])) == list(range(1, 131))
    assert figures(send(place, data)) == (0, 130, 0)
    assert accept(queries.roster_import(row.id), place) == job


def test_a_killed_worker_leaves_whole_rows_and_the_next_goes_on(
    place: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = send(
        place, workbook([line(serial, 身份证号="", 姓名="张伟", 工作单位=f"第{serial}厂") for serial in range(1, 251)])
    )
    accept(row, place)

    def killed(done: int, _total: int) -> None:
        if done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.store_roster(row.id, actor=MACHINE, at=place["at"], progress=killed)
    assert len(entry_queries.entries_of_event(place["event"])) == 200
    assert importing.store_roster(row.id, actor=MACHINE, at=place["at"]) == 50
    assert len(entry_queries.entries_of_event(place["event"])) == 250


def test_columns_assigned_by_hand_are_remembered_by_the_body(place: dict[str, Any]) -> None:
    mine, other = delegation(place), delegation(place, "他队")
    data = workbook([["林晓禾", "甲厂", number_of(1)]], heads=["姓名", "部门", "档案编码"])
    with pytest.raises(Refusal, match="roster_no_heads"):
        send(place, data, delegation_id=mine)
    data = workbook([["林晓禾", "甲厂", number_of(1), "男"]], heads=["姓名", "部门", "档案编码", "性别"])
    row = send(place, data, delegation_id=mine)
    assert set(row.columns.values()) == {"name_zh", "sex"}
    given = {0: "name_zh", 1: "unit_name", 2: "identity_number", 3: "sex"}
    importing.assign_columns(row.id, given, actor=MACHINE, at=place["at"])
    assert queries.roster_import(row.id).columns == {str(place): field for place, field in given.items()}
    assert set(send(place, data, delegation_id=mine).columns.values()) == set(given.values())
    assert set(send(place, data, delegation_id=other).columns.values()) == {"name_zh", "sex"}
    with pytest.raises(Refusal, match="roster_columns_wrong"):
        importing.assign_columns(row.id, {0: "name_zh", 1: "name_zh"}, actor=MACHINE, at=place["at"])


def test_a_delegation_enters_its_own_people_alone(place: dict[str, Any]) -> None:
    mine = delegation(place)
    heads = [*HEADS, "代表队"]
    row = send(
        place,
        workbook([[*line(1), "江州重工代表队"], [*line(2), "他队"], [*line(3), ""]], heads=heads),
        delegation_id=mine,
    )
    assert problems(row) == [(3, 11, "roster_other_delegation")]
    accept(row, place, only_good=True)
    assert {one.delegation_id for one in entry_queries.entries_of_event(place["event"])} == {mine}
    move_competition(place["competition"], "close_registration", actor=MACHINE, at=place["at"])
    with pytest.raises(Refusal, match="registration_not_open"):
        send(place, workbook([line(4)]), delegation_id=mine)


def test_whose_number_it_is_is_settled_at_acceptance(place: dict[str, Any]) -> None:
    at, division = place["at"], event_row(place["event"]).divisions[0].id
    other = make_event(place["competition"], code="DG")
    known = entering.enter(other, event_row(other).divisions[0].id, [member_facts(name_zh=NAMES[1], document_number=number_of(1), phone="")], actor=MACHINE, at=at)  # fmt: skip
    entering.enter(
        other,
        event_row(other).divisions[0].id,
        [member_facts(name_zh="赵海", document_number=number_of(2))],
        actor=MACHINE,
        at=at,
    )
    entering.enter(
        place["event"], division, [member_facts(name_zh=NAMES[3], document_number=number_of(3))], actor=MACHINE, at=at
    )
    mine = delegation(place)
    row = send(place, workbook([line(1), line(2), line(3), line(4)]), delegation_id=mine, event_id=place["event"])
    assert figures(row) == (4, 0, 0)  # nothing told of the three who are known
    accept(row, place)
    made = session().scalars(select(Entry).where(Entry.roster_import_id == row.id).order_by(Entry.number)).all()
    assert {one.state for one in made} == {"draft"}  # the leader hands everything in at once
    for one in made:
        registering.submit(one.id, actor=MACHINE, at=at)
    entering.review_entry(made[0].id, "accept", actor=MACHINE, at=at)
    person = entry_queries.entry(known).members[0].person_id
    assert entry_queries.entry(made[0].id).members[0].person_id == person
    assert session().get_one(Person, person).phone is not None  # what was missing is added
    for entry, code in ((made[1], "identity_name_differs"), (made[2], "already_entered")):
        with pytest.raises(Refusal, match=code):
            entering.review_entry(entry.id, "accept", actor=MACHINE, at=at)
    entering.review_entry(made[3].id, "accept", actor=MACHINE, at=at)
    assert not entry_queries.entry(made[3].id).members[0].person.documents[0].asserted


def test_an_imported_person_claims_with_the_code(place: dict[str, Any]) -> None:
    row = send(place, workbook([line(1)]))
    accept(row, place)
    entry = entry_queries.entries_of_event(place["event"])[0]
    code = entering.issue_claim_code(entry.members[0].id, actor=MACHINE, at=place["at"])
    with pytest.raises(Refusal, match="identity_not_confirmed"):
        entering.claim(
            NAMES[1],
            "resident_identity_card",
            number_of(2),
            code,
            password="guihuaxiang",
            user_name="a",
            at=place["at"],
        )
    person = entering.claim(NAMES[1], "resident_identity_card", number_of(1), code, password="guihuaxiang", user_name="linxiaohe", at=place["at"])  # fmt: skip
    assert entry_queries.entry(entry.id).members[0].person_id == person


def test_teams_are_entered_whole(place: dict[str, Any]) -> None:
    event = make_event(place["competition"], code="TD", name_zh="团队", team_size=2)
    heads = [*HEADS, "队名"]
    lines = [[*line(n, 参赛项目="团队", **more), team] for n, team, more in (
        (1, "甲", {}), (2, "乙", {}), (3, "甲", {}), (4, "乙", {"手机号码": "1"}), (5, "丙", {}))]  # fmt: skip
    row = send(place, workbook(lines, heads=heads))
    assert [(number, code) for number, _column, code in problems(row)] == [
        (3, "roster_team_waits"), (5, "phone_form"), (6, "entry_team_size_wrong")]  # fmt: skip
    accept(row, place, only_good=True)
    (team,) = entry_queries.entries_of_event(event)
    assert [member.person.name_zh for member in team.members] == [NAMES[1], NAMES[3]]


@pytest.mark.parametrize(
    ("form", "heads", "row", "above", "unit"),
    [
        ("appraisal", ["姓名", "证件类型", "身份证号", "考生申报条件", "考生来源", "工作单位"], ["林晓禾", "居民身份证", number_of(1), "三年", "企业", "甲厂"], [], "甲厂"),
        ("enterprise", ["序号", "竞赛工种", "竞赛选手姓名", "出生年月", "身份证号"], [1, "焊工", "林晓禾", "1970年1月", number_of(1)], [["申请日期", "", "所在单位", "乙厂"]], "乙厂"),
        ("district", ["区、县（市）", "姓名", "单位"], ["江北区", "林晓禾", "丙厂"], [], "丙厂"),
    ],
)  # fmt: skip
def test_known_forms_are_recognised(
    place: dict[str, Any], form: str, heads: list[str], row: list[Any], above: list[Any], unit: str
) -> None:
    found = send(place, workbook([row], heads=heads, above=above))
    assert (found.form, figures(found)) == (form, (1, 0, 0))
    accept(found, place)
    assert entry_queries.entries_of_event(place["event"])[0].members[0].unit_name == unit


def test_a_discarded_roster_is_settled(place: dict[str, Any]) -> None:
    row = send(place, workbook([line(1)]))
    importing.discard_roster(row.id, actor=MACHINE, at=place["at"])
    with pytest.raises(Conflict, match="roster_settled"):
        accept(row, place)
