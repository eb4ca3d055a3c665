"""Issuers, filings, the switch."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from certification.filings import actions, queries
from certification.filings.actions import FilingFacts, IssuerFacts
from foundation.permission import MACHINE, Actor
from foundation.refusal import Refusal
from tests.factories.accounts import make_person

ISSUER = IssuerFacts("江州技师学院", "filed_host", "S000032000001", "own_range", region_code="320000")
FILING = FilingFacts(
    "6-18-02-04", "焊工", "2022", ("L3", "L2"), date(2026, 1, 1), date(2026, 12, 31), "江人社备〔2026〕1号"
)


def test_may_issue_follows_occupation_grade_and_day(app: Flask, at: datetime) -> None:
    issuer = actions.note_issuer(ISSUER, actor=MACHINE, at=at)
    assert {actions.note_filing(issuer, FILING, actor=MACHINE, at=at) for _ in range(2)} == {
        queries.issuer(issuer).filings[0].id
    }
    asked = [("6-18-02-04", "L2", date(2026, 12, 31)), ("6-18-02-04", "L1", date(2026, 6, 1)), ("6-18-02-04", "L2", date(2027, 1, 1)),
             ("6-31-01-03", "L2", date(2026, 6, 1)), ("6-18-02-04", "L2", date(2025, 12, 31))]  # fmt: skip
    assert [queries.may_issue(issuer, *question) for question in asked] == [True, False, False, False, False]
    actions.end_filing(queries.issuer(issuer).filings[0].id, date(2026, 5, 31), actor=MACHINE, at=at)
    assert not queries.may_issue(issuer, "6-18-02-04", "L2", date(2026, 6, 1))


def test_a_wrong_or_taken_prefix_is_refused(app: Flask, at: datetime) -> None:
    for prefix in ("S00003200001", "s000032000001", "S0000320000012"):
        with pytest.raises(Refusal, match="prefix_shape"):
            actions.note_issuer(IssuerFacts("甲", "third_party", prefix, "own_range"), actor=MACHINE, at=at)
    actions.note_issuer(ISSUER, actor=MACHINE, at=at)
    with pytest.raises(Refusal, match="prefix_taken"):
        actions.note_issuer(IssuerFacts("乙", "third_party", ISSUER.prefix, "own_range"), actor=MACHINE, at=at)


def test_switching_on_needs_a_filing_and_names_the_person(app: Flask, at: datetime) -> None:
    issuer, person = actions.note_issuer(ISSUER, actor=MACHINE, at=at), Actor(make_person())
    with pytest.raises(Refusal, match="filing_nothing"):
        actions.switch_issuer(issuer, on=True, actor=person, at=at)
    with pytest.raises(Refusal, match="filing_dates_reversed"):
        actions.note_filing(
            issuer,
            FilingFacts("6-18-02-04", "焊工", "2022", ("L3",), date(2026, 2, 1), date(2026, 1, 1)),
            actor=person,
            at=at,
        )
    with pytest.raises(Refusal, match="filing_grades_missing"):
        actions.note_filing(
            issuer, FilingFacts("6-18-02-04", "焊工", "2022", (), date(2026, 2, 1)), actor=person, at=at
        )
    actions.note_filing(issuer, FILING, actor=person, at=at)
    actions.switch_issuer(issuer, on=True, actor=person, at=at)
    assert (queries.issuer(issuer).switched_on_by, queries.issuer(issuer).switched_on_at) == (person.person, at)
    actions.switch_issuer(issuer, on=False, actor=person, at=at)
    assert queries.issuer(issuer).switched_on_at is None
