"""The public check tells as much as the asker already holds."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from certification.certificates.queries import register as queries
from certification.promotion.models import AwardCase, AwardList
from competitions.publications.actions import propose_results
from competitions.published import evidence_of
from foundation.db import session, transaction
from tests.conftest import AT
from tests.factories import certification as factory
from tests.factories.results import make_ready, signed_run

ASK = {"lang": "zh"}


def ask(client: FlaskClient, number: str, name: str = "") -> str:
    return client.post("/verify", data={"number": number, "name": name}).get_data(as_text=True)


def test_number_alone_number_and_name_and_the_code(app: Flask, client: FlaskClient) -> None:
    row = queries.certificate(factory.make_issued(factory.make_issuer(), factory.make_holder("欧阳修远")))
    assert row.number is not None
    assert row.token is not None
    paper = queries.printed_values(row)["document_number"]
    alone = ask(client, row.number.lower())
    for shown in ("有效", "二级/技师", "江州省职业技能评价中心", "2026", "欧阳**"):
        assert shown in alone, shown
    for hidden in ("欧阳修远", "焊工", paper, paper[-4:]):
        assert hidden not in alone, hidden
    assert "欧阳修远" not in ask(client, row.number, "欧阳修")
    scanned = client.get(f"/verify/{row.token.revealed()}").get_data(as_text=True)
    for page in (scanned, ask(client, row.number, " 欧阳修远 ")):
        for shown in (
            "欧阳修远",
            "焊工",
            row.number,
            paper[-4:],
            row.hash[:16],
            row.previous_hash[:16],
            "2026年11月22日",
        ):
            assert shown in page, shown
        assert paper not in page
        assert "<img" not in page.split("<main")[1]


def test_unknown_mistyped_and_not_issued_answer_alike(app: Flask, client: FlaskClient) -> None:
    waiting = queries.certificate(factory.make_reported(factory.make_issuer()))
    assert waiting.number is not None
    assert waiting.token is not None
    answers = {
        page.split("<section")[1].split("</section>")[0]
        for page in (ask(client, "S999999999999262000001"), ask(client, "x"), ask(client, waiting.number),
                     client.get("/verify/abc").get_data(as_text=True), client.get(f"/verify/{waiting.token.revealed()}").get_data(as_text=True))
    }  # fmt: skip
    assert len(answers) == 1
    answer = answers.pop()
    for shown in ("非本平台签发", "http://jndj.osta.org.cn", "http://pjjg.osta.org.cn"):
        assert shown in answer


def test_samples_and_ended_ones_say_so(app: Flask, client: FlaskClient) -> None:
    sample = queries.certificate(factory.make_issued(factory.make_issuer(switched_on=False)))
    assert sample.number is not None
    page = ask(client, sample.number)
    assert "样本 SAMPLE" in page
    assert "有效：" not in page
    issuer = factory.make_issuer()
    for act, words in (("revoke", "已撤销"), ("withdraw", "已注销")):
        key = factory.make_issued(issuer, factory.make_holder(f"周{act}"))
        factory.change(key, act, "原因")
        row = queries.certificate(key)
        assert row.number is not None
        assert words in ask(client, row.number)


def test_the_chain_is_told_in_words_from_the_marks_on(app: Flask, client: FlaskClient) -> None:
    ready = make_ready()
    published = propose_results(signed_run(ready), actor=ready.organizer, at=AT)
    key = factory.make_issued(factory.make_issuer())
    row = queries.certificate(key)
    case = session().get_one(AwardCase, row.award_case_id)
    with transaction() as writing:
        writing.execute(update(AwardList).where(AwardList.id == case.award_list_id).values(publication_id=published))
    session().rollback()
    assert row.token is not None
    page = client.get(f"/verify/{row.token.revealed()}").get_data(as_text=True)
    evidence = evidence_of(published)
    assert evidence is not None
    for shown in ("评分", "计算批次", "第 1 次计算", "裁判长", "监督员", "成绩公示", "江人社竞〔2026〕31号", evidence.marks_hash[:16],
                  evidence.run_hash[:16], evidence.hash[:16], row.hash[:16]):  # fmt: skip
        assert shown in page, shown
    order = [
        page.index(text[:16])
        for text in (evidence.marks_hash, evidence.run_hash, evidence.hash, row.previous_hash, row.hash)
    ]
    assert order == sorted(order)
