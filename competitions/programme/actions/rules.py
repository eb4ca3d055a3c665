"""Rules of a competition: every change is a new version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from competitions.programme import queries
from competitions.programme.models import Competition, RuleSetVersion
from competitions.rules.lifecycle import CompetitionState
from competitions.rules.rule_set import RuleSet, rule_set
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing


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
