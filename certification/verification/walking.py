"""Walking the chain mark → run → publication → award case → certificate: every link is worked out anew."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from certification.certificates import face
from certification.certificates.models.awards import AwardCertificate
from certification.certificates.models.certificates import Certificate, CertificateNumber
from certification.certificates.queries.life import editions
from certification.certificates.queries.register import printed_values
from certification.promotion.facts import case_hash
from certification.promotion.models import AwardCase, AwardList
from certification.rules.certificate_states import CertificateState
from competitions import published
from foundation.audit import evidence
from foundation.audit.chain import verify
from foundation.audit.models import AuditEntry
from foundation.db import session
from foundation.encryption.sealing import SealBroken
from foundation.files.queries import file_bytes
from foundation.refusal import Missing

# The state a certificate must stand in after each entry of the audit log: the log is chained, the state is not.
_STATES = {
    "certificate:registered": CertificateState.APPROVED,
    "certificate:numbered": CertificateState.NUMBERED,
    "certificate:reported": CertificateState.REPORTED,
    "certificate:issued": CertificateState.ISSUED,
    "certificate:revoked": CertificateState.REVOKED,
    "certificate:withdrawn": CertificateState.WITHDRAWN,
    "certificate:corrected": CertificateState.ISSUED,
    "certificate:reissued": CertificateState.ISSUED,
}


@dataclass(frozen=True, slots=True)
class Break:
    """A link that does not hold: what kind of link, and whose."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Walk:
    """How many links of each kind were worked out, and those that do not hold, sorted."""

    checked: dict[str, int]
    broken: tuple[Break, ...]


def walk(checkpoint: evidence.Checkpoint | None = None) -> Walk:
    """Work out every link, and every seal against a checkpoint. Reads everything, files included; what was erased on purpose is left out."""
    checked: Counter[str] = Counter()
    broken: set[Break] = set()
    for report in verify():
        checked["audit"] += report.entries
        if report.broken_at is not None:
            broken.add(Break("audit", report.chain))
    hashes = {}
    for link in published.verified_links():
        checked[link.kind] += 1
        if not link.holds:
            broken.add(Break(link.kind, link.key))
        if link.kind == "publication":
            hashes[link.key] = link.hash
    for case in session().scalars(select(AwardCase).options(joinedload(AwardCase.award_list))):
        checked["award_case"] += 1
        broken |= set(_case_breaks(case, hashes))
    for row in session().scalars(select(Certificate).options(joinedload(Certificate.printed))):
        checked["certificate"] += 1
        broken |= set(_certificate_breaks(row)) | set(_award_breaks(row, hashes))
    broken |= set(_state_breaks())
    broken |= {Break(f"sealed_{one.what}", f"{one.table}/{one.key}") for one in evidence.broken(checkpoint)}
    return Walk(dict(checked), tuple(sorted(broken, key=lambda one: (one.kind, one.key))))


def _case_breaks(case: AwardCase, hashes: dict[str, str]) -> Iterator[Break]:
    listed: AwardList = case.award_list
    if case.hash != case_hash(case.previous_hash, case.id, case.entry_id, case.person_id, case.decision):
        yield Break("award_case", str(case.id))
    if case.grade != case.decision.get("grade", "") or case.previous_hash != listed.publication_hash:
        yield Break("award_case", str(case.id))
    if hashes.get(str(listed.publication_id)) != listed.publication_hash:
        yield Break("publication_of_list", str(listed.id))


def _certificate_breaks(row: Certificate) -> Iterator[Break]:
    case = session().get(AwardCase, row.award_case_id) if row.award_case_id else None
    if case is not None and (row.previous_hash, row.grade, row.person_id) != (case.hash, case.grade, case.person_id):
        yield Break("certificate", str(row.id))
    if row.number is not None:
        number = session().get(CertificateNumber, row.number)
        ended = row.issued_on is None and row.state == CertificateState.REVOKED
        if number is None or number.state != ("voided" if ended else "used"):
            yield Break("number", row.number)
    if not row.hash:
        if row.issued_on is not None or row.state == CertificateState.ISSUED:
            yield Break("certificate", str(row.id))
        return
    before = ""
    for earlier in editions(row.id) if row.edition > 1 else ():
        made = face.chain_hash(
            row, number=row.number or "", file_sha256=earlier.file_sha256, printed=earlier.printed_commitment, before=before
        )  # fmt: skip
        if made != earlier.hash or earlier.previous_hash != (before or row.previous_hash):
            yield Break("edition", str(earlier.id))
        if not _file_holds(earlier.file_id, earlier.file_sha256):
            yield Break("file", str(earlier.id))
        before = earlier.hash
    made = face.chain_hash(
        row, number=row.number or "", file_sha256=row.file_sha256, printed=row.printed_commitment, before=before
    )  # fmt: skip
    if made != row.hash:
        yield Break("certificate", str(row.id))
    values = printed_values(row)
    if values and face.commitment(values) != row.printed_commitment:
        yield Break("print", str(row.id))
    if not _file_holds(row.file_id, row.file_sha256):
        yield Break("file", str(row.id))


def _award_breaks(row: Certificate, hashes: dict[str, str]) -> Iterator[Break]:
    if row.kind == "grade":
        return
    award = session().get(AwardCertificate, row.id)
    if award is None or not row.previous_hash == award.publication_hash == hashes.get(str(award.publication_id)):
        yield Break("publication_of_award", str(row.id))


def _file_holds(file_id: UUID | None, sha256: str) -> bool:
    if file_id is None:
        return False
    try:
        return hashlib.sha256(file_bytes(file_id)).hexdigest() == sha256
    except Missing:
        return True  # erased, and the row says when
    except (RuntimeError, OSError, SealBroken):
        return False


def _state_breaks() -> Iterator[Break]:
    wanted = (
        select(AuditEntry.subject_id, AuditEntry.verb)
        .where(AuditEntry.subject_type == "certificate", AuditEntry.verb.in_(_STATES))
        .order_by(AuditEntry.chain, AuditEntry.sequence)
    )
    noted = {subject: _STATES[verb] for subject, verb in session().execute(wanted)}
    for row in session().execute(select(Certificate.id, Certificate.state)):
        key, state = row.id, row.state
        if noted.pop(str(key), None) != state:
            yield Break("state", str(key))
    for gone in noted:
        yield Break("certificate_gone", gone)
