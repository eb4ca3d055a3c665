"""Reading award lists and cases, and what the registers know of the people in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from accounts.people.models import IdentityDocument, Person, Qualification, QualificationKind, QualificationState
from catalogue.rules.seniority import GRADES
from certification.filings.models import EvaluationOrganization
from certification.promotion.facts import FINAL_KINDS, PersonFacts
from certification.promotion.models import AwardCase, AwardList
from certification.promotion.permissions import PromotionPermission
from certification.rules.facts import FactBasis, HeldGrade
from certification.rules.lifecycle import CaseState, ListState
from competitions import published
from competitions.published import PublishedResults
from foundation.clock import CHINA
from foundation.db import session
from foundation.permission import PLATFORM, Actor, Reach, Scope, ScopeKind, scopes_of, visible
from foundation.refusal import Missing

SOURCE = "award_case"


def published_results(publication_id: UUID) -> PublishedResults:
    """A publication through the door. Raises Missing."""
    return published.results_of(publication_id)


def publications_to_propose(competition_id: UUID) -> list[PublishedResults]:
    """The publications of a competition that are decided and stand, latest first."""
    found = [published_results(key) for key in published.since(0, competition_id)]
    return [one for one in reversed(found) if one.kind in FINAL_KINDS and one.superseded_by is None]


def publications_to_try(actor: Actor, *, limit: int = 40) -> list[PublishedResults]:
    """The latest publications whose award cases the actor may see: what a policy can be tried on."""
    reach = visible(actor, PromotionPermission.VIEW)
    found = (published_results(key) for key in reversed(published.since(0)))
    return [one for one in found if may_see(reach, one)][:limit]


def may_see(reach: Reach, results: PublishedResults) -> bool:
    """Does a reach take in the publication's competition?"""
    competition = results.competition
    return (
        reach.everywhere
        or competition.id in reach.competitions
        or any(competition.region_code.startswith(region) for region in reach.regions)
    )


def reached(reach: Reach) -> ColumnElement[bool]:
    """The condition that limits award lists to where a permission is held."""
    if reach.everywhere:
        return true()
    conditions: list[ColumnElement[bool]] = [AwardList.region_code.startswith(key) for key in sorted(reach.regions)]
    if reach.competitions:
        conditions.append(AwardList.competition_id.in_(reach.competitions))
    if reach.organizations:
        conditions.append(
            AwardList.evaluation_organization.has(EvaluationOrganization.organization_id.in_(reach.organizations))
        )
    return or_(*conditions) if conditions else false()


def award_lists(
    actor: Actor, *, search: str = "", state: str = "", competition_id: UUID | None = None
) -> Select[AwardList]:
    """Award lists the actor may see, latest first, with their cases and policies."""
    wanted = (
        select(AwardList)
        .where(reached(visible(actor, PromotionPermission.VIEW)))
        .options(selectinload(AwardList.cases), joinedload(AwardList.policy))
        .order_by(AwardList.created_at.desc(), AwardList.event_name)
    )
    if search:
        wanted = wanted.where(
            or_(
                AwardList.competition_name.contains(search, autoescape=True),
                AwardList.event_name.contains(search, autoescape=True),
                AwardList.approval_number.contains(search, autoescape=True),
            )
        )
    if state:
        wanted = wanted.where(AwardList.state == state)
    if competition_id is not None:
        wanted = wanted.where(AwardList.competition_id == competition_id)
    return wanted


def award_list(award_list_id: UUID) -> AwardList:
    """One list with cases, policy and issuer. Raises Missing."""
    wanted = (
        select(AwardList)
        .where(AwardList.id == award_list_id)
        .options(
            selectinload(AwardList.cases), joinedload(AwardList.policy), joinedload(AwardList.evaluation_organization)
        )
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def list_of_publication(publication_id: UUID, policy_version_id: UUID) -> AwardList | None:
    """The list made of a publication under a policy version, or None."""
    wanted = select(AwardList).where(
        AwardList.publication_id == publication_id, AwardList.policy_version_id == policy_version_id
    )
    return session().scalars(wanted).first()


def lists_of_publication(publication_id: UUID) -> Sequence[AwardList]:
    """Every list made of a publication, with its cases."""
    wanted = select(AwardList).where(AwardList.publication_id == publication_id).options(selectinload(AwardList.cases))
    return session().scalars(wanted).all()


def public_list(award_list_id: UUID) -> AwardList:
    """A list whose notice is or was public. Raises Missing for every other one."""
    found = award_list(award_list_id)
    if found.state not in (ListState.ON_NOTICE, ListState.APPROVED) or not found.notice:
        raise Missing
    return found


def award_list_scopes(award_list_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a list: its competition's."""
    found = session().get(AwardList, award_list_id)
    if found is None:
        return None
    above = scopes_of("competition_id", found.competition_id)
    return above if above is not None else (PLATFORM, Scope(ScopeKind.REGION, found.region_code))


def audit_chain(competition_id: UUID) -> str:
    """The name of the audit chain that a competition's award lists write into."""
    return f"competition:{competition_id}"


def cases_of_person(person_id: UUID) -> Sequence[AwardCase]:
    """Somebody's cases with their lists, latest first; what brought nothing is left out."""
    wanted = (
        select(AwardCase)
        .where(AwardCase.person_id == person_id, AwardCase.state != CaseState.NOT_AWARDED)
        .options(joinedload(AwardCase.award_list).joinedload(AwardList.policy))
        .order_by(AwardCase.decided_at.desc())
    )
    return session().scalars(wanted).all()


def case_of_person(case_id: UUID, person_id: UUID) -> AwardCase:
    """One's own case. Raises Missing for anybody else's."""
    found = session().get(AwardCase, case_id)
    if found is None or found.person_id != person_id:
        raise Missing
    return found


def known_people(
    person_ids: Iterable[UUID], *, occupation_code: str, occupation_name: str, year: int, besides: UUID | None = None
) -> dict[UUID, PersonFacts]:
    """What engine and officer need of many people, in two queries. `besides`: a list whose own cases do not count.

    A promotion is an approved case, or a grade whose source is one (from a list that is not here any more).
    """
    wanted = set(person_ids)
    rows = session().scalars(
        select(Qualification).where(
            Qualification.person_id.in_(wanted),
            Qualification.kind == QualificationKind.GRADE,
            Qualification.state == QualificationState.HELD,
        )
    )
    approved = session().execute(
        select(AwardCase, AwardList.approved_at)
        .join(AwardList)
        .where(AwardCase.person_id.in_(wanted), AwardCase.state == CaseState.APPROVED, AwardCase.grade != "")
    )
    held: defaultdict[UUID, list[HeldGrade]] = defaultdict(list)
    promotions: dict[UUID, dict[UUID, tuple[int, str, str]]] = {key: {} for key in wanted}
    for row in rows:
        if row.name in GRADES:
            held[row.person_id].append(
                HeldGrade(
                    row.name, row.occupation_code, row.occupation_name, row.occupation_edition, FactBasis(row.basis)
                )
            )
        if row.source_kind == SOURCE and row.source_id is not None:
            when = row.held_from.year if row.held_from else row.noted_at.astimezone(CHINA).year
            promotions[row.person_id][row.source_id] = (when, row.occupation_code, row.occupation_name)
    for case, approved_at in approved:
        if case.award_list_id != besides:
            when = (approved_at or datetime(year, 1, 1, tzinfo=UTC)).astimezone(CHINA).year
            promotions[case.person_id][case.id] = (when, case.occupation_code, case.occupation_name)
    if besides is not None:
        own = set(session().scalars(select(AwardCase.id).where(AwardCase.award_list_id == besides)))
        promotions = {key: {s: v for s, v in made.items() if s not in own} for key, made in promotions.items()}
    return {
        key: PersonFacts(
            held=tuple(held.get(key, ())),
            promotions_this_year=sum(when == year for when, _, _ in promotions.get(key, {}).values()),
            promotions_in_occupation=sum(
                code == occupation_code or name == occupation_name for _, code, name in promotions.get(key, {}).values()
            ),
        )
        for key in wanted
    }


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What a list shows of somebody. The number is masked as it comes from the database."""

    name: str
    document: str
    held: Sequence[Qualification]


def people_rows(person_ids: Iterable[UUID]) -> dict[UUID, PersonRow]:
    """Names, masked identity numbers and grades held, in three queries."""
    wanted = set(person_ids)
    names = {row.id: row.name_zh for row in session().scalars(select(Person).where(Person.id.in_(wanted)))}
    documents: dict[UUID, str] = {}
    for paper in session().scalars(
        select(IdentityDocument).where(IdentityDocument.person_id.in_(wanted)).order_by(IdentityDocument.created_at)
    ):
        documents.setdefault(paper.person_id, str(paper.number))
    held: defaultdict[UUID, list[Qualification]] = defaultdict(list)
    for row in session().scalars(
        select(Qualification).where(
            Qualification.person_id.in_(wanted),
            Qualification.kind == QualificationKind.GRADE,
            Qualification.state == QualificationState.HELD,
        )
    ):
        held[row.person_id].append(row)
    return {key: PersonRow(names.get(key, ""), documents.get(key, ""), held.get(key, ())) for key in wanted}


def pending_lists(competition_id: UUID) -> Sequence[AwardList]:
    """A competition's lists that are neither approved nor superseded."""
    wanted = select(AwardList).where(
        AwardList.competition_id == competition_id,
        AwardList.state.not_in((ListState.APPROVED, ListState.SUPERSEDED)),
    )
    return session().scalars(wanted.order_by(AwardList.created_at)).all()
