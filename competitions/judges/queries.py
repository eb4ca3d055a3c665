"""Reading duties, panels and seats."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.access.authority import grants
from accounts.access.roles import Role, permissions_of
from competitions.entries.models.entries import Entry, EntryMember
from competitions.judges.models import JudgeDuty, Panel, PanelAssignment, PanelSeat
from competitions.judges.permissions import DUTIES
from competitions.programme import queries as programme
from competitions.programme.models import Event
from competitions.rules.lifecycle import DutyState
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SchemeState, SubCriterion
from foundation.db import remembered, session
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Missing

ACTIVE = (DutyState.INVITED.value, DutyState.ACCEPTED.value)
READ_MAPPING, MARK = "codes:read_mapping", "marking:mark"
# What shows who the people behind the works are; names of permissions of other rooms, as the separation is told them.
_IDENTITIES = frozenset({READ_MAPPING, "entries:view", "entry:view"})


def duty(duty_id: UUID) -> JudgeDuty:
    """One duty with its person. Raises Missing."""
    wanted = select(JudgeDuty).where(JudgeDuty.id == duty_id).options(joinedload(JudgeDuty.person))
    found = session().scalars(wanted).first()
    if found is None:
        raise Missing
    return found


def duty_of(person_id: UUID, event_id: UUID, role: str | None = None) -> JudgeDuty | None:
    """A person's accepted duty in an event, of a role when one is asked for."""
    wanted = select(JudgeDuty).where(
        JudgeDuty.person_id == person_id, JudgeDuty.event_id == event_id, JudgeDuty.state == DutyState.ACCEPTED.value
    )
    if role is not None:
        wanted = wanted.where(JudgeDuty.role == role)
    return session().scalars(wanted.order_by(JudgeDuty.created_at)).first()


def duties(event_id: UUID) -> Sequence[JudgeDuty]:
    """The duties of an event with their people, in the order of the roles, then by name."""
    wanted = select(JudgeDuty).where(JudgeDuty.event_id == event_id).options(joinedload(JudgeDuty.person))
    rows = session().scalars(wanted).all()
    return sorted(rows, key=lambda row: (DUTIES.index(row.role), row.person.name_zh, str(row.id)))


def duties_of_person(person_id: UUID) -> Sequence[JudgeDuty]:
    """What somebody accepted, latest first."""
    wanted = select(JudgeDuty).where(JudgeDuty.person_id == person_id, JudgeDuty.state == DutyState.ACCEPTED.value)
    return session().scalars(wanted.order_by(JudgeDuty.created_at.desc())).all()


def panel(panel_id: UUID) -> Panel:
    """One panel with seats, people and assignments. Raises Missing."""
    found = session().scalars(_whole().where(Panel.id == panel_id)).first()
    if found is None:
        raise Missing
    return found


def panels(event_id: UUID) -> Sequence[Panel]:
    """The panels of an event in order of their names, with seats, people and assignments."""
    return session().scalars(_whole().where(Panel.event_id == event_id).order_by(Panel.name)).all()


def _whole() -> Select[Panel]:
    return select(Panel).options(
        selectinload(Panel.seats).joinedload(PanelSeat.duty).joinedload(JudgeDuty.person),
        selectinload(Panel.assignments),
    )


def seats_of(person_id: UUID, event_id: UUID) -> Sequence[PanelSeat]:
    """Where a person with an accepted duty sits in an event, with panel and assignments."""
    wanted = (
        select(PanelSeat)
        .join(PanelSeat.duty)
        .where(
            JudgeDuty.person_id == person_id,
            JudgeDuty.event_id == event_id,
            JudgeDuty.state == DutyState.ACCEPTED.value,
        )
        .options(joinedload(PanelSeat.panel).selectinload(Panel.assignments), joinedload(PanelSeat.duty))
        .order_by(PanelSeat.panel_id)
    )
    return session().scalars(wanted).all()


def sub_criteria(event_id: UUID) -> Sequence[SubCriterion]:
    """The sub-criteria of the scheme in force in their order, with criterion and aspects; none without a scheme."""
    wanted = (
        select(SubCriterion)
        .join(SubCriterion.criterion)
        .join(Criterion.scheme)
        .where(MarkingScheme.event_id == event_id, MarkingScheme.state != SchemeState.SUPERSEDED.value)
        .options(joinedload(SubCriterion.criterion), selectinload(SubCriterion.aspects))
        .order_by(Criterion.position, SubCriterion.position)
    )
    return session().scalars(wanted).all()


def assigned_to(event_id: UUID) -> dict[UUID, UUID]:
    """Sub-criterion → panel, in an event."""
    wanted = (
        select(PanelAssignment.sub_criterion_id, PanelAssignment.panel_id).join(Panel).where(Panel.event_id == event_id)
    )
    return dict(session().execute(wanted).all())


def units_entered(event_id: UUID) -> set[str]:
    """The units whose people are entered in an event, normalised; for the warning on recusal that organizers see."""
    wanted = (
        select(EntryMember.unit_name)
        .join(Entry)
        .where(Entry.event_id == event_id, Entry.state.not_in(("withdrawn", "refused")), EntryMember.unit_name != "")
    )
    return {normal_unit(name) for name in session().scalars(wanted.distinct())}


def normal_unit(name: str) -> str:
    """A unit's name without blanks and width, for comparison."""
    return "".join(name.split()).casefold()


def is_entered(person_id: UUID, event_id: UUID) -> bool:
    """Is somebody a competitor of this event?"""
    wanted = exists().where(
        EntryMember.person_id == person_id,
        EntryMember.entry_id == Entry.id,
        Entry.event_id == event_id,
        Entry.state.not_in(("withdrawn", "refused")),
    )
    return bool(session().scalar(select(wanted)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an event is with its judges and panels."""

    event: Event
    accepted: int
    invited: int
    panels: int
    complete: int
    unassigned: int
    chief: bool


def standings(competition_id: UUID) -> list[Standing]:
    """Judges and panels of every event of a competition, in a constant number of queries."""
    events = programme.competition(competition_id).events
    keys = [event.id for event in events]
    people: dict[UUID, list[tuple[str, str]]] = {key: [] for key in keys}
    for event_id, role, state in session().execute(
        select(JudgeDuty.event_id, JudgeDuty.role, JudgeDuty.state).where(JudgeDuty.event_id.in_(keys))
    ):
        people[event_id].append((role, state))
    groups: dict[UUID, list[Panel]] = {key: [] for key in keys}
    for row in session().scalars(_whole().where(Panel.event_id.in_(keys))):
        groups[row.event_id].append(row)
    subs: dict[UUID, set[UUID]] = {key: set() for key in keys}
    for event_id, sub in session().execute(
        select(MarkingScheme.event_id, SubCriterion.id)
        .join(Criterion, Criterion.scheme_id == MarkingScheme.id)
        .join(SubCriterion, SubCriterion.criterion_id == Criterion.id)
        .where(MarkingScheme.event_id.in_(keys), MarkingScheme.state != SchemeState.SUPERSEDED.value)
    ):
        subs[event_id].add(sub)
    found = []
    for event in events:
        states = [state for _role, state in people[event.id]]
        taken = {row.sub_criterion_id for group in groups[event.id] for row in group.assignments}
        found.append(
            Standing(
                event=event,
                accepted=states.count(DutyState.ACCEPTED),
                invited=states.count(DutyState.INVITED),
                panels=len(groups[event.id]),
                complete=sum(is_complete(group) for group in groups[event.id]),
                unassigned=len(subs[event.id] - taken),
                chief=("chief_judge", DutyState.ACCEPTED.value) in people[event.id],
            )
        )
    return found


def is_complete(panel: Panel) -> bool:
    """Does every seat have a judge who accepted, and is there something to mark?"""
    return (
        bool(panel.seats)
        and bool(panel.assignments)
        and all(seat.duty.state == DutyState.ACCEPTED for seat in panel.seats)
    )


def judgement_among(sub_criterion_ids: Sequence[UUID]) -> str | None:
    """The code of a judgement aspect in these sub-criteria, or None."""
    wanted = select(Aspect.code).where(Aspect.sub_criterion_id.in_(sub_criterion_ids), Aspect.kind == "judgement")
    return session().scalars(wanted.order_by(Aspect.code).limit(1)).first()


# --- scopes and separation --------------------------------------------------------------------------------------------


def duty_scopes(duty_id: UUID) -> Sequence[Scope] | None:
    """A duty's chain: its event's."""
    event_id = session().scalar(select(JudgeDuty.event_id).where(JudgeDuty.id == duty_id))
    return None if event_id is None else programme.event_scopes(event_id)


def panel_scopes(panel_id: UUID) -> Sequence[Scope] | None:
    """A panel's chain: its event's, and itself."""
    event_id = session().scalar(select(Panel.event_id).where(Panel.id == panel_id))
    above = programme.event_scopes(event_id) if event_id else None
    return None if above is None else (*above, Scope(ScopeKind.PANEL, str(panel_id)))


def keeps_identities(person_id: UUID, scopes: Sequence[Scope]) -> bool:
    """Is somebody an organizer here, or in a role that can read the mapping of codes?"""
    covered = {(scope.kind, scope.key) for scope in scopes}
    region = next((scope.key for scope in scopes if scope.kind == ScopeKind.REGION), "")
    for held in grants(person_id):
        if held.role != Role.ORGANIZER and READ_MAPPING not in permissions_of(held.role):
            continue
        if held.scope.kind == ScopeKind.REGION:
            if held.scope.key and region.startswith(held.scope.key):
                return True
        elif (held.scope.kind, held.scope.key) in covered:
            return True
    return False


def is_seated(person_id: UUID, competition_id: UUID) -> bool:
    """Does somebody sit in a panel of any event of a competition, with a duty that was accepted?"""
    wanted = exists().where(
        JudgeDuty.person_id == person_id,
        JudgeDuty.state == DutyState.ACCEPTED.value,
        PanelSeat.duty_id == JudgeDuty.id,
        JudgeDuty.event_id == Event.id,
        Event.competition_id == competition_id,
    )
    return bool(session().scalar(select(wanted)))


def separated(actor: Actor, permission: str, scopes: Sequence[Scope]) -> bool:
    """The denial that wins over grants: custodian of codes or organizer ≠ marker (competition-rules 5.2).

    Whoever can read the mapping, or organizes, does not mark there; whoever sits in a panel sees neither mapping nor entries.
    """
    if actor.person is None:
        return False
    if permission == MARK:
        return keeps_identities(actor.person, scopes)
    if permission in _IDENTITIES:
        key = next((scope.key for scope in scopes if scope.kind == ScopeKind.COMPETITION), None)
        person = actor.person
        # A board asks for every event and every link: the answer is the same for the whole competition.
        return key is not None and remembered((is_seated, person, key), lambda: is_seated(person, UUID(key)))
    return False


def load(event_id: UUID) -> dict[UUID, int]:
    """How many sub-criteria each duty marks."""
    wanted = (
        select(PanelSeat.duty_id, func.count(PanelAssignment.id))
        .join(PanelAssignment, PanelAssignment.panel_id == PanelSeat.panel_id)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(Panel.event_id == event_id)
        .group_by(PanelSeat.duty_id)
    )
    return dict(session().execute(wanted).all())


def without_chief(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that have a marking scheme and no chief judge yet."""
    appointed = session().scalars(
        select(JudgeDuty.event_id).where(
            JudgeDuty.event_id.in_(event_ids),
            JudgeDuty.role == "chief_judge",
            JudgeDuty.state.in_((DutyState.INVITED.value, DutyState.ACCEPTED.value)),
        )
    )
    return _with_scheme(event_ids) - set(appointed)


def without_panel(event_ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that have a marking scheme and no panel yet."""
    seated = session().scalars(select(Panel.event_id).where(Panel.event_id.in_(event_ids)))
    return _with_scheme(event_ids) - set(seated)


def _with_scheme(event_ids: Collection[UUID]) -> set[UUID]:
    wanted = select(MarkingScheme.event_id).where(
        MarkingScheme.event_id.in_(event_ids), MarkingScheme.state != SchemeState.SUPERSEDED.value
    )
    return remembered((_with_scheme, frozenset(event_ids)), lambda: set(session().scalars(wanted)))
