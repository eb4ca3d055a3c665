"""Taking approved cases into the register of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certification.certificates.models import Certificate
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor


@dataclass(frozen=True, slots=True)
class ApprovedCase:
    """A case whose approval is on record: what a certificate is made from."""

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


def register_approved(case: ApprovedCase, *, actor: Actor, at: datetime) -> UUID:  # noqa: ARG001
    """Open a grade certificate for an approved case; the same case again answers the same id."""
    with transaction() as writing:
        known = writing.scalars(
            select(Certificate).where(Certificate.award_case_id == case.case_id, Certificate.kind == "grade")
        ).first()
        if known is not None:
            return known.id
        row = Certificate(
            id=new_id(), kind="grade", award_case_id=case.case_id, evaluation_organization_id=case.evaluation_organization_id,
            person_id=case.person_id, state="approved", grade=case.grade, occupation_code=case.occupation_code,
            occupation_name=case.occupation_name, occupation_edition=case.occupation_edition, direction=case.direction,
            previous_hash=case.case_hash, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        return row.id
