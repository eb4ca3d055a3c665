"""Judgement (评价分): each judge alone gives 0, 1, 2 or 3 by the descriptors; marks = sum / (3 × judges) × max mark.

If the greatest and the smallest differ by more than the rule set's spread, there are no points: the panel discusses and marks
again; the ledger keeps the marks of every round. Sources: competition rules 7.1, scoring rules 1.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from competitions.rules.scoring.method import AspectKind, Method, Points, Setting
from competitions.rules.scoring.rounding import JUDGE, ROUNDING, rounded

HIGHEST = Fraction(3)


def _judgement(setting: Setting, values: Sequence[Fraction]) -> Points:
    apart = max(values) - min(values)
    facts = {"marks": "、".join(str(value) for value in values), "max": setting.most, "spread": apart}
    if apart > setting.spread:
        return Points(None, "points:discuss_again", {**facts, "limit": setting.spread}, discuss=True)
    shares = [rounded(setting.most * value / HIGHEST, setting, JUDGE) for value in values]
    return Points(sum(shares, Fraction(0)) / len(shares), "points:judgement", facts)


METHODS = (
    Method(
        "judgement_0_3",
        AspectKind.JUDGEMENT,
        ROUNDING,
        _judgement,
        most=lambda _setting: HIGHEST,
        by_each_judge=True,
    ),
)
