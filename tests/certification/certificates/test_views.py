"""Officers see their register, holders their own certificates, nobody another's."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from certification.certificates.queries import register as queries
from foundation.permission import Scope, ScopeKind
from foundation.print import designs
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
    assert officer.post("/certificates/reporting-sheet.xlsx", data=chosen).data[:2] == b"PK"
    lacking = officer.post("/certificates/report", data=chosen)
    assert (lacking.status_code, "请填写上传回执" in lacking.get_data(as_text=True)) == (422, True)
    assert officer.post("/certificates/report", data={**chosen, "reference": "回执1"}).status_code == 302
    assert officer.post("/certificates/issue", data={"certificate": [str(keys[0])]}).status_code == 302
    assert [queries.certificate(key).state for key in keys] == ["issued", "reported"]
    assert "/jobs/" in officer.post("/certificates/issue", data=chosen).headers["Location"]
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
