"""A person's record: results, award cases with the document that gave them, certificates, grades, titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.people.models import Qualification
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries import register as certificates
from certification.policies.models import AwardPolicyVersion
from certification.promotion.models import AwardCase, AwardList
from competitions import published
from foundation.clock import china_day
from foundation.db import session


@dataclass(frozen=True, slots=True)
class Award:
    """An award case with the document and article that gave it, and its certificate."""

    case: AwardCase
    policy: AwardPolicyVersion
    article: str
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: a code of this room's sentences with its facts."""

    day: date
    code: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything on the page."""

    results: Sequence[Any]
    awards: Sequence[Award]
    certificates: Sequence[Certificate]
    qualifications: Sequence[Qualification]
    timeline: Sequence[Moment]


def record_of(person_id: UUID) -> Record:
    """A person's whole record; a constant number of queries."""
    held = certificates.of_person(person_id)
    results = published.person_results(person_id) if hasattr(published, "person_results") else ()
    cases = _awards(person_id, {row.award_case_id: row for row in held})
    wanted = select(Qualification).where(Qualification.person_id == person_id).order_by(Qualification.noted_at.desc())
    qualifications = session().scalars(wanted).all()
    return Record(results, cases, held, qualifications, _timeline(results, cases, held))


def _awards(person_id: UUID, held: dict[UUID | None, Certificate]) -> list[Award]:
    wanted = (
        select(AwardCase, AwardPolicyVersion)
        .join(AwardList, AwardList.id == AwardCase.award_list_id)
        .join(AwardPolicyVersion, AwardPolicyVersion.id == AwardList.policy_version_id)
        .where(AwardCase.person_id == person_id, AwardCase.state != "superseded")
        .options(joinedload(AwardCase.award_list))
        .order_by(AwardCase.decided_at.desc())
    )
    return [
        Award(case, policy, article_of(policy.content, case.clause), held.get(case.id))
        for case, policy in session().execute(wanted)
    ]


def article_of(content: dict[str, Any], clause: str) -> str:
    """The article a clause of a policy file cites; the clause's own key where it cites none."""
    clauses = content.get("clauses", content.get("clause", []))
    for one in clauses if isinstance(clauses, list) else []:
        if isinstance(one, dict) and one.get("key", one.get("id")) == clause:
            return str(one.get("article") or one.get("source") or clause)
    return clause


def _timeline(results: Sequence[Any], awards: Sequence[Award], held: Sequence[Certificate]) -> list[Moment]:
    found = [
        Moment(
            china_day(one.publication.published_at), "record:result",
            {"competition": one.publication.competition_name, "event": one.publication.event_name},
        )
        for one in results
    ]  # fmt: skip
    found += [
        Moment(one.case.award_list.approval_date, "record:approved",
               {"occupation": one.case.occupation_name, "document": one.case.award_list.approval_number or "—"})
        for one in awards
        if one.case.award_list.approval_date and one.case.state == "approved"
    ]  # fmt: skip
    for row in held:
        facts = {"occupation": row.occupation_name, "number": row.number or ""}
        for day, code in (  # the last step first: steps of one day stay in that order
            (row.ended_on, "record:ended"),
            (row.issued_on, "record:issued"),
            (row.reported_at and china_day(row.reported_at), "record:reported"),
            (row.numbered_at and china_day(row.numbered_at), "record:numbered"),
        ):
            if day:
                found.append(Moment(day, code, facts))
    return sorted(found, key=lambda moment: moment.day, reverse=True)
