"""Reading photos and drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.people.models import Person
from competitions.codes.models import Work
from competitions.marking.models.evidence import Drawing, EvidencePhoto
from competitions.programme import queries as programme
from competitions.schemes.models import Aspect
from foundation.db import session
from foundation.permission import Scope
from foundation.refusal import Missing


def photos_of(event_id: UUID) -> list[Any]:
    """The whole photos of an event with work code, aspect code and judge, newest first. For the chief judge alone."""
    wanted = (
        select(EvidencePhoto.id, EvidencePhoto.taken_at, Work.code.label("work"), Aspect.code.label("aspect"), Person.name_zh.label("judge"))
        .join(Work, Work.id == EvidencePhoto.work_id)
        .join(Aspect, Aspect.id == EvidencePhoto.aspect_id)
        .join(Person, Person.id == EvidencePhoto.person_id)
        .where(EvidencePhoto.event_id == event_id, EvidencePhoto.file_id.is_not(None))
        .order_by(EvidencePhoto.taken_at.desc(), EvidencePhoto.id)
    )  # fmt: skip
    return list(session().execute(wanted).all())


def file_of_photo(photo_id: UUID) -> UUID:
    """The file of a photo that is here whole. Raises Missing."""
    found = session().get(EvidencePhoto, photo_id)
    if found is None or found.file_id is None:
        raise Missing
    return found.file_id


def drawings_of(event_id: UUID) -> Sequence[Drawing]:
    """The drawings of an event, oldest first."""
    wanted = select(Drawing).where(Drawing.event_id == event_id, Drawing.removed_at.is_(None))
    return session().scalars(wanted.order_by(Drawing.added_at, Drawing.id)).all()


def drawing(drawing_id: UUID) -> Drawing:
    """One drawing in use. Raises Missing."""
    found = session().get(Drawing, drawing_id)
    if found is None or found.removed_at is not None:
        raise Missing
    return found


def photo_scopes(photo_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a photo: its event's."""
    found = session().get(EvidencePhoto, photo_id)
    return programme.event_scopes(found.event_id) if found else None


def drawing_scopes(drawing_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a drawing: its event's."""
    found = session().get(Drawing, drawing_id)
    return programme.event_scopes(found.event_id) if found else None
