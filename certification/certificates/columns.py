"""What the register of certificates offers to lists of people: the grade certificate somebody won in a competition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from certification.certificates.models.certificates import Certificate
from foundation.db import session
from foundation.web.columns import ListRow

NAMES = (
    "certificate_number",
    "certificate_occupation",
    "certificate_grade",
    "certificate_issued_on",
    "certificate_sample",
)
_NOT_ANY_MORE = ("revoked", "withdrawn", "void")


def of_certificates(competition_id: UUID, rows: Sequence[ListRow]) -> Mapping[UUID, Mapping[str, Any]]:
    """Row key → its person's numbered certificate of this competition; nothing of one that was revoked or withdrawn."""
    wanted = (
        select(Certificate)
        .where(
            Certificate.competition_id == competition_id,
            Certificate.person_id.in_({row.person for row in rows}),
            Certificate.number.is_not(None),
            Certificate.state.not_in(_NOT_ANY_MORE),
        )
        .order_by(Certificate.created_at, Certificate.id)
    )
    latest = {row.person_id: row for row in session().scalars(wanted)}
    return {
        row.key: {
            "certificate_number": one.number, "certificate_occupation": one.occupation_name, "certificate_grade": f"@grade_name:{one.grade}",
            "certificate_issued_on": one.issued_on, "certificate_sample": one.sample,
        }
        for row in rows
        if (one := latest.get(row.person)) is not None
    }  # fmt: skip
