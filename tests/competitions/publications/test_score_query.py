"""成绩查询: the own published result, and the same answer for everything that does not match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.people.identity import identity_index
from accounts.people.models import IdentityDocument
from competitions.entries.actions.entering import issue_claim_code
from competitions.entries.queries import entries
from competitions.publications import actions
from foundation.clock import now, set_arranged
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.permission import MACHINE
from tests.factories.entries import identity_number
from tests.factories.results import AFTER_NOTICE, Ready, change_theory, decided, make_ready, signed_run


@dataclass(frozen=True)
class Asker:
    """王强 with what he holds."""

    ready: Ready
    number: str
    pass_number: str
    member_id: UUID

    def ask(self, client: FlaskClient, **changes: str) -> str:
        given = {"name": "王强", "document_kind": "resident_identity_card", "identity_number": self.number,
                 "code": self.pass_number} | changes  # fmt: skip
        answer = client.post("/query", data=given)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def asker(app: Flask) -> Asker:
    ready = make_ready()
    found = entries.entry(ready.entries["王强"])
    member = found.members[0]
    number = identity_number()
    register_person_number(member.person_id, number)
    assert found.pass_number is not None
    return Asker(ready, number, found.pass_number, member.id)


def register_person_number(person_id: UUID, number: str) -> None:
    with transaction() as writing:
        writing.add(
            IdentityDocument(
                person_id=person_id,
                kind="resident_identity_card",
                number=Personal(number),
                number_index=identity_index("resident_identity_card", number),
                created_at=now(),
            )
        )


def answer_of(page: str) -> str:
    return page.split('class="card lookup-result">')[1].split("</section>", maxsplit=1)[0]


def test_nothing_before_publication_then_the_rank_then_the_document(asker: Asker, client: FlaskClient, at: datetime) -> None:  # fmt: skip
    assert "成绩尚未发布" in asker.ask(client)
    run = signed_run(asker.ready)
    actions.post_results(run, actor=asker.ready.organizer, at=at)
    posted = asker.ask(client)
    for shown in ("第 2 名（共 4）", "80.00", "不是最终成绩", "赛场公布"):
        assert shown in posted, shown
    assert "李梅" not in posted


def test_the_final_publication_takes_its_place(asker: Asker, client: FlaskClient) -> None:
    decided(asker.ready)
    set_arranged(AFTER_NOTICE)
    page = asker.ask(client)
    assert ("江人社函〔2026〕66号" in page, "不是最终成绩" in page) == (True, False)


def test_a_corrected_run_takes_the_place_of_the_first(asker: Asker, client: FlaskClient, at: datetime) -> None:
    actions.propose_results(signed_run(asker.ready), actor=asker.ready.organizer, at=at)
    assert "第 2 名" in asker.ask(client)
    change_theory(asker.ready, "王强", "60")
    actions.propose_results(signed_run(asker.ready, reason="更正"), actor=asker.ready.organizer, at=at)
    assert "第 3 名" in asker.ask(client)


def test_the_claim_code_opens_it_too(asker: Asker, client: FlaskClient, at: datetime) -> None:
    code = issue_claim_code(asker.member_id, actor=MACHINE, at=at)
    assert "成绩尚未发布" in asker.ask(client, code=code.lower())
    other = entries.entry(asker.ready.entries["李梅"]).members[0]
    assert "没有查到" in asker.ask(client, code=issue_claim_code(other.id, actor=MACHINE, at=at))


def test_whatever_does_not_match_is_answered_alike(asker: Asker, client: FlaskClient, at: datetime) -> None:
    actions.post_results(signed_run(asker.ready), actor=asker.ready.organizer, at=at)
    others = entries.entry(asker.ready.entries["李梅"]).pass_number
    answers = {
        answer_of(asker.ask(client, **changes))
        for changes in (
            {"name": "王小强"}, {"identity_number": identity_number()}, {"identity_number": "1"}, {"code": "99999"},
            {"code": others or ""}, {"document_kind": "passport"},
        )
    }  # fmt: skip
    assert len(answers) == 1
    assert "没有查到" in answers.pop()


def test_what_is_missing_is_named_and_nothing_typed_is_lost(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/query", data={"name": "王强", "document_kind": "resident_identity_card"})
    assert (answer.status_code, 'value="王强"' in answer.text, "参赛证上的证号" in answer.text) == (422, True, True)
