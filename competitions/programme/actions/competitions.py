"""Setting up competitions and moving them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounts.access.actions import grant_role
from accounts.access.roles import Role
from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from competitions.programme import queries
from competitions.programme.models import Competition, CompetitionHost, RuleSetVersion
from competitions.programme.permissions import ProgrammePermission
from competitions.rules import lifecycle
from competitions.rules.rule_set import RuleSet
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import PLATFORM, Actor, Scope, ScopeKind, can
from foundation.refusal import Forbidden, Missing, Refusal


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    """What an organizer says of a competition. Codes are of their sets; `hosts` are (role, name of the body)."""

    name_zh: str
    tier: str
    competition_class: str
    programme: str
    line: str
    region_code: str
    starts_on: date
    ends_on: date
    hosts: Sequence[tuple[str, str]]
    name_en: str = ""
    venue: str = ""
    plan_number: str = ""
    plan_date: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_address: str = ""
    supervision_phone: str = ""

    def check(self) -> None:
        """Raises Refusal dates_reversed, lead_host_missing."""
        if self.ends_on < self.starts_on:
            raise Refusal("dates_reversed", field="ends_on", starts=self.starts_on, ends=self.ends_on)
        if sum(role == "lead_host" for role, _ in self.hosts) != 1:
            raise Refusal("lead_host_missing", field="lead_host")


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
            **_columns(facts),
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
        for name, value in _columns(facts).items():
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


def _columns(facts: CompetitionFacts) -> dict[str, object]:
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
