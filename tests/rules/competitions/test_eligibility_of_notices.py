"""Every rule of eligibility that notices were seen to make can be said as data. Sources: the yearly notices on national industry
competitions, provincial and municipal notices, 竞赛规程 of college contests (competition rules, section 参赛条件)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from competitions.rules.applicants import Applicant, Grade, Place, Said, Title
from competitions.rules.eligibility import KINDS, judge

DAY = date(2025, 9, 19)
LOCAL = ["work", "study", "live"]
R8 = {"kind": "any_of", "rules": [
    {"kind": "local", "ways": ["insured"], "months": 12},
    {"kind": "all_of", "rules": [{"kind": "local", "ways": ["household"]}, {"kind": "contract"}]},
    {"kind": "grade", "least": "L5", "same_occupation": "6-18-02-04"},
]}  # fmt: skip


def worker(born: date = date(1990, 5, 1), **given: Any) -> Applicant:
    return Applicant(
        **(
            {"birth_date": born, "identity_class": "worker", "sex": "1", "document_kind": "resident_identity_card"}
            | given
        )
    )


def said(**given: str) -> dict[str, Said]:
    return {key: Said(value) for key, value in given.items()}


WON = Place("焊接", 1, "一等奖", date(2024, 6, 1), same_event=True)
CASES: list[tuple[str, dict[str, Any], Applicant, str, str]] = [
    ("16 to retirement age", {"kind": "working_age", "most": {"1": 59, "2": 49}}, worker(date(1966, 1, 1)), "pass", "age_fits"),
    ("a woman past her limit", {"kind": "working_age", "most": {"1": 59, "2": 49}}, worker(date(1966, 1, 1), sex="2"), "fail", "too_old"),
    ("mainland citizens", {"kind": "documents", "any_of": ["resident_identity_card"]}, worker(document_kind="passport"), "fail", "document_not_admitted"),
    ("a year of local work", {"kind": "local", "ways": LOCAL, "months": 12}, worker(said=said(work_since="2024-09-19")), "pass", "local_fits"),
    ("a day short", {"kind": "local", "ways": ["work"], "months": 12}, worker(said=said(work_since="2024-09-20")), "fail", "local_short"),
    ("nothing shown", {"kind": "local", "ways": LOCAL, "months": 12}, worker(), "needs_evidence", "local_unknown"),
    ("18 to 50", {"kind": "age", "least": 18, "most": 50}, worker(date(1974, 9, 20)), "pass", "age_fits"),
    ("insured in the city", {"kind": "local", "ways": ["insured"], "months": 0}, worker(said=said(insured_since="2025-09-01")), "pass", "local_fits"),
    ("at most 35", {"kind": "age", "most": 35}, worker(date(1989, 9, 19)), "fail", "too_old"),
    ("students born within days", {"kind": "born", "first": "1999-07-02", "last": "2009-07-01"}, worker(date(1999, 7, 1)), "fail", "born_outside"),
    ("enrolled in time", {"kind": "enrolment", "by": "2025-07-01"}, worker(said=said(enrolled_since="2024-09-01")), "pass", "enrolment_fits"),
    ("enrolled late", {"kind": "enrolment", "by": "2025-07-01"}, worker(said=said(enrolled_since="2025-09-01")), "fail", "enrolment_late"),
    ("born on or after", {"kind": "born", "first": "1999-01-01"}, worker(date(1999, 1, 1)), "pass", "born_fits"),
    ("中级工 for 3 years", {"kind": "grade", "least": "L4", "years": 3}, worker(grades=(Grade("L3", "6-18-02-04", date(2022, 9, 19)),)), "pass", "grade_held"),
    ("a grade without its day", {"kind": "grade", "least": "L4", "years": 3}, worker(grades=(Grade("L3"),)), "needs_evidence", "grade_unknown"),
    ("a grade too young", {"kind": "grade", "least": "L4", "years": 3}, worker(grades=(Grade("L4", "", date(2023, 1, 1)),)), "fail", "grade_not_held"),
    ("or 6 years in the trade", {"kind": "any_of", "rules": [{"kind": "grade", "least": "L4", "years": 3}, {"kind": "experience", "years": 6}]}, worker(years_in_trade=6), "pass", "experience_fits"),
    ("neither", {"kind": "any_of", "rules": [{"kind": "grade", "least": "L4", "years": 3}, {"kind": "experience", "years": 6}]}, worker(years_in_trade=5), "fail", "none_of"),
    ("a labour contract", {"kind": "contract"}, worker(said=said(contract="yes")), "pass", "contract_there"),
    ("no labour contract", {"kind": "contract"}, worker(said=said(contract="no")), "fail", "contract_missing"),
    ("title holders", {"kind": "barred_titles", "titles": ["全国技术能手"]}, worker(titles=(Title("全国技术能手"),)), "fail", "title_barred"),
    ("in principle", {"kind": "barred_titles", "titles": ["市技术能手"], "in_principle": True}, worker(titles=(Title("市技术能手"),)), "needs_evidence", "title_in_principle"),
    ("pending titles", {"kind": "barred_titles", "titles": ["全国技术能手"], "pending": True}, worker(titles=(Title("全国技术能手", "pending"),)), "fail", "title_barred_pending"),
    ("titles without reward", {"kind": "titles_without_reward", "titles": ["全国技术能手"]}, worker(titles=(Title("全国技术能手"),)), "pass", "title_without_reward"),
    ("top three of three years without reward", {"kind": "earlier_winners", "ranks": 3, "years": 3, "without_reward": True}, worker(places=(WON,)), "pass", "without_reward"),
    ("former first prizes of the event", {"kind": "earlier_winners", "prizes": ["一等奖"], "same_event": True}, worker(places=(WON,)), "fail", "won_before"),
    ("of another event", {"kind": "earlier_winners", "prizes": ["一等奖"], "same_event": True}, worker(places=(Place("茶艺", 1, "一等奖", date(2024, 6, 1)),)), "pass", "not_won_before"),
    ("one event", {"kind": "one_event"}, worker(other_events=1), "fail", "other_event"),
    ("no student as worker", {"kind": "full_time_student"}, worker(said=said(full_time_student="yes")), "fail", "student_as_worker"),
    ("accident insurance", {"kind": "insurance"}, worker(), "needs_evidence", "insurance_unknown"),
    ("职工组: insured a year", R8, worker(said=said(insured_since="2024-01-01")), "pass", "local_fits"),
    ("职工组: household and contract", R8, worker(said=said(insured_since="2025-09-01", household_since="2010-01-01", contract="yes")), "pass", "local_fits"),
    ("职工组: a grade of the trade", R8, worker(grades=(Grade("L5", "6-18-02-04"),)), "pass", "grade_held"),
    ("职工组: nothing", R8, worker(said=said(insured_since="2025-09-01", household_since="2010-01-01", contract="no")), "fail", "none_of"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "applicant", "answer", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_rule_as_notices_write_it(rule: dict[str, Any], applicant: Applicant, answer: str, code: str) -> None:
    (found,) = judge([rule], applicant, DAY)
    assert (found.answer.value, found.code) == (answer, f"eligibility:{code}")


def test_a_rule_may_be_for_some_classes_and_events_alone() -> None:
    rule = {"kind": "born", "first": "1999-01-01", "events": ["HJ"], "classes": ["student"]}
    old = worker(date(1996, 1, 1), identity_class="student", event_code="HJ")
    assert [one.answer.value for one in judge([rule], old, DAY)] == ["fail"]
    assert judge([rule], worker(date(1996, 1, 1), event_code="HJ"), DAY) == ()
    assert judge([rule], worker(date(1996, 1, 1), identity_class="student", event_code="DG"), DAY) == ()


def test_every_kind_has_a_case() -> None:
    def kinds(rule: dict[str, Any]) -> set[str]:
        return {rule["kind"]}.union(*(kinds(inner) for inner in rule.get("rules", ())))

    assert set(KINDS) - set().union(*(kinds(case[1]) for case in CASES)) == {
        "minor_consent",
        "identity_class",
    }  # tested beside
