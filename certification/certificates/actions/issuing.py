"""The road to a certificate: approved → numbered (赋码) → reported (数据上传) → issued (发证). What follows: `life.py`."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from accounts.people.actions import QualificationFacts, note_qualification
from accounts.people.models import Basis, QualificationKind, QualificationState
from certification.certificates import face, number_lists, production, signing
from certification.certificates.actions.credentials import note_credential, reserve_slots, sign_root
from certification.certificates.models.certificates import (
    Certificate,
    CertificateNumber,
    CertificatePrint,
)
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import register as queries
from certification.filings import queries as filings
from certification.filings.models import EvaluationOrganization
from certification.filings.number_forms import layout_for
from certification.rules import numbering
from certification.rules.certificate_states import START, CertificateState, advance
from foundation.audit.chain import record
from foundation.clock import china_day, new_id, random_bytes
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.encryption.sealing import blind_index
from foundation.files.actions import drop_bytes, note_file
from foundation.permission import Actor
from foundation.refusal import Refusal

_P = CertificatePermission
_S = CertificateState
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class ApprovedCase:
    """What promotion (or assessment) hands over when a case was approved. `case_hash` is the link before this one.

    `competition_id` and `region_code` let the officers of that competition or region see the certificate.
    """

    case_id: UUID
    case_hash: str
    evaluation_organization_id: UUID
    person_id: UUID
    grade: str
    occupation_code: str
    occupation_name: str
    occupation_edition: str
    direction: str
    approved_on: date
    competition_id: UUID | None = None
    region_code: str = ""


def register_approved(case: ApprovedCase, *, actor: Actor, at: datetime) -> UUID:
    """Open the certificate of an approved case; the same case again answers with the same certificate.

    Raises Refusal number_grade_unknown for a grade that has no certificate of this kind.
    """
    key = new_id()
    with transaction() as writing:
        issuer = writing.get_one(EvaluationOrganization, case.evaluation_organization_id)
        if case.grade not in layout_for(issuer).grades:
            raise Refusal("number_grade_unknown", grade=f"@certificate_grade:{case.grade}")
        insert = sqlite.insert if writing.get_bind().dialect.name == "sqlite" else postgresql.insert
        values: dict[str, Any] = {
            "id": key, "kind": "grade", "award_case_id": case.case_id, "previous_hash": case.case_hash,
            "evaluation_organization_id": case.evaluation_organization_id, "person_id": case.person_id,
            "state": START.value, "grade": case.grade, "occupation_code": case.occupation_code,
            "occupation_name": case.occupation_name, "occupation_edition": case.occupation_edition,
            "direction": case.direction, "approved_on": case.approved_on, "competition_id": case.competition_id,
            "region_code": case.region_code, "sample": issuer.switched_on_at is None, "created_at": at,
        }  # fmt: skip
        writing.execute(
            insert(Certificate).values(**values).on_conflict_do_nothing(index_elements=["award_case_id", "kind"])
        )
        found = queries.of_case(case.case_id)
        if found is None:
            raise RuntimeError("an inserted certificate is not there")
        if found.id == key:
            record(
                actor, "certificate:registered", "certificate", key, at=at, award_case=case.case_id, grade=case.grade
            )
        return found.id


# --- 赋码 ------------------------------------------------------------------------------------------------------------


def number_certificates(ids: Iterable[UUID], *, actor: Actor, at: datetime) -> int:
    """Give numbers of the issuers' own ranges; what has one already keeps it. All or none. Returns how many are new.

    The number is allocated in the transaction that makes the certificate numbered, and what will be printed is kept by
    value. Raises Missing, Conflict move_not_allowed, Refusal: issuer_numbers_returned, not_filed, certificate_*_missing,
    number_*.
    """
    wanted = queries.chosen(actor, _P.NUMBER, ids)
    holders = queries.holders(row.person_id for row in wanted)
    day = china_day(at)
    with transaction() as writing:
        rows = [row for row in locked(writing, [row.id for row in wanted]) if row.state == _S.APPROVED]
        serials: dict[tuple[UUID, str], int] = {}
        for row in rows:
            issuer = row.issuer
            if issuer.number_source != "own_range":
                raise Refusal("issuer_numbers_returned", issuer=issuer.name)
            layout = layout_for(issuer)
            digit = numbering.grade_digit(row.grade, layout)
            key = (issuer.id, digit)
            if key not in serials:
                _lock_issuer(writing, issuer.id)
                serials[key] = queries.last_serial(issuer.id, day.year, digit)
            serials[key] += 1
            number = numbering.compose(
                layout, prefix=issuer.prefix, year=day.year, grade=row.grade, serial=serials[key]
            )
            _give(writing, row, number, day.year, serials[key], holders.get(row.person_id), actor=actor, at=at)
        return len(rows)


def note_returned_numbers(
    evaluation_organization_id: UUID, data: bytes, *, actor: Actor, at: datetime
) -> tuple[int, Sequence[number_lists.RowFault]]:
    """Take in the authority's list of numbers (赋码回传): every row is right, or nothing is stored.

    Returns how many certificates got their number and, where that is none, everything wrong with the list beside its rows.
    Raises Refusal spreadsheet_* and returned_list_heads_missing; number_* for the issuer's own settings.
    """
    waiting = [
        row
        for row in queries.in_states(actor, _P.NUMBER, _S.APPROVED)
        if row.evaluation_organization_id == evaluation_organization_id
    ]
    rows = number_lists.read_returned(data)
    holders = queries.holders(row.person_id for row in waiting)
    year = china_day(at).year
    taken = queries.taken_numbers(row.number for row in rows)
    matched, faults = number_lists.match(rows, waiting, holders, taken=taken, years=(year, year - 1))
    if faults or not matched:
        return 0, faults
    with transaction() as writing:
        _lock_issuer(writing, evaluation_organization_id)
        again = queries.taken_numbers(matched.values())
        if again:
            raise Refusal("number_taken", number=min(again))
        done = 0
        for row in locked(writing, list(matched)):
            if row.state != _S.APPROVED:
                continue
            layout = layout_for(row.issuer)
            parts = numbering.parse(layout, matched[row.id]) or {}
            given = next(y for y in (year, year - 1) if str(y).endswith(parts["year"]))
            _give(
                writing,
                row,
                matched[row.id],
                given,
                int(parts["serial"]),
                holders.get(row.person_id),
                actor=actor,
                at=at,
            )
            done += 1
        return done, ()


def locked(writing: Session, ids: Sequence[UUID]) -> Sequence[Certificate]:
    """These certificates, held until the transaction ends, in the order asked for."""
    # One order for everybody: two batches that overlap wait for each other and never for ever.
    wanted = (
        select(Certificate)
        .where(Certificate.id.in_(ids))
        .options(joinedload(Certificate.issuer))
        .order_by(Certificate.id)
        .with_for_update(of=Certificate)
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in writing.scalars(wanted)}
    return [found[key] for key in ids if key in found]


def _lock_issuer(writing: Session, issuer_id: UUID) -> None:
    writing.execute(
        select(EvaluationOrganization.id).where(EvaluationOrganization.id == issuer_id).with_for_update()
    ).one()


def _give(
    writing: Session, row: Certificate, number: str, year: int, serial: int, holder: queries.Holder | None, *,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    if not filings.may_issue(row.evaluation_organization_id, row.occupation_code, row.grade, china_day(at)):
        raise Refusal(
            "not_filed", issuer=row.issuer.name, occupation=row.occupation_name, grade=f"@certificate_grade:{row.grade}",
            day=china_day(at),
        )  # fmt: skip
    if holder is None:
        raise Refusal("certificate_person_missing", record=row.occupation_name)
    values = face.values_of(row, holder, number, random_bytes(16).hex())
    # The photo may come later, the rest goes to the authority with the number and must be there now.
    stopping = [f for f in face.gaps(row, holder, values, holder.photo_id) if f.code != "certificate_photo_missing"]
    if stopping:
        raise Refusal(stopping[0].code, **{**stopping[0].facts, "record": holder.name_zh})
    token = base64.b32encode(random_bytes(20)).decode().lower()
    row.state = advance(row.state, "number")
    row.number, row.numbered_at = number, at
    row.token, row.token_index = Personal(token, keep=0), blind_index(queries.TOKEN_KIND, token)
    writing.add(
        CertificateNumber(
            number=number, evaluation_organization_id=row.evaluation_organization_id, year=year,
            grade_digit=numbering.grade_digit(row.grade, layout_for(row.issuer)), serial=serial, state="used", given_at=at,
        )
    )  # fmt: skip
    writing.add(
        CertificatePrint(
            certificate_id=row.id, values=Personal(face.stored_text(values), keep=0), photo_id=holder.photo_id
        )
    )
    writing.flush()
    record(actor, "certificate:numbered", "certificate", row.id, at=at, number=number, source=row.issuer.number_source)


# --- 数据上传 --------------------------------------------------------------------------------------------------------


def report_certificates(ids: Iterable[UUID], reference: str, *, actor: Actor, at: datetime) -> int:
    """Note that these certificates were uploaded to the authority, with its receipt. Repeating it changes nothing.

    Raises Missing, Conflict move_not_allowed, Refusal report_reference_missing.
    """
    receipt = reference.strip()
    if not receipt:
        raise Refusal("report_reference_missing", field="reference")
    wanted = queries.chosen(actor, _P.REPORT, ids)
    with transaction() as writing:
        done = 0
        for row in locked(writing, [row.id for row in wanted]):
            if row.state in (_S.REPORTED, _S.ISSUED):
                continue
            row.state = advance(row.state, "report")
            row.reported_at, row.report_reference = at, receipt[:80]
            record(actor, "certificate:reported", "certificate", row.id, at=at)
            done += 1
        return done


# --- 发证 ------------------------------------------------------------------------------------------------------------


def issue_certificate(certificate_id: UUID, *, public_url: str, actor: Actor, at: datetime) -> UUID:
    """Print and sign the certificate, keep the file, close the chain and note the grade with its holder. Returns the file's id.

    Issuing what is issued answers with the same file. Raises Missing, Conflict move_not_allowed (before it was reported),
    Refusal: certificate_*_missing, certificate_duplicate, issuer_name_reserved, print_failed.
    """
    (row,) = queries.chosen(actor, _P.ISSUE, [certificate_id])
    if row.state == _S.ISSUED and row.file_id:
        return row.file_id
    advance(row.state, "issue")
    reserve_slots([row], at=at)
    (ready,) = production.prepared([row], public_url=public_url, at=at)
    if isinstance(ready, Refusal):
        raise ready
    done = production.finished(ready, at=at)
    with transaction() as writing:
        (held,) = locked(writing, [certificate_id])
        if held.state == _S.ISSUED and held.file_id:
            drop_bytes(done.put)
            return held.file_id  # somebody was faster: one certificate, one file
        kept = settle(writing, held, ready, done, actor=actor, at=at)
    sign_root(row.evaluation_organization_id, public_url=public_url, actor=actor, at=at)
    return kept


def settle(
    writing: Session, held: Certificate, ready: production.Prepared, done: production.Finished, *, actor: Actor, at: datetime
) -> UUID:  # fmt: skip
    """Make a locked certificate issued with its finished file, in the open transaction. Raises Conflict move_not_allowed."""
    held.state = advance(held.state, "issue" if held.kind == "grade" else "award")
    kept = note_file(done.put, media_type=PDF, name=f"{held.number}.pdf", actor=actor, at=at)
    printed = writing.get_one(CertificatePrint, held.id)
    writing.flush()
    printed.values, printed.photo_id = Personal(face.stored_text(ready.values), keep=0), ready.photo_id
    held.issued_on, held.issued_at, held.sample = china_day(at), at, ready.sample
    held.design, held.design_hash = ready.design.key, ready.design_hash
    held.file_id, held.file_sha256 = kept, done.put.sha256
    held.printed_commitment = face.commitment(ready.values)
    held.hash = face.chain_hash(
        held, number=held.number or "", file_sha256=held.file_sha256, printed=held.printed_commitment
    )
    if done.signing_key_id is not None:
        signing.note_signed(writing, held.id, done.signing_key_id, at=at)
    if ready.credential is not None:
        note_credential(writing, held.id, held.edition, ready.credential, at=at)
    if not ready.sample and held.kind == "grade":
        _note_grade(held, actor=actor, at=at)
    record(
        actor, "certificate:issued", "certificate", held.id, at=at, number=held.number, hash=held.hash,
        sample=int(ready.sample),
    )  # fmt: skip
    return kept


def _note_grade(row: Certificate, *, actor: Actor, at: datetime) -> None:
    note_qualification(
        row.person_id,
        QualificationFacts(
            kind=QualificationKind.GRADE, name=row.grade, state=QualificationState.HELD,
            occupation_code=row.occupation_code, occupation_name=row.occupation_name,
            occupation_edition=row.occupation_edition, number=row.number or "", issuer=row.issuer.name,
            held_from=row.issued_on, basis=Basis.REGISTER, source_kind="award_case", source_id=row.award_case_id,
        ),
        actor=actor,
        at=at,
    )  # fmt: skip
