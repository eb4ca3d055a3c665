"""Competitions, valid by default."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from competitions.programme.actions import CompetitionFacts, set_up_competition
from competitions.programme.models import RuleSetVersion
from competitions.rules.rule_set import RuleSet
from foundation.clock import now
from foundation.db import transaction
from foundation.permission import MACHINE, Actor


def competition_facts(**overrides: Any) -> CompetitionFacts:
    """A provincial comprehensive contest in the plan."""
    given: dict[str, Any] = {
        "name_zh": "江州省第三届职业技能大赛",
        "tier": "provincial",
        "competition_class": "class_1",
        "programme": "skills_contest",
        "line": "human_resources",
        "region_code": "320000",
        "starts_on": date(2026, 11, 20),
        "ends_on": date(2026, 11, 23),
        "hosts": (("lead_host", "江州省人力资源和社会保障厅"),),
        "plan_number": "江人社函〔2026〕18号",
    }
    return CompetitionFacts(**(given | overrides))


def make_competition(actor: Actor = MACHINE, **overrides: Any) -> UUID:
    """A competition in draft."""
    return set_up_competition(competition_facts(**overrides), actor=actor, at=now())


def set_rules(competition_id: UUID, rules: RuleSet) -> None:
    """A further version of a competition's rules."""
    with transaction() as writing:
        of = RuleSetVersion.competition_id == competition_id
        number = writing.scalar(select(func.count()).select_from(RuleSetVersion).where(of)) or 0
        writing.add(
            RuleSetVersion(
                competition_id=competition_id, number=number + 1, rules=rules.stored(), basis="", created_at=now()
            )
        )
