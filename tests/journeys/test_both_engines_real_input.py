"""The road driven once on real input: the EuroSkills 2025 workbook, marked for 31 works; Henan's and Tianjin's policies on the result.

The workbook lies outside the project (`shared/data/real`, or `LAUREL_SHARED`); where it is not, the test says so and is skipped.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from accounts.people.actions import QualificationFacts, note_qualification
from accounts.people.models import Basis, QualificationKind
from certification.filings.actions import FilingFacts, IssuerFacts, note_filing, note_issuer
from certification.policies.actions import load_policies, put_in_force
from certification.policies.queries import policy_of, policy_version
from certification.promotion import actions as promotion
from certification.promotion.assessment import Assessed, assess
from certification.promotion.queries import award_list
from competitions import published
from competitions.codes.queries import entries_by_work
from competitions.marking.actions import signing as marking
from competitions.marking.actions.rebuild import rebuild_heads
from competitions.marking.ledger import receive_marks
from competitions.marking.queries.marks import open_work
from competitions.published import PublishedResults
from competitions.results.queries import run as run_of
from competitions.schemes import queries as schemes
from competitions.schemes.models import MarkingScheme
from competitions.schemes.workbooks import checked_workbook
from foundation.clock import arranged, new_id, now
from foundation.permission import MACHINE, Actor
from foundation.refusal import Refusal
from foundation.translation import sentence
from tests.factories import real_road
from tests.factories.accounts import make_person
from tests.factories.real_road import ALIKE, HELD, OCCUPATION, START, STUDENTS, WORKS, Road

NAME = "es2025_web17_cis_marking_scheme"
UNTRIED = {30: 4, 17: 1}
PROMOTED = 4
"""Who was promoted already in the year of Tianjin's trial, by how good they are: 0 the best."""


@pytest.fixture
def real_folder() -> Path:
    """The folder with the real files."""
    places = [Path(given)] if (given := os.environ.get("LAUREL_SHARED")) else []
    places += [above / "shared" for above in Path(__file__).resolve().parents]
    for place in places:
        if (place / "data" / "real" / f"{NAME}.xlsx").exists():
            return place / "data" / "real"
    pytest.skip("the real EuroSkills workbook lies outside the project and is not here")


def test_the_real_workbook_and_the_real_policies(app: Flask, real_folder: Path) -> None:
    workbook = (real_folder / f"{NAME}.xlsx").read_bytes()
    with arranged(START, seed=31):
        road = real_road.set_up(workbook)
        _the_scheme_is_the_real_one(road.scheme, real_folder)
        real_road.enter_everybody(road)
        real_road.seat_judges(road)
        real_road.open_the_day(road)
        real_road.mark_everything(road, untried=UNTRIED)
        assert sum(given[0] == "NA" for given in road.marks.values()) == sum(UNTRIED.values())
        _a_spread_is_discussed_again(road)
        _a_batch_sent_again_changes_nothing(road)
        assert rebuild_heads(road.event_id, check=True) == []
        real_road.sign_everything(road)
        run, publications = real_road.publish(road)
        results = published.results_of(publications["decided"])
        _totals_and_ranks_are_right(road, workbook, results)
        assert results.run_hash == run_of(run).hash
        assert [results.hash != published.results_of(key).hash for key in publications.values()] == [True, True, False]
        _policies(road, results)


# --- scheme and marks -------------------------------------------------------------------------------------------------


def _the_scheme_is_the_real_one(scheme: MarkingScheme, folder: Path) -> None:
    subs = [sub for criterion in scheme.criteria for sub in criterion.sub_criteria]
    aspects = [aspect for sub in subs for aspect in sub.aspects]
    by_kind: dict[str, Fraction] = {}
    for aspect in aspects:
        by_kind[aspect.kind] = by_kind.get(aspect.kind, Fraction(0)) + Fraction(aspect.max_mark)
    assert (len(scheme.criteria), len(subs), len(aspects), scheme.total) == (6, 31, 192, 100)
    assert by_kind == {"measurement": Fraction("80.75"), "judgement": Fraction("19.25")}
    with (folder / f"{NAME}.csv").open(encoding="utf-8-sig") as table:
        rows = {
            row["aspect_no"]: (row["aspect_type"][:1], Fraction(row["max_mark"]))
            for row in csv.DictReader(table)
            if row["max_mark"]
        }
    assert [(aspect.kind[0].upper(), Fraction(aspect.max_mark)) for aspect in aspects] == list(rows.values())


def _a_spread_is_discussed_again(road: Road) -> None:
    """3 – 1 – 3 keeps the sheet open, nobody can sign; after the talk the second judge says 2 on the same cell."""
    from competitions.judges.queries import panels

    work = real_road.work_of_entry(road)[road.entries[0]]
    rules = schemes.aspect_rules(road.scheme_id)
    aspect, sub = next(pair for pair in real_road.aspects_in_order(road.scheme) if rules[pair[0]].by_each_judge)
    panel = next(one for one in panels(road.event_id) if sub in {row.sub_criterion_id for row in one.assignments})
    seat = panel.seats[1]
    judge = seat.duty.person_id
    first = next(
        body.id for _actor, batch, _answers in road.sent for body in batch
        if (body.work_id, body.aspect_id, body.seat_id) == (work, aspect, seat.id)
    )  # fmt: skip
    before = open_work(road.event_id)
    [strict] = road.send(judge, [wide := road.body(work, aspect, seat.id, judge, "1", first)])
    assert strict.status == "received"
    assert max(road.marks[work, aspect]) == "3"
    assert open_work(road.event_id) != before
    with pytest.raises(Refusal) as refused:
        marking.make_signing_list(panel.id, [sub], actor=Actor(judge), at=real_road.later(minutes=1))
    assert (refused.value.code, refused.value.facts["count"]) == ("sheets_incomplete", 1)
    road.send(judge, [road.body(work, aspect, seat.id, judge, "2", wide.id)])
    road.marks[work, aspect][1] = "2"
    assert open_work(road.event_id) == before


def _a_batch_sent_again_changes_nothing(road: Road) -> None:
    actor, batch, answers = road.sent[3]
    again = receive_marks(batch, actor=actor, at=real_road.later(minutes=2))
    assert len(batch) == 50
    assert {answer.status for answer in again} == {"duplicate"}
    assert [(one.id, one.sequence, one.hash) for one in again] == [(one.id, one.sequence, one.hash) for one in answers]


# --- a second, naive tally --------------------------------------------------------------------------------------------


def _totals_and_ranks_are_right(road: Road, workbook: bytes, results: PublishedResults) -> None:
    naive = _naive_totals(road, workbook)
    said = {result.entry_id: (result.rank, result.total, result.parts[0].score) for result in results.results}
    expected = {
        entry: (1 + sum(_rounded(other) > _rounded(total) for other in naive.values()), f"{_rounded(total)}", total)
        for entry, total in naive.items()
    }
    assert said == expected
    ranks = [said[entry][0] for entry in road.entries]
    assert ranks == [place + 1 - (place == ALIKE + 1) for place in range(WORKS)]  # 12th twice, no 13th
    assert {result.status for result in results.results} == {"ranked"}
    assert results.attendance == WORKS
    assert entries_by_work(road.event_id).keys() == {work for work, _aspect in road.marks}


def _rounded(total: Fraction) -> Decimal:
    """Half up to two decimals, by whole numbers."""
    return Decimal((total * 200 + 1) // 2) / 100 + Decimal("0.00")


def _naive_totals(road: Road, workbook: bytes) -> dict[UUID, Fraction]:
    """From what the judges said and the workbook as read, one aspect after the other."""
    draft = checked_workbook(workbook).draft
    assert draft is not None
    drafts = [a for criterion in draft.criteria for sub in criterion.sub_criteria for a in sub.aspects]
    stored = [aspect for aspect, _sub in real_road.aspects_in_order(road.scheme)]
    owners = entries_by_work(road.event_id)
    totals: dict[UUID, Fraction] = {}
    for work, entry in owners.items():
        total = Fraction(0)
        for aspect_id, aspect in zip(stored, drafts, strict=True):
            worth, given = Fraction(aspect.max_mark or 0), road.marks[work, aspect_id]
            if given[0] == "NA":
                continue
            value = Fraction(given[0])
            if aspect.kind == "judgement":
                total += worth * sum(map(Fraction, given)) / 9
            elif aspect.method == "count":
                total += worth * value / int(aspect.options["steps"])
            elif aspect.method == "choice":
                lost = Fraction(aspect.options["choices"][int(value) - 1]["deduction"])
                total += worth - worth * lost / 100
            elif aspect.method == "value":
                total += value
            elif value == 1:
                total += worth
        totals[entry] = total
    return totals


# --- the real policies ------------------------------------------------------------------------------------------------


def _policies(road: Road, results: PublishedResults) -> None:
    officer, authority = Actor(make_person("方圆")), Actor(make_person("严明"))
    issuer = note_issuer(
        IssuerFacts(name="江州省职业技能评价中心", route="filed_host", prefix="S000041000001", number_source="own_range", region_code="410000"),
        actor=officer, at=now(),
    )  # fmt: skip
    filed = FilingFacts(
        *OCCUPATION, "2022", ("L4", "L3", "L2", "L1"), date(2022, 1, 1), document_number="豫人社备〔2022〕1号"
    )
    note_filing(issuer, filed, actor=officer, at=now())
    versions = load_policies(actor=MACHINE, at=now())
    first = _tried(road, results, versions["henan-2023-class-1"], issuer)
    _henan(first, last_technician=5, last_skilled=20)
    put_in_force(versions["henan-2023-class-1"], actor=authority, at=now())
    _list_says_the_same(road, results, versions["henan-2023-class-1"], issuer, officer, first)
    # As it stands, the publication is no business of the other two: each says why, for everybody.
    for key, reason in (("henan-2023-class-2", "policy_applies_not"), ("tianjin-2024", "policy_valid_not")):
        told = _tried(road, results, versions[key], issuer)
        assert {one.decision.reason for one in told.values()} == {reason}
        assert not any(one.decision.awarded for one in told.values())
    class_2 = replace(results, competition=replace(results.competition, competition_class="class_2"))
    _henan(_tried(road, class_2, versions["henan-2023-class-2"], issuer), last_technician=3, last_skilled=15)
    _tianjin(road, results, versions["tianjin-2024"], issuer)


def _tried(
    road: Road, results: PublishedResults, version: UUID, issuer: UUID, at: datetime | None = None
) -> dict[int, Assessed]:
    """Everybody's decision under a policy, by how good they are; each of them is explained."""
    row = policy_version(version)
    made = list(assess(results, policy_of(row), row.content_hash, issuer=issuer, at=at or now()))
    assert len(made) == WORKS
    for one in made:
        _explained(one)
    return {road.entries.index(one.result.entry_id): one for one in made}


def _explained(one: Assessed) -> None:
    decision = one.decision
    assert decision.checks
    assert not decision.open
    assert bool(decision.clause or decision.title_clause) if decision.awarded else bool(decision.reason)
    assert bool(one.stored["article"]) or not decision.awarded
    for check in decision.checks:  # a sentence for each, with every fact it names
        assert sentence(f"award_check:{check.code}", **check.facts) != f"award_check:{check.code}"
    assert one.stored["checks"]


def _henan(told: Mapping[int, Assessed], *, last_technician: int, last_skilled: int) -> None:
    title = "河南省技术能手"
    for place, one in told.items():
        rank, decision = one.result.rank or 0, one.decision
        target = "L2" if rank <= last_technician else "L3" if rank <= last_skilled else ""
        wins_title = rank <= last_technician and place not in STUDENTS
        holder = place in HELD and HELD[place][1] == OCCUPATION[0] and target != "" and HELD[place][0] <= target
        # Where the document states no rule for holders, the base grade is all that can come: a holder of it gets no other.
        assert decision.grade == ("" if holder else target), (rank, decision)
        assert decision.title == (title if wins_title else ""), (rank, decision)
        codes = {check.code for check in decision.checks}
        assert ("held_rule_not_stated" in codes) == holder
        assert ("title_not_for_identity" in codes) == (place in STUDENTS and rank <= last_technician)
        if rank > last_skilled:
            assert (decision.reason, dict(decision.reason_facts)) == ("rank_below_bands", {"rank": rank, "last": last_skilled})  # fmt: skip
    assert (told[0].decision.grade, told[1].decision.grade) == ("L2", "")  # 高级工 held → 技师; 技师 held → no more
    assert "L1" not in {one.decision.grade for one in told.values()}


def _list_says_the_same(
    road: Road, results: PublishedResults, version: UUID, issuer: UUID, officer: Actor, told: Mapping[int, Assessed]
) -> None:
    key = promotion.propose(results.publication_id, version, issuer, actor=officer, at=now())
    assert promotion.check_list(key, actor=officer, at=real_road.later(hours=1)) == sum(
        one.decision.awarded for one in told.values()
    )
    cases = {road.entries.index(case.entry_id): case for case in award_list(key).cases}
    assert {place: (case.grade, case.title) for place, case in cases.items()} == {
        place: (one.decision.grade, one.decision.title) for place, one in told.items()
    }
    assert Counter(case.state for case in cases.values()) == {"checked": 19, "not_awarded": 12}
    assert all(case.previous_hash == results.hash and case.decision["checks"] for case in cases.values())


def _tianjin(road: Road, results: PublishedResults, version: UUID, issuer: UUID) -> None:
    """The same standing, had it been a contest of November 2024."""
    day, at = date(2024, 11, 20), datetime(2024, 12, 9, 2, 0, tzinfo=UTC)
    note_qualification(
        road.people[PROMOTED],
        QualificationFacts(
            kind=QualificationKind.GRADE, name="L4", occupation_code=OCCUPATION[0], occupation_name=OCCUPATION[1],
            occupation_edition="2022", held_from=date(2024, 6, 3), basis=Basis.REGISTER, source_kind="award_case", source_id=new_id(),
        ),
        actor=MACHINE, at=at,
    )  # fmt: skip
    then = replace(results, competition=replace(results.competition, starts_on=day, ends_on=day))
    told = _tried(road, then, version, issuer, at)
    expected = {place: "L3" if place in STUDENTS else "L2" for place in range(10)}
    expected |= {
        1: "L1",
        9: "L1",
        PROMOTED: "",
    }  # holders of 技师 rise to 高级技师; a second promotion in the year is none
    assert {place: one.decision.grade for place, one in told.items()} == expected | dict.fromkeys(range(10, WORKS), "")
    assert {place for place, one in told.items() if one.decision.title} == {0}
    assert told[0].decision.title == "天津市技术能手"
    assert told[PROMOTED].decision.reason == "promoted_this_year"
    assert told[PROMOTED].decision.target == "L2"
    assert "held_up_one" in {check.code for check in told[1].decision.checks}
    assert "held_elsewhere" in {check.code for check in told[3].decision.checks}
    assert {told[place].decision.reason for place in range(10, WORKS)} == {"rank_below_bands"}
