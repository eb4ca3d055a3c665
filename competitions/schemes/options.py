"""Options of a method as the texts people type, in a template's columns or a form's fields, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competitions.rules.scoring.aspects import raw_text
from foundation.exact import exact

FIELDS: Mapping[str, tuple[str, ...]] = {
    "pass_fail": (),
    "count": ("steps",),
    "deduct_from_full": ("unit",),
    "choice": ("choices",),
    "value": ("places",),
    "judgement_0_3": (),
    "points": ("drop_high", "drop_low", "aggregate", "places"),
    "deduction": ("unit", "cap"),
}
ALL_FIELDS = ("steps", "unit", "cap", "drop_high", "drop_low", "aggregate", "places", "choices")
_DEFAULTS = {"drop_high": 0, "drop_low": 0, "aggregate": "mean", "places": 2}


def options_from(method: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """The options of `method` from typed texts. What is unreadable stays as it was typed, for the check to name."""
    options: dict[str, Any] = {}
    for name in FIELDS.get(method, ()):
        text = texts.get(name, "").strip()
        if not text:
            if name in _DEFAULTS:
                options[name] = _DEFAULTS[name]
            continue
        if name == "choices":
            options[name] = [_choice(line) for line in text.splitlines() if line.strip()]
        elif name in ("unit", "cap"):
            options[name] = _decimal(text)
        elif name == "aggregate":
            options[name] = {"平均": "mean", "平均分": "mean", "求和": "sum", "合计": "sum"}.get(text, text)
        else:
            options[name] = _whole(text)
    return options


def texts_of(options: Mapping[str, Any]) -> dict[str, str]:
    """Options as the texts that `options_from` reads."""
    texts = {name: str(value) for name, value in options.items() if name != "choices"}
    if "choices" in options:
        texts["choices"] = "\n".join(f"{choice['label']}｜{choice['deduction']}" for choice in options["choices"])
    return texts


def _choice(line: str) -> dict[str, str]:
    label, _, share = line.replace("|", "｜").rpartition("｜")
    return {"label": label.strip(), "deduction": _decimal(share.strip().rstrip("%％").strip())}


def _decimal(text: str) -> str:
    try:
        return raw_text(exact(text))
    except ValueError:
        return text


def _whole(text: str) -> int | str:
    try:
        number = exact(text)
    except ValueError:
        return text
    return int(number) if number.denominator == 1 else text
