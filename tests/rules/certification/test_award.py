"""Worked examples 8 to 11 of the facts, the real tables of Henan and Tianjin, and what holds for every policy."""

from __future__ import annotations

import csv
import random
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.rules.seniority import place
from certification.rules.award import decide, decide_all, prepare
from certification.rules.facts import Achievement, Contest, Decision, FactBasis, HeldGrade, Verdict
from certification.rules.policy import Band, BandKind, Clause, Conditions, EdgePolicy, HeldRule, Limits, Outcome, Policy
from certification.rules.policy_text import parse
from foundation.exact import Rounding

ROOT = Path(__file__).resolve().parents[3]
ALL = frozenset({"L5", "L4", "L3", "L2", "L1"})


def policy(name: str) -> Policy:
    read, problems = parse(tomllib.loads((ROOT / "data" / "policies" / f"{name}.toml").read_text(encoding="utf-8")))
    assert problems == ()
    assert read is not None
    return read


def contest(**facts: Any) -> Contest:
    given: dict[str, Any] = {
        "tier": "provincial", "competition_class": "class_1", "programme": "industry", "line": "human_resources", "in_plan": True,
        "rewards_enabled": True, "final": True, "day": date(2023, 9, 1), "division": "worker", "team_size": 1, "test_level": "L3",
        "attendance": 42, "occupation_code": "6-18-02-04", "occupation_name": "焊工", "occupation_edition": "2022",
        "offered": ALL, "filed": ALL,
    }  # fmt: skip
    return Contest(**(given | facts))


def one(rank: int | None, **facts: Any) -> Achievement:
    return Achievement(**({"rank": rank, "parts": (("theory", True), ("practice", True)), "age": 30} | facts))


def holds(
    grade: str, basis: FactBasis = FactBasis.VERIFIED, name: str = "焊工", code: str = "6-18-02-04"
) -> tuple[HeldGrade, ...]:
    return (HeldGrade(grade, code, name, "2022", basis),)


def ask(rules: Policy, achievement: Achievement, **facts: Any) -> Decision:
    return decide(prepare(rules, contest(**facts)), achievement)


TIANJIN_DAY = {"day": date(2025, 6, 1)}


def test_example_8_henan_class_1_single() -> None:
    henan = policy("henan-2023-class-1")
    fourth = ask(henan, one(4))
    assert (fourth.grade, fourth.title, fourth.clause) == ("L2", "河南省技术能手", "single-1-5")
    assert (ask(henan, one(12)).grade, ask(henan, one(12)).title) == ("L3", "")
    nothing = ask(henan, one(21))
    assert (nothing.awarded, nothing.reason, dict(nothing.reason_facts)) == (
        False,
        "rank_below_bands",
        {"rank": 21, "last": 20},
    )
    student = ask(henan, one(4, identity_class="student"))
    assert (student.grade, student.title) == ("L2", "")


def test_example_9_henan_class_2_teams() -> None:
    henan, second = policy("henan-2023-class-2"), {"competition_class": "class_2"}
    pair = [ask(henan, one(3, position=place), team_size=2, **second) for place in (1, 2)]
    assert [(d.grade, d.title) for d in pair] == [("L3", ""), ("L3", "")]
    trio = [ask(henan, one(1, position=place), team_size=3, **second) for place in (1, 2, 3)]
    assert [(d.grade, d.title) for d in trio] == [("L2", "河南省技术能手")] * 3


def test_example_10_tianjin_class_1() -> None:
    tianjin = policy("tianjin-2024")
    assert ask(tianjin, one(10, held=holds("L2")), **TIANJIN_DAY).grade == "L1"
    assert ask(tianjin, one(11), **TIANJIN_DAY).reason == "rank_below_bands"
    promoted = ask(tianjin, one(10, held=holds("L2"), promotions_this_year=1), **TIANJIN_DAY)
    assert (promoted.grade, promoted.target, promoted.reason) == ("", "L1", "promoted_this_year")


def test_example_11_tianjin_enterprise_share() -> None:
    tianjin, enterprise = policy("tianjin-2024"), {"tier": "enterprise", "competition_class": "none", "attendance": 14}
    assert ask(tianjin, one(4, held=holds("L4")), **enterprise, **TIANJIN_DAY).grade == "L3"
    assert ask(tianjin, one(5, held=holds("L4")), **enterprise, **TIANJIN_DAY).grade == ""


@pytest.mark.parametrize(
    ("klass", "size", "upper", "lower"),
    [(1, 1, 5, 20), (1, 2, 3, 10), (1, 3, 2, 7), (2, 1, 3, 15), (2, 2, 2, 10), (2, 3, 1, 5)],
)
def test_every_row_of_henan(klass: int, size: int, upper: int, lower: int) -> None:
    henan = policy(f"henan-2023-class-{klass}")
    got = [ask(henan, one(rank), team_size=size, competition_class=f"class_{klass}") for rank in range(1, 23)]
    assert [d.grade for d in got] == ["L2"] * upper + ["L3"] * (lower - upper) + [""] * (22 - lower)
    assert [bool(d.title) for d in got] == [True] * upper + [False] * (22 - upper)


def test_henan_states_no_rule_for_those_who_hold_the_grade() -> None:
    holder = ask(policy("henan-2023-class-1"), one(4, held=holds("L2")))
    assert (holder.grade, holder.title, holder.target) == ("", "河南省技术能手", "")
    assert "held_rule_not_stated" in {check.code for check in holder.checks}
    assert ask(policy("henan-2023-class-1"), one(12, held=holds("L2"))).reason == "held_rule_not_stated"


@pytest.mark.parametrize(
    ("facts", "last", "worker", "holder", "student"),
    [
        (
            {"programme": "skills_contest", "competition_class": "none", "tier": "municipal"},
            10,
            "L2",
            ("L2", "L1"),
            "L3",
        ),
        ({"competition_class": "class_1"}, 10, "L2", ("L2", "L1"), "L3"),
        ({"competition_class": "class_2", "tier": "municipal"}, 6, "L3", ("L3", "L2"), "L4"),
        ({"competition_class": "none", "tier": "county"}, 6, "L3", ("L3", "L2"), "L4"),
        ({"competition_class": "none", "tier": "enterprise", "attendance": 20}, 6, "L4", ("L4", "L3"), "L4"),
        ({"competition_class": "none", "tier": "school", "attendance": 20}, 6, "L4", ("L4", "L3"), "L4"),
    ],
)
def test_every_row_of_tianjin(
    facts: dict[str, Any], last: int, worker: str, holder: tuple[str, str], student: str
) -> None:
    tianjin, given = policy("tianjin-2024"), TIANJIN_DAY | facts
    for rank in (1, last):
        assert ask(tianjin, one(rank), **given).grade == worker
        assert ask(tianjin, one(rank, held=holds(holder[0])), **given).grade == holder[1]
        assert ask(tianjin, one(rank, identity_class="student"), **given).grade == student
    assert not ask(tianjin, one(last + 1), **given).awarded
    titled = facts.get("tier") != "enterprise" and last == 10
    assert bool(ask(tianjin, one(1), **given).title) == titled
    assert ask(tianjin, one(1, identity_class="student"), **given).title == ""


def test_gates_say_why_nothing_follows() -> None:
    henan = policy("henan-2023-class-1")
    for facts, reason in (
        ({"in_plan": False}, "in_plan_not"), ({"rewards_enabled": False}, "rewards_on_not"), ({"final": False}, "result_final_not"),
        ({"tier": "municipal"}, "policy_applies_not"), ({"day": date(2024, 1, 1)}, "policy_valid_not"),
    ):  # fmt: skip
        assert (ask(henan, one(1), **facts).awarded, ask(henan, one(1), **facts).reason) == (False, reason)
    assert ask(henan, one(None)).reason == "not_ranked"
    assert ask(henan, one(1), filed=frozenset({"L3"})).target == "L2"
    assert ask(henan, one(12), filed=frozenset({"L2"})).reason == "filing_covers_not"
    assert ask(henan, one(12), offered=frozenset({"L2"})).reason == "standard_offers_not"


def test_what_is_not_known_is_never_silently_yes() -> None:
    jiangzhou = policy("jiangzhou-2026")
    day = {"day": date(2026, 11, 23)}
    unknown = ask(jiangzhou, one(4), offered=None, **day)
    assert (unknown.grade, [check.code for check in unknown.open]) == ("L2", ["standard_unknown"])
    assert ask(jiangzhou, one(4), offered=None, confirmed=frozenset({"L2"}), **day).open == ()
    declared = ask(jiangzhou, one(4, held=holds("L2", FactBasis.DECLARED)), **day)
    assert (declared.grade, [check.code for check in declared.open]) == ("L1", ["held_declared"])
    assert [c.code for c in ask(jiangzhou, one(4, parts=(("theory", None), ("practice", True))), **day).open] == [
        "part_unknown"
    ]
    assert ask(jiangzhou, one(4, on_hold=True), **day).open[0].code == "objection_open"
    failed = ask(jiangzhou, one(4, parts=(("theory", False), ("practice", True))), **day)
    assert (failed.awarded, failed.reason) == (False, "part_failed")


def test_a_certificate_of_another_occupation_does_not_count() -> None:
    jiangzhou, day = policy("jiangzhou-2026"), {"day": date(2026, 11, 23)}
    other = ask(jiangzhou, one(4, held=holds("L1", name="电工", code="6-31-01-03")), **day)
    assert (other.grade, {c.code for c in other.checks} & {"held_elsewhere", "held_none"}) == (
        "L2",
        {"held_elsewhere", "held_none"},
    )
    old_code = (HeldGrade("L2", "6-18-02-99", "焊工", "2015", FactBasis.VERIFIED),)
    assert ask(jiangzhou, one(4, held=old_code), **day).grade == "L1"
    same_code_of_an_older_edition = (HeldGrade("L2", "6-18-02-04", "别的职业", "2015", FactBasis.VERIFIED),)
    assert ask(jiangzhou, one(4, held=same_code_of_an_older_edition), **day).grade == "L2"


def banded(edge: EdgePolicy, rule: HeldRule = HeldRule.UP_ONE_IF_HELD, **limits: Any) -> Policy:
    clauses = tuple(
        Clause(f"c{first}", "", "test", Band(BandKind.RANK, first, last), Outcome(grade, rule))
        for first, last, grade in ((1, 5, "L2"), (6, 20, "L3"), (21, 30, "L4"))
    )
    return Policy("test", "t", "i", "d", "", "", None, None, clauses, edge=edge, limits=Limits(**limits))


def test_ties_across_an_edge() -> None:
    tied = one(5, tied=3)
    assert ask(banded(EdgePolicy.INCLUDE_ALL), tied).grade == "L2"
    assert ask(banded(EdgePolicy.EXCLUDE_ALL), tied).grade == "L3"
    waiting = ask(banded(EdgePolicy.CHIEF_DECIDES), tied)
    assert [check.code for check in waiting.open] == ["tie_across_edge"]
    assert ask(banded(EdgePolicy.CHIEF_DECIDES), tied, edge_decision="exclude").grade == "L3"
    assert ask(banded(EdgePolicy.CHIEF_DECIDES), tied, edge_decision="include").grade == "L2"


@pytest.mark.parametrize(
    ("rule", "held", "grade", "may_apply"),
    [
        (HeldRule.UP_ONE_IF_HELD, "L3", "L2", ""), (HeldRule.UP_ONE_IF_HELD, "L2", "L1", ""), (HeldRule.UP_ONE_IF_HELD, "L1", "", ""),
        (HeldRule.NO_FURTHER, "L2", "", ""), (HeldRule.NO_FURTHER, "L3", "L2", ""),
        (HeldRule.UP_ONE_FROM_CURRENT, "L4", "L3", ""), (HeldRule.MAY_APPLY, "L2", "", "L1"), (HeldRule.MAY_APPLY, "L3", "L2", ""),
        (HeldRule.NOT_STATED, "L2", "", ""), (HeldRule.NOT_STATED, "L4", "L2", ""),
    ],
)  # fmt: skip
def test_held_grade_rules(rule: HeldRule, held: str, grade: str, may_apply: str) -> None:
    got = ask(banded(EdgePolicy.INCLUDE_ALL, rule), one(1, held=holds(held)))
    assert (got.grade, got.may_apply) == (grade, may_apply)


GRADES = st.sampled_from(["", "apprentice", "L5", "L4", "L3", "L2", "L1", "special_technician", "chief_technician"])


@given(
    rule=st.sampled_from(HeldRule), edge=st.sampled_from(EdgePolicy), held=GRADES, tied=st.integers(1, 6),
    rank=st.integers(1, 40), identity=st.sampled_from(["worker", "student"]),
)  # fmt: skip
def test_never_above_l1_and_never_lower_than_held(
    rule: HeldRule, edge: EdgePolicy, held: str, tied: int, rank: int, identity: str
) -> None:
    got = ask(banded(edge, rule), one(rank, tied=tied, held=holds(held) if held else (), identity_class=identity))
    if got.grade:
        assert place(got.grade) <= place("L1")
        assert not held or place(got.grade) > place(held)


@given(
    rule=st.sampled_from(HeldRule), edge=st.sampled_from([EdgePolicy.INCLUDE_ALL, EdgePolicy.EXCLUDE_ALL]), held=GRADES
)
def test_a_better_place_never_brings_a_lower_grade(rule: HeldRule, edge: EdgePolicy, held: str) -> None:
    got = [ask(banded(edge, rule), one(rank, held=holds(held) if held else ())).grade for rank in range(1, 40)]
    places = [place(grade) if grade else -1 for grade in got]
    assert places == sorted(places, reverse=True)


@given(seed=st.integers(0, 1000))
@settings(max_examples=20)
def test_the_order_of_people_changes_nobodys_decision(seed: int) -> None:
    people = [one(rank, identity_class="worker" if rank % 3 else "student") for rank in range(1, 40)]
    shuffled = people[:]
    random.Random(seed).shuffle(shuffled)
    rules, where = policy("henan-2023-class-1"), contest()
    plain = dict(zip((p.rank for p in people), decide_all(rules, where, people), strict=True))
    mixed = dict(zip((p.rank for p in shuffled), decide_all(rules, where, shuffled), strict=True))
    assert plain == mixed


def test_every_decision_of_a_long_policy_is_explained() -> None:
    clauses = tuple(
        Clause(
            f"c{n}", f"第{n}款", "test", Band(BandKind.RANK, n * 5 + 1, n * 5 + 5), Outcome("L3", HeldRule.UP_ONE_IF_HELD),
            conditions=Conditions(parts=("theory", "practice"), identity_classes=("worker",)),
        )
        for n in range(20)
    )  # fmt: skip
    rules = Policy("test", "t", "i", "d", "", "", None, None, clauses, limits=Limits(once_per_year=True))
    people = [one(n % 100 + 1, held=holds("L3")) for n in range(2000)]
    decisions = decide_all(rules, contest(), people)
    assert all(len(decision.checks) > 8 for decision in decisions)


# --- clauses of other places ------------------------------------------------------------------------------------------

VALUES = {"技师(二级)": "L2", "高级技师(一级)": "L1", "高级工(三级)": "L3", "中级工(四级)": "L4"}


def entered(row: dict[str, str]) -> dict[str, Any] | str:
    """A row of the collected clauses as clause data, or why it cannot be one."""
    if row["award_type"] not in ("grade", "title"):
        return f"{row['award_type']}: not a grade or title"
    if row["award_value"] in ("none", "one level up") or "or" in row["award_value"].split():
        if row["award_value"] == "one level up":
            outcome: dict[str, Any] = {"held_grade": "up_one_from_current", "cap": "L3"}
        else:
            return f"{row['award_value']}: no single grade stated"
    elif row["award_type"] == "title":
        outcome = {"title": row["award_value"]}
    else:
        outcome = {"grade": VALUES[row["award_value"]]}
    match row["basis"]:
        case "rank":
            ends = [int(row["from"])] + ([] if row["to"] == "last" else [int(row["to"])])
            band: dict[str, Any] = {"rank": ends}
        case "percent":
            band = {"share": row["to"], "rounding": "down"}
        case "prize":
            band = {"prize": [row["from"], row["to"]]}
        case _:
            band = {"passed": True}
    return {"key": row["rule_id"].lower(), "source": row["source_id"], "band": band, **outcome}


def test_every_collected_clause_with_numbers_can_be_entered() -> None:
    path = next(
        (base / "shared/data/real/award_clauses.csv" for base in ROOT.parents if (base / "shared").is_dir()), None
    )
    if path is None or not path.exists():
        pytest.skip("the collected clauses are not beside this copy")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    made = {row["rule_id"]: entered(row) for row in rows}
    unsupported = {key: why for key, why in made.items() if isinstance(why, str)}
    clauses = [clause for clause in made.values() if not isinstance(clause, str)]
    head = {"format": 1, "key": "collected", "title": "t", "issuer": "i", "document": "d", "clause": clauses}
    read, problems = parse(head)
    assert problems == ()
    assert read is not None
    assert len(read.clauses) == 37
    assert sorted(unsupported) == ["A004", "A007", "A008", "A010", "A011", "A013", "A044", "A045", "A046", "A047"]
    assert Band(BandKind.SHARE, percent=Fraction(30), rounding=Rounding.DOWN) in [
        clause.band for clause in read.clauses
    ]
    assert Verdict.OPEN == "open"
