"""What a judge must see beside a field before typing: tolerance, ranges, steps, as codes and facts for sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from competitions.rules.scoring.aspects import AspectRule
from competitions.rules.scoring.method import Setting, number_of
from competitions.rules.scoring.numbers import raw_text, said
from foundation.exact import exact

Hint = tuple[str, Mapping[str, Any]]


def hints(rule: AspectRule) -> tuple[Hint, ...]:
    """The hints of an aspect in the order they are read; empty where the buttons say everything."""
    return tuple(_HINTS[rule.method](rule.setting)) if rule.method in _HINTS else ()


def worths(rule: AspectRule) -> tuple[str, ...]:
    """What each level of a `choice` gives, as text, in order."""
    lines = rule.options.get("choices") or []
    return tuple(said(rule.max_mark * (100 - exact(str(line["deduction"]))) / 100) for line in lines)


def _tolerance(setting: Setting) -> Iterator[Hint]:
    nominal, plus, minus = setting.number("nominal"), setting.number("plus", 0), setting.number("minus", 0)
    unit = setting.options.get("unit_name", "")
    yield "hint:tolerance", {
        "nominal": raw_text(nominal), "plus": raw_text(plus), "minus": raw_text(minus), "low": raw_text(nominal - minus),
        "high": raw_text(nominal + plus), "unit": unit,
    }  # fmt: skip
    for band in setting.options.get("bands") or []:
        yield "hint:band", {"beyond": str(band["beyond"]), "lost": str(band["deduction"]), "unit": unit}


def _range(setting: Setting) -> Iterator[Hint]:
    for line in setting.options["ranges"]:
        low, high = number_of(line.get("lower")), number_of(line.get("upper"))
        code = "hint:range" if None not in (low, high) else "hint:range_up_to" if low is None else "hint:range_from"
        yield code, {
            "low": "" if low is None else raw_text(low), "high": "" if high is None else raw_text(high),
            "worth": said(setting.most * (100 - exact(str(line["deduction"]))) / 100),
            "unit": setting.options.get("unit_name", ""),
        }  # fmt: skip


def _faults(setting: Setting) -> Iterator[Hint]:
    step, unit = setting.optional("step"), setting.options.get("unit_name", "")
    facts = {"unit": raw_text(setting.number("unit")), "unit_name": unit}
    yield ("hint:fault", facts) if step is None else ("hint:fault_step", {**facts, "step": raw_text(step)})
    over = setting.optional("zero_over")
    if over is not None:
        yield "hint:zero_over", {"over": raw_text(over), "unit": unit}


def _time(setting: Setting) -> Iterator[Hint]:
    yield "hint:time", {"full": said(setting.number("full_at")), "zero": said(setting.number("zero_at"))}


_HINTS = {
    "tolerance": _tolerance,
    "range": _range,
    "deduct_from_full": _faults,
    "deduction": _faults,
    "time_score": _time,
}
