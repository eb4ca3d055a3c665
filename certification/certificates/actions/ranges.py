"""Numbers that no certificate will carry: voided with a reason, so that no serial is without a row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from certification.certificates.models.certificates import CertificateNumber
from certification.certificates.queries import register
from certification.filings.models import EvaluationOrganization
from certification.filings.number_forms import layout_for
from certification.rules import numbering
from foundation.audit.chain import record
from foundation.clock import china_day
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

MOST = 20_000


def void_numbers(
    evaluation_organization_id: UUID, grade: str, up_to: int, reason: str, *, year: int = 0, actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Void every serial of a grade that was not given yet, up to `up_to`: given on paper before, spoiled, kept free.

    The next certificate gets the serial after it. Repeating it changes nothing. Returns how many were voided. Raises Missing,
    Refusal void_reason_missing, void_too_many, issuer_numbers_returned, number_*.
    """
    if not reason.strip():
        raise Refusal("void_reason_missing", field="reason")
    wanted_year = year or china_day(at).year
    if not china_day(at).year - 1 <= wanted_year <= china_day(at).year:
        raise Refusal("void_year_wrong", field="year", year=wanted_year, now=china_day(at).year)
    with transaction() as writing:
        issuer = writing.scalars(
            select(EvaluationOrganization)
            .where(EvaluationOrganization.id == evaluation_organization_id)
            .with_for_update()
        ).one_or_none()
        if issuer is None:
            raise Missing
        if issuer.number_source != "own_range":
            raise Refusal("issuer_numbers_returned", issuer=issuer.name)
        layout = layout_for(issuer)
        digit = numbering.grade_digit(grade, layout)
        first = register.last_serial(issuer.id, wanted_year, digit) + 1
        if up_to < first:
            return 0
        if up_to - first >= MOST:
            raise Refusal("void_too_many", field="up_to", first=first, most=MOST)
        rows = [
            {
                "number": numbering.compose(layout, prefix=issuer.prefix, year=wanted_year, grade=grade, serial=serial),
                "evaluation_organization_id": issuer.id, "year": wanted_year, "grade_digit": digit, "serial": serial,
                "state": "voided", "reason": reason.strip()[:200], "given_at": at,
            }
            for serial in range(first, up_to + 1)
        ]  # fmt: skip
        writing.execute(insert(CertificateNumber), rows)
        record(
            actor, "certificate_number:voided", "evaluation_organization", issuer.id, at=at, first=rows[0]["number"],
            last=rows[-1]["number"],
        )  # fmt: skip
        return len(rows)
