"""The pages of a roster: what a leader sees, the round trip of our own export, and that strangers are not given away."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from competitions.entries.actions import entering
from competitions.entries.models.entries import Delegation
from competitions.programme.actions import move_competition
from competitions.programme.queries import event as event_row
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.factories.accounts import make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts, picture
from tests.factories.rosters import NAMES, line, number_of, workbook
from tests.factories.rows import make_event


def opened(at: datetime, name: str = "江州省第三届职业技能大赛") -> tuple[Any, Any]:
    competition = make_competition(name_zh=name)
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    return competition, make_event(competition, code="HJ", position=1)


def delegation(competition: Any, at: datetime, name: str) -> Any:
    body = found_organization(name, kind=OrganizationKind.OTHER, actor=MACHINE, at=at)
    with transaction() as writing:
        row = Delegation(id=new_id(), competition_id=competition, organization_id=body, name=name, created_at=at)
        writing.add(row)
    return row.id


def upload(client: FlaskClient, path: str, data: bytes) -> Any:
    return client.post(path, data={"file": (io.BytesIO(data), "名单.xlsx")})


def cells(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active]


def test_an_import_does_not_tell_whether_strangers_are_registered(
    app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]
) -> None:
    """Two worlds: in one the people of the file are known, entered by others in the same event, one under another name."""

    def told(known: bool, first: int) -> list[bytes]:
        """What a leader is told of a file with two strangers and an error. The people of the two worlds share their names."""
        competition, event = opened(at)
        mine = delegation(competition, at, f"本队{first:03d}")
        if known:
            division = event_row(event).divisions[0].id
            for serial, name in ((first, NAMES[1]), (first + 1, "赵海")):
                facts = member_facts(name_zh=name, document_number=number_of(serial))
                entry = entering.enter(event, division, [facts], delegation="他队", actor=MACHINE, at=at)
                entering.keep_photo(entry, 1, picture(), actor=MACHINE, at=at)
                entering.review_entry(entry, "accept", actor=MACHINE, at=at)
        leader = signed_in(
            Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(mine)), person_id=make_person("领队甲")
        )
        lines = [line(first, 序号="1"), line(first + 1, 序号="2"), line(first + 2, 序号="3", 手机号码="1")]
        sent = upload(leader, f"/delegations/{mine}/import", workbook(lines))
        page = sent.headers["Location"]
        pages = [sent.data, leader.get(page).data, str(cells(leader.get(f"{page}/marked.xlsx").data)).encode()]
        accepted = leader.post(f"{page}/accept", data={"rows": "good"})
        pages += [
            str(accepted.status_code).encode(),
            leader.get(page).data,
            leader.get(f"/delegations/{mine}/import").data,
        ]
        # Ids are random in both worlds; numbers and years in the trade stand only in the file that was sent.
        own = [str(value).encode() for row in lines for value in (row[2], f"'{row[8]}'")] + [f"{first:03d}".encode()]
        keys = re.compile(
            rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|name=\"csrf_token\" value=\"[^\"]*\"|"
            + b"|".join(map(re.escape, own))
        )
        return [keys.sub(b"own", body) for body in pages]

    one, other = told(known=True, first=441), told(known=False, first=481)
    for here, there in zip(one, other, strict=True):
        assert here.decode().splitlines() == there.decode().splitlines()


def test_our_own_export_comes_back_unchanged(app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]) -> None:
    competition, event = opened(at)
    for serial in range(1, 6):
        facts = member_facts(name_zh=NAMES[serial], document_number=number_of(serial))
        entering.enter(event, event_row(event).divisions[0].id, [facts], actor=MACHINE, at=at)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    for query in ("", "?clear=yes", "?lang=en"):
        exported = client.get(f"/competitions/{competition}/entries.xlsx{query}").data
        page = client.get(upload(client, f"/competitions/{competition}/import", exported).headers["Location"]).text
        shown = re.findall(r'figure-value">\s*(\d+)', page)
        assert shown == ["0", "5", "0"], query


def test_from_the_file_to_the_list(app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]) -> None:
    competition, event = opened(at)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    assert client.get(f"/competitions/{competition}/import").status_code == 200
    assert upload(client, f"/competitions/{competition}/import", b"no workbook").status_code == 422
    page = upload(client, f"/competitions/{competition}/import", workbook([line(1), line(2, 手机号码="1")])).headers[
        "Location"
    ]
    text = client.get(page).text
    assert NAMES[2] in text
    assert "手机号" in text
    assert client.post(f"{page}/accept", data={"rows": "all"}).status_code == 422
    assert client.post(f"{page}/accept", data={"rows": "good"}).status_code == 302
    assert NAMES[1] in client.get(f"/events/{event}/entries").text
    assert cells(client.get("/imports/template.xlsx").data)[0][0] == "姓名"


def test_a_leader_reaches_the_own_delegation_alone(
    app: Flask, at: datetime, signed_in: Callable[..., FlaskClient]
) -> None:
    competition, _event = opened(at)
    mine, other = delegation(competition, at, "甲队"), delegation(competition, at, "乙队")
    leader, stranger = (
        signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(key))) for key in (mine, other)
    )
    page = upload(leader, f"/delegations/{mine}/import", workbook([line(1)])).headers["Location"]
    assert leader.get(page).status_code == 200
    for path in (page, f"{page}/marked.xlsx", f"/delegations/{mine}/import", f"/competitions/{competition}/import"):
        assert stranger.get(path).status_code == 404
    for act in ("accept", "discard", "columns"):
        assert stranger.post(f"{page}/{act}").status_code == 404
