"""What the award engine is told about a publication and its people; and decisions as they are stored."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from certification.rules.facts import Achievement, Check, Contest, Decision, HeldGrade
from competitions.published import PublishedMember, PublishedResult, PublishedResults
from foundation.audit.chain import canonical, linked

SCHEMA = "laurel.award_case"
HASH_VERSION = 1
FINAL_KINDS = ("decided", "external")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the registers know of somebody for this occupation and year."""

    held: tuple[HeldGrade, ...] = ()
    promotions_this_year: int = 0
    promotions_in_occupation: int = 0


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a public notice says beside the names: contacts of the host and of the discipline office, and how long."""

    days: int
    contact_name: str
    contact_phone: str
    contact_address: str
    supervision_phone: str


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """核准: document number and date; from outside with a scan of the document."""

    number: str
    on: date
    outside: bool = False
    scan_id: UUID | None = None


def contest_of(
    results: PublishedResults, *, day: date, year: int, offered: frozenset[str] | None, filed: frozenset[str] | None,
    confirmed: frozenset[str] = frozenset(), edge_decision: str = "",
) -> Contest:  # fmt: skip
    """The facts of an event and division. `day` is the day on which the policy and the filing must hold."""
    competition, event = results.competition, results.event
    return Contest(
        tier=competition.tier, competition_class=competition.competition_class, programme=competition.programme,
        line=competition.line, in_plan=bool(competition.plan_number), rewards_enabled=event.rewards_enabled,
        final=results.kind in FINAL_KINDS and results.superseded_by is None, day=day, division=event.division_kind,
        team_size=event.team_size, test_level=event.test_level, attendance=results.attendance,
        occupation_code=event.occupation_code, occupation_name=event.occupation_name,
        occupation_edition=event.occupation_edition, offered=offered, filed=filed, confirmed=confirmed,
        edge_decision=edge_decision,
        year=year,
    )  # fmt: skip


def achievements_of(
    results: PublishedResults, known: Mapping[UUID, PersonFacts]
) -> Iterator[tuple[PublishedResult, PublishedMember, Achievement]]:
    """Everybody of a publication, in its order: every member of a team stands for itself."""
    tied = Counter(result.award_rank for result in results.results if result.award_rank is not None)
    for result in results.results:
        parts = tuple((part.kind, part.passed) for part in result.parts)
        for member in result.members:
            facts = known.get(member.person_id, PersonFacts())
            yield (
                result,
                member,
                Achievement(
                    rank=result.award_rank, tied=tied[result.award_rank] if result.award_rank is not None else 1, prize=result.prize, parts=parts,
                    identity_class=member.identity_class, age=member.age, position=member.position, held=facts.held,
                    promotions_this_year=facts.promotions_this_year,
                    promotions_in_occupation=facts.promotions_in_occupation, on_hold=result.held,
                ),
            )  # fmt: skip


def stored(decision: Decision, *, article: str, policy_hash: str) -> dict[str, Any]:
    """A decision as it is kept: codes and facts, nobody's name."""
    return {
        "clause": decision.clause, "article": article, "policy": policy_hash, "grade": decision.grade,
        "target": decision.target, "title": decision.title, "title_clause": decision.title_clause,
        "honours": list(decision.honours), "may_apply": decision.may_apply, "reason": decision.reason,
        "reason_facts": dict(decision.reason_facts), "checks": [_check(check) for check in decision.checks],
    }  # fmt: skip


def _check(check: Check) -> dict[str, Any]:
    return {"code": check.code, "verdict": check.verdict, "basis": check.basis, "facts": dict(check.facts)}


def open_checks(decision: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What of a stored decision waits for a person."""
    return [check for check in decision["checks"] if check["verdict"] == "open"]


def case_hash(
    publication_hash: str, case_id: UUID, entry_id: UUID, person_id: UUID, decision: Mapping[str, Any]
) -> str:
    """The case's link in the chain mark → run → publication → case → certificate: over ids and the whole decision."""
    body = json.dumps(decision, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = (SCHEMA, str(HASH_VERSION), str(case_id), str(entry_id), str(person_id), body)
    return linked(publication_hash, canonical(fields))
