"""Officers see their register, holders their own certificates, nobody another's."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from certification.certificates.actions.issuing import number_certificates
from certification.certificates.queries import batches as queries_batches
from certification.certificates.queries import register as queries
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.print import designs
from tests.certification.certificates.test_actions_reports import receipt_of
from tests.conftest import AT
from tests.factories import certification as factory


def test_the_holder_alone_has_the_files(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    person = factory.make_holder("林晓禾")
    key = factory.make_issued(factory.make_issuer(), person)
    mine, other = signed_in(person_id=person), signed_in()
    for address in ("certificate.pdf", "certificate.png", "image", "show"):
        path = f"/my/certificates/{key}/{address}"
        assert mine.get(path).status_code == 200, address
        assert other.get(path).status_code == 404, address
    row = queries.certificate(key)
    assert row.number is not None
    assert row.number in mine.get("/my/certificates").get_data(as_text=True)
    assert row.number not in other.get("/my/certificates").get_data(as_text=True)
    record = mine.get("/my/record").get_data(as_text=True)
    for shown in ("第十二条第二款", "江人社规〔2025〕7号", row.number, "二级/技师"):
        assert shown in record, shown
    assert other.get("/my/record").status_code == 200


def test_an_officer_takes_a_batch_through_the_steps(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    issuer = factory.make_issuer()
    keys = [factory.make_approved(issuer, factory.make_holder(name)) for name in ("林一", "林二")]
    officer = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "32"))
    assert "林一" in officer.get("/certificates/steps").get_data(as_text=True)
    empty = officer.post("/certificates/number", data={})
    assert (empty.status_code, "请至少选择一份证书" in empty.get_data(as_text=True)) == (422, True)
    chosen = {"certificate": [str(key) for key in keys]}
    assert officer.post("/certificates/number", data=chosen).status_code == 302
    early = officer.post("/certificates/issue", data={"certificate": [str(keys[0])]})
    assert early.status_code == 422
    lacking = officer.post("/certificates/report", data=chosen)
    assert (lacking.status_code, "请填写上传回执" in lacking.get_data(as_text=True)) == (422, True)
    assert officer.post("/certificates/report", data={**chosen, "reference": "回执1"}).status_code == 302
    assert officer.post("/certificates/issue", data={"certificate": [str(keys[0])]}).status_code == 302
    assert [queries.certificate(key).state for key in keys] == ["issued", "reported"]
    answer = officer.post("/certificates/issue", data=chosen)  # only one of them still waits
    assert "/certificates/batches/" in answer.headers["Location"]
    assert "待开始" in officer.get(answer.headers["Location"]).get_data(as_text=True)
    for path in ("/certificates", "/certificates?q=林一", "/certificates?state=issued", "/certificates/export.xlsx",
                 "/certificates/issuers", "/certificates/specimen.png", f"/certificates/{keys[0]}",
                 f"/certificates/{keys[0]}/file.pdf"):  # fmt: skip
        assert officer.get(path).status_code == 200, path
    elsewhere = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "37"))
    assert "林一" not in elsewhere.get("/certificates").get_data(as_text=True)
    assert elsewhere.get(f"/certificates/{keys[0]}").status_code == 404
    assert elsewhere.post("/certificates/issue", data={"certificate": [str(keys[1])]}).status_code == 404


def test_the_authoritys_list_goes_out_and_comes_back_with_all_that_is_wrong(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    import io

    issuer = factory.make_issuer(number_source="returned")
    factory.make_approved(issuer, factory.make_holder("林一"))
    officer = signed_in(Role.EVALUATION_OFFICER)
    sheet = officer.get(f"/certificates/to-number/{issuer}.xlsx").data
    answer = officer.post(f"/certificates/returned/{issuer}", data={"file": (io.BytesIO(sheet), "回传.xlsx")})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "证书编号为空" in text, "未保存任何内容" in text) == (422, True, True)


def test_every_design_is_shown_and_an_unknown_one_is_not_there(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    officer = signed_in(Role.EVALUATION_OFFICER)
    page = officer.get("/certificates/issuers").get_data(as_text=True)
    for one in designs.catalogue():
        assert f"/certificates/specimen.png?design={one.key}" in page
        assert one.hash[:16] in page
    assert officer.get("/certificates/specimen.png?design=award").status_code == 404
    picture = officer.get("/certificates/specimen.png?design=honour")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")


def test_a_batch_from_choice_to_bundle(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    """What waits in groups, what stops whom, start, the finished ZIP; others neither see nor start it."""
    import io
    import zipfile

    issuer = factory.make_issuer()
    for name, photo in (("林一", True), ("林二", True), ("无照", False)):
        factory.make_reported(issuer, factory.make_holder(name, with_photo=photo))
    officer = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "32"))
    page = officer.get("/certificates/batches").get_data(as_text=True)
    (group,) = queries_batches.waiting(MACHINE, "certificate:issue")
    assert f'class="num">{group.count}</td>' in page
    none = officer.post("/certificates/batches", data={"group": ["x", "[1]"]})
    assert (none.status_code, "请至少勾选一组" in none.get_data(as_text=True)) == (422, True)
    address = officer.post("/certificates/batches", data={"group": [group.key]}).headers["Location"]
    page = officer.get(address).get_data(as_text=True)
    assert "照片缺失" in page or "缺少照片" in page, page
    assert "制作 2 份证书" in page
    assert officer.get(f"{address}/faults.xlsx").data[:2] == b"PK"
    elsewhere = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "37"))
    for path in ("", "/bundle.zip", "/faults.xlsx"):
        assert elsewhere.get(address + path).status_code == 404
    assert elsewhere.post(f"{address}/start").status_code == 404
    assert officer.post(f"{address}/pause").status_code == 409
    assert officer.post(f"{address}/start").status_code == 302
    app.test_cli_runner().invoke(args=["jobs", "run-pending"])
    page = officer.get(address).get_data(as_text=True)
    assert "读回 1 份" in page
    assert "已完成" in page
    answer = officer.get(f"{address}/bundle.zip")
    assert answer.is_streamed
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert len(packed.namelist()) == 4
    assert "还没有批次" in elsewhere.get("/certificates/batches").get_data(as_text=True)


def test_the_page_of_a_range_shows_used_and_voided(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    issuer = factory.make_issuer(prefix="S000032000007")
    factory.make_reported(issuer)
    officer, address = signed_in(Role.EVALUATION_OFFICER), f"/certificates/ranges/{issuer}"
    assert address in officer.get("/certificates/issuers").get_data(as_text=True)
    wrong = officer.post(f"{address}/void", data={"grade": "L2", "up_to": "x", "reason": ""})
    assert (wrong.status_code, wrong.get_data(as_text=True).count("field-wrong")) == (422, 2)
    assert officer.post(f"{address}/void", data={"grade": "L2", "up_to": "3", "reason": "打印损毁"}).status_code == 302
    page = officer.get(f"{address}?year=2026&digit=2&state=voided").get_data(as_text=True)
    for shown in ("S000032000007262000003", "打印损毁", "每个序列码都有记录"):
        assert shown in page, shown
    assert "S000032000007262000001" not in page
    assert signed_in().get(address).status_code == 404


def test_an_upload_and_its_answer(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    import io

    issuer = factory.make_issuer()
    keys = [factory.make_approved(issuer, factory.make_holder(name)) for name in ("林一", "林二")]
    number_certificates(keys, actor=MACHINE, at=AT)
    keys.sort(key=lambda key: queries.certificate(key).number or "")
    officer = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "32"))
    address = officer.post("/certificates/reports", data={"certificate": [str(key) for key in keys]}).headers[
        "Location"
    ]
    assert officer.post("/certificates/reports", data={"certificate": [str(keys[0])]}).status_code == 422
    page = officer.get(address).get_data(as_text=True)
    assert "手机号码" in page  # required by the sheet, unknown here
    assert officer.get(f"{address}/sheet.xlsx").data[:2] == b"PK"
    assert officer.get(f"{address}/receipt.xlsx").status_code == 404
    first, second = (queries.certificate(key).number for key in keys)
    wrong = receipt_of([(first, "成功", ""), ("S000032999999262000001", "成功", "")])
    answer = officer.post(f"{address}/receipt", data={"reference": "R1", "file": (io.BytesIO(wrong), "x.xlsx")})
    assert (answer.status_code, "S000032999999262000001" in answer.get_data(as_text=True)) == (422, True)
    right = receipt_of([(first, "成功", ""), (second, "失败", "照片不清晰")])
    assert (
        officer.post(f"{address}/receipt", data={"reference": "R1", "file": (io.BytesIO(right), "x.xlsx")}).status_code
        == 302
    )
    page = officer.get(address).get_data(as_text=True)
    assert ("照片不清晰" in page, "重新上报 1 人" in page) == (True, True)
    assert [queries.certificate(key).state for key in keys] == ["reported", "numbered"]
    following = officer.post(f"{address}/again").headers["Location"]
    assert second is not None
    assert second in officer.get(following).get_data(as_text=True)
    listed = officer.get("/certificates/reports").get_data(as_text=True)
    assert (address in listed, following in listed) == (True, True)
    elsewhere = signed_in(Role.EVALUATION_OFFICER, Scope(ScopeKind.REGION, "37"))
    assert [elsewhere.get(address + path).status_code for path in ("", "/sheet.xlsx")] == [404, 404]
