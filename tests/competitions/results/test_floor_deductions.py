"""What the floor record takes from a total: by the rules of the competition, signed, explained, never below zero."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.access.roles import Role
from competitions.codes.models import WorkEntry
from competitions.marking.actions import floor as floor_actions
from competitions.marking.actions.floor import FloorBody
from competitions.marking.queries import floor
from competitions.results import actions, queries
from competitions.rules.rule_set import RuleSet
from competitions.rules.totals import SchemeScore, with_deduction
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Refusal
from tests.conftest import AT
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import set_rules
from tests.factories.results import Ready, make_ready

DRAWN = '{"w": 600, "h": 220, "strokes": [[20, 60, 60, 150, 100, 60, 140, 150, 180, 60, 220, 150, 260, 60, 300, 150, 340, 60]]}'


@pytest.fixture
def ready(app: Flask) -> Ready:
    return make_ready()


@pytest.fixture
def judge(ready: Ready) -> Actor:
    person = make_person("现场裁判")
    make_grant(person, Role.FLOOR_JUDGE, Scope(ScopeKind.EVENT, str(ready.event_id)))
    return Actor(person)


def violation(ready: Ready, name: str, rule: str, count: int, actor: Actor) -> UUID:
    work = session().scalars(select(WorkEntry.work_id).where(WorkEntry.entry_id == ready.entries[name])).one()
    body = FloorBody(new_id(), work, "violation", AT, rule, count)
    assert floor_actions.receive_entry(body, actor=actor, at=AT).status == "received"
    return work


def sign(ready: Ready, work: UUID, judge: Actor) -> None:
    digest = floor.record_hash(floor.entries(ready.event_id, work))
    for role, who in (("competitor", judge), ("floor_judge", judge), ("chief_judge", ready.chief)):
        floor_actions.sign_record(work, role, digest, DRAWN, actor=who, at=AT)


def totals(ready: Ready) -> dict[str, str]:
    run = actions.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=AT)
    names = {key: name for name, key in ready.entries.items()}
    return {names[row.entry_id]: str(row.shown_total or row.status) for row in queries.run(run).rows}


def test_evidence_alone_changes_no_total(ready: Ready, judge: Actor) -> None:
    before = totals(ready)
    violation(ready, "李梅", "item_dropped", 2, judge)
    assert totals(ready) == before


def test_where_the_rules_say_so_it_takes_from_the_points_when_signed(ready: Ready, judge: Actor) -> None:
    before = totals(ready)
    set_rules(ready.competition_id, RuleSet(floor_deductions=True, floor_amounts={"item_dropped": "2.5"}))
    work = violation(ready, "李梅", "item_dropped", 2, judge)
    with pytest.raises(Refusal, match="floor_unsigned"):
        totals(ready)
    sign(ready, work, judge)
    assert before["李梅"] == "96.300000"  # 99 × 0.7 + 27
    assert totals(ready) == before | {"李梅": "92.800000"}  # 94 × 0.7 + 27
    stopped = violation(ready, "赵刚", "serious_breach", 1, judge)
    sign(ready, stopped, judge)
    assert totals(ready)["赵刚"] == "stopped"


def test_never_below_zero_and_missing_stays_missing() -> None:
    score = SchemeScore(Fraction(3), {}, 0)
    assert with_deduction(score, Fraction(1, 2), stopped=False).value == Fraction(5, 2)
    assert with_deduction(score, Fraction(4), stopped=False).value == 0
    assert with_deduction(SchemeScore(None, {}, 2), Fraction(4), stopped=True) == SchemeScore(None, {}, 2, stopped=True)
