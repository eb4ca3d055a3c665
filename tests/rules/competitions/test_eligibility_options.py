"""Rules of eligibility written in the browser: what is typed becomes the data that notices are tested with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from competitions.rules.applicants import Applicant, Place, Title
from competitions.rules.eligibility import KINDS, judge
from competitions.rules.eligibility_options import (
    OPTIONS,
    checked_rule,
    checked_statement,
    needed,
    path_of,
    rule_at,
    with_rule,
)
from foundation.refusal import Refusal
from tests.rules.competitions.test_eligibility_of_notices import CASES

DAY = date(2025, 9, 19)


def typed(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as a browser would send it."""
    found: dict[str, Any] = {}
    for name, value in rule.items():
        if isinstance(value, dict):
            found |= {f"{name}_{key}": str(number) for key, number in value.items()}
        elif name in ("titles", "prizes"):
            found[name] = "\n".join(value)
        elif isinstance(value, bool):
            found[name] = "yes" if value else ""
        elif isinstance(value, list):
            found[name] = value
        else:
            found[name] = str(value)
    return found


def entered(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule as the browser puts it into a rule set: the group first, then what stands inside."""
    made = checked_rule(
        rule["kind"], typed({name: value for name, value in rule.items() if name not in ("kind", "rules")})
    )
    for place, inner in enumerate(rule.get("rules", ())):
        [made] = with_rule([made], (0, place), entered(inner))
    return made


@pytest.mark.parametrize("rule", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_every_rule_of_a_notice_can_be_entered_by_form(rule: dict[str, Any]) -> None:
    stripped = {name: value for name, value in rule.items() if value is not False}
    assert entered(rule) == stripped


def test_every_kind_has_its_options() -> None:
    assert set(OPTIONS) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("age", {"least": "sixteen"}, "rule_option_wrong"),
        ("age", {"least": "²"}, "rule_option_wrong"),
        ("age", {"least": "40", "most": "20"}, "rule_option_reversed"),
        ("born", {"first": "2009-01-01", "last": "1999-01-01"}, "rule_option_reversed"),
        ("born", {"first": "2009-02-30"}, "rule_option_wrong"),
        ("barred_titles", {"titles": " \n"}, "rule_option_missing"),
        ("grade", {"least": "L9"}, "rule_option_wrong"),
        ("enrolment", {}, "rule_option_missing"),
        ("working_age", {"most_1": "59", "most_2": "x"}, "rule_option_wrong"),
        ("moon", {}, "eligibility_rule_unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(kind: str, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as found:
        checked_rule(kind, given)
    assert found.value.code == code


def test_rules_are_put_added_and_taken_out_by_their_place() -> None:
    rules: tuple[Any, ...] = ({"kind": "one_event"}, {"kind": "any_of", "rules": [{"kind": "contract"}]})
    added = with_rule(rules, path_of("1.1"), {"kind": "insurance"})
    assert rule_at(added, (1, 1)) == {"kind": "insurance"}
    assert with_rule(added, (1, 1), None) == rules
    assert with_rule(rules, (0,), None) == rules[1:]
    assert rule_at(rules, (5,)) is None
    assert rules[1] == {"kind": "any_of", "rules": [{"kind": "contract"}]}


def test_an_empty_group_judges_nobody() -> None:
    for kind in ("any_of", "all_of"):
        [found] = judge([{"kind": kind, "rules": []}], Applicant(None), DAY)
        assert (found.answer.value, found.code) == ("pass", "eligibility:nothing_asked")


def test_what_people_have_to_state_follows_from_the_rules() -> None:
    rules = [
        {"kind": "any_of", "rules": [{"kind": "local", "ways": ["work", "insured"]}, {"kind": "contract"}]},
        {"kind": "enrolment", "by": "2025-07-01", "classes": ["student"]},
        {"kind": "grade", "least": "L4", "years": 3},
        {"kind": "age", "least": 16},
    ]
    assert needed(rules, Applicant(None, "worker")) == ("work_since", "insured_since", "grade_since", "contract")
    assert "enrolled_since" in needed(rules, Applicant(None, "student"))


@pytest.mark.parametrize(("key", "text"), [("contract", "maybe"), ("work_since", "2030-01-01"), ("work_since", "last year"), ("live_since", "1800-01-01")])  # fmt: skip
def test_a_wrong_statement_is_refused(key: str, text: str) -> None:
    with pytest.raises(Refusal, match="statement_"):
        checked_statement(key, text, DAY)


def test_a_name_on_a_list_needs_a_person_to_settle_it_and_a_known_title_bars_at_once() -> None:
    rule = {"kind": "barred_titles", "titles": ["全国技术能手"], "pending": True}
    maybe = Title("全国技术能手", "held", "possible")
    [open_one] = judge([rule], Applicant(None, titles=(maybe,)), DAY)
    [barred] = judge([rule], Applicant(None, titles=(maybe, Title("全国技术能手"))), DAY)
    assert (open_one.code, open_one.wants) == ("eligibility:title_possible", "evidence:settle_match")
    assert barred.code == "eligibility:title_barred"
    place = Place("焊接", 1, "", date(2024, 6, 1), basis="possible")
    [winner] = judge([{"kind": "earlier_winners", "ranks": 3}], Applicant(None, places=(place,)), DAY)
    assert (winner.answer.value, winner.code) == ("needs_evidence", "eligibility:winner_possible")
