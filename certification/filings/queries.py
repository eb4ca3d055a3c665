"""Reading evaluation organizations and what they are filed for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import selectinload

from accounts.organizations.queries import chain_above, organization
from catalogue.occupations.queries import grades_offered
from certification.filings.models import EvaluationOrganization, Filing
from certification.filings.permissions import FilingPermission
from foundation.db import session
from foundation.permission import PLATFORM, Actor, Reach, Scope, ScopeKind, visible
from foundation.refusal import Missing


def reached(reach: Reach) -> ColumnElement[bool]:
    """The condition that limits issuers to where a permission is held."""
    if reach.everywhere:
        return true()
    return EvaluationOrganization.organization_id.in_(reach.organizations) if reach.organizations else false()


def issuers(actor: Actor, *, search: str = "") -> Select[EvaluationOrganization]:
    """The evaluation organizations the actor may see, by name, with their filings."""
    wanted = (
        select(EvaluationOrganization)
        .where(reached(visible(actor, FilingPermission.VIEW)))
        .options(selectinload(EvaluationOrganization.filings))
        .order_by(EvaluationOrganization.name)
    )
    if search:
        name = EvaluationOrganization.name.contains(search, autoescape=True)
        wanted = wanted.where(or_(name, EvaluationOrganization.prefix.startswith(search, autoescape=True)))
    return wanted


def issuer(evaluation_organization_id: UUID) -> EvaluationOrganization:
    """One evaluation organization with its filings. Raises Missing."""
    wanted = (
        select(EvaluationOrganization)
        .where(EvaluationOrganization.id == evaluation_organization_id)
        .options(selectinload(EvaluationOrganization.filings))
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def issuer_with_prefix(prefix: str) -> EvaluationOrganization | None:
    """Whose prefix it is, or None."""
    return session().scalars(select(EvaluationOrganization).where(EvaluationOrganization.prefix == prefix)).first()


def filed_for(occupation_code: str, on: date) -> Sequence[EvaluationOrganization]:
    """Every organization with a filing for the occupation on that day."""
    covering = and_(
        Filing.occupation_code == occupation_code,
        Filing.valid_from <= on,
        or_(Filing.valid_until.is_(None), Filing.valid_until >= on),
    )
    wanted = select(EvaluationOrganization).where(EvaluationOrganization.filings.any(covering))
    return session().scalars(wanted.order_by(EvaluationOrganization.name)).all()


def filed_grades(evaluation_organization_id: UUID, occupation_code: str, on: date) -> frozenset[str]:
    """The grades the organization is filed for in this occupation on that day."""
    wanted = select(Filing.grades).where(
        Filing.evaluation_organization_id == evaluation_organization_id,
        Filing.occupation_code == occupation_code,
        Filing.valid_from <= on,
        or_(Filing.valid_until.is_(None), Filing.valid_until >= on),
    )
    return frozenset(grade for grades in session().scalars(wanted) for grade in grades)


def may_issue(evaluation_organization_id: UUID, occupation_code: str, grade: str, on: date) -> bool:
    """Is the organization filed for this occupation and grade on that day, and does the standard offer the grade?

    An occupation without a known standard does not stand in the way here: at promotion a person confirms the grade.
    """
    if grade not in filed_grades(evaluation_organization_id, occupation_code, on):
        return False
    editions = session().scalars(
        select(Filing.occupation_edition).where(
            Filing.evaluation_organization_id == evaluation_organization_id, Filing.occupation_code == occupation_code
        )
    )
    offered = grades_offered(next(iter(editions), ""), occupation_code)
    return offered is None or grade in offered


def issuer_scopes(evaluation_organization_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of an issuer: platform, its body's region, its body and those above."""
    found = session().get(EvaluationOrganization, evaluation_organization_id)
    if found is None:
        return None
    body = organization(found.organization_id) if found.organization_id else None
    if body is None:
        return (PLATFORM,)
    return (
        PLATFORM,
        Scope(ScopeKind.REGION, body.region_code),
        *(Scope(ScopeKind.ORGANIZATION, str(key)) for key in chain_above(body.id)),
    )
