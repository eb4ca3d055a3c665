"""What the notice says of quotas and the waiting list: each change is the next version of the competition's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from competitions.entries.actions import waiting
from competitions.programme import queries as programme
from competitions.programme.actions import set_rules
from competitions.rules.quotas import quota
from competitions.rules.rule_set import RuleSet
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Refusal


def add_quota(competition_id: UUID, stored: Mapping[str, Any], *, actor: Actor, at: datetime) -> str:
    """Put one more quota in force; answers its key. What is entered beyond it already stays, and is asked about at acceptance.

    Raises Missing, Refusal quota_rule_wrong, quota_twice, and those of `set_rules`.
    """
    with transaction():
        _version, rules = programme.rule_set_in_force(competition_id)
        known = [quota(one) for one in rules.quotas]
        number = 1 + max((int(one.key[1:]) for one in known if one.key[1:].isdigit()), default=0)
        made = quota({**stored, "key": f"q{number}"})
        if any(replace(one, key=made.key, most=made.most, article=made.article) == made for one in known):
            raise Refusal("quota_twice", field="most")
        _put(competition_id, rules, (*rules.quotas, made.stored()), actor=actor, at=at)
        return made.key


def remove_quota(competition_id: UUID, key: str, *, actor: Actor, at: datetime) -> None:
    """Lift a quota; whoever waited for it gets a place when it is their turn. Repeating it does nothing. Raises Missing."""
    with transaction():
        _version, rules = programme.rule_set_in_force(competition_id)
        left = tuple(one for one in rules.quotas if one["key"] != key)
        if len(left) != len(rules.quotas):
            _put(competition_id, rules, left, actor=actor, at=at)
            waiting.move_up(competition_id, actor=actor, at=at)


def set_waiting(
    competition_id: UUID, *, full_division: str, waiting_offers: str, offer_hours: int, coaches_most: int | None = None,
    units_open: bool = False,
    review_levels: tuple[str, ...] = (), actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Say what a full division does with whoever comes, how a free place is offered, who reviews first. Raises Missing, Refusal rule_value_wrong."""
    with transaction():
        _version, rules = programme.rule_set_in_force(competition_id)
        told = replace(
            rules, full_division=full_division, waiting_offers=waiting_offers, offer_hours=offer_hours,
            coaches_most=coaches_most, units_open=units_open, review_levels=review_levels,
        )  # fmt: skip
        set_rules(competition_id, told, basis=_basis(competition_id), actor=actor, at=at)
        waiting.move_up(competition_id, actor=actor, at=at)


def _put(
    competition_id: UUID, rules: RuleSet, quotas: tuple[Mapping[str, Any], ...], *, actor: Actor, at: datetime
) -> None:
    told = replace(rules, quotas=quotas)
    set_rules(competition_id, told, basis=_basis(competition_id), actor=actor, at=at)


def _basis(competition_id: UUID) -> str:
    latest = next(iter(programme.rule_set_versions(competition_id)), None)
    return latest.basis if latest else ""
