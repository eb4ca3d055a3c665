"""Reading delegations: who leads them, whom they send, what each person lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.organizations.models import Organization
from accounts.organizations.queries import bodies_below
from accounts.people.models import Person
from accounts.people.queries import matches
from accounts.sign_in.models import Account
from competitions.entries.models.delegations import DelegationOfficer, DelegationSummary, OfficerRole
from competitions.entries.models.entries import Delegation, Entry, EntryMember
from competitions.entries.queries import entries
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Event
from competitions.rules.lifecycle import CompetitionState, EntryState
from foundation.audit.chain import canonical
from foundation.db import session
from foundation.permission import Reach, Scope, ScopeKind
from foundation.refusal import Missing


def delegation(delegation_id: UUID) -> Delegation:
    """One delegation. Raises Missing."""
    found = session().get(Delegation, delegation_id)
    if found is None:
        raise Missing
    return found


def delegation_scopes(delegation_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a delegation: its competition's, itself, and the body that sends it with the bodies above."""
    found = session().get(Delegation, delegation_id)
    above = programme.competition_scopes(found.competition_id) if found else None
    if found is None or above is None:
        return None
    return (*above, Scope(ScopeKind.DELEGATION, str(delegation_id)), *entries.unit_scopes([found.organization_id]))


def ids_by_name(competition_id: UUID) -> dict[str, UUID]:
    """The delegations of a competition by name."""
    wanted = select(Delegation.name, Delegation.id).where(Delegation.competition_id == competition_id)
    return {row.name: row.id for row in session().execute(wanted)}


@dataclass(frozen=True, slots=True)
class Row:
    """One delegation in a list: its leaders' names, its live entries, how many of them wait to be handed in."""

    delegation: Delegation
    competition: Competition
    leaders: tuple[str, ...]
    entries: int
    drafts: int
    filed: bool


def delegations_of(competition_id: UUID) -> list[Row]:
    """The delegations of a competition by name, in a constant number of queries."""
    return _rows(select(Delegation).where(Delegation.competition_id == competition_id))


def delegations_led(reach: Reach) -> list[Row]:
    """The delegations somebody leads, and those of the bodies somebody operates."""
    own = Delegation.organization_id.in_(bodies_below(reach.units)) if reach.units else false()
    return _rows(select(Delegation).where(or_(Delegation.id.in_(reach.delegations), own)))


def may_open(reach: Reach) -> list[tuple[Competition, Organization]]:
    """The competitions in which a body somebody operates may open its delegation now: registration is open and units come themselves."""
    if not reach.units:
        return []
    open_now = session().scalars(
        select(Competition)
        .where(Competition.state == CompetitionState.REGISTRATION_OPEN, Competition.rehearsal.is_(False))
        .order_by(Competition.starts_on, Competition.name_zh)
    )
    bodies = (
        session()
        .scalars(select(Organization).where(Organization.id.in_(reach.units)).order_by(Organization.name))
        .all()
    )
    made = {
        (row.competition_id, row.organization_id)
        for row in session().execute(
            select(Delegation.competition_id, Delegation.organization_id).where(
                Delegation.organization_id.in_(reach.units)
            )
        )
    }
    return [
        (row, body)
        for row in open_now
        if programme.rule_set_in_force(row.id)[1].units_open
        for body in bodies
        if (row.id, body.id) not in made
    ]


def people_elsewhere(reach: Reach) -> Sequence[Entry]:
    """Entries of a unit's own people in delegations of other bodies, latest competition first."""
    if not reach.units:
        return []
    below = bodies_below(reach.units)
    wanted = (
        select(Entry)
        .join(Delegation, Delegation.id == Entry.delegation_id, isouter=True)
        .where(
            Entry.members.any(EntryMember.unit_id.in_(below)),
            ~Entry.members.any(or_(EntryMember.unit_id.is_(None), EntryMember.unit_id.not_in(below))),
            or_(Delegation.id.is_(None), Delegation.organization_id.not_in(below)),
            Entry.state.in_(entries.LIVE),
        )
        .options(
            joinedload(Entry.event).joinedload(Event.competition), joinedload(Entry.division), joinedload(Entry.delegation),
            selectinload(Entry.members).joinedload(EntryMember.person),
        )
        .order_by(Entry.created_at.desc(), Entry.number)
    )  # fmt: skip
    return session().scalars(wanted.limit(500)).all()


def _rows(wanted: object) -> list[Row]:
    found = list(session().scalars(wanted.order_by(Delegation.name)))  # type: ignore[attr-defined]
    keys = [row.id for row in found]
    competitions = {
        row.id: row
        for row in session().scalars(
            select(Competition).where(Competition.id.in_({row.competition_id for row in found}))
        )
    }
    counted = (
        select(Entry.delegation_id, Entry.state, func.count())
        .where(Entry.delegation_id.in_(keys), Entry.state.in_(entries.LIVE))
        .group_by(Entry.delegation_id, Entry.state)
    )
    counts = {(key, state): count for key, state, count in session().execute(counted)}
    leaders: dict[UUID, list[str]] = {}
    named = (
        select(DelegationOfficer.delegation_id, Person.name_zh)
        .join(Person, Person.id == DelegationOfficer.person_id)
        .where(
            DelegationOfficer.delegation_id.in_(keys),
            DelegationOfficer.left_at.is_(None),
            DelegationOfficer.role == OfficerRole.LEADER.value,
        )
        .order_by(DelegationOfficer.appointed_at)
    )
    for key, name in session().execute(named):
        leaders.setdefault(key, []).append(name)
    filed = select(DelegationSummary.delegation_id).where(
        DelegationSummary.delegation_id.in_(keys), DelegationSummary.scan_id.is_not(None)
    )
    sealed = set(session().scalars(filed))
    return [
        Row(
            row,
            competitions[row.competition_id],
            tuple(leaders.get(row.id, ())),
            sum(counts.get((row.id, state.value), 0) for state in entries.LIVE),
            counts.get((row.id, EntryState.DRAFT.value), 0) + counts.get((row.id, EntryState.RETURNED.value), 0),
            row.id in sealed,
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Officer:
    """A leader or coach with the user name they sign in with."""

    row: DelegationOfficer
    user_name: str


def officers(delegation_id: UUID) -> list[Officer]:
    """Who leads and coaches a delegation now, leaders first."""
    wanted = (
        select(DelegationOfficer, Account.user_name)
        .outerjoin(Account, Account.person_id == DelegationOfficer.person_id)
        .where(DelegationOfficer.delegation_id == delegation_id, DelegationOfficer.left_at.is_(None))
        .options(joinedload(DelegationOfficer.person))
        .order_by(DelegationOfficer.role.desc(), DelegationOfficer.appointed_at)
    )
    return [Officer(row, name or "") for row, name in session().execute(wanted)]


def officer(delegation_id: UUID, officer_id: UUID) -> DelegationOfficer:
    """One officer of this delegation. Raises Missing, also for another delegation's."""
    found = session().get(DelegationOfficer, officer_id)
    if found is None or found.delegation_id != delegation_id or found.left_at is not None:
        raise Missing
    return found


# --- who lacks what ---------------------------------------------------------------------------------------------------

COLUMNS = (
    "gap:photo", "gap:identity_document", "gap:phone", "gap:address", "gap:ethnic_group", "gap:education", "gap:unit",
    "gap:years_in_trade",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a delegation in the grid: what is missing, whether they claimed their entry."""

    entry: Entry
    member: EntryMember
    gaps: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """What is missing beside the columns of the grid."""
        return tuple(gap for gap in self.gaps if gap not in COLUMNS)


def grid(delegation_id: UUID, *, search: str = "", event: str = "", lack: str = "") -> list[Line]:
    """Everybody a delegation sends, by event and number, in a constant number of queries.

    `search` reads names, pinyin and units; `lack` is `missing` or `unclaimed`.
    """
    wanted = (
        select(Entry)
        .join(Event, Event.id == Entry.event_id)
        .where(Entry.delegation_id == delegation_id, Entry.state.in_(entries.LIVE))
        .options(
            joinedload(Entry.event),
            joinedload(Entry.division),
            selectinload(Entry.members).joinedload(EntryMember.person).selectinload(Person.documents),
            selectinload(Entry.members).joinedload(EntryMember.held_grade),
        )
        .order_by(Event.position, Entry.number)
    )
    if search:
        text = search.strip()
        wanted = wanted.where(
            Entry.members.any(EntryMember.unit_name.contains(text, autoescape=True))
            | Entry.members.any(EntryMember.person.has(matches(text)))
        )
    if event:
        wanted = wanted.where(Event.code == event)
    lines = [
        Line(entry, member, tuple(entries.certificate_gaps(member)))
        for entry in session().scalars(wanted)
        for member in entry.members
    ]
    if lack == "missing":
        return [line for line in lines if line.gaps]
    if lack == "unclaimed":
        return [line for line in lines if line.member.claimed_at is None]
    return lines


def entries_of_delegation(delegation_id: UUID) -> Sequence[Entry]:
    """The accepted entries of a delegation by event and number, with members; what a pass shows, in a constant number of queries."""
    wanted = (
        select(Entry)
        .join(Event, Event.id == Entry.event_id)
        .where(Entry.delegation_id == delegation_id, Entry.state == EntryState.ACCEPTED.value)
        .options(
            joinedload(Entry.event).joinedload(Event.competition),
            joinedload(Entry.division),
            selectinload(Entry.members).joinedload(EntryMember.person),
        )
        .order_by(Event.position, Entry.number)
    )
    return session().scalars(wanted).unique().all()


# --- the summary ------------------------------------------------------------------------------------------------------


def content_hash(lines: Sequence[Line]) -> str:
    """The fingerprint of what a summary says: entries, people and units in their order. Ids and codes alone."""
    fields = [
        text
        for line in lines
        for text in (
            str(line.entry.id), str(line.entry.event_id), str(line.entry.division_id), str(line.member.person_id), hashlib.sha256(line.member.unit_name.encode()).hexdigest(),
        )
    ]  # fmt: skip
    return hashlib.sha256(canonical(fields)).hexdigest()


def summaries(delegation_id: UUID) -> Sequence[DelegationSummary]:
    """The printings of a delegation's summary, latest first."""
    wanted = select(DelegationSummary).where(DelegationSummary.delegation_id == delegation_id)
    return session().scalars(wanted.order_by(DelegationSummary.printed_at.desc(), DelegationSummary.code)).all()


def summary(summary_id: UUID) -> DelegationSummary:
    """One printing. Raises Missing."""
    found = session().get(DelegationSummary, summary_id)
    if found is None:
        raise Missing
    return found


def summary_scopes(summary_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a printing: its delegation's."""
    found = session().get(DelegationSummary, summary_id)
    return delegation_scopes(found.delegation_id) if found else None
