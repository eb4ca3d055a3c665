"""Setting up competitions and moving them on; their events, rules and staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.access import queries as access
from accounts.access.actions import grant_role, withdraw_role
from accounts.access.models import RoleGrant
from accounts.access.roles import Role
from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from accounts.people.actions import PersonFacts, note_person
from accounts.sign_in import queries as accounts
from accounts.sign_in.actions import open_account
from accounts.sign_in.passwords import fresh_password
from catalogue.occupations import queries as occupations
from competitions.programme import queries
from competitions.programme.facts import CompetitionFacts, DivisionFacts, EventFacts, PartFacts
from competitions.programme.models import Competition, CompetitionHost, Division, Event, Part, RuleSetVersion
from competitions.programme.permissions import ProgrammePermission
from competitions.rules import lifecycle
from competitions.rules.lifecycle import CompetitionState
from competitions.rules.rule_set import RuleSet, rule_set
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import PLATFORM, Actor, Scope, ScopeKind, can
from foundation.refusal import Conflict, Forbidden, Missing, Refusal

__all__ = ["CompetitionFacts", "DivisionFacts", "EventFacts", "PartFacts"]


def set_up_competition(facts: CompetitionFacts, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID:
    """Make a competition in draft with the default rules; who makes it becomes its organizer.

    `key` is the new competition's id when the caller chose it: sending the same form twice makes one competition.
    Raises Forbidden outside the actor's reach, and what `CompetitionFacts.check` raises.
    """
    facts.check()
    if not can(actor, ProgrammePermission.CREATE, (PLATFORM, Scope(ScopeKind.REGION, facts.region_code))):
        raise Forbidden("http_403")
    competition_id = key or new_id()
    with transaction() as writing:
        if writing.get(Competition, competition_id) is not None:
            return competition_id
        row = Competition(
            id=competition_id,
            state=lifecycle.COMPETITION.start,
            created_by=actor.person,
            created_at=at,
            **_competition_columns(facts),
        )
        writing.add(row)
        writing.flush()
        _note_hosts(row, facts, actor=actor, at=at)
        writing.add(
            RuleSetVersion(
                competition_id=competition_id,
                number=1,
                rules=RuleSet().stored(),
                created_by=actor.person,
                created_at=at,
            )
        )
        if actor.person is not None:
            grant_role(
                actor.person, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition_id)), actor=actor, at=at
            )
        record(
            actor, "competition:set_up", "competition", competition_id, at=at, chain=queries.audit_chain(competition_id),
            tier=facts.tier, competition_class=facts.competition_class, plan_number=facts.plan_number,
        )  # fmt: skip
    return competition_id


def correct_competition(competition_id: UUID, facts: CompetitionFacts, *, actor: Actor, at: datetime) -> None:
    """Change what is said of a competition that is not concluded. Raises Missing, Refusal competition_over."""
    facts.check()
    with transaction() as writing:
        row = writing.get(Competition, competition_id)
        if row is None:
            raise Missing
        if not lifecycle.COMPETITION.moves_from(row.state) or row.state == lifecycle.CompetitionState.CONCLUDED:
            raise Refusal("competition_over")
        for name, value in _competition_columns(facts).items():
            setattr(row, name, value)
        for host in list(row.hosts):
            writing.delete(host)
        writing.flush()
        _note_hosts(row, facts, actor=actor, at=at)
        record(
            actor, "competition:corrected", "competition", competition_id, at=at, chain=queries.audit_chain(competition_id),
            plan_number=facts.plan_number,
        )  # fmt: skip


def move_competition(competition_id: UUID, move: str, *, reason: str = "", actor: Actor, at: datetime) -> str:
    """Take a competition one step on its way; cancelling needs a reason. Returns the new state.

    Raises Missing, Conflict move_not_allowed, Refusal reason_missing.
    """
    with transaction() as writing:
        row = writing.get(Competition, competition_id, with_for_update=True)
        if row is None:
            raise Missing
        if move == "cancel" and not reason.strip():
            raise Refusal("reason_missing", field="reason")
        before, row.state = row.state, lifecycle.COMPETITION.advance(row.state, move)
        if move == "cancel":
            row.cancel_reason = reason.strip()
        record(
            actor, f"competition:{move}", "competition", competition_id, at=at, chain=queries.audit_chain(competition_id),
            before=before, after=row.state,
        )  # fmt: skip
        return row.state


def _competition_columns(facts: CompetitionFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in CompetitionFacts.__slots__ if name != "hosts"}


def _note_hosts(row: Competition, facts: CompetitionFacts, *, actor: Actor, at: datetime) -> None:
    with transaction() as writing:
        noted = {}
        for position, (role, name) in enumerate(facts.hosts):
            body = found_organization(
                name, kind=OrganizationKind.OTHER, region_code=facts.region_code, actor=actor, at=at
            )
            noted[body, role] = position
        writing.add_all(
            CompetitionHost(competition_id=row.id, organization_id=body, role=role, position=position)
            for (body, role), position in noted.items()
        )
        writing.flush()
        writing.expire(row, ["hosts"])


# --- events -----------------------------------------------------------------------------------------------------------


def add_event(competition_id: UUID, facts: EventFacts, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID:
    """Add an event with its divisions and parts to a competition that has not begun.

    `key` is the new event's id when the caller chose it: sending the same form twice makes one event.
    Raises Missing, Conflict events_closed, Refusal event_code_taken, and what `EventFacts.check` raises.
    """
    facts.check()
    event_id = key or new_id()
    with transaction() as writing:
        if writing.get(Event, event_id) is not None:
            return event_id
        _open_competition(writing, competition_id)
        last = writing.scalar(select(func.max(Event.position)).where(Event.competition_id == competition_id))
        row = Event(
            id=event_id, competition_id=competition_id, position=0 if last is None else last + 1, created_at=at,
            **_event_columns(facts),
        )  # fmt: skip
        _store(writing, row, facts)
        _note_divisions_and_parts(writing, row, facts)
        record(
            actor, "event:added", "event", event_id, at=at, chain=queries.audit_chain(competition_id),
            occupation=facts.occupation_code, edition=facts.occupation_edition, test_level=facts.test_level,
        )  # fmt: skip
    return event_id


def correct_event(event_id: UUID, facts: EventFacts, *, actor: Actor, at: datetime) -> None:
    """Change what is said of an event before the competition begins; divisions and parts keep their ids by kind.

    Raises Missing, Conflict events_closed, event_cancelled, Refusal event_code_taken, division_in_use, part_in_use, and
    what `EventFacts.check` raises.
    """
    facts.check()
    with transaction() as writing:
        row = writing.get(Event, event_id, with_for_update=True)
        if row is None:
            raise Missing
        _open_competition(writing, row.competition_id)
        if row.cancelled_at is not None:
            raise Conflict("event_cancelled")
        for name, value in _event_columns(facts).items():
            setattr(row, name, value)
        _store(writing, row, facts)
        _note_divisions_and_parts(writing, row, facts)
        record(
            actor, "event:corrected", "event", event_id, at=at, chain=queries.audit_chain(row.competition_id),
            occupation=facts.occupation_code, edition=facts.occupation_edition, test_level=facts.test_level,
        )  # fmt: skip


def cancel_event(event_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel an event; it stays visible with its reason. Repeating it does nothing.

    Raises Missing, Conflict competition_over, Refusal reason_missing.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(Event, event_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.cancelled_at is not None:
            return
        if row.competition.state in _OVER:
            raise Conflict("competition_over")
        row.cancelled_at, row.cancel_reason = at, reason.strip()
        record(actor, "event:cancelled", "event", event_id, at=at, chain=queries.audit_chain(row.competition_id))


_OVER = (CompetitionState.CONCLUDED, CompetitionState.ARCHIVED, CompetitionState.CANCELLED)


def _open_competition(writing: Session, competition_id: UUID) -> None:
    competition = writing.get(Competition, competition_id, with_for_update=True)
    if competition is None:
        raise Missing
    if competition.state in (*_OVER, CompetitionState.IN_PROGRESS):
        raise Conflict("events_closed", state=f"@competition_state:{competition.state}")


def _event_columns(facts: EventFacts) -> dict[str, object]:
    found = occupations.occupation(facts.occupation_edition, facts.occupation_code)
    named = {name: getattr(facts, name) for name in EventFacts.__slots__ if name not in ("divisions", "parts")}
    return {**named, "occupation_name": found.name if found else ""}


def _store(writing: Session, row: Event, facts: EventFacts) -> None:
    taken = select(Event.id).where(
        Event.competition_id == row.competition_id, Event.code == facts.code, Event.id != row.id
    )
    with writing.no_autoflush:
        if writing.scalar(taken) is not None:
            raise Refusal("event_code_taken", field="code", code=facts.code)
    writing.add(row)
    writing.flush()


def _note_divisions_and_parts(writing: Session, row: Event, facts: EventFacts) -> None:
    divisions = {division.kind: division for division in row.divisions}
    for position, said in enumerate(facts.divisions):
        division = divisions.pop(said.kind, None) or Division(event_id=row.id, kind=said.kind)
        division.name_zh, division.name_en, division.quota = said.name_zh, said.name_en, said.quota
        division.position = position
        writing.add(division)
    parts = {part.kind: part for part in row.parts}
    for position, told in enumerate(facts.parts):
        part = parts.pop(told.kind, None) or Part(event_id=row.id, kind=told.kind)
        part.full_mark, part.weight, part.pass_mark = told.full_mark, told.weight, told.pass_mark
        part.source, part.gate_only, part.position = told.scored_by, told.gate_only, position
        writing.add(part)
    for code, gone in (("division_in_use", divisions), ("part_in_use", parts)):
        for unused in gone.values():
            try:
                with writing.begin_nested():
                    writing.delete(unused)
            except IntegrityError as in_use:
                raise Refusal(code) from in_use
    writing.flush()
    writing.expire(row, ["divisions", "parts"])


# --- rules ------------------------------------------------------------------------------------------------------------


def set_rules(
    competition_id: UUID, rules: RuleSet, *, basis: str, actor: Actor, at: datetime, notice_id: UUID | None = None
) -> UUID:
    """Put rules in force as the next version, with the number of the document they come from and its scan.

    Results remember the version they used. The same rules on the same basis again make no new version; without a new scan
    the one before stays beside the rules. Returns the id of the version in force.
    Raises Missing, Conflict competition_over, and what `rule_set` refuses.
    """
    rules = rule_set(rules.stored())
    with transaction() as writing:
        competition = writing.get(Competition, competition_id, with_for_update=True)
        if competition is None:
            raise Missing
        if competition.state in (CompetitionState.ARCHIVED, CompetitionState.CANCELLED):
            raise Conflict("competition_over")
        latest = next(iter(queries.rule_set_versions(competition_id)), None)
        notice = notice_id or (latest.notice_id if latest else None)
        if latest and rule_set(latest.rules) == rules and latest.basis == basis and latest.notice_id == notice:
            return latest.id
        row = RuleSetVersion(
            id=new_id(), competition_id=competition_id, number=latest.number + 1 if latest else 1, rules=rules.stored(),
            basis=basis, notice_id=notice, created_by=actor.person, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        record(
            actor, "rule_set:put_in_force", "competition", competition_id, at=at,
            chain=queries.audit_chain(competition_id), number=row.number,
        )  # fmt: skip
        return row.id


# --- staff ------------------------------------------------------------------------------------------------------------

STAFF_ROLES = (
    Role.ORGANIZER,
    Role.TALLY_CLERK,
    Role.SUPERVISOR,
    Role.ARBITER,
    Role.BLINDING_JUDGE,
    Role.EVALUATION_OFFICER,
    Role.APPROVING_AUTHORITY,
    Role.AUDITOR,
)


def appoint(competition_id: UUID, user_name: str, role: str, *, actor: Actor, at: datetime) -> UUID:
    """Give the holder of an account (user name or phone) a role on a competition. Repeating it changes nothing.

    Returns the grant's id. Raises Missing, Refusal account_unknown, staff_role_unknown.
    """
    wanted = _staff_role(role)
    account = accounts.account_by_login(user_name) if user_name.strip() else None
    if account is None:
        raise Refusal("account_unknown", field="user_name")
    with transaction() as writing:
        if writing.get(Competition, competition_id) is None:
            raise Missing
        return _give(competition_id, account.person_id, wanted, actor=actor, at=at)


def appoint_new(
    competition_id: UUID, name: str, user_name: str, role: str, *, actor: Actor, at: datetime
) -> tuple[UUID, str]:
    """Note a person, open an account for them and give them a role on a competition, all or nothing.

    Returns the person's id and their first password, which is kept nowhere in the clear and must be changed at the first
    sign-in. Raises Missing, Refusal staff_name_missing, staff_role_unknown, and those of `open_account`.
    """
    wanted = _staff_role(role)
    if not name.strip():
        raise Refusal("staff_name_missing", field="name")
    password = fresh_password()
    with transaction() as writing:
        if writing.get(Competition, competition_id) is None:
            raise Missing
        person = note_person(PersonFacts(name_zh=name.strip()), actor=actor, at=at)
        open_account(person, password, user_name=user_name, must_change=True, actor=actor, at=at)
        _give(competition_id, person, wanted, actor=actor, at=at)
    return person, password


def dismiss(competition_id: UUID, grant_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraw an office role held on a competition, with the reason. Repeating it does nothing.

    Raises Missing for a grant elsewhere or of another room, Refusal reason_missing, last_organizer.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        scope = Scope(ScopeKind.COMPETITION, str(competition_id))
        row = writing.get(RoleGrant, grant_id)
        if row is None or (row.scope_kind, row.scope_key) != (scope.kind.value, scope.key):
            raise Missing
        if row.withdrawn_at is not None:
            return
        if row.role == Role.ORGANIZER and len(access.holders(scope, at, Role.ORGANIZER)) == 1:
            raise Refusal("last_organizer")
        withdraw_role(grant_id, reason=reason.strip(), actor=actor, at=at)
        record(
            actor, "staff:dismissed", "person", row.person_id, at=at, chain=queries.audit_chain(competition_id), role=row.role,
        )  # fmt: skip


def _staff_role(role: str) -> Role:
    if role not in STAFF_ROLES:
        raise Refusal("staff_role_unknown", field="role")
    return Role(role)


def _give(competition_id: UUID, person_id: UUID, role: Role, *, actor: Actor, at: datetime) -> UUID:
    scope = Scope(ScopeKind.COMPETITION, str(competition_id))
    held = [row.id for row in access.holders(scope, at, role) if row.person_id == person_id]
    if held:
        return held[0]
    given = grant_role(person_id, role, scope, actor=actor, at=at)
    record(
        actor, "staff:appointed", "person", person_id, at=at, chain=queries.audit_chain(competition_id), role=role.value
    )
    return given
