"""P9: award decisions, explained. An absolute rate, as its bar is."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.table import Row
from certification.rules.award import decide_all
from certification.rules.policy import Band, BandKind, Clause, Conditions, HeldRule, Limits, Outcome, Policy
from tests.rules.certification.test_award import contest, holds, one

PEOPLE, ROUNDS, BAR = 2000, 5, 5000


def rows() -> list[Row]:
    """Decide 2,000 people under a policy of 20 clauses; the best of five rounds counts."""
    clauses = tuple(
        Clause(
            f"c{n}", f"第{n}款", "benchmark", Band(BandKind.RANK, n * 5 + 1, n * 5 + 5), Outcome("L3", HeldRule.UP_ONE_IF_HELD),
            conditions=Conditions(parts=("theory", "practice"), identity_classes=("worker",)),
        )
        for n in range(20)
    )  # fmt: skip
    policy = Policy("benchmark", "t", "i", "d", "", "", None, None, clauses, limits=Limits(once_per_year=True))
    people = [one(n % 100 + 1, held=holds("L3")) for n in range(PEOPLE)]
    where = contest()
    rate = PEOPLE / _best(lambda: decide_all(policy, where, people))
    return [
        Row(
            "P9",
            "award decisions, 20 clauses, each explained",
            f"{rate:,.0f}/s",
            "no query: plain rules",
            "",
            f"≥ {BAR:,}/s",
            rate >= BAR,
        )
    ]


def _best(work: Callable[[], object]) -> float:
    """The shortest processor time of a few rounds, in seconds."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)
