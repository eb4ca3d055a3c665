"""Options of a method as the texts people type, in a template's columns or a form's fields, and back.

Which options a method takes, and of what form each is, is the method's own description (`rules/scoring`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competitions.rules.scoring.catalogue import METHODS
from competitions.rules.scoring.method import COLUMNS, LISTS, Option, OptionForm
from competitions.rules.scoring.numbers import raw_text
from foundation.exact import exact

OPTIONS: Mapping[str, Option] = {option.name: option for method in reversed(METHODS) for option in method.options}
"""Every option by name, in the description of the first method that has it."""
FIELDS: Mapping[str, Mapping[str, Option]] = {
    method.key: {option.name: option for option in method.options} for method in METHODS
}
TAKEN_BY: Mapping[str, tuple[str, ...]] = {
    name: tuple(method.key for method in METHODS if method.option(name)) for name in OPTIONS
}
"""Option → the methods that take it."""


def choices_of(name: str) -> tuple[str, ...]:
    """What an option chosen from a list may be, for any method."""
    return tuple(dict.fromkeys(one for method in METHODS if (o := method.option(name)) for one in o.one_of))


_WRITTEN = {"points": {"drop_high": 0, "drop_low": 0, "aggregate": "mean", "places": 2}}
_WORDS = {"平均": "mean", "平均分": "mean", "求和": "sum", "合计": "sum"}
_BAR = "｜"


def options_from(method: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """The options of `method` from typed texts. What is unreadable stays as it was typed, for the check to name."""
    options: dict[str, Any] = {}
    for name, option in FIELDS.get(method, {}).items():
        text = texts.get(name, "").strip()
        if text:
            options[name] = _read(option, text)
        elif name in _WRITTEN.get(method, {}):
            options[name] = _WRITTEN[method][name]
    return options


def _read(option: Option, text: str) -> Any:
    match option.form:
        case OptionForm.WHOLE:
            return _whole(text)
        case OptionForm.NUMBER:
            return _decimal(text)
        case OptionForm.ONE_OF:
            return _WORDS.get(text, text)
        case OptionForm.TEXT:
            return text
        case _:
            return [_line(option.form, line) for line in text.splitlines() if line.strip()]


def texts_of(options: Mapping[str, Any]) -> dict[str, str]:
    """Options as the texts that `options_from` reads."""
    texts = {}
    for name, value in options.items():
        option = OPTIONS.get(name)
        if option is not None and option.form in LISTS and isinstance(value, list):
            texts[name] = "\n".join(
                _BAR.join(str(line.get(column, "")) for column in COLUMNS[option.form]) for line in value
            )
        else:
            texts[name] = str(value)
    return texts


def _line(form: OptionForm, line: str) -> dict[str, str]:
    """One line of a list: its columns from the right, so that a label may hold a bar."""
    columns = COLUMNS[form]
    parts = line.replace("|", _BAR).rsplit(_BAR, len(columns) - 1)
    parts = [""] * (len(columns) - len(parts)) + parts if len(parts) > 1 else [line, *[""] * (len(columns) - 1)]
    found = dict(zip(columns, (part.strip() for part in parts), strict=True))
    if len(line.replace("|", _BAR).split(_BAR)) == 1:
        found = dict.fromkeys(columns, "") | {"deduction": line.strip()}
    return {name: value if name == "label" else _decimal(value.rstrip("%％").strip()) for name, value in found.items()}


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
