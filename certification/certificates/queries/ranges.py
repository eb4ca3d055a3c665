"""Reading the ranges of an issuer: every number has a row, used or voided with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from certification.certificates.models.certificates import Certificate, CertificateNumber
from foundation.db import session


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers of one issuer, year and grade."""

    year: int
    digit: str
    used: int
    voided: int
    first: int
    last: int

    @property
    def without_row(self) -> int:
        """How many serials up to the last one have no row; 0 for an own range."""
        return self.last - self.used - self.voided


def ranges(evaluation_organization_id: UUID) -> Sequence[Range]:
    """Every range of an issuer, the latest year first; one query."""
    voided = func.sum(case((CertificateNumber.state == "voided", 1), else_=0))
    wanted = (
        select(
            CertificateNumber.year, CertificateNumber.grade_digit, func.count(), voided, func.min(CertificateNumber.serial),
            func.max(CertificateNumber.serial),
        )
        .where(CertificateNumber.evaluation_organization_id == evaluation_organization_id)
        .group_by(CertificateNumber.year, CertificateNumber.grade_digit)
        .order_by(CertificateNumber.year.desc(), CertificateNumber.grade_digit)
    )  # fmt: skip
    return [
        Range(year, digit, count - int(void or 0), int(void or 0), first, last)
        for year, digit, count, void, first, last in session().execute(wanted)
    ]


def numbers(evaluation_organization_id: UUID, year: int, digit: str, *, state: str = "") -> Select[Any]:
    """The numbers of one range in their order, each with the id of its certificate."""
    wanted: Any = (
        select(CertificateNumber, Certificate.id)
        .outerjoin(Certificate, Certificate.number == CertificateNumber.number)
        .where(
            CertificateNumber.evaluation_organization_id == evaluation_organization_id, CertificateNumber.year == year,
            CertificateNumber.grade_digit == digit,
        )
        .order_by(CertificateNumber.serial)
    )  # fmt: skip
    found: Select[Any] = wanted.where(CertificateNumber.state == state) if state else wanted
    return found
