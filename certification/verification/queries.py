"""The public check (证书查验): how much an answer tells depends on what the asker already holds."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certification.certificates.models.awards import AwardCertificate
from certification.certificates.models.certificates import Certificate
from certification.certificates.models.credentials import CertificateRoot
from certification.certificates.queries import life, shares
from certification.certificates.queries import register as certificates
from certification.certificates.queries.awards import award as award_of
from certification.certificates.queries.designs import version_of_hash
from certification.filings.models import EvaluationOrganization
from certification.promotion.models import AwardCase, AwardList
from certification.rules.certificate_states import Act, CertificateState
from competitions import published
from competitions.published import PublishedEvidence
from foundation.clock import china_day
from foundation.db import session
from foundation.encryption.personal import masked
from foundation.encryption.sealing import normalised

# What was never issued is not there for the public, whatever the register knows.
PUBLIC_STATES = frozenset((CertificateState.ISSUED, CertificateState.REVOKED, CertificateState.WITHDRAWN))


@dataclass(frozen=True, slots=True)
class Chain:
    """Mark → run → publication → award case → certificate: each link holds the hash of the one before."""

    evidence: PublishedEvidence | None  # marks, run, publication; None where the results came from elsewhere
    competition: str
    event: str
    publication_hash: str
    case_hash: str
    approval: str  # number of the document that approved the award
    approved_on: date | None
    edition: int
    certificate_hash: str
    file_sha256: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What only the QR code, or number and full name together, bring."""

    name: str
    document: str  # masked to the last four
    occupation: str
    work_type: str
    number: str
    issued_on: date | None
    chain: Chain


@dataclass(frozen=True, slots=True)
class Found:
    """What the number alone brings: state, grade, issuer, year and surname."""

    state: str
    sample: bool
    kind: str
    grade: str
    prize: str  # what it is given for, as printed; empty for a grade
    contest: str
    issuer: str
    year: int
    surname: str
    ended_on: date | None
    certificate_query_url: str
    organization_query_url: str
    replaced_by: str = ""  # ended: the number that took its place
    corrected_on: date | None = None  # 更正换发: only the file made on that day is in force
    reissued_on: date | None = None  # 补发: only the paper with `print_serial` is in force
    print_serial: str = ""
    seal: str = "space"  # space | service | picture
    whole: Whole | None = None


def by_token(token: str) -> Found | None:
    """What a scanned QR code says; None for every other text."""
    row = certificates.with_token(token) if 16 <= len(token) <= 64 else None
    return _found(row, whole=True) if row else None


def by_share(token: str, at: datetime) -> Found | None:
    """What a link shows that a holder gave away; None once it is over or withdrawn, and for every other text."""
    row = shares.shared(token, at) if 16 <= len(token) <= 64 else None
    return _found(row, whole=True) if row else None


def by_number(number: str, name: str = "") -> Found | None:
    """What a number says; with the holder's full name, the rest. A wrong name says what no name says."""
    row = certificates.with_number(normalised(number)[:30])
    if row is None:
        return None
    held = certificates.printed_values(row).get("name", "")
    known = bool(name.strip() and held) and hmac.compare_digest(normalised(name).encode(), normalised(held).encode())
    return _found(row, whole=known)


def _found(row: Certificate, *, whole: bool) -> Found | None:
    if row.state not in PUBLIC_STATES or row.issued_on is None:
        return None
    values = certificates.printed_values(row)
    name = values.get("name", "")
    rest = None
    if whole and values:
        rest = Whole(
            name=name, document=masked(values.get("document_number", "")), occupation=values.get("occupation", ""),
            work_type=values.get("work_type", ""), number=row.number or "", issued_on=row.issued_on,
            chain=_chain(row),
        )  # fmt: skip
    award = award_of(row.id) if row.kind != "grade" else None
    corrected = life.last_act(row.id, Act.CORRECT) if row.edition > 1 else None
    reissued = life.last_act(row.id, Act.REISSUE) if row.print_serial else None
    return Found(
        state=row.state, sample=row.sample, kind=row.kind, grade=row.grade,
        prize=award.wording.replace("　", "") if award else "", contest=_contest(award), issuer=values.get("issuer") or row.issuer.name,
        year=row.issued_on.year, surname=surname(name), ended_on=row.ended_on,
        certificate_query_url=row.issuer.certificate_query_url, organization_query_url=row.issuer.organization_query_url,
        replaced_by=row.replaced_by, corrected_on=china_day(corrected.at) if corrected else None,
        reissued_on=china_day(reissued.at) if reissued else None, print_serial=row.print_serial, seal=_seal(row), whole=rest,
    )  # fmt: skip


def _contest(award: AwardCertificate | None) -> str:
    if award is None:
        return ""
    return " · ".join(filter(None, (award.facts["competition"], award.facts["event"], award.facts["division"])))


def _seal(row: Certificate) -> str:
    version = version_of_hash(row.evaluation_organization_id, row.design_hash)
    return version.settings["seal"] if version else "space"


def _chain(row: Certificate) -> Chain:
    award = award_of(row.id) if row.kind != "grade" else None
    if award is not None:
        return Chain(
            evidence=published.evidence_of(award.publication_id), competition=award.facts["competition"], event=award.facts["event"],
            publication_hash=row.previous_hash, case_hash="", approval="", approved_on=None, edition=row.edition,
            certificate_hash=row.hash, file_sha256=row.file_sha256,
        )  # fmt: skip
    wanted = select(AwardCase, AwardList).join(AwardList, AwardList.id == AwardCase.award_list_id)
    found = session().execute(wanted.where(AwardCase.id == row.award_case_id)).one_or_none()
    case, listed = found or (None, None)
    return Chain(
        evidence=published.evidence_of(listed.publication_id) if listed else None,
        competition=listed.competition_name if listed else "", event=listed.event_name if listed else "",
        publication_hash=case.previous_hash if case else "", case_hash=row.previous_hash,
        approval=listed.approval_number if listed else "", approved_on=listed.approval_date if listed else None,
        edition=row.edition, certificate_hash=row.hash, file_sha256=row.file_sha256,
    )  # fmt: skip


_TWO_CHARACTER_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯",
                           "端木", "南宫", "长孙", "宇文", "轩辕", "独孤", "申屠", "澹台", "公冶", "太史", "闻人", "钟离")  # fmt: skip


def surname(name: str) -> str:
    """The surname with the rest hidden: `林**`. Of a name without one (with a dot) the first character alone."""
    if not name:
        return ""
    length = 2 if name.startswith(_TWO_CHARACTER_SURNAMES) and len(name) > 2 else 1
    return name[:length] + "*" * min(len(name) - length, 3)


def offline_issuers() -> Sequence[tuple[UUID, str]]:
    """Issuers whose certificates can be checked without this platform: id and name."""
    wanted = (
        select(EvaluationOrganization.id, EvaluationOrganization.name)
        .where(EvaluationOrganization.id.in_(select(CertificateRoot.evaluation_organization_id)))
        .order_by(EvaluationOrganization.name)
    )
    return [(row.id, row.name) for row in session().execute(wanted)]
