"""Reading marking schemes."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from competitions.rules.scoring.aspects import AspectRule
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SchemeState, SubCriterion
from foundation.db import session


def scheme_in_force(event_id: UUID) -> MarkingScheme | None:
    """The event's scheme with its whole tree, or None."""
    wanted = (
        select(MarkingScheme)
        .where(MarkingScheme.event_id == event_id, MarkingScheme.state != SchemeState.SUPERSEDED)
        .order_by(MarkingScheme.number.desc())
        .limit(1)
        .options(
            selectinload(MarkingScheme.criteria).selectinload(Criterion.sub_criteria).selectinload(SubCriterion.aspects)
        )
    )
    return session().scalars(wanted).first()


def aspect_rules(scheme_id: UUID) -> dict[UUID, AspectRule]:
    """What decides the points, by aspect."""
    wanted = select(Aspect.id, Aspect.method, Aspect.max_mark, Aspect.options).where(Aspect.scheme_id == scheme_id)
    return {
        key: AspectRule(method, Fraction(most), options or {})
        for key, method, most, options in session().execute(wanted)
    }
