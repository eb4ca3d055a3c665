"""Reading filings."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from catalogue.occupations.models import OccupationStandard
from certification.filings.models import Filing
from foundation.db import session


def may_issue(evaluation_organization_id: UUID, occupation_code: str, grade: str, on: date) -> bool:
    """Is the organization filed for this occupation and grade on that day, and does the standard offer the grade?

    An occupation without a standard in the catalogue has an unknown standard, not one that offers nothing.
    """
    wanted = select(Filing.grades).where(
        Filing.evaluation_organization_id == evaluation_organization_id,
        Filing.occupation_code == occupation_code,
        Filing.valid_from <= on,
        or_(Filing.valid_until.is_(None), Filing.valid_until >= on),
    )
    if not any(grade in grades for grades in session().scalars(wanted)):
        return False
    offered = list(
        session().scalars(
            select(OccupationStandard.grades).where(OccupationStandard.occupation_code == occupation_code)
        )
    )
    return not offered or any(grade in grades for grades in offered)
