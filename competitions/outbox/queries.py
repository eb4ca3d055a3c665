"""Reading an outbox: what waits, what was sent and how it was received, and whom a message would reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.people.models import Person
from accounts.people.queries import matches
from accounts.sign_in.models import Account
from competitions.entries.models.delegations import DelegationOfficer, OfficerRole
from competitions.entries.models.entries import Delegation, Entry, EntryMember
from competitions.entries.queries import entries
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Event
from competitions.publications.models import Publication, PublicationRow
from competitions.rules.lifecycle import EntryState
from foundation.db import session
from foundation.messages.models import Channel, Message, MessageDelivery, MessageState
from foundation.permission import Scope
from foundation.refusal import Missing

ORDERS = ("written", "name")
UNSUBMITTED = (EntryState.DRAFT, EntryState.RETURNED)


def message(message_id: UUID) -> Message:
    """One message of an outbox. Raises Missing."""
    found = session().get(Message, message_id)
    if found is None or found.scope_id is None:
        raise Missing
    return found


def message_scopes(message_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a message: its competition's."""
    found = session().get(Message, message_id)
    return programme.competition_scopes(found.scope_id) if found and found.scope_id else None


def outbox(
    competition_id: UUID, *, search: str = "", state: str = "", code: str = "", receipt: str = "", order: str = "written",
    descending: bool = False,
) -> Any:  # fmt: skip
    """The messages of a competition with who they are for; what waits first, the latest first."""
    wanted = (
        select(Message, Person)
        .join(Person, Person.id == Message.recipient_id)
        .where(Message.scope_id == competition_id)
        .options(selectinload(Message.deliveries))
    )
    if search:
        wanted = wanted.where(matches(search))
    if state:
        wanted = wanted.where(Message.state == state)
    if code:
        wanted = wanted.where(Message.code == code)
    if receipt == "read":
        wanted = wanted.where(Message.read_at.is_not(None))
    elif receipt == "unread":
        wanted = wanted.where(Message.read_at.is_(None), Message.state == MessageState.SENT.value)
    elif receipt == "failed":
        wanted = wanted.where(Message.deliveries.any(MessageDelivery.outcome == "failed"))
    if order == "name":
        return wanted.order_by(Person.name_pinyin.desc() if descending else Person.name_pinyin, Message.id)
    waits = Message.state == MessageState.HELD.value
    when = Message.created_at if descending else Message.created_at.desc()
    return wanted.order_by(waits.desc(), when, Person.name_pinyin, Message.id)


def chosen(competition_id: UUID, message_ids: Sequence[UUID]) -> list[tuple[Message, Person]]:
    """Those of these messages that stand in this outbox, by name."""
    wanted = (
        select(Message, Person)
        .join(Person, Person.id == Message.recipient_id)
        .where(Message.scope_id == competition_id, Message.id.in_(message_ids))
        .options(selectinload(Message.deliveries))
        .order_by(Person.name_pinyin, Message.id)
    )
    return [(row, person) for row, person in session().execute(wanted)]


def counts(competition_id: UUID) -> dict[str, int]:
    """Messages of an outbox by state, how many were read, how many failed on some way."""
    wanted = select(Message.state, func.count(), func.count(Message.read_at)).where(Message.scope_id == competition_id)
    found = {state.value: 0 for state in MessageState} | {"read": 0}
    for state, count, read in session().execute(wanted.group_by(Message.state)):
        found[state] = count
        found["read"] += read
    failed = (
        select(func.count(Message.id.distinct()))
        .join(MessageDelivery, MessageDelivery.message_id == Message.id)
        .where(Message.scope_id == competition_id, MessageDelivery.outcome == "failed")
    )
    found["failed"] = session().scalar(failed) or 0
    return found


def waiting(competition_id: UUID) -> list[UUID]:
    """The messages that wait."""
    wanted = select(Message.id).where(Message.scope_id == competition_id, Message.state == MessageState.HELD.value)
    return list(session().scalars(wanted))


def codes(competition_id: UUID) -> list[str]:
    """Which kinds of messages stand in an outbox."""
    wanted = select(Message.code).where(Message.scope_id == competition_id).distinct()
    return sorted(session().scalars(wanted))


def receipts(row: Message) -> list[tuple[Channel, bool]]:
    """The ways a message took, latest of each: (way, did it arrive)."""
    last: dict[str, MessageDelivery] = {}
    for one in row.deliveries:
        last[one.channel] = one
    return [(Channel(channel), one.outcome != "failed") for channel, one in last.items()]


def with_account(person_ids: Sequence[UUID]) -> set[UUID]:
    """Who of these can read an inbox."""
    wanted = select(Account.person_id).where(Account.person_id.in_(person_ids), Account.closed_at.is_(None))
    return set(session().scalars(wanted))


# --- whom a message would reach ---------------------------------------------------------------------------------------


def members(competition_id: UUID, *, states: Sequence[str], unclaimed: bool = False) -> Sequence[EntryMember]:
    """Members of entries in these states; only those who have not claimed theirs when asked."""
    wanted = (
        select(EntryMember)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .where(Entry.competition_id == competition_id, Entry.state.in_(states), Event.cancelled_at.is_(None))
        .options(
            joinedload(EntryMember.entry).joinedload(Entry.event),
            joinedload(EntryMember.person).selectinload(Person.documents),
            joinedload(EntryMember.held_grade),
        )
        .order_by(Event.position, Entry.number, EntryMember.position)
    )
    if unclaimed:
        wanted = wanted.where(EntryMember.claimed_at.is_(None))
    return session().scalars(wanted).unique().all()


def leaders(competition_id: UUID) -> list[tuple[Delegation, Person, int]]:
    """Leaders in office with their delegation and how many of its entries are not handed in."""
    drafts = (
        select(func.count())
        .where(Entry.delegation_id == Delegation.id, Entry.state.in_(UNSUBMITTED))
        .correlate(Delegation)
        .scalar_subquery()
    )
    wanted = (
        select(Delegation, Person, drafts)
        .join(DelegationOfficer, DelegationOfficer.delegation_id == Delegation.id)
        .join(Person, Person.id == DelegationOfficer.person_id)
        .where(
            Delegation.competition_id == competition_id,
            DelegationOfficer.role == OfficerRole.LEADER.value,
            DelegationOfficer.left_at.is_(None),
        )
        .order_by(Delegation.name)
    )
    return [(delegation, person, count) for delegation, person, count in session().execute(wanted)]


def urgent(competition_id: UUID) -> tuple[int, datetime | None, int]:
    """(messages that wait, end of registration, entries not handed in), in one query: for boards."""
    wait = select(func.count()).where(Message.scope_id == competition_id, Message.state == MessageState.HELD.value)
    drafts = select(func.count()).where(Entry.competition_id == competition_id, Entry.state.in_(UNSUBMITTED))
    wanted = select(wait.scalar_subquery(), Competition.registration_closes_at, drafts.scalar_subquery())
    row = session().execute(wanted.where(Competition.id == competition_id)).first()
    return (row[0] or 0, row[1], row[2] or 0) if row else (0, None, 0)


def published_members(competition_id: UUID) -> list[tuple[UUID, EntryMember]]:
    """(publication, member) of the latest publication of each event and division that has one."""
    latest: dict[tuple[UUID, UUID], UUID] = {}
    wanted = select(Publication).where(Publication.competition_id == competition_id, Publication.kind != "interim")
    for row in session().scalars(wanted.order_by(Publication.number)):
        latest[row.event_id, row.division_id] = row.id
    found = (
        select(PublicationRow.publication_id, EntryMember)
        .join(EntryMember, EntryMember.entry_id == PublicationRow.entry_id)
        .where(PublicationRow.publication_id.in_(latest.values()))
        .options(joinedload(EntryMember.entry).joinedload(Entry.event), joinedload(EntryMember.person))
        .order_by(PublicationRow.position)
    )
    return [(key, member) for key, member in session().execute(found)]


def gaps_of(member: EntryMember) -> list[str]:
    """What a certificate for this member still needs."""
    return entries.certificate_gaps(member)
