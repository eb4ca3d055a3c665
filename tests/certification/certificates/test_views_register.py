"""The register: filters in the address, order, constant queries, export of the certificates' own fields; the holder's page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from certification.certificates.queries import register as queries
from certification.certificates.register_sheet import HEADS
from foundation.permission import MACHINE
from tests.competitions.test_query_counts import constant
from tests.conftest import AT
from tests.factories import certification as factory

SignIn = Callable[..., FlaskClient]


def rows_of(page: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', page)


def test_filters_stand_in_the_address_and_the_order_turns(app: Flask, signed_in: SignIn) -> None:
    issuer, other = factory.make_issuer(), factory.make_issuer(name="江州技师学院")
    first = queries.certificate(factory.make_issued(issuer, factory.make_holder("林一"))).number
    second = queries.certificate(factory.make_issued(issuer, factory.make_holder("林二"), grade="L1")).number
    third = queries.certificate(factory.make_reported(other, factory.make_holder("周三"))).number
    officer = signed_in(Role.EVALUATION_OFFICER)

    def shown(query: str) -> list[str]:
        return rows_of(officer.get(f"/certificates?{query}").text)

    assert sorted(shown("")) == sorted([first, second, third])
    assert shown("grade=L1") == [second]
    assert shown("state=reported") == [third]
    assert shown(f"issuer={other}") == [third]
    assert sorted(shown("q=林")) == sorted([first, second])
    assert shown(f"q={(first or '').lower()}") == [first]
    assert sorted(shown("since=2026-11-22&until=2026-11-22")) == sorted([first, second])
    assert (shown("since=2026-11-23"), shown("occupation=6-18"), shown("occupation=6-31")) == ([], shown(""), [])
    up, down = shown("sort=number"), shown("sort=-number")
    assert (up, down) == (sorted(up), sorted(up, reverse=True))
    assert shown("issuer=nonsense&since=nonsense") == []


def test_the_export_holds_the_certificates_own_fields(app: Flask, signed_in: SignIn) -> None:
    person = factory.make_holder("林小禾")
    key = factory.make_issued(factory.make_issuer(), person, direction="电焊工")
    note_person(PersonFacts(name_zh="林改名"), person_id=person, actor=MACHINE, at=AT)
    officer = signed_in(Role.EVALUATION_OFFICER)
    data = officer.get("/certificates/export.xlsx?state=issued&sort=number").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    head, line = (list(row) for row in sheet.iter_rows(values_only=True))
    row = queries.certificate(key)
    values = queries.printed_values(row)
    said = dict(zip(head, (text or "" for text in line), strict=True))
    assert tuple(head) == HEADS
    assert {name: said[name] for name in ("证书名称", "证书编号", "姓名", "证件类型", "职业编码", "职业名称", "工种/职业方向", "职业技能等级",
                                          "评价机构名称", "发证日期", "状态", "版次")} == {
        "证书名称": "职业技能等级证书", "证书编号": row.number, "姓名": "林小禾", "证件类型": "居民身份证", "职业编码": "6-18-02-04",
        "职业名称": "焊工", "工种/职业方向": "电焊工", "职业技能等级": "二级/技师", "评价机构名称": "江州省职业技能评价中心",
        "发证日期": "2026-11-22", "状态": "已发证", "版次": "1",
    }  # fmt: skip
    assert said["证件号码"] == "*" * 14 + values["document_number"][-4:]


def test_the_register_asks_the_same_number_of_queries_for_one_and_three(app: Flask, signed_in: SignIn) -> None:
    issuer, officer = factory.make_issuer(), signed_in(Role.EVALUATION_OFFICER)
    factory.make_reported(issuer, factory.make_holder("林一"))
    names = iter(("林二", "林三"))
    constant(officer, ["/certificates", "/certificates/export.xlsx"],
             lambda: factory.make_reported(issuer, factory.make_holder(next(names))))  # fmt: skip


def test_the_holder_alone_sees_the_whole_number_and_gives_links_away(
    app: Flask, client: FlaskClient, signed_in: SignIn
) -> None:
    person = factory.make_holder("林晓禾")
    key = factory.make_issued(factory.make_issuer(), person)
    paper = queries.printed_values(queries.certificate(key))["document_number"]
    holder, stranger = signed_in(person_id=person), signed_in()
    page = f"/my/certificates/{key}"
    masked, full = holder.get(page).text, holder.get(f"{page}?full=yes").text
    assert (paper in masked, paper[-4:] in masked, paper in full) == (False, True, True)
    assert stranger.get(f"{page}?full=yes").status_code == 404
    assert holder.post(f"{page}/shares", data={"note": "人事处", "days": "9"}).status_code == 422
    assert holder.post(f"{page}/shares", data={"note": "人事处", "days": "30"}).status_code == 302
    assert stranger.post(f"{page}/shares", data={"days": "30"}).status_code == 404
    (link,) = re.findall(r"/shared/[a-z2-7]+", holder.get(page).text)
    (withdraw,) = re.findall(rf"{page}/shares/[0-9a-f-]+/withdraw", holder.get(page).text)
    seen = client.get(link).text
    for shown in ("林晓禾", "二级/技师", paper[-4:]):
        assert shown in seen, shown
    for hidden in (paper, "人事处"):
        assert hidden not in seen, hidden
    assert stranger.post(withdraw).status_code == 404
    assert holder.post(withdraw).status_code == 302
    gone, never = client.get(link), client.get("/shared/abcdefghijklmnop")
    assert (gone.status_code, never.status_code) == (200, 200)
    main = [page.text.split("<main")[1].split("</main>")[0] for page in (gone, never)]
    assert (main[0] == main[1], "林晓禾" in main[0]) == (True, False)
