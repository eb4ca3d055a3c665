"""A publication under a policy: everybody's decision, for a trial or for a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalogue.occupations.queries import grades_offered
from certification.filings.queries import filed_grades
from certification.promotion import queries
from certification.promotion.facts import achievements_of, contest_of, stored
from certification.rules.award import decide, prepare
from certification.rules.facts import Decision
from certification.rules.policy import Policy
from competitions.published import PublishedMember, PublishedResult, PublishedResults
from foundation.clock import china_day


@dataclass(frozen=True, slots=True)
class Assessed:
    """One person's place and decision."""

    result: PublishedResult
    member: PublishedMember
    decision: Decision
    stored: dict[str, Any]


def assess(
    results: PublishedResults, policy: Policy, policy_hash: str, *, issuer: UUID | None, at: datetime,
    confirmed: frozenset[str] = frozenset(), edge_decision: str = "", besides: UUID | None = None,
) -> Iterator[Assessed]:  # fmt: skip
    """Everybody of a publication, decided. All that is asked of the database is asked before the first decision."""
    event, today = results.event, china_day(at)
    offered = grades_offered(event.occupation_edition, event.occupation_code)
    contest = contest_of(
        results,
        day=results.competition.ends_on,
        year=today.year,
        offered=None if offered is None else frozenset(offered),
        filed=None if issuer is None else filed_grades(issuer, event.occupation_code, today),
        confirmed=confirmed,
        edge_decision=edge_decision,
    )
    known = queries.known_people(
        (member.person_id for result in results.results for member in result.members),
        occupation_code=event.occupation_code,
        occupation_name=event.occupation_name,
        year=today.year,
        besides=besides,
    )
    prepared = prepare(policy, contest)
    for result, member, achievement in achievements_of(results, known):
        decision = decide(prepared, achievement)
        clause = policy.clause(decision.clause or decision.title_clause)
        kept = stored(decision, article=clause.article if clause else "", policy_hash=policy_hash)
        yield Assessed(result, member, decision, kept)
