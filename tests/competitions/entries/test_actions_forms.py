"""The forms of offices set up without code: their odd columns are fields of the competition, read from a roster and given back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import delegations, fields, importing
from competitions.entries.queries import entries
from competitions.entries.queries import fields as queries
from competitions.entries.queries import rosters as roster_queries
from competitions.programme.actions import move_competition
from competitions.rules.registration_fields import Field, Option
from foundation.files.queries import file_bytes
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Refusal
from tests.factories.competitions import make_competition
from tests.factories.entries import picture
from tests.factories.rosters import NAMES, number_of, workbook
from tests.factories.rows import make_event

EXAM = (Option("new", "新考"), Option("again", "补考"))
R1_HEADS = (
    "姓名", "证件类型", "身份证号", "性别", "民族", "文化程度", "手机号码", "考生申报条件", "考生来源", "工作单位", "通讯地址",
    "本职业工作年限", "电子邮箱", "原证书号", "原职业（工种）", "理论考试", "实操考试", "综合考试", "外语考试",
)  # fmt: skip
R2_HEADS = (
    "序号", "竞赛工种", "竞赛选手姓名", "性别", "出生年月", "文化程度", "入厂时间", "技能等级", "身份证号", "手机号码", "备注",
)  # fmt: skip


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    event = make_event(competition, code="HJ", name_zh="焊接", divisions=("worker",))
    sent = delegations.open_delegation(competition, "江州重工", actor=MACHINE, at=at)
    return {"competition": competition, "event": event, "delegation": sent, "at": at}


def ask(place: dict[str, Any], label: str, field: Field) -> UUID:
    return fields.add_field(place["competition"], field, label, actor=MACHINE, at=place["at"])


def send(place: dict[str, Any], data: bytes, **given: Any) -> Any:
    whole = {"delegation_id": place["delegation"]} | given
    made = importing.send_roster(place["competition"], data, name="表.xlsx", actor=MACHINE, at=place["at"], **whole)
    return roster_queries.roster_import(made)


def accept(place: dict[str, Any], roster: Any) -> None:
    importing.accept_roster(roster.id, only_good=False, actor=MACHINE, at=place["at"])


def told(place: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    members = [row.members[0] for row in entries.entries_of_event(place["event"])]
    given = queries.answers_of([one.id for one in members])
    return [(one.person.name_zh, given.get(one.id, {})) for one in members]


def r1_line(serial: int, **changed: Any) -> list[Any]:
    values = dict(
        zip(
            R1_HEADS,
            (NAMES[serial], "居民身份证", number_of(serial), "", "汉族", "技工学校", "13800138000", "从事本职业满5年", "企业", "江州重工",
             "江州市学府路1号", "6", f"a{serial}@example.org", "", "", "新考", "补考", "", ""),
            strict=True,
        )
    ) | changed  # fmt: skip
    return [values[head] for head in R1_HEADS]


def test_r1_the_candidate_data_of_appraisal_centres(place: dict[str, Any]) -> None:
    ask(place, "考生申报条件", Field("condition", "choice", required=True, filled_by="leader",
                                options=(Option("a", "从事本职业满5年"), Option("b", "取得高级工满2年"))))  # fmt: skip
    ask(place, "电子邮箱", Field("mail", "text"))
    for key, label in (
        ("theory", "理论考试"),
        ("skill", "实操考试"),
        ("review", "综合考试"),
        ("language", "外语考试"),
    ):
        ask(place, label, Field(key, "choice", filled_by="leader", options=EXAM))
    wrong = send(place, workbook([r1_line(1), r1_line(2, 理论考试="重考")], R1_HEADS))
    report = roster_queries.report_of(wrong)
    assert (wrong.form, wrong.rows_new, wrong.rows_wrong) == ("appraisal", 1, 1)
    [cell] = report["wrong"][0]["wrong"]
    assert (report["heads"][cell["column"]], cell["code"]) == ("理论考试", "field_choice_unknown")
    accept(
        place, send(place, workbook([r1_line(1), r1_line(2, 考生申报条件="取得高级工满2年", 电子邮箱="")], R1_HEADS))
    )
    exams = {"theory": "new", "skill": "again"}
    assert told(place) == [
        (NAMES[1], {"condition": "a", "mail": "a1@example.org"} | exams),
        (NAMES[2], {"condition": "b"} | exams),
    ]


def test_r2_the_entry_form_of_an_enterprise_with_its_head(place: dict[str, Any]) -> None:
    post = (Option("1", "生产岗位"), Option("2", "检修岗位"))
    for key, label, kind in (
        ("applied_on", "申请日期", "date"),
        ("form_no", "表单编号", "text"),
        ("clerk", "经办人", "text"),
    ):
        ask(place, label, Field(key, kind, filled_by="leader", about="delegation"))
    ask(place, "联系电话", Field("desk_phone", "text", filled_by="leader", about="delegation"))
    ask(
        place, "岗位类型", Field("posts", "choice", filled_by="leader", about="delegation", options=post, required=True)
    )
    ask(place, "入厂时间", Field("joined_on", "date", filled_by="leader"))
    ask(place, "备注", Field("remark", "text", filled_by="leader"))
    line = [
        1,
        "焊接",
        NAMES[1],
        "",
        "1990-05",
        "技工学校",
        "2012-07-01",
        "高级工",
        number_of(1),
        "13800138000",
        "带病参赛",
    ]

    def sheet(kind: str) -> bytes:
        above = [
            ["企业技术技能竞赛报名表"],
            ["申请日期：2026年11月20日", None, "表单编号", "JN-7", None, "经办人", "周敏"],
            ["所在单位", "江州重工", None, "联系电话：0999-8123", None, "参加人数", 1, "岗位类型", kind],
        ]
        return workbook([line], R2_HEADS, above)

    wrong = send(place, sheet("管理岗位"))
    assert [(one["row"], one["wrong"][0]["code"]) for one in roster_queries.report_of(wrong)["wrong"]] == [
        (3, "field_choice_unknown")
    ]
    with pytest.raises(Refusal, match="roster_has_errors"):
        accept(place, wrong)
    good = send(place, sheet("检修岗位"))
    assert (good.form, good.rows_new, good.rows_wrong) == ("enterprise", 1, 0)
    accept(place, good)
    assert told(place) == [(NAMES[1], {"joined_on": "2012-07-01", "remark": "带病参赛"})]
    head = {"applied_on": "2026-11-20", "form_no": "JN-7", "clerk": "周敏", "desk_phone": "0999-8123", "posts": "2"}
    assert queries.delegation_answers([place["delegation"]]) == {place["delegation"]: head}
    member = entries.entries_of_event(place["event"])[0].members[0]
    assert (member.unit_name, member.person.phone.revealed()) == ("江州重工", "13800138000")  # type: ignore[union-attr]


def test_r10_the_entry_form_by_district(place: dict[str, Any]) -> None:
    heads = ("区、县（市）", "姓名", "身份证号", "参赛项目")
    sent = send(place, workbook([["滨江区", NAMES[1], number_of(1), "焊接"]], heads), delegation_id=None)
    assert (sent.form, sent.rows_new, sent.rows_wrong) == ("district", 1, 0)
    accept(place, sent)
    assert [row.delegation.name for row in entries.entries_of_event(place["event"]) if row.delegation] == ["滨江区"]


def test_a_delegation_owes_its_head_before_it_is_handed_in(place: dict[str, Any]) -> None:
    accept(place, send(place, workbook([r1_line(1)], R1_HEADS)))
    ask(place, "经办人", Field("clerk", "text", filled_by="leader", about="delegation", required=True))
    with pytest.raises(Refusal, match="delegation_unanswered"):
        delegations.submit_delegation(place["delegation"], actor=MACHINE, at=place["at"])
    given = {"clerk": "周敏"}
    fields.note_delegation_answers(place["delegation"], given, capacity="leader", actor=MACHINE, at=place["at"])
    assert delegations.submit_delegation(place["delegation"], actor=MACHINE, at=place["at"]) == 1


@pytest.mark.parametrize(
    "field",
    [Field("x", "text", about="entry", identity_class="worker"), Field("x", "text", about="delegation"),
     Field("x", "text", about="delegation", filled_by="leader", division_kind="worker")],
)  # fmt: skip
def test_a_condition_that_cannot_hold_is_refused(place: dict[str, Any], field: Field) -> None:
    with pytest.raises(Refusal, match="field_condition_wrong"):
        ask(place, "问", field)


def test_a_file_answers_a_field_and_a_second_replaces_it(place: dict[str, Any]) -> None:
    ask(place, "保险单", Field("policy", "file", required=True))
    accept(place, send(place, workbook([r1_line(1)], R1_HEADS)))
    entry = entries.entries_of_event(place["event"])[0]

    def note(data: bytes) -> UUID:
        papers = {"policy": (data, "application/pdf")}
        fields.note_answers(
            entry.id, 1, {"policy": "x"}, papers=papers, capacity="candidate", actor=MACHINE, at=place["at"]
        )
        return queries.answered_file(
            queries.asked(entries.entry(entry.id), entries.entry(entry.id).members[0]), "policy"
        )

    assert [row.key for row in queries.unanswered(entry, entry.members[0])] == ["policy"]
    first, second = note(b"%PDF-1"), note(b"%PDF-2")
    assert file_bytes(second) == b"%PDF-2"
    with pytest.raises(Refusal, match="file_missing"):
        file_bytes(first)
    assert queries.unanswered(entries.entry(entry.id), entries.entry(entry.id).members[0]) == []


def test_the_leaders_export_comes_back_with_what_was_filled_in(
    app: Flask, place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    size = (Option("s", "小号", "Small"), Option("m", "中号", "Medium"))
    ask(place, "服装尺码", Field("size", "choice", options=size, filled_by="leader"))
    ask(place, "到达日期", Field("arrival", "date"))
    ask(place, "住宿", Field("hotel", "text", filled_by="organizer"))
    accept(place, send(place, workbook([r1_line(1), r1_line(2)], R1_HEADS)))
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(place["delegation"])))
    exported = leader.get(f"/delegations/{place['delegation']}/grid.xlsx").data
    same = send(place, exported)
    assert (same.form, same.rows_new, same.rows_known, same.rows_wrong, same.rows_changed) == ("own_grid", 0, 2, 0, 0)
    book = openpyxl.load_workbook(io.BytesIO(exported))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("服装尺码") + 1).value = "中号"
    sheet.cell(3, heads.index("到达日期") + 1).value = date(2026, 11, 19)
    changed = io.BytesIO()
    book.save(changed)
    back = send(place, changed.getvalue())
    assert (back.rows_new, back.rows_changed, back.rows_wrong) == (0, 2, 0)
    accept(place, back)
    assert told(place) == [(NAMES[1], {"size": "m"}), (NAMES[2], {"arrival": "2026-11-19"})]
    sheet.cell(2, heads.index("住宿") + 1).value = "江州宾馆"
    book.save(hotel := io.BytesIO())
    assert [one["wrong"][0]["code"] for one in roster_queries.report_of(send(place, hotel.getvalue()))["wrong"]] == [
        "field_not_yours"
    ]


def test_in_the_browser_a_wrong_file_keeps_what_was_typed(
    app: Flask, place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    page = f"/competitions/{place['competition']}/fields"
    whole = {"filled_by": "leader", "identity_class": "", "event_id": ""}
    for key, label, kind, about in (
        ("policy", "保险单", "file", "member"),
        ("remark", "备注", "text", "member"),
        ("team", "队名", "text", "entry"),
        ("clerk", "经办人", "text", "delegation"),
    ):
        data = whole | {"label_zh": label, "key": key, "kind": kind, "about": about}
        assert organizer.post(page, data=data).status_code == 302
    accept(place, send(place, workbook([r1_line(1)], R1_HEADS)))
    entry = entries.entries_of_event(place["event"])[0].id
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(place["delegation"])))
    answers = f"/entries/{entry}/members/1/answers"
    wrong = leader.post(answers, data={"field.remark": "左撇子", "file.policy": (io.BytesIO(b"MZ"), "a.exe")})
    assert (wrong.status_code, "左撇子" in wrong.text, "无法识别此文件" in wrong.text) == (422, True, True)
    assert told(place) == [(NAMES[1], {})]
    sent = {"field.remark": "左撇子", "file.policy": (io.BytesIO(picture()), "a.jpg")}
    assert leader.post(answers, data=sent).status_code == 302
    assert leader.get(f"{answers}/policy").mimetype == "image/jpeg"
    assert leader.get(f"{answers}/remark").status_code == 404
    assert leader.post(f"/entries/{entry}/members/0/answers", data={"field.team": "飞鹰队"}).status_code == 302
    assert leader.post(f"/delegations/{place['delegation']}/answers", data={"field.clerk": "周敏"}).status_code == 302
    assert "飞鹰队" in leader.get(f"/entries/{entry}").text
    shown = leader.get(f"/delegations/{place['delegation']}").text
    assert "周敏" in shown
    assert "周敏" in organizer.get(page).text
    stranger = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(entry)))
    assert stranger.get(f"{answers}/policy").status_code == 404
