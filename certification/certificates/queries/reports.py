"""Reading uploads: what may be sent, one upload with its people, what the columns need of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from accounts.people import queries as people
from accounts.people.models import Qualification, QualificationKind, QualificationState
from certification.certificates.models.certificates import Certificate
from certification.certificates.models.reports import CertificateReport, CertificateReportItem
from certification.certificates.queries.shared_scopes import shared_scopes
from certification.filings.models import EvaluationOrganization
from foundation.db import session
from foundation.permission import Actor, Scope, visible
from foundation.refusal import Missing


def reports(actor: Actor, permission: str) -> Select[Any]:
    """The uploads the actor sees, the latest first."""
    reach = visible(actor, permission)
    wanted = select(CertificateReport).options(joinedload(CertificateReport.issuer))
    if not reach.everywhere:
        places = [CertificateReport.region_code.startswith(key) for key in reach.regions]
        if reach.competitions:
            places.append(CertificateReport.competition_id.in_(reach.competitions))
        issuers = select(EvaluationOrganization.id).where(
            EvaluationOrganization.organization_id.in_(reach.organizations)
        )
        wanted = wanted.where(or_(CertificateReport.evaluation_organization_id.in_(issuers), *places))
    return wanted.order_by(CertificateReport.made_at.desc(), CertificateReport.id)


def report(report_id: UUID) -> CertificateReport:
    """One upload. Raises Missing."""
    wanted = (
        select(CertificateReport).where(CertificateReport.id == report_id).options(joinedload(CertificateReport.issuer))
    )
    found = session().scalars(wanted).one_or_none()
    if found is None:
        raise Missing
    return found


def report_scopes(report_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of an upload: its issuer's, and the region and competition all its certificates share."""
    row = session().get(CertificateReport, report_id)
    return None if row is None else shared_scopes(row)


def items(report_id: UUID, *states: str) -> Sequence[CertificateReportItem]:
    """The people of an upload in their order; one query."""
    wanted = (
        select(CertificateReportItem)
        .where(CertificateReportItem.report_id == report_id)
        .options(
            joinedload(CertificateReportItem.certificate).joinedload(Certificate.issuer),
            joinedload(CertificateReportItem.certificate).joinedload(Certificate.printed),
        )
        .order_by(CertificateReportItem.position)
    )
    if states:
        wanted = wanted.where(CertificateReportItem.state.in_(states))
    return session().scalars(wanted).unique().all()


def states_of(report_ids: Iterable[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """How many of each upload are sent, accepted, rejected, sent again; one query."""
    found: dict[UUID, dict[str, int]] = {
        key: dict.fromkeys(("sent", "accepted", "rejected", "repeated"), 0) for key in report_ids
    }
    wanted = (
        select(CertificateReportItem.report_id, CertificateReportItem.state, func.count())
        .where(CertificateReportItem.report_id.in_(found))
        .group_by(CertificateReportItem.report_id, CertificateReportItem.state)
    )
    for key, state, count in session().execute(wanted):
        found[key][state] = count
    return found


def on_the_way(certificate_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these were sent and wait for the authority's answer, or were refused and not sent again."""
    keys, found = list(certificate_ids), set()
    for start in range(0, len(keys), 500):
        wanted = select(CertificateReportItem.certificate_id).where(
            CertificateReportItem.certificate_id.in_(keys[start : start + 500]),
            CertificateReportItem.state.in_(("sent", "rejected")),
        )
        found |= set(session().scalars(wanted))
    return frozenset(found)


def last_number(evaluation_organization_id: UUID) -> int:
    """The number of an issuer's latest upload."""
    wanted = select(func.max(CertificateReport.number)).where(
        CertificateReport.evaluation_organization_id == evaluation_organization_id
    )
    return session().scalar(wanted) or 0


@dataclass(frozen=True, slots=True)
class Reported:
    """What a reporting sheet wants of a person beyond the certificate itself."""

    phone: str
    ethnic_group: str
    address: str
    held: tuple[tuple[str, str, str], ...]  # (occupation, grade, number) held before


def reported(person_ids: Iterable[UUID]) -> Mapping[UUID, Reported]:
    """Several people as the sheet needs them; two queries."""
    keys = set(person_ids)
    held: dict[UUID, list[tuple[str, str, str]]] = {}
    wanted = select(Qualification).where(
        Qualification.person_id.in_(keys), Qualification.kind == QualificationKind.GRADE,
        Qualification.state == QualificationState.HELD,
    ).order_by(Qualification.noted_at)  # fmt: skip
    for one in session().scalars(wanted):
        number = one.number.revealed() if one.number else ""
        held.setdefault(one.person_id, []).append((one.occupation_name, one.name, number))
    return {
        key: Reported(
            phone=row.phone.revealed() if row.phone else "", ethnic_group=row.ethnic_group,
            address=row.address.revealed() if row.address else "", held=tuple(held.get(key, ())),
        )
        for key, row in people.people(keys).items()
    }  # fmt: skip
