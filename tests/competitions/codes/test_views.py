from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pikepdf
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from accounts.access.roles import Role
from competitions.codes import actions, queries
from competitions.programme import queries as programme
from foundation.audit.queries import entries_of_chain
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.print import printer
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event

Sign = Callable[..., FlaskClient]


@pytest.fixture
def event(app: Flask) -> UUID:
    made = make_event(make_competition())
    for name in ("刘焊", "陈焊"):
        make_entry(made, name=name)
    return made


def of(signed_in: Sign, event: UUID, role: Role) -> FlaskClient:
    return signed_in(role, Scope(ScopeKind.EVENT, str(event)))


def test_from_making_to_unblinding(event: UUID, signed_in: Sign, at: datetime) -> None:
    blinding, supervisor = of(signed_in, event, Role.BLINDING_JUDGE), of(signed_in, event, Role.SUPERVISOR)
    page = f"/events/{event}/codes"
    assert "有 2 个参赛号待生成作品号" in blinding.get(page).text
    assert blinding.post(f"{page}/make").status_code == 302
    assert "已封存" in blinding.get(page).text
    assert "申请解密</button>" not in blinding.get(page).text
    blinding.post(f"{page}/ask")
    assert "全部评分表确认后，方可申请解密" in blinding.get(page).text
    actions.release_codes(event, actor=MACHINE, at=at)
    assert "申请解密</button>" in blinding.get(page).text
    assert supervisor.post(f"{page}/ask").status_code == 404
    blinding.post(f"{page}/ask")
    assert blinding.post(f"{page}/agree").status_code == 404
    assert "同意并解密</button>" in supervisor.get(page).text
    supervisor.post(f"{page}/agree")
    assert "已解密：" in supervisor.get(page).text
    supervisor.post(f"{page}/agree")
    assert "本赛项已解密：" in supervisor.get(page).text
    assert len(queries.entries_by_work(event)) == 2


def test_the_sealed_list_is_recorded_and_names_nobody(event: UUID, signed_in: Sign, at: datetime) -> None:
    actions.make_works(event, actor=MACHINE, at=at)
    blinding = of(signed_in, event, Role.BLINDING_JUDGE)
    shown = blinding.post(f"/events/{event}/codes/mapping").text
    assert all(work.code in shown for work in queries.works(event))
    assert "刘焊" not in shown
    sheet = blinding.post(f"/events/{event}/codes/mapping.pdf")
    assert sheet.mimetype == "application/pdf"
    chain = programme.audit_chain(programme.event(event).competition_id)
    opened = [entry for entry in entries_of_chain(chain) if entry.verb == "codes:mapping_opened"]
    assert len(opened) == 2


def test_labels_scan_as_their_code(event: UUID, signed_in: Sign, at: datetime) -> None:
    actions.make_works(event, actor=MACHINE, at=at)
    answer = of(signed_in, event, Role.ORGANIZER).post(f"/events/{event}/codes/labels.pdf")
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 1
    picture = Image.open(io.BytesIO(printer.picture_of(answer.data, dpi=150)))
    assert sorted(code.text for code in zxingcpp.read_barcodes(picture)) == [work.code for work in queries.works(event)]


def test_the_platforms_administrator_is_kept_out(event: UUID, signed_in: Sign, at: datetime) -> None:
    actions.make_works(event, actor=MACHINE, at=at)
    administrator = signed_in(Role.PLATFORM_ADMINISTRATOR)
    assert administrator.get(f"/events/{event}/codes").status_code == 404
    assert administrator.post(f"/events/{event}/codes/mapping").status_code == 404


def test_overview_and_board(event: UUID, signed_in: Sign, at: datetime) -> None:
    competition = programme.event(event).competition_id
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    assert "未加密" in client.get(f"/competitions/{competition}/codes").text
    actions.make_works(event, actor=MACHINE, at=at)
    actions.release_codes(event, actor=MACHINE, at=at)
    assert "待解密" in client.get(f"/competitions/{competition}/codes").text
    assert "评分已确认，请由两人共同解密" in client.get(f"/competitions/{competition}").text
