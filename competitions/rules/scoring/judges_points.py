"""Points (打分) by J judges: drop the declared number of highest and lowest marks, aggregate the rest by `mean` or `sum`, × `scale`.

Of equal marks only the declared number is dropped. A judge who did not mark this work (`NJ`) is dealt with as `missing` says: `wait`
(no points), `average` (the mean of the marks given stands in, FIG), `without` (one mark fewer). The item's factor (degree of
difficulty) multiplies what the judges gave; with `round_at` aspect the panel's points and the product are both rounded, as figure
skating's rule 353 does. Sources: competition rules 7.1 and 14 example 5; scoring rules 5.1 to 5.3; diving: sum × 0.6 × difficulty.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from competitions.rules.scoring.method import (
    AspectKind,
    Method,
    Option,
    OptionForm,
    Points,
    Problems,
    Setting,
    number_of,
)
from competitions.rules.scoring.numbers import raw_text, said
from competitions.rules.scoring.rounding import ASPECT, JUDGE, MOST_PLACES, ROUNDING, rounded

MEAN, SUM = "mean", "sum"
WAIT, AVERAGE, WITHOUT = "wait", "average", "without"


def kept_of(values: Sequence[Fraction], drop_high: int, drop_low: int) -> tuple[list[int], list[int]]:
    """(kept, dropped) as places in `values`. Of equal marks the later ones count as the higher."""
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    kept = set(order[drop_low : len(order) - drop_high])
    return sorted(kept), [place for place in range(len(values)) if place not in kept]


def _points(setting: Setting, values: Sequence[Fraction]) -> Points:
    high, low = int(setting.number("drop_high", 0)), int(setting.number("drop_low", 0))
    if high + low >= len(values):
        return Points(None, "points:too_few_judges", {"judges": len(values), "dropped": high + low})
    given = [rounded(value, setting, JUDGE) for value in values]
    kept, dropped = kept_of(given, high, low)
    total = sum((given[place] for place in kept), Fraction(0))
    worth = total if setting.options.get("aggregate", MEAN) == SUM else total / len(kept)
    scale = setting.number("scale", 1)
    worth = rounded(worth * scale, setting, ASPECT)
    facts = {
        "marks": "、".join(said(value) for value in values), "kept": len(kept), "dropped": len(dropped),
        "kept_marks": "、".join(said(given[place]) for place in kept),
        "dropped_marks": "、".join(said(given[place]) for place in dropped) or "–",
        "aggregate": f"@scoring_choice:{setting.options.get('aggregate', MEAN)}", "scale": said(scale),
    }  # fmt: skip
    if setting.factor != 1:
        facts |= {"panel": said(worth), "factor": said(setting.factor)}
        return Points(rounded(worth * setting.factor, setting, ASPECT), "points:judges_factor", facts)
    return Points(worth, "points:judges", facts)


def _most(setting: Setting) -> Fraction | None:
    given = setting.optional("most")
    return setting.max_mark if given is None else given


def _problems(setting: Setting) -> Problems:
    most, scale = number_of(setting.options.get("most")), setting.number("scale", 1)
    if most is not None and setting.max_mark is not None and setting.options.get("aggregate", MEAN) == MEAN:
        reach = most * scale
        if reach > setting.max_mark:
            yield "option_scale_above", {"value": raw_text(reach), "most": raw_text(setting.max_mark)}
    if most is not None and most <= setting.number("least", 0):
        yield "option_least_above", {}


METHODS = (
    Method(
        "points", AspectKind.POINTS,
        (
            Option("aggregate", OptionForm.ONE_OF, MEAN, one_of=(MEAN, SUM), wrong="option_aggregate_wrong"),
            Option("drop_high", OptionForm.WHOLE, 0, wrong="option_drop_wrong"),
            Option("drop_low", OptionForm.WHOLE, 0, wrong="option_drop_wrong"),
            Option("scale", OptionForm.NUMBER, 1, above=True),
            *ROUNDING,
            Option("missing", OptionForm.ONE_OF, WAIT, one_of=(WAIT, AVERAGE, WITHOUT)),
            Option("least", OptionForm.NUMBER, 0, least=None), Option("most", OptionForm.NUMBER, least=None),
            Option("mark_places", OptionForm.WHOLE, 2, most=Fraction(MOST_PLACES), wrong="option_places_wrong"),
            Option("grid", OptionForm.NUMBER, above=True),
        ),
        _points, most=_most, least=lambda setting: setting.number("least", 0),
        places=lambda setting: int(setting.number("mark_places", 2)), problems=_problems, by_each_judge=True,
    ),
)  # fmt: skip
