from __future__ import annotations

from dataclasses import replace

from competitions.rules.rule_set import RuleSet, rule_set
from competitions.rules.rule_words import NAMES, differences, eligibility_from, values_of


def test_every_rule_has_a_value_and_the_stored_form_says_the_same() -> None:
    values = values_of(RuleSet())
    assert tuple(values) == NAMES
    assert (values["age_least"], values["consent_age"]) == (16, 18)
    assert values["barred_titles"] == ("中华技能大奖", "全国技术能手")
    assert values_of(rule_set(RuleSet().stored())) == values


def test_differences_name_what_changed() -> None:
    before = RuleSet()
    after = replace(before, notice_days=7, tie_breaks=("theory",))
    assert differences(before, before) == []
    assert differences(before, after) == [
        ("tie_breaks", ("practice", "theory"), ("theory",)),
        ("notice_days", 5, 7),
    ]


def test_eligibility_goes_through_a_form_unchanged_and_other_kinds_stay() -> None:
    other = {"kind": "held_grade", "least": "L4"}
    before = replace(RuleSet(), eligibility=(*RuleSet().eligibility, other))
    assert eligibility_from(values_of(before), before) == before.eligibility
    assert eligibility_from({}, before) == (other,)
