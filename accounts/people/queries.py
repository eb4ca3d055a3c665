"""Reading people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from accounts.people.identity import identity_index
from accounts.people.models import IdentityDocument, Person
from foundation.db import session
from foundation.refusal import Missing


def person(person_id: UUID) -> Person:
    """A person; a merged one resolves to who they are now. Raises Missing."""
    found = session().get(Person, person_id)
    while found is not None and found.merged_into_id is not None:
        found = session().get(Person, found.merged_into_id)
    if found is None:
        raise Missing
    return found


def people(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Several people by id, in one query."""
    wanted = select(Person).where(Person.id.in_(set(person_ids)))
    return {row.id: row for row in session().scalars(wanted)}


def person_with_document(kind: str, number: str) -> Person | None:
    """Whose paper it is, or None. The caller must not tell strangers."""
    wanted = (
        select(Person)
        .join(IdentityDocument)
        .where(
            IdentityDocument.kind == kind,
            IdentityDocument.number_index == identity_index(kind, number),
            IdentityDocument.asserted.is_(False),
        )
    )
    return session().scalars(wanted).first()


def matches(search: str) -> ColumnElement[bool]:
    """The condition for a search by name or pinyin."""
    text = search.strip()
    return or_(
        Person.name_zh.contains(text, autoescape=True),
        Person.name_pinyin.contains(text.lower(), autoescape=True),
        Person.name_en.icontains(text, autoescape=True),
    )


def people_named(name: str) -> Sequence[Person]:
    """Everybody of exactly that name."""
    return session().scalars(select(Person).where(Person.name_zh == name, Person.merged_into_id.is_(None))).all()
