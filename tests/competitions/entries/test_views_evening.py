"""A unit's evening through its pages: forty from a file with errors, a third claims, the grid empties, sealed, two replaced."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from competitions.entries.actions import entering, quotas
from competitions.entries.queries import delegations as queries
from competitions.entries.queries import entries, replacements
from competitions.programme.actions import move_competition
from competitions.programme.models import Competition
from foundation.db import db, transaction
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.competitions import make_competition
from tests.factories.entries import archive, identity_number, picture
from tests.factories.rosters import line, number_of, workbook
from tests.factories.rows import make_event

WRONG: dict[int, dict[str, str]] = {4: {"姓名": "张3"}, 9: {"手机号码": "123"}, 20: {"民族": "火星族"}}


def sent(client: FlaskClient, home: str, file: bytes) -> str:
    """Send a roster; answers where its check stands."""
    return client.post(f"{home}/import", data={"file": (io.BytesIO(file), "名单.xlsx"), "event_id": ""}).headers[
        "Location"
    ]


def corrected(file: bytes) -> bytes:
    """The returned file with the cells that were marked set right."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    sheet = book.worksheets[0]
    assert [row[0].row for row in sheet.iter_rows(min_row=2) if row[-1].value] == [5, 10, 21]
    for number, column, value in ((5, 2, "张三"), (10, 6, "13800138000"), (21, 4, "汉族")):
        sheet.cell(number, column).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def claimed(client: FlaskClient, member: UUID, name: str, number: str, user: str, at: datetime) -> None:
    """Take an entry over with the code of the slip."""
    code = entering.issue_claim_code(member, actor=MACHINE, at=at)
    filled = {
        "code": code, "name": name, "document_kind": "resident_identity_card", "identity_number": number, "user_name": user,
        "new_password": "guihuaxiang", "again": "guihuaxiang",
    }  # fmt: skip
    assert client.post("/claim", data=filled).headers["Location"] == "/my"
    assert "焊接" in client.get("/my").text


def test_a_units_evening(app: Flask, signed_in: Callable[..., FlaskClient], at: datetime) -> None:
    competition = make_competition()
    with transaction() as writing:
        writing.get_one(Competition, competition).starts_on = (at + timedelta(days=40)).date()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    event = make_event(competition, code="HJ")
    most: dict[str, Any] = {"per": "delegation", "each": "event", "most": 40, "counted": "people"}
    quotas.add_quota(competition, most, actor=MACHINE, at=at)
    quotas.set_waiting(
        competition,
        full_division="refuse",
        waiting_offers="person",
        offer_hours=48,
        units_open=True,
        actor=MACHINE,
        at=at,
    )
    unit = found_organization("江州重工", kind=OrganizationKind.ENTERPRISE, actor=MACHINE, at=at)
    operator = signed_in(Role.UNIT_OPERATOR, Scope(ScopeKind.UNIT, str(unit)))
    home = operator.post(f"/delegations/open/{competition}/{unit}").headers["Location"]
    delegation = UUID(home.rpartition("/")[2])

    check = sent(operator, home, workbook([line(serial, **WRONG.get(serial, {})) for serial in range(1, 41)]))
    back = operator.get(f"{check}/marked.xlsx").data
    again = sent(operator, home, corrected(back))
    assert operator.post(f"{again}/accept", data={"rows": "all"}).headers["Location"] == again
    page = operator.get(home).text
    assert (page.count('class="lacks"'), "40 / 40" in page) == (40, True)
    forty_first = sent(operator, home, workbook([line(41)]))
    assert "名额 40 个，已报 40 个" in operator.get(forty_first).text

    db.session.rollback()
    people = [
        (one.member.id, one.member.person.name_zh, one.member.person.documents[0].number.revealed())
        for one in queries.grid(delegation)[:13]
    ]
    for place, (member, name, number) in enumerate(people):
        claimed(app.test_client(), member, name, number, f"claims{place:02d}", at)
    assert operator.get(f"{home}?lack=unclaimed").text.count('class="row-link"') == 27

    photos = archive({f"{number_of(serial)}.jpg": picture(420, 590) for serial in range(1, 41)})
    batch = operator.post(f"{home}/photos", data={"file": (io.BytesIO(photos), "照片.zip")}).headers["Location"]
    assert operator.post(f"{batch}/accept").status_code in (200, 302)
    assert app.test_cli_runner().invoke(args=["jobs", "run-pending"]).exit_code == 0
    assert operator.get(home).text.count('class="lacks"') == 0

    operator.post(f"{home}/submit")
    printed = operator.post(f"{home}/summary").data
    assert printed.startswith(b"%PDF-")
    db.session.rollback()
    code = queries.summaries(delegation)[0].code
    filed = operator.post(f"{home}/summary/file", data={"code": code, "scan": (io.BytesIO(printed), "scan.pdf")})
    assert filed.headers["Location"] == home
    assert queries.delegations_of(competition)[0].filed

    kept = {row.id: row.number for row in entries.entries_of_event(event)[:2]}
    for key, name in zip(kept, ("王小河", "李大川"), strict=True):
        said = {
            "reason": "工伤住院", "substitute": "", "statement": (io.BytesIO(b"%PDF-1.7 sealed"), "s.pdf"), "m-name_zh": name,
            "m-identity_class": "worker", "m-unit_name": "江州重工", "m-document_kind": "resident_identity_card",
            "m-identity_number": identity_number(), "m-sex": "",
        }  # fmt: skip
        assert operator.post(f"/entries/{key}/members/1/replace", data=said).headers["Location"] == f"/entries/{key}"
    db.session.rollback()
    assert {key: entries.entry(key).number for key in kept} == kept
    assert [len(replacements.replacements_of(key)) for key in kept] == [1, 1]
    assert "归档后报名有变动" in operator.get(home).text
