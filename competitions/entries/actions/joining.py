"""Whose number it is: what a roster asserted is settled when the entry is accepted, or when its person claims it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.people.models import IdentityDocument, Person, Qualification
from accounts.people.queries import person_with_document
from accounts.sign_in.queries import account_of
from competitions.entries.member_facts import same_name
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.queries import entries as queries
from foundation.audit.chain import record
from foundation.permission import Actor
from foundation.refusal import Refusal

_FILLED = ("name_en", "sex", "birth_date", "ethnic_group", "education", "phone", "phone_index", "address", "photo_id")


def settle_members(writing: Session, entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Join every member whose number was only asserted. Raises Refusal identity_name_differs, already_entered."""
    for member in entry.members:
        settle(writing, member, actor=actor, at=at)


def settle(writing: Session, member: EntryMember, *, actor: Actor, at: datetime) -> None:
    """The member becomes the person of that number; what is known of that person stays, what is missing is added.

    Without such a person the number is the member's from now on. Raises Refusal identity_name_differs, already_entered.
    """
    said = member.person
    document = next((one for one in said.documents if one.asserted), None)
    if document is None:
        return
    owner = person_with_document(document.kind, document.number.revealed())
    if owner is None:
        writing.get_one(IdentityDocument, document.id).asserted = False
        writing.flush()
        return
    if not same_name(owner.name_zh, said.name_zh) or account_of(said.id) is not None:
        raise Refusal("identity_name_differs", field="name_zh")
    if queries.entered_in(owner.id, member.entry.event_id):
        raise Refusal("already_entered", field="identity_number")
    known = writing.get_one(Person, owner.id)
    for name in _FILLED:
        if not getattr(known, name) and getattr(said, name):
            setattr(known, name, getattr(said, name))
    writing.execute(update(EntryMember).where(EntryMember.id == member.id).values(person_id=known.id))
    writing.execute(update(Qualification).where(Qualification.person_id == said.id).values(person_id=known.id))
    writing.get_one(Person, said.id).merged_into_id = known.id
    writing.flush()
    record(actor, "person:joined", "person", known.id, at=at, joined=said.id)
    writing.expire_all()
