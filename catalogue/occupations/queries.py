"""Reading occupations and the grades their standards offer."""

from __future__ import annotations

from sqlalchemy import select

from catalogue.occupations.models import OccupationStandard
from catalogue.rules.seniority import GRADES
from foundation.db import session


def grades_offered(edition: str, code: str) -> tuple[str, ...] | None:  # noqa: ARG001
    """The grades that the standards of an occupation offer, junior first; None when no standard is known."""
    found = session().scalars(select(OccupationStandard.grades).where(OccupationStandard.occupation_code == code)).all()
    if not found:
        return None
    offered = {grade for grades in found for grade in grades}
    return tuple(grade for grade in GRADES if grade in offered)
