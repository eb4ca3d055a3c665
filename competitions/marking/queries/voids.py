"""Reading what was left out of an event's marking, and what that does to its aspects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competitions.marking.models.voids import VoidDecision
from competitions.programme import queries as programme
from competitions.rules.lifecycle import VOID
from competitions.rules.voids import Void, in_force
from competitions.schemes.models import Aspect, Criterion, SubCriterion
from foundation.db import remembered, session
from foundation.permission import Scope


@dataclass(frozen=True, slots=True)
class Target:
    """What a decision is about, as a page names it."""

    code: str
    name_zh: str
    name_en: str


def void_scopes(void_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a decision: its event's."""
    event = session().scalar(select(VoidDecision.event_id).where(VoidDecision.id == void_id))
    return programme.event_scopes(event) if event else None


def event_of_void(void_id: UUID) -> UUID:
    """The event of a decision."""
    return session().get_one(VoidDecision, void_id).event_id


def decisions(event_id: UUID) -> Sequence[VoidDecision]:
    """Every decision of an event, the newest first."""
    wanted = select(VoidDecision).where(VoidDecision.event_id == event_id)
    return session().scalars(wanted.order_by(VoidDecision.asked_at.desc(), VoidDecision.id)).all()


def agreed(event_id: UUID, reading: Session | None = None) -> Sequence[VoidDecision]:
    """The decisions that hold, in the order they were agreed."""
    wanted = select(VoidDecision).where(VoidDecision.event_id == event_id, VoidDecision.state == "agreed")
    return (reading or session()).scalars(wanted.order_by(VoidDecision.number)).all()


def waiting(event_id: UUID) -> int:
    """How many decisions wait for a supervisor."""
    wanted = select(func.count()).where(VoidDecision.event_id == event_id, VoidDecision.state == VOID.start)
    return session().scalar(wanted) or 0


def as_rules(rows: Sequence[VoidDecision]) -> list[Void]:
    """Decisions as the rule takes them, their targets opened into aspects."""
    if not rows:
        return []
    wanted = select(Aspect.id, Aspect.sub_criterion_id, SubCriterion.criterion_id).join(
        SubCriterion, SubCriterion.id == Aspect.sub_criterion_id
    )
    places = session().execute(wanted.where(Aspect.scheme_id.in_({row.scheme_id for row in rows}))).all()
    column = {"aspect": 0, "sub_criterion": 1, "criterion": 2}
    return [
        Void(frozenset(p[0] for p in places if p[column[row.level]] == row.target_id), row.level, row.way)
        for row in rows
    ]


def voided_aspects(event_id: UUID) -> frozenset[UUID]:
    """The aspects whose marks count for nothing by a decision that holds."""
    return remembered((voided_aspects, event_id), lambda: frozenset(in_force(as_rules(agreed(event_id)))))


def said(event_id: UUID) -> list[dict[str, str]]:
    """The decisions that hold, in words of the event alone, as a run and a publication keep them."""
    rows = agreed(event_id)
    rules = as_rules(rows)
    holding = {id(rule) for rule in in_force(rules).values()}
    names = targets(rows)
    return [
        {
            "level": row.level, "code": names[row.target_id].code, "name": names[row.target_id].name_zh,
            "name_en": names[row.target_id].name_en, "way": row.way, "reason": row.reason,
        }
        for row, rule in zip(rows, rules, strict=True)
        if id(rule) in holding
    ]  # fmt: skip


def targets(rows: Sequence[VoidDecision]) -> dict[UUID, Target]:
    """What decisions are about, by the target's id."""
    ids = [row.target_id for row in rows]
    found: dict[UUID, Target] = {}
    for table in (Aspect, SubCriterion, Criterion):
        for row in session().execute(
            select(table.id, table.code, table.name_zh, table.name_en).where(table.id.in_(ids))
        ):
            found[row[0]] = Target(row[1], row[2], row[3])
    return found
