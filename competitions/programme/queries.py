"""Reading competitions and events; lists start from what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from accounts.access.models import RoleGrant
from accounts.organizations.queries import bodies_above
from accounts.people.models import Person
from accounts.sign_in.models import Account
from competitions.programme.models import Competition, CompetitionHost, Event, RuleSetVersion
from competitions.programme.permissions import ProgrammePermission
from competitions.rules.lifecycle import CompetitionState
from competitions.rules.rule_set import RuleSet, rule_set
from foundation.db import remembered, session
from foundation.permission import PLATFORM, Actor, Reach, Scope, ScopeKind, visible
from foundation.refusal import Missing


def reached(reach: Reach) -> ColumnElement[bool]:
    """The condition that limits competitions to where a permission is held."""
    if reach.everywhere:
        return true()
    conditions: list[ColumnElement[bool]] = [
        Competition.region_code.startswith(region) for region in sorted(reach.regions)
    ]
    if reach.organizations:
        conditions.append(Competition.hosts.any(CompetitionHost.organization_id.in_(reach.organizations)))
    if reach.competitions:
        conditions.append(Competition.id.in_(reach.competitions))
    if reach.events:
        conditions.append(Competition.events.any(Event.id.in_(reach.events)))
    return or_(*conditions) if conditions else false()


def competitions(actor: Actor, *, search: str = "", state: str = "", tier: str = "") -> Select[Competition]:
    """Competitions the actor may see, latest first, with their hosts."""
    wanted = (
        select(Competition)
        .where(reached(visible(actor, ProgrammePermission.VIEW)))
        .options(
            selectinload(Competition.hosts).joinedload(CompetitionHost.organization), selectinload(Competition.events)
        )
        .order_by(Competition.starts_on.desc(), Competition.name_zh)
    )
    if search:
        wanted = wanted.where(
            or_(
                Competition.name_zh.contains(search, autoescape=True),
                Competition.name_en.icontains(search, autoescape=True),
            )
        )
    if state:
        wanted = wanted.where(Competition.state == state)
    if tier:
        wanted = wanted.where(Competition.tier == tier)
    return wanted


def competition(competition_id: UUID) -> Competition:
    """One competition with hosts, events, divisions and parts, read once a page. Raises Missing."""
    return remembered((competition, competition_id), lambda: _competition(competition_id))


def _competition(competition_id: UUID) -> Competition:
    wanted = (
        select(Competition)
        .where(Competition.id == competition_id)
        .options(
            selectinload(Competition.hosts).joinedload(CompetitionHost.organization),
            selectinload(Competition.events).selectinload(Event.divisions),
            selectinload(Competition.events).selectinload(Event.parts),
        )
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def event(event_id: UUID) -> Event:
    """One event with competition, divisions and parts. Raises Missing."""
    return remembered((event, event_id), lambda: _event(event_id))


def _event(event_id: UUID) -> Event:
    wanted = (
        select(Event)
        .where(Event.id == event_id)
        .options(joinedload(Event.competition), selectinload(Event.divisions), selectinload(Event.parts))
    )
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def event_codes(competition_id: UUID) -> list[str]:
    """The codes that events of a competition have, in order."""
    return list(
        session().scalars(select(Event.code).where(Event.competition_id == competition_id).order_by(Event.position))
    )


def rule_set_versions(competition_id: UUID) -> Sequence[RuleSetVersion]:
    """Every version of a competition's rules, latest first."""
    wanted = (
        select(RuleSetVersion)
        .where(RuleSetVersion.competition_id == competition_id)
        .order_by(RuleSetVersion.number.desc())
    )
    return session().scalars(wanted).all()


def rule_set_in_force(competition_id: UUID) -> tuple[UUID | None, RuleSet]:
    """The latest version's id and rules, read once a page; the defaults when none was stored."""
    return remembered((rule_set_in_force, competition_id), lambda: _rule_set_in_force(competition_id))


def _rule_set_in_force(competition_id: UUID) -> tuple[UUID | None, RuleSet]:
    wanted = (
        select(RuleSetVersion)
        .where(RuleSetVersion.competition_id == competition_id)
        .order_by(RuleSetVersion.number.desc())
    )
    found = session().scalars(wanted.limit(1)).first()
    return (found.id, rule_set(found.rules)) if found else (None, RuleSet())


PUBLIC_STATES = (
    CompetitionState.ANNOUNCED,
    CompetitionState.REGISTRATION_OPEN,
    CompetitionState.REGISTRATION_CLOSED,
    CompetitionState.IN_PROGRESS,
    CompetitionState.CONCLUDED,
    CompetitionState.ARCHIVED,
)
"""What the public may know of: everything that was announced and not cancelled. Rehearsals are never shown."""


def public_competitions(*, limit: int = 60) -> Sequence[Competition]:
    """The competitions on the public's first page: running and coming ones first, then the latest past ones."""
    wanted = (
        select(Competition)
        .where(Competition.state.in_(PUBLIC_STATES), Competition.rehearsal.is_(False))
        .options(
            selectinload(Competition.hosts).joinedload(CompetitionHost.organization), selectinload(Competition.events)
        )
        .order_by(
            case((Competition.state.in_((CompetitionState.CONCLUDED, CompetitionState.ARCHIVED)), 1), else_=0),
            Competition.starts_on.desc(),
        )
    )
    return session().scalars(wanted.limit(limit)).all()


def public_competition(competition_id: UUID) -> Competition:
    """One competition as the public may see it. Raises Missing for drafts, cancelled ones and rehearsals."""
    found = competition(competition_id)
    if found.state not in PUBLIC_STATES or found.rehearsal:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class Post:
    """One role that somebody holds on a competition or one of its events."""

    grant: RoleGrant
    name: str
    user_name: str
    event: Event | None


def staff(row: Competition, at: datetime) -> list[Post]:
    """Who holds which role on a competition and its events at a moment, in a constant number of queries."""
    events = {str(event.id): event for event in row.events}
    here = and_(RoleGrant.scope_kind == ScopeKind.COMPETITION.value, RoleGrant.scope_key == str(row.id))
    there = and_(RoleGrant.scope_kind == ScopeKind.EVENT.value, RoleGrant.scope_key.in_(events))
    wanted = (
        select(RoleGrant, Person.name_zh, Account.user_name)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Account, Account.person_id == RoleGrant.person_id)
        .where(
            or_(here, there),
            RoleGrant.withdrawn_at.is_(None),
            or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
        )
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return [
        Post(grant, name, user_name or "", events.get(grant.scope_key))
        for grant, name, user_name in session().execute(wanted)
    ]


def competition_scopes(competition_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of a competition: platform, region, hosts and the bodies above them, itself.

    A page asks this for every entry of its navigation: it is read once a snapshot.
    """
    return remembered((competition_scopes, competition_id), lambda: _competition_scopes(competition_id))


def _competition_scopes(competition_id: UUID) -> Sequence[Scope] | None:
    found = session().get(Competition, competition_id)
    if found is None:
        return None
    hosts = session().scalars(
        select(CompetitionHost.organization_id).where(CompetitionHost.competition_id == competition_id)
    )
    return (
        PLATFORM,
        Scope(ScopeKind.REGION, found.region_code),
        *(Scope(ScopeKind.ORGANIZATION, str(body)) for body in sorted(bodies_above(hosts.all()))),
        Scope(ScopeKind.COMPETITION, str(found.id)),
    )


def event_scopes(event_id: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of an event: its competition's, and itself."""

    def load() -> Sequence[Scope] | None:
        found = session().get(Event, event_id)  # no query where the page holds the event already
        above = competition_scopes(found.competition_id) if found else None
        return None if above is None else (*above, Scope(ScopeKind.EVENT, str(event_id)))

    return remembered((event_scopes, event_id), load)


def scopes_of_events(competition_id: UUID) -> Sequence[Scope]:
    """The events of a competition as scopes: who serves one of them may look at the competition's overview."""
    keys = session().scalars(select(Event.id).where(Event.competition_id == competition_id))
    return [Scope(ScopeKind.EVENT, str(key)) for key in keys]


def audit_chain(competition_id: UUID) -> str:
    """The name of a competition's audit chain."""
    return f"competition:{competition_id}"
