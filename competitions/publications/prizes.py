"""Who gets which prize when a run is published: award ranks, the counting base, the scheme of the run's rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from competitions.entries.queries.rewards import coaches_of, without_reward
from competitions.results.models import ResultRun
from competitions.rules import prizes
from competitions.rules.rule_set import RuleSet


@dataclass(frozen=True, slots=True)
class Prizes:
    """`by_entry` holds the prizes; `award_ranks` the ranks that prizes and grades go by; `said` is what the publication records;
    `coaches` those the rules honour with a prize."""

    by_entry: dict[UUID, str]
    award_ranks: dict[UUID, int]
    said: dict[str, Any]
    coaches: dict[UUID, list[UUID]] = field(default_factory=dict)


def prizes_of(run: ResultRun, rules: RuleSet, held: Collection[UUID] = ()) -> Prizes:
    """The prizes of a run. Entries without reward have no award rank and no prize, held ones no prize until they are settled."""
    ranks = {row.entry_id: row.rank for row in run.rows if row.rank is not None}
    apart = without_reward(list(ranks))
    award_ranks = prizes.award_ranks(ranks, apart, succession=rules.succession)
    if not rules.rewards_enabled or not rules.prizes:
        return Prizes({}, award_ranks, {})
    base = {"attended": run.attendance, "entered": len(run.rows), "ranked": len(ranks)}[rules.prize_base]
    said: dict[str, Any] = {"rule": prizes.KEY, "base": base, "counted": rules.prize_base}
    if apart:
        said["without_reward"] = sorted(str(key) for key in apart)
    if not rules.prizes_below_minimum and run.attendance < rules.minimum_entries:
        return Prizes({}, award_ranks, {**said, "below_minimum": rules.minimum_entries})
    given = prizes.awards(award_ranks, prizes.scheme_from(rules.prizes, rules.prize_cap), base=base)
    found = {entry: award.prize for entry, award in given.items() if award.prize and entry not in held}
    return Prizes(found, award_ranks, said, coaches_of(_honoured(found, rules)))


def _honoured(prizes_given: dict[UUID, str], rules: RuleSet) -> list[UUID]:
    """The entries whose coaches the rules honour."""
    highest = str(rules.prizes[0]["prize"])
    wanted = {"none": set(), "first": {highest}, "every": set(prizes_given.values())}[rules.coach_honour]
    return [entry for entry, prize in prizes_given.items() if prize in wanted]
