"""What a scoring method is: a key, the options it takes (described, so that a form is made of them), and a pure computation.

A method never rounds where no option tells it to; what it is told stands in `rounding`. A published key never changes meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from foundation.exact import exact

NOT_ATTEMPTED = "NA"
"""未做: no points, shown apart from a judged 0."""
NO_JUDGE = "NJ"
"""This judge did not mark this work (absent, recused); only a method that says what then happens takes it."""
Problems = Iterator[tuple[str, Mapping[str, Any]]]


class AspectKind(StrEnum):
    """What kind of aspect it is."""

    MEASUREMENT = "measurement"
    JUDGEMENT = "judgement"
    POINTS = "points"
    DEDUCTION = "deduction"


class OptionForm(StrEnum):
    """How an option is written, and so which field a form shows for it."""

    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    ONE_OF = "one_of"
    CHOICES = "choices"  # a list of label, deduction (percent)
    RANGES = "ranges"  # a list of lower, upper, deduction (percent); an empty bound is open
    BANDS = "bands"  # a list of beyond, deduction (percent)


LISTS = (OptionForm.CHOICES, OptionForm.RANGES, OptionForm.BANDS)
COLUMNS: Mapping[OptionForm, tuple[str, ...]] = {
    OptionForm.CHOICES: ("label", "deduction"),
    OptionForm.RANGES: ("lower", "upper", "deduction"),
    OptionForm.BANDS: ("beyond", "deduction"),
}
"""The columns of one line of a list option."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a method. `wrong` is the code of the finding; `needed` when there is no default."""

    name: str
    form: OptionForm
    default: Any = None
    needed: bool = False
    least: Fraction | None = Fraction(0)
    above: bool = False  # strictly more than `least`
    most: Fraction | None = None
    one_of: tuple[str, ...] = ()
    wrong: str = "option_wrong"

    def problems(self, value: Any) -> Problems:
        """What is wrong with a given value, as code and facts; nothing for an option left out that has a default."""
        if value in (None, "", []):
            if self.needed:
                yield self._wrong("")
            return
        match self.form:
            case OptionForm.WHOLE | OptionForm.NUMBER:
                number = number_of(value)
                if number is None or not self._fits(number):
                    yield self._wrong(value)
            case OptionForm.ONE_OF:
                if value not in self.one_of:
                    yield self._wrong(value)
            case OptionForm.TEXT:
                if not isinstance(value, str) or len(value) > 40:
                    yield self._wrong(value)
            case _:
                yield from self._list_problems(value)

    def _fits(self, number: Fraction) -> bool:
        if self.form == OptionForm.WHOLE and number.denominator != 1:
            return False
        low = self.least is None or number > self.least or (number == self.least and not self.above)
        return low and (self.most is None or number <= self.most)

    def _wrong(self, value: Any) -> tuple[str, Mapping[str, Any]]:
        facts = {"option": f"@scoring_option:{self.name}", "value": str(value)[:40], "right": self.right()}
        return self.wrong, facts | ({"most": self.most} if self.most is not None else {})

    def right(self) -> str:
        """What would be right, in signs that need no translation."""
        if self.form == OptionForm.ONE_OF:
            return " | ".join(self.one_of)
        low = "" if self.least is None else f"{'>' if self.above else '≥'} {self.least}"
        return "，".join(part for part in (low, "" if self.most is None else f"≤ {self.most}") if part)

    def _list_problems(self, value: Any) -> Problems:
        columns = COLUMNS[self.form]
        if not isinstance(value, list) or not all(isinstance(line, Mapping) for line in value):
            yield self._wrong("")
            return
        for number, line in enumerate(value, start=1):
            share = number_of(line.get("deduction"))
            if share is None or not 0 <= share <= 100:
                yield "option_choice_share", {"number": number, "value": line.get("deduction", "")}
            for column in columns[:-1]:
                written = str(line.get(column, "") or "").strip()
                if column == "label" and not written:
                    yield "option_choice_unnamed", {"number": number}
                if (
                    column != "label"
                    and number_of(written) is None
                    and not (self.form == OptionForm.RANGES and not written)
                ):
                    yield "option_line_number", {"number": number, "value": written[:20]}


def number_of(value: Any) -> Fraction | None:
    """The exact number in an option's value, or None."""
    try:
        return exact(str(value))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a computation is given besides the marks. `factor` belongs to the item (a degree of difficulty), not to the method."""

    max_mark: Fraction | None
    options: Mapping[str, Any] = field(default_factory=dict)
    spread: int = 1
    factor: Fraction = Fraction(1)

    @property
    def most(self) -> Fraction:
        """The max mark; 1 where none is set."""
        return Fraction(1) if self.max_mark is None else self.max_mark

    def number(self, name: str, default: Fraction | int | None = None) -> Fraction:
        """An option as an exact number. Raises KeyError when it is neither given nor has a default."""
        given = self.options.get(name)
        if given in (None, ""):
            if default is None:
                raise KeyError(name)
            return Fraction(default)
        return exact(str(given))

    def optional(self, name: str) -> Fraction | None:
        """An option as an exact number, or None when it is left out."""
        given = self.options.get(name)
        return None if given in (None, "") else exact(str(given))


class Effect(StrEnum):
    """What a deduction does beyond its own marks."""

    NONE = ""
    ZERO_SUB = "zero_sub"  # the sub-criterion it stands in gives nothing
    ZERO_CRITERION = "zero_criterion"
    ZERO_ALL = "zero_all"
    STOP = "stop"  # the attempt ends: no place


@dataclass(frozen=True, slots=True)
class Points:
    """What an aspect is worth. `value` is None while something is missing; `code` and `facts` say how it came about."""

    value: Fraction | None
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    not_attempted: bool = False
    discuss: bool = False
    effect: Effect = Effect.NONE


def _nothing(_setting: Setting) -> None:
    return None


def _whole(_setting: Setting) -> int:
    return 0


def _no_problems(_setting: Setting) -> Problems:
    return iter(())


def _zero(_setting: Setting) -> Fraction:
    return Fraction(0)


@dataclass(frozen=True, slots=True)
class Method:
    """A scoring method. `worth` gets the marks as numbers, absent judges already dealt with, and answers exact points."""

    key: str
    kind: AspectKind
    options: tuple[Option, ...]
    worth: Callable[[Setting, Sequence[Fraction]], Points]
    most: Callable[[Setting], Fraction | None] = _nothing
    """The greatest mark that may be entered; None for no bound."""
    least: Callable[[Setting], Fraction | None] = _zero
    """The smallest mark that may be entered; None for no bound (a measured value may be negative)."""
    places: Callable[[Setting], int] = _whole
    """Decimals that an entered mark may have."""
    problems: Callable[[Setting], Problems] = _no_problems
    """What is wrong between options that are each right by themselves."""
    by_each_judge: bool = False
    in_schemes: bool = True
    """False where the result is no marks (a time to be ranked): such a method can be tried, a scheme of 100 marks cannot hold it."""
    less_is_better: bool = False

    def option(self, name: str) -> Option | None:
        """The description of an option."""
        return next((one for one in self.options if one.name == name), None)
