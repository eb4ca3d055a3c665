"""Certificates out of an announcement: every winner gets one, once, with the number and words of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.access.roles import Role
from certification.certificates.actions import awards as actions
from certification.certificates.actions import designs
from certification.certificates.models.awards import AwardCertificate
from certification.certificates.models.certificates import Certificate, CertificateNumber
from certification.certificates.queries import register
from certification.certificates.recipients import Asked
from certification.verification import queries as verification
from certification.verification.walking import walk
from competitions.entries import noting
from competitions.entries.models.delegations import DelegationOfficer
from competitions.entries.models.entries import Entry
from competitions.rules.rule_set import RuleSet
from foundation.clock import now
from foundation.db import session, transaction
from foundation.files.queries import file_bytes
from foundation.jobs.actions import run_job
from foundation.permission import MACHINE, Actor
from foundation.refusal import Missing, Refusal
from tests.certification.certificates.test_actions import text_of, together
from tests.factories import certification as factory
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition, set_rules
from tests.factories.results import Ready, decided, make_ready

URL = factory.PUBLIC
BANDS = ({"prize": "first_prize", "places": 1}, {"prize": "second_prize", "rest": True})


def announced(*, coach: UUID | None = None) -> tuple[Ready, UUID]:
    """焊工: four ranked, one absent; first prize for the first, second for the rest, coaches of every prize honoured."""
    competition = make_competition(contact_phone="1", supervision_phone="2")
    set_rules(competition, RuleSet(prizes=BANDS, coach_honour="every"))
    ready = make_ready(competition_id=competition)
    if coach is not None:
        with transaction() as writing:
            body = noting.delegation_of(writing, competition, "江州一队", actor=MACHINE, at=now())
            for entry in ready.entries.values():
                writing.get_one(Entry, entry).delegation_id = body
            writing.add(DelegationOfficer(delegation_id=body, person_id=coach, role="coach", appointed_at=now()))
    return ready, decided(ready)


def officer() -> Actor:
    person = make_person("方圆")
    make_grant(person, Role.EVALUATION_OFFICER)
    return Actor(person)


def version(issuer: UUID, design: str, actor: Actor) -> UUID:
    return designs.publish_version(issuer, design, design, pictures_allowed=False, actor=actor, at=now())


def test_every_winner_gets_one_and_the_check_says_what_it_is(app: Flask, at: datetime) -> None:
    ready, publication = announced()
    issuer, clerk = factory.make_issuer(), officer()
    printed_with = version(issuer, "prize", clerk)
    job = actions.order_awards(issuer, publication, Asked("prize"), printed_with, public_url=URL, actor=clerk, at=at)
    assert run_job(job, lease=timedelta(seconds=60))
    session().rollback()
    rows = session().scalars(select(Certificate).order_by(Certificate.number)).all()
    assert [(row.kind, row.state, row.sample) for row in rows] == [("prize", "issued", False)] * 4
    assert [row.number[-6:] for row in rows if row.number] == ["P00001", "P00002", "P00003", "P00004"]
    values = [register.printed_values(row) for row in rows]
    assert [one["prize"] for one in values] == ["一等奖", "二等奖", "二等奖", "二等奖"]
    assert {one["name"] for one in values} == set(ready.entries) - {"孙丽"}
    first = rows[0]
    assert first.file_id is not None
    text = text_of(file_bytes(first.file_id))
    for said in (values[0]["name"], "一 等 奖", first.number, "SAMPLE"):
        assert (str(said).replace(" ", "") in text.replace(" ", "")) is (said != "SAMPLE"), said
    for other in values[1:]:
        assert other["name"] not in text
    assert first.token is not None
    found = verification.by_token(first.token.revealed())
    assert found is not None
    assert (found.kind, found.prize, found.whole is not None) == ("prize", "一等奖", True)
    assert "焊" in found.contest
    assert not [one for one in walk().broken if one.kind != "audit"]


def test_asking_again_gives_nobody_a_second_one(app: Flask, at: datetime) -> None:
    _ready, publication = announced()
    issuer, clerk = factory.make_issuer(), officer()
    printed_with = version(issuer, "prize", clerk)
    together(
        app,
        lambda: actions.order_awards(
            issuer, publication, Asked("prize"), printed_with, public_url=URL, actor=clerk, at=at
        ),
        times=6,
    )
    assert len(session().scalars(select(AwardCertificate)).all()) == 4
    assert sorted(session().scalars(select(CertificateNumber.serial))) == [1, 2, 3, 4]
    keys = session().scalars(select(Certificate.id)).all()
    files = [actions.issue_award(keys[0], public_url=URL, actor=clerk, at=at) for _ in range(2)]
    assert files[0] == files[1]


def test_coaches_titles_and_participation(app: Flask, at: datetime) -> None:
    coach = factory.make_holder("何教练", with_photo=False)
    _ready, publication = announced(coach=coach)
    issuer, clerk = factory.make_issuer(), officer()
    honour, took_part = version(issuer, "honour", clerk), version(issuer, "participation", clerk)
    planned = actions.plan(issuer, publication, Asked("coach"), honour, actor=clerk, at=at)
    assert [(line.name, line.values["prize"]) for line in planned.ready] == [("何教练", "优秀指导教师")]
    title = Asked("title", "江州省技术能手", "", 1)
    assert [
        line.recipient.rank for line in actions.plan(issuer, publication, title, honour, actor=clerk, at=at).lines
    ] == [1]
    assert len(actions.plan(issuer, publication, Asked("participation"), took_part, actor=clerk, at=at).lines) == 4
    for asked, code in ((Asked("title"), "award_wording_missing"), (Asked("title", "能手"), "award_rank_missing"),
                        (Asked("title", "全国技术能手", "", 1), "award_words_reserved"), (Asked("medal"), "award_kind_unknown"),
                        (Asked("prize"), "design_version_wrong")):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            actions.plan(issuer, publication, asked, honour, actor=clerk, at=at)


def test_a_name_that_cannot_be_printed_stops_its_own_alone(app: Flask, at: datetime) -> None:
    ready, publication = announced()
    from accounts.people.actions import PersonFacts, note_person
    from competitions.entries.models.entries import EntryMember

    person = session().scalars(select(EntryMember.person_id).where(EntryMember.entry_id == ready.entries["王强"])).one()
    note_person(PersonFacts(name_zh="王𲎯"), person_id=person, actor=MACHINE, at=at)
    issuer, clerk = factory.make_issuer(), officer()
    planned = actions.plan(issuer, publication, Asked("prize"), version(issuer, "prize", clerk), actor=clerk, at=at)
    stopped = [(line.name, [fault.code for fault in line.faults]) for line in planned.lines if line.faults]
    assert stopped == [("王𲎯", ["certificate_character_missing"])]
    assert len(planned.ready) == 3


def test_another_issuers_officer_finds_no_publication(app: Flask, at: datetime) -> None:
    _ready, publication = announced()
    issuer, clerk = factory.make_issuer(), officer()
    printed_with = version(issuer, "prize", clerk)
    with pytest.raises(Missing):
        actions.plan(issuer, publication, Asked("prize"), printed_with, actor=Actor(make_person()), at=at)
