"""Reading who was replaced, who may step in, and who coached."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competitions.entries.models.delegations import DelegationOfficer
from competitions.entries.models.entries import Entry
from competitions.entries.models.replacements import EntryCoach, Replacement, Substitute
from competitions.entries.queries.entries import entry_scopes
from competitions.programme.models import Event
from foundation.db import session
from foundation.permission import Scope
from foundation.refusal import Missing


def replacements_of(entry_id: UUID) -> Sequence[Replacement]:
    """Who was replaced in an entry, first to last."""
    wanted = (
        select(Replacement)
        .where(Replacement.entry_id == entry_id)
        .options(joinedload(Replacement.left), joinedload(Replacement.came))
        .order_by(Replacement.replaced_at, Replacement.id)
    )
    return session().scalars(wanted).all()


def replacement(replacement_id: UUID) -> Replacement:
    """One replacement. Raises Missing."""
    found = session().get(Replacement, replacement_id)
    if found is None:
        raise Missing
    return found


def replacement_scopes(replacement_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a replacement: its entry's."""
    found = session().get(Replacement, replacement_id)
    return entry_scopes(found.entry_id) if found else None


def left_by(person_id: UUID) -> Sequence[Replacement]:
    """Where somebody else took a person's place, latest first."""
    wanted = (
        select(Replacement)
        .where(Replacement.left_id == person_id)
        .options(joinedload(Replacement.entry).joinedload(Entry.event).joinedload(Event.competition))
        .order_by(Replacement.replaced_at.desc())
    )
    return session().scalars(wanted).all()


def substitutes_of(entry_id: UUID) -> Sequence[Substitute]:
    """Who may step in, in their order."""
    wanted = select(Substitute).where(Substitute.entry_id == entry_id).options(joinedload(Substitute.person))
    return session().scalars(wanted.order_by(Substitute.position)).all()


def coaches_of(entry_id: UUID) -> Sequence[EntryCoach]:
    """Who coached an entry."""
    wanted = (
        select(EntryCoach)
        .where(EntryCoach.entry_id == entry_id)
        .options(joinedload(EntryCoach.officer).joinedload(DelegationOfficer.person))
        .order_by(EntryCoach.named_at, EntryCoach.id)
    )
    return session().scalars(wanted).all()
