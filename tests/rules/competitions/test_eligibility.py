"""Eligibility: worked examples, and what holds for every birth date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.applicants import Applicant, Title
from competitions.rules.eligibility import Answer, Verdict, judge, years_on
from competitions.rules.rule_set import RuleSet
from foundation.refusal import Refusal

DAY = date(2026, 11, 20)
RULES = RuleSet().eligibility


def answers(applicant: Applicant, *rules: dict[str, object]) -> list[tuple[str, str]]:
    return [(verdict.answer.value, verdict.code) for verdict in judge(rules or RULES, applicant, DAY)]


def test_a_grown_up_without_titles_passes_every_default_rule() -> None:
    assert judge(RULES, Applicant(date(1990, 5, 1), birth_basis="verified"), DAY) == (
        Verdict("age", Answer.PASS, "eligibility:age_fits", "verified", {"age": 36, "on": "2026-11-20"}),
        Verdict("minor_consent", Answer.PASS, "eligibility:of_age", "verified", {"age": 36, "limit": 18}),
        Verdict("barred_titles", Answer.PASS, "eligibility:no_barred_title", "register", {}),
    )


@pytest.mark.parametrize(
    ("birth", "answer"),
    [(date(2010, 11, 20), "pass"), (date(2010, 11, 21), "fail"), (None, "needs_evidence")],
)
def test_sixteen_is_reached_on_the_birthday(birth: date | None, answer: str) -> None:
    assert answers(Applicant(birth), {"kind": "age", "least": 16})[0][0] == answer


def test_the_reference_date_of_the_notice_wins_over_the_first_day() -> None:
    rule = {"kind": "age", "least": 18, "reference_date": "2026-01-01"}
    assert answers(Applicant(date(2008, 6, 1)), rule) == [("fail", "eligibility:too_young")]
    assert answers(Applicant(date(2008, 6, 1)), {"kind": "age", "least": 18}) == [("pass", "eligibility:age_fits")]


def test_too_old_says_the_limit() -> None:
    found = judge([{"kind": "age", "most": 35}], Applicant(date(1990, 5, 1)), DAY)[0]
    assert (found.code, found.facts) == ("eligibility:too_old", {"age": 36, "on": "2026-11-20", "most": 35})


def test_a_minor_needs_a_guardian_and_is_told_what() -> None:
    minor = Applicant(date(2009, 6, 1))
    found = judge([{"kind": "minor_consent", "age": 18}], minor, DAY)[0]
    assert (found.answer, found.wants) == (Answer.NEEDS_EVIDENCE, "evidence:guardian_consent")
    assert answers(Applicant(date(2009, 6, 1), consent=True), {"kind": "minor_consent", "age": 18}) == [
        ("pass", "eligibility:consent_there")
    ]


@pytest.mark.parametrize(
    ("state", "pending", "code"),
    [
        ("held", False, "eligibility:title_barred"),
        ("pending", True, "eligibility:title_barred_pending"),
        ("pending", False, "eligibility:no_barred_title"),
        ("ended", True, "eligibility:no_barred_title"),
    ],
)
def test_titles_bar_when_held_and_when_pending_only_if_the_notice_says_so(state: str, pending: bool, code: str) -> None:
    holder = Applicant(date(1990, 5, 1), titles=(Title("全国技术能手", state),))
    rule = {"kind": "barred_titles", "titles": ["全国技术能手"], "pending": pending}
    assert answers(holder, rule)[0][1] == code


def test_identity_class_and_one_event() -> None:
    student = Applicant(date(2004, 5, 1), identity_class="student", other_events=1)
    assert answers(student, {"kind": "identity_class", "any_of": ["worker", "teacher"]}, {"kind": "one_event"}) == [
        ("fail", "eligibility:class_not_admitted"),
        ("fail", "eligibility:other_event"),
    ]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Refusal, match="eligibility_rule_unknown"):
        judge([{"kind": "height"}], Applicant(None), DAY)


def test_who_was_born_on_29_february_is_older_from_1_march() -> None:
    assert [years_on(date(2008, 2, 29), date(2026, 2, 28)), years_on(date(2008, 2, 29), date(2026, 3, 1))] == [17, 18]


@given(st.dates(date(1940, 1, 1), date(2020, 12, 31)), st.integers(0, 80), st.integers(0, 80))
def test_a_stricter_least_age_never_admits_more(birth: date, least: int, more: int) -> None:
    loose = answers(Applicant(birth), {"kind": "age", "least": least})[0][0]
    strict = answers(Applicant(birth), {"kind": "age", "least": least + more})[0][0]
    assert not (loose == "fail" and strict == "pass")


@given(st.dates(date(1940, 1, 1), date(2020, 12, 31)))
def test_everybody_who_needs_no_consent_is_of_age(birth: date) -> None:
    found = judge([{"kind": "minor_consent", "age": 18}], Applicant(birth), DAY)[0]
    assert (found.answer == Answer.PASS) == (years_on(birth, DAY) >= 18)
