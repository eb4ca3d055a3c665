"""Reading certificates: the register, one certificate, what is printed on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload

from accounts.organizations.models import Organization
from accounts.people import queries as people
from accounts.people.models import IdentityDocument, Person
from certification.certificates.models.certificates import Certificate, CertificateAct, CertificateNumber
from certification.filings.models import EvaluationOrganization
from certification.rules.certificate_states import CertificateState
from foundation.db import session
from foundation.encryption.sealing import blind_index
from foundation.permission import PLATFORM, Actor, Reach, Scope, ScopeKind, can, visible
from foundation.refusal import Missing
from foundation.web.cards import Card, CardKind

TOKEN_KIND = "certificate_token"  # noqa: S105  # nosec B105
NUMBER_KIND = "certificate_number"
WHOLE_NUMBER = 22


def within(reach: Reach) -> ColumnElement[bool]:
    """The condition that keeps a select to the certificates an actor reaches."""
    if reach.everywhere:
        return Certificate.id.is_not(None)
    places: list[ColumnElement[bool]] = [Certificate.region_code.startswith(key) for key in reach.regions]
    if reach.competitions:
        places.append(Certificate.competition_id.in_(reach.competitions))
    if reach.organizations:
        issuers = select(EvaluationOrganization.id).where(
            EvaluationOrganization.organization_id.in_(reach.organizations)
        )
        places.append(Certificate.evaluation_organization_id.in_(issuers))
    return or_(false(), *places)


def certificates(
    actor: Actor,
    permission: str,
    *,
    search: str = "",
    filters: Mapping[str, str] | None = None,
    order: str = "",
    descending: bool = False,
) -> Select[Any]:
    """The register as far as the actor sees it, each with its issuer and what is printed.

    Search by number or the holder's name. Filters: state, grade, kind, issuer (id), occupation (code), since and until (days
    of issue). Orders: created (the latest first), number, issued, grade, state.
    """
    asked = filters or {}
    wanted = (
        select(Certificate)
        .where(within(visible(actor, permission)))
        .options(joinedload(Certificate.issuer), joinedload(Certificate.printed))
    )
    if search:
        named = select(Person.id).where(people.matches(search))
        number = search.strip().upper()
        # A whole number is one look in the index; the beginning of one reads along.
        same = Certificate.number == number if len(number) >= WHOLE_NUMBER else Certificate.number.startswith(number)
        wanted = wanted.where(or_(same, Certificate.person_id.in_(named)))
    for name in ("state", "grade", "kind"):
        if asked.get(name):
            wanted = wanted.where(getattr(Certificate, name) == asked[name])
    if asked.get("issuer"):
        wanted = wanted.where(Certificate.evaluation_organization_id == _key(asked["issuer"]))
    if asked.get("occupation"):
        wanted = wanted.where(Certificate.occupation_code.startswith(asked["occupation"], autoescape=True))
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    if since:
        wanted = wanted.where(Certificate.issued_on >= since)
    if until:
        wanted = wanted.where(Certificate.issued_on <= until)
    column = {"number": Certificate.number, "issued": Certificate.issued_on, "grade": Certificate.grade,
              "state": Certificate.state}.get(order)  # fmt: skip
    if column is None:
        return wanted.order_by(Certificate.created_at.desc(), Certificate.id)
    return wanted.order_by(column.desc() if descending else column, Certificate.id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def certificate(certificate_id: UUID) -> Certificate:
    """One certificate. Raises Missing."""
    found = session().get(Certificate, certificate_id)
    if found is None:
        raise Missing
    return found


def certificate_scopes(certificate_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a certificate: its competition and region, its issuer's organization, the platform."""
    wanted = (
        select(Certificate.competition_id, Certificate.region_code, EvaluationOrganization.organization_id)
        .join(EvaluationOrganization, EvaluationOrganization.id == Certificate.evaluation_organization_id)
        .where(Certificate.id == certificate_id)
    )
    row = session().execute(wanted).one_or_none()
    if row is None:
        return None
    chain = [PLATFORM]
    if row.region_code:
        chain.append(Scope(ScopeKind.REGION, row.region_code))
    if row.organization_id:
        chain.append(Scope(ScopeKind.ORGANIZATION, str(row.organization_id)))
    if row.competition_id:
        chain.append(Scope(ScopeKind.COMPETITION, str(row.competition_id)))
    return chain


def in_states(actor: Actor, permission: str, *states: str) -> Sequence[Certificate]:
    """The certificates that wait in these states, oldest first; at most 2,000, as many as one batch takes."""
    wanted = (
        select(Certificate)
        .where(within(visible(actor, permission)), Certificate.state.in_(states), Certificate.kind == "grade")
        .options(joinedload(Certificate.issuer), joinedload(Certificate.printed))
        .order_by(Certificate.created_at, Certificate.id)
        .limit(2000)
    )
    return session().scalars(wanted).unique().all()


def chosen(actor: Actor, permission: str, ids: Iterable[UUID]) -> Sequence[Certificate]:
    """Those certificates. Raises Missing when one of them does not exist or is not the actor's to act on."""
    keys = set(ids)
    wanted = (
        select(Certificate)
        .where(Certificate.id.in_(keys), within(visible(actor, permission)))
        .options(joinedload(Certificate.issuer), joinedload(Certificate.printed))
        .order_by(Certificate.created_at, Certificate.id)
    )
    found = session().scalars(wanted).unique().all()
    if len(found) != len(keys):
        raise Missing
    return found


def with_print(ids: Iterable[UUID]) -> Sequence[Certificate]:
    """These certificates with what is printed on them."""
    wanted = select(Certificate).where(Certificate.id.in_(list(ids))).options(joinedload(Certificate.printed))
    return session().scalars(wanted).unique().all()


def of_person(person_id: UUID) -> Sequence[Certificate]:
    """Everything one person has, newest first."""
    wanted = (
        select(Certificate)
        .where(Certificate.person_id == person_id)
        .options(joinedload(Certificate.issuer))
        .order_by(Certificate.created_at.desc(), Certificate.id)
    )
    return session().scalars(wanted).unique().all()


def of_case(case_id: UUID) -> Certificate | None:
    """The grade certificate of an award case."""
    wanted = select(Certificate).where(Certificate.award_case_id == case_id, Certificate.kind == "grade")
    return session().scalars(wanted).one_or_none()


def alike_in_force(rows: Sequence[Certificate]) -> Mapping[UUID, str]:
    """For each grade certificate whose holder has the same grade in force already: the number of that one. One query."""
    people = {row.person_id for row in rows if row.kind == "grade"}
    if not people:
        return {}
    wanted = select(
        Certificate.id, Certificate.person_id, Certificate.occupation_code, Certificate.direction, Certificate.grade,
        Certificate.number,
    ).where(
        Certificate.person_id.in_(people), Certificate.kind == "grade", Certificate.state == CertificateState.ISSUED,
        Certificate.sample.is_(False),
    )  # fmt: skip
    held = {(one.person_id, one.occupation_code, one.direction, one.grade): one for one in session().execute(wanted)}
    found: dict[UUID, str] = {}
    for row in rows:
        one = held.get((row.person_id, row.occupation_code, row.direction, row.grade)) if row.kind == "grade" else None
        if one is not None and one.id != row.id:
            found[row.id] = one.number or ""
    return found


def with_number(number: str) -> Certificate | None:
    """By number, as it is printed."""
    wanted = select(Certificate).where(Certificate.number == number).options(joinedload(Certificate.issuer))
    return session().scalars(wanted).unique().one_or_none()


def with_token(token: str) -> Certificate | None:
    """By what its QR code carries."""
    wanted = select(Certificate).where(Certificate.token_index == blind_index(TOKEN_KIND, token))
    return session().scalars(wanted.options(joinedload(Certificate.issuer))).unique().one_or_none()


def with_files(evaluation_organization_id: UUID | None) -> Sequence[Certificate]:
    """Every certificate that has a file, of one issuer or of all, by number."""
    wanted = select(Certificate).where(Certificate.file_id.is_not(None))
    if evaluation_organization_id is not None:
        wanted = wanted.where(Certificate.evaluation_organization_id == evaluation_organization_id)
    return session().scalars(wanted.order_by(Certificate.number)).all()


def taken_numbers(numbers: Iterable[str]) -> frozenset[str]:
    """Which of these numbers have a row: a number is never given twice."""
    keys = list(numbers)
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        found |= set(session().scalars(select(CertificateNumber.number).where(CertificateNumber.number.in_(part))))
    return frozenset(found)


def last_serial(evaluation_organization_id: UUID, year: int, digit: str) -> int:
    """The highest serial given in a year and grade; 0 before the first."""
    wanted = select(func.max(CertificateNumber.serial)).where(
        CertificateNumber.evaluation_organization_id == evaluation_organization_id,
        CertificateNumber.year == year,
        CertificateNumber.grade_digit == digit,
    )
    return session().scalar(wanted) or 0


def acts(certificate_id: UUID) -> Sequence[CertificateAct]:
    """What happened to it after approval, oldest first."""
    wanted = select(CertificateAct).where(CertificateAct.certificate_id == certificate_id).order_by(CertificateAct.at)
    return session().scalars(wanted).all()


def printed_values(row: Certificate) -> dict[str, str]:
    """What stands on the certificate; empty before it is numbered, and after it was erased."""
    if row.printed is None or not row.printed.values:
        return {}
    found: dict[str, str] = json.loads(row.printed.values.revealed())
    return found


@dataclass(frozen=True, slots=True)
class Holder:
    """What a certificate takes from a person. `document` is (kind, number) or None."""

    name_zh: str
    name_en: str
    sex: str
    birth_date: str
    education: str
    document: tuple[str, str] | None
    photo_id: UUID | None


def holders(person_ids: Iterable[UUID]) -> Mapping[UUID, Holder]:
    """Several people as certificates need them, two queries for all. The resident identity card goes first."""
    keys = set(person_ids)
    papers: dict[UUID, IdentityDocument] = {}
    wanted = select(IdentityDocument).where(IdentityDocument.person_id.in_(keys)).order_by(IdentityDocument.created_at)
    for paper in session().scalars(wanted):
        if paper.person_id not in papers or (paper.kind == "resident_identity_card" != papers[paper.person_id].kind):
            papers[paper.person_id] = paper
    return {
        key: Holder(
            name_zh=row.name_zh,
            name_en=row.name_en,
            sex=row.sex,
            birth_date=row.birth_date.isoformat() if row.birth_date else "",
            education=row.education,
            document=(papers[key].kind, papers[key].number.revealed()) if key in papers else None,
            photo_id=row.photo_id,
        )
        for key, row in people.people(keys).items()
    }


def issuers(actor: Actor, permission: str) -> Sequence[EvaluationOrganization]:
    """The evaluation organizations the actor works for; everywhere: all of them."""
    reach = visible(actor, permission)
    wanted = select(EvaluationOrganization).order_by(EvaluationOrganization.name)
    if not reach.everywhere:
        places: list[ColumnElement[bool]] = [EvaluationOrganization.organization_id.in_(reach.organizations)]
        if reach.regions:
            homes = select(Organization.id).where(or_(*(Organization.region_code.startswith(k) for k in reach.regions)))
            places.append(EvaluationOrganization.organization_id.in_(homes))
        wanted = wanted.where(or_(*places))
    return session().scalars(wanted).all()


def counts(actor: Actor, permission: str) -> dict[str, int]:
    """How many certificates stand in each state."""
    mine = within(visible(actor, permission))
    wanted = (
        select(Certificate.state, func.count()).where(mine, Certificate.kind == "grade").group_by(Certificate.state)
    )
    found = {row[0]: row[1] for row in session().execute(wanted)}
    return {state.value: found.get(state.value, 0) for state in CertificateState}


def waiting_cards(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """For the boards: what waits for the officer in a competition; for a person, the photo their certificate lacks."""
    open_states = (CertificateState.APPROVED, CertificateState.NUMBERED, CertificateState.REPORTED)
    if scope.kind == ScopeKind.COMPETITION and can(actor, "certificate:number", (PLATFORM, scope)):
        wanted = select(func.count()).where(
            Certificate.competition_id == UUID(scope.key), Certificate.state.in_(open_states)
        )
        number = session().scalar(wanted) or 0
        card = Card(CardKind.NEXT_STEP, "certificates_waiting", {"number": number}, "/certificates/steps",
                    "certificates_waiting_link", order=80)  # fmt: skip
        return [card] if number else []
    if scope.kind == ScopeKind.SELF and actor.person is not None and scope.key == str(actor.person):
        lacking = (
            select(func.count())
            .select_from(Certificate)
            .join(Person, Person.id == Certificate.person_id)
            .where(Certificate.person_id == actor.person, Certificate.state.in_(open_states), Person.photo_id.is_(None))
        )
        if session().scalar(lacking):
            return [Card(CardKind.NEXT_STEP, "my_photo_missing", {}, order=10)]
    return []
