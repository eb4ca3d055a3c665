from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from competitions.publications import actions, queries
from competitions.results import queries as results
from foundation.clock import set_arranged
from tests.factories.results import AFTER_NOTICE, change_theory, decided, make_ready, signed_run


def test_three_people_take_a_standing_to_its_announcement(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    ready = make_ready()
    organizer, chief, supervisor = (
        signed_in(person_id=one.person) for one in (ready.organizer, ready.chief, ready.supervisor)
    )
    assert organizer.get(f"/events/{ready.event_id}/results").status_code == 200
    assert organizer.get(f"/competitions/{ready.competition_id}/results").status_code == 200
    computed = organizer.post(f"/events/{ready.event_id}/divisions/{ready.division_id}/compute")
    run = computed.headers["Location"].rpartition("/")[2]
    assert "李梅" in chief.get(f"/runs/{run}").text
    for entry in ready.entries.values():
        assert chief.get(f"/runs/{run}/entries/{entry}").status_code == 200
    assert chief.post(f"/runs/{run}/sign/chief_judge").status_code == 302
    assert chief.post(f"/runs/{run}/sign/chief_judge").status_code == 409
    assert chief.post(f"/runs/{run}/sign/supervisor").status_code == 403
    assert chief.post(f"/runs/{run}/publish/posted").status_code == 404
    refused = organizer.post(f"/runs/{run}/publish/posted", data={})
    assert (refused.status_code, "缺少监督员签字" in refused.text) == (422, True)
    assert supervisor.post(f"/runs/{run}/sign/supervisor").status_code == 302
    for kind in ("posted", "proposed", "decided"):
        assert organizer.get(f"/runs/{run}/publish/{kind}").status_code == 200
    posted = organizer.post(f"/runs/{run}/publish/posted", data={})
    assert app.test_client().get(posted.headers["Location"]).status_code == 200
    again = organizer.post(f"/runs/{run}/publish/posted", data={})
    assert (again.status_code, "第1号" in again.text) == (422, True)
    assert organizer.post(f"/runs/{run}/publish/proposed", data={}).status_code == 302
    early = organizer.post(f"/runs/{run}/publish/decided", data={"document_number": "文号〔2026〕1号", "document_date": "2026-11-22"})  # fmt: skip
    assert (early.status_code, "公示期至2026年11月27日止" in early.text, "文号〔2026〕1号" in early.text) == (
        422,
        True,
        True,
    )
    set_arranged(AFTER_NOTICE)
    fresh = signed_in(person_id=ready.organizer.person)
    final = fresh.post(f"/runs/{run}/publish/decided", data={"document_number": "文号〔2026〕1号", "document_date": "2026-11-30"})  # fmt: skip
    assert final.status_code == 302
    assert organizer.get(f"/events/{ready.event_id}/results").status_code in (200, 302)


def test_the_public_page_is_quiet_and_answers_304(app: Flask, client: FlaskClient) -> None:
    ready = make_ready()
    key = decided(ready)
    answer = client.get(f"/publications/{key}")
    assert (answer.status_code, answer.text.count("江州重工"), "96.30" in answer.text, "缺席" in answer.text) == (200, 5, True, True)  # fmt: skip
    assert "00001" not in answer.text
    tag = answer.headers["ETag"]
    assert client.get(f"/publications/{key}", headers={"If-None-Match": tag}).status_code == 304
    listed = client.get(f"/competitions/{ready.competition_id}/publications")
    assert (listed.status_code, listed.text.count("/publications/")) == (200, 2)


def test_a_superseded_page_says_by_which(app: Flask, client: FlaskClient, at: datetime) -> None:
    ready = make_ready()
    first = actions.propose_results(signed_run(ready), actor=ready.organizer, at=at)
    tag = client.get(f"/publications/{first}").headers["ETag"]
    change_theory(ready, "王强", "82")
    second = actions.propose_results(signed_run(ready, reason="理论成绩更正"), actor=ready.organizer, at=at)
    answer = client.get(f"/publications/{first}", headers={"If-None-Match": tag})
    assert (answer.status_code, "第 2 号替代" in answer.text) == (200, True)
    assert "理论成绩更正" in client.get(f"/publications/{second}").text


def test_the_papers_are_pdfs(app: Flask, signed_in: Callable[..., FlaskClient], at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    sheet = signed_in(person_id=ready.organizer.person).get(f"/runs/{run}/sheet.pdf")
    assert sheet.data[:5] == b"%PDF-"
    key = actions.propose_results(run, actor=ready.organizer, at=at)
    notice = app.test_client().get(f"/publications/{key}/notice.pdf")
    assert (notice.status_code, notice.data[:5]) == (200, b"%PDF-")


def test_public_pages_before_publication_tell_nothing_of_scores(app: Flask, client: FlaskClient) -> None:
    seen = []
    ready = make_ready()
    pages = (f"/competitions/{ready.competition_id}/publications", f"/publications/{ready.event_id}", "/")
    for score in ("90", "12"):
        change_theory(ready, "李梅", score)
        signed_run(ready, reason="更正")
        seen.append(
            [
                (answer.status_code, re.sub(r'csrf_token" value="[^"]*', "", answer.text))
                for answer in map(app.test_client().get, pages)
            ]
        )
    assert seen[0] == seen[1]


def test_a_list_of_scores_over_the_web(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    ready = make_ready(scores=False)
    client = signed_in(person_id=ready.organizer.person)
    address = f"/events/{ready.event_id}/scores/{ready.theory_id}"
    template = client.get(f"{address}/template").data
    wrong = client.post(f"{address}/import", data={"file": (io.BytesIO(template), "a.xlsx")})
    assert (wrong.status_code, wrong.text.count("的成绩。")) == (422, 4)
    broken = client.post(f"{address}/import", data={"file": (io.BytesIO(b"x"), "a.xlsx")})
    assert broken.status_code == 422
    assert results.score_imports(ready.event_id) == []


def test_an_objection_is_noted_and_settled(app: Flask, signed_in: Callable[..., FlaskClient], at: datetime) -> None:
    ready = make_ready()
    key = actions.propose_results(signed_run(ready), actor=ready.organizer, at=at)
    client = signed_in(person_id=ready.organizer.person)
    missing = client.post(
        f"/publications/{key}/objections", data={"entry": str(ready.entries["王强"]), "matter": "资格"}
    )
    assert (missing.status_code, "真实姓名" in missing.text) == (422, True)
    noted = client.post(f"/publications/{key}/objections", data={"entry": str(ready.entries["王强"]), "raised_by": "刘真名", "matter": "资格"})  # fmt: skip
    assert noted.status_code == 302
    (objection,) = queries.objections([key])
    assert "刘真名" in client.get(f"/publications/{key}/objections").text
    settled = client.post(f"/objections/{objection.id}/settle", data={"ruling": "dismissed", "answer": "不成立"})
    assert settled.status_code == 302
    assert queries.objections([key])[0].state == "dismissed"
