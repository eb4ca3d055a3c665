"""Reading marking schemes: the version in force as rows, as a draft for the rules, as rules for marking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from competitions.programme.models import Event
from competitions.rules.scheme import (
    AspectDraft,
    CriterionDraft,
    SchemeDraft,
    SectionDraft,
    SubCriterionDraft,
)
from competitions.rules.scoring.aspects import AspectRule
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SchemeState, SubCriterion
from foundation.db import session
from foundation.exact import exact
from foundation.refusal import Missing

_WHOLE = selectinload(MarkingScheme.criteria).selectinload(Criterion.sub_criteria).selectinload(SubCriterion.aspects)
_HOLDING = (SchemeState.IN_FORCE, SchemeState.FROZEN)


def scheme_in_force(event_id: UUID) -> MarkingScheme | None:
    """The version that holds for an event, frozen or not, with its whole tree in four queries."""
    wanted = select(MarkingScheme).where(MarkingScheme.event_id == event_id, MarkingScheme.state.in_(_HOLDING))
    return session().scalars(wanted.options(_WHOLE)).first()


def scheme_version(event_id: UUID, number: int) -> MarkingScheme:
    """One version of an event's scheme with its whole tree. Raises Missing."""
    wanted = select(MarkingScheme).where(MarkingScheme.event_id == event_id, MarkingScheme.number == number)
    found = session().scalars(wanted.options(_WHOLE)).first()
    if found is None:
        raise Missing
    return found


def scheme_versions(event_id: UUID) -> Sequence[MarkingScheme]:
    """All versions of an event's scheme, newest first, without their trees."""
    wanted = select(MarkingScheme).where(MarkingScheme.event_id == event_id).order_by(MarkingScheme.number.desc())
    return session().scalars(wanted).all()


def aspect_rules(scheme_id: UUID) -> dict[UUID, AspectRule]:
    """What decides the points of each aspect of a version, by aspect id."""
    rows = session().execute(
        select(Aspect.id, Aspect.method, Aspect.max_mark, Aspect.options).where(Aspect.scheme_id == scheme_id)
    )
    return {key: AspectRule(method, Fraction(most), options) for key, method, most, options in rows}


def events_without_scheme(competition_id: UUID) -> Sequence[Event]:
    """The events of a competition that have no scheme yet."""
    holding = select(MarkingScheme.event_id).where(MarkingScheme.state.in_(_HOLDING))
    wanted = select(Event).where(
        Event.competition_id == competition_id, Event.cancelled_at.is_(None), Event.id.not_in(holding)
    )
    return session().scalars(wanted.order_by(Event.position)).all()


def draft_of(scheme: MarkingScheme) -> SchemeDraft:
    """A stored version as the draft it was made from."""
    return SchemeDraft(
        scheme.title,
        tuple(_criterion(row) for row in scheme.criteria),
        tuple(
            SectionDraft(
                section["code"], section["name"], exact(section["max_mark"]) if section.get("max_mark") else None
            )
            for section in scheme.sections
        ),
    )


def _criterion(row: Criterion) -> CriterionDraft:
    subs = tuple(
        SubCriterionDraft(
            sub.code, sub.name_zh, sub.name_en, sub.day, tuple(aspect_draft(each) for each in sub.aspects)
        )
        for sub in row.sub_criteria
    )
    draft = CriterionDraft(row.code, row.name_zh, row.name_en, None, subs)
    return CriterionDraft(row.code, row.name_zh, row.name_en, draft.total, subs)


def aspect_draft(row: Aspect) -> AspectDraft:
    """A stored aspect as a draft."""
    most = None if row.kind == "deduction" else Fraction(row.max_mark)
    return AspectDraft(
        row.code, row.kind, row.method, most, row.name_zh, row.name_en, row.guidance, row.options, tuple(row.descriptors),
        row.section,
    )  # fmt: skip


def without_scheme(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that wait for their marking scheme."""
    held = session().scalars(
        select(MarkingScheme.event_id).where(MarkingScheme.event_id.in_(event_ids), MarkingScheme.state.in_(_HOLDING))
    )
    return set(event_ids) - set(held)
