"""From approval to issue: one number, one certificate, in this order, with everything checked."""

from __future__ import annotations

import contextvars
import io
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from accounts.people.models import Qualification
from certification.certificates import face, number_lists
from certification.certificates.actions import issuing as actions
from certification.certificates.models.certificates import CertificateNumber
from certification.certificates.queries import register as queries
from certification.promotion.models import AwardCase
from certification.rules.certificate_states import CertificateState
from foundation.db import session
from foundation.files.queries import file_bytes, file_row
from foundation.permission import MACHINE
from foundation.print.printer import picture_of
from foundation.refusal import Conflict, Refusal
from tests.factories import certification as factory

URL = factory.PUBLIC


def text_of(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def together(app: Flask, work: Callable[[], Any], times: int = 20) -> list[Any]:
    def one(_number: int) -> Any:
        def inside() -> Any:
            with app.app_context():
                try:
                    return work()
                except Refusal as refusal:
                    return refusal.code

        return contextvars.Context().run(inside)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_the_way_of_a_certificate(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(prefix="S000032000001")
    person = factory.make_holder("林晓禾")
    key = factory.make_approved(issuer, person)
    assert queries.certificate(key).state == CertificateState.APPROVED
    assert actions.number_certificates([key], actor=MACHINE, at=at) == 1
    assert queries.certificate(key).number == "S000032000001262000001"
    with pytest.raises(Conflict, match="move_not_allowed"):
        actions.issue_certificate(key, public_url=URL, actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="report_reference_missing"):
        actions.report_certificates([key], " ", actor=MACHINE, at=at)
    actions.report_certificates([key], "20261122-1", actor=MACHINE, at=at)
    file_id = actions.issue_certificate(key, public_url=URL, actor=MACHINE, at=at)
    assert actions.issue_certificate(key, public_url=URL, actor=MACHINE, at=at) == file_id
    row = queries.certificate(key)
    assert (row.state, row.issued_on, row.sample) == ("issued", date(2026, 11, 22), False)
    held = session().scalars(select(Qualification).where(Qualification.person_id == person)).one()
    assert (held.name, held.basis, held.source_id) == ("L2", "register", row.award_case_id)


def test_the_chain_holds_case_number_file_and_print(app: Flask) -> None:
    row = queries.certificate(factory.make_issued(factory.make_issuer()))
    assert row.file_id is not None
    assert row.number is not None
    assert row.file_sha256 == file_row(row.file_id).sha256
    assert row.printed_commitment == face.commitment(queries.printed_values(row))
    expected = face.chain_hash(row, number=row.number, file_sha256=row.file_sha256, printed=row.printed_commitment)
    assert (row.previous_hash, row.hash) == (session().get_one(AwardCase, row.award_case_id).hash, expected)
    other = face.chain_hash(
        row, number=row.number[:-1] + "9", file_sha256=row.file_sha256, printed=row.printed_commitment
    )
    assert other != row.hash


def test_the_pdf_says_what_the_record_says_and_nobody_else(app: Flask) -> None:
    issuer = factory.make_issuer()
    others = [
        factory.make_issued(issuer, factory.make_holder("欧阳修远")),
        factory.make_issued(issuer, factory.make_holder("王𠅤")),
    ]
    key = factory.make_issued(issuer, factory.make_holder("龙𬭎䶮㛃𠅤"), direction="电焊工")
    row = queries.certificate(key)
    assert row.file_id is not None
    pdf = file_bytes(row.file_id)
    text, values = text_of(pdf), queries.printed_values(row)
    for name in ("name", "document_kind", "document_number", "occupation", "work_type", "grade_text", "number", "issuer",
                 "date_text", "certificate_query_url", "organization_query_url"):  # fmt: skip
        assert values[name] in text, name
    assert (values["name"], values["work_type"], values["grade_text"]) == ("龙𬭎䶮㛃𠅤", "电焊工", "二级/技师")
    assert "职业技能等级证书" in text
    assert "SAMPLE" not in text
    for other in others:
        foreign = queries.printed_values(queries.certificate(other))
        assert foreign["name"] not in text
        assert foreign["document_number"] not in text
        assert foreign["number"] not in text
    assert row.token is not None
    for dpi in (100, 200):
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture_of(pdf, dpi=dpi))))
        assert [code.text for code in codes] == [f"{URL}/verify/{row.token.revealed()}"], dpi


def test_a_sample_says_so_and_gives_no_grade(app: Flask) -> None:
    person = factory.make_holder()
    row = queries.certificate(factory.make_issued(factory.make_issuer(switched_on=False), person))
    assert row.file_id is not None
    text = text_of(file_bytes(row.file_id))
    assert (row.sample, "SAMPLE" in text, "样本" in text, "--" in text) == (True, True, True, True)
    assert session().scalar(select(func.count()).select_from(Qualification)) == 0


def test_twenty_at_once_make_one_number_and_one_certificate(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer()
    case = factory.make_case(issuer)
    keys = together(app, lambda: actions.register_approved(case, actor=MACHINE, at=at))
    assert len(set(keys)) == 1
    key = keys[0]
    assert sorted(together(app, lambda: actions.number_certificates([key], actor=MACHINE, at=at))) == [0] * 19 + [1]
    assert session().scalar(select(func.count()).select_from(CertificateNumber)) == 1
    actions.report_certificates([key], "1", actor=MACHINE, at=at)
    files = together(app, lambda: actions.issue_certificate(key, public_url=URL, actor=MACHINE, at=at))
    assert len(set(files)) == 1
    assert isinstance(files[0], type(key))


def test_serials_have_no_gap_when_many_are_numbered_at_once(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer()
    waiting = [factory.make_approved(issuer, factory.make_holder(f"选手{n}")) for n in range(8)]
    together(app, lambda: actions.number_certificates(waiting, actor=MACHINE, at=at), times=6)
    serials = sorted(session().scalars(select(CertificateNumber.serial)))
    assert serials == list(range(1, 9))


def test_what_is_not_filed_gets_no_number(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(grades=("L3",))
    key = factory.make_approved(issuer, grade="L2")
    with pytest.raises(Refusal, match="not_filed"):
        actions.number_certificates([key], actor=MACHINE, at=at)
    assert queries.certificate(key).state == "approved"
    assert session().scalar(select(func.count()).select_from(CertificateNumber)) == 0


def test_a_batch_is_numbered_whole_or_not_at_all(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(grades=("L2",))
    keys = [factory.make_approved(issuer), factory.make_approved(issuer, factory.make_holder("周某"), grade="L1")]
    with pytest.raises(Refusal, match="not_filed"):
        actions.number_certificates(keys, actor=MACHINE, at=at)
    assert [queries.certificate(key).number for key in keys] == [None, None]


def test_a_missing_photo_stops_the_issue_and_can_be_mended(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer()
    person = factory.make_holder("赵无照", with_photo=False)
    key = factory.make_reported(issuer, person)
    with pytest.raises(Refusal, match="certificate_photo_missing"):
        actions.issue_certificate(key, public_url=URL, actor=MACHINE, at=at)
    from accounts.people.actions import PersonFacts, note_person
    from foundation.files.actions import keep_file

    photo = keep_file(factory.photo(), media_type="image/jpeg", name="p", actor=MACHINE, at=at)
    note_person(PersonFacts(photo_id=photo), person_id=person, actor=MACHINE, at=at)
    assert actions.issue_certificate(key, public_url=URL, actor=MACHINE, at=at)


def test_a_character_no_font_has_is_named(app: Flask, at: datetime) -> None:
    key = factory.make_approved(factory.make_issuer(), factory.make_holder("王𲎯"))
    with pytest.raises(Refusal, match="certificate_character_missing") as refused:
        actions.number_certificates([key], actor=MACHINE, at=at)
    facts = refused.value.facts
    assert (facts["character"], facts["code_point"], facts["part"]) == ("𲎯", "U+323AF", "@printed:name")


def test_returned_numbers(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(number_source="returned", prefix="S000032000009")
    names = ("林一", "林二", "林三")
    keys = [factory.make_approved(issuer, factory.make_holder(name)) for name in names]
    with pytest.raises(Refusal, match="issuer_numbers_returned"):
        actions.number_certificates(keys, actor=MACHINE, at=at)
    rows = queries.chosen(MACHINE, "certificate:number", keys)
    sheet = number_lists.to_number(rows, queries.holders(row.person_id for row in rows))
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    page = book.active
    assert page is not None
    column = number_lists.HEADS.index("证书编号") + 1
    first = page.cell(2, number_lists.HEADS.index("姓名") + 1).value

    def sent(numbers: list[str]) -> bytes:
        for line, number in enumerate(numbers, start=2):
            page.cell(line, column).value = number
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    wrong = sent(["S000032000009262000001", "S000032000009262000001", "Y000032000009253000007"])
    done, faults = actions.note_returned_numbers(issuer, wrong, actor=MACHINE, at=at)
    assert done == 0
    assert sorted((one.row, one.fault.code) for one in faults) == [
        (2, "number_twice_in_list"), (3, "number_twice_in_list"), (4, "number_grade_wrong"), (4, "number_of_another_issuer"),
    ]  # fmt: skip
    assert {row.number for row in queries.chosen(MACHINE, "certificate:number", keys)} == {None}
    page.cell(4, number_lists.HEADS.index("证件号码") + 1).value = "110101199001010000"
    done, faults = actions.note_returned_numbers(
        issuer, sent(["S000032000009262000001", "", "S000032000009262000003"]), actor=MACHINE, at=at
    )
    assert (done, sorted((one.row, one.fault.code) for one in faults)) == (
        0, [(0, "person_not_returned"), (3, "number_not_returned"), (4, "returned_person_unknown")],
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    page = book.active
    right = sent([f"S00003200000926200000{n}" for n in (1, 2, 3)])
    assert actions.note_returned_numbers(issuer, right, actor=MACHINE, at=at) == (3, ())
    values = [queries.printed_values(row) for row in queries.chosen(MACHINE, "certificate:number", keys)]
    assert {v["name"]: v["number"] for v in values}[str(first)] == "S000032000009262000001"


def test_a_returned_list_of_the_wrong_kind_is_refused(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(number_source="returned")
    with pytest.raises(Refusal, match="spreadsheet_wrong_type"):
        actions.note_returned_numbers(issuer, b"not a workbook", actor=MACHINE, at=at)
    book = openpyxl.Workbook()
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(Refusal, match="returned_list_heads_missing"):
        actions.note_returned_numbers(issuer, target.getvalue(), actor=MACHINE, at=at)


def test_an_own_font_is_used_and_said(app: Flask, tmp_path: Path) -> None:
    from foundation.print import designs

    designs.install_fonts(tmp_path)
    assert designs.filled_font() == designs.FilledFont("Noto Serif CJK SC", None, declared=False)
    assert designs.missing_characters("林𬭎䶮㛃𠅤·\ue000") == ("\ue000",)
    designs.install_fonts(Path(app.config["DATA_FOLDER"]) / "fonts")
