"""How facts look on a page: dates, numbers and codes in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import get_locale, gettext
from markupsafe import Markup

from foundation.clock import CHINA
from foundation.exact import shown as shown_exact
from foundation.translation import known, sentence


def chinese() -> bool:
    """Does the reader read Chinese?"""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def show_date(value: date | datetime | None) -> str:
    """`2026年11月22日` or `22 November 2026`; a moment is shown on its day in China."""
    if value is None:
        return ""
    day = value.astimezone(CHINA).date() if isinstance(value, datetime) else value
    if chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}"


def show_moment(value: datetime | None) -> str:
    """The day and the minute, in China."""
    if value is None:
        return ""
    local = value.astimezone(CHINA)
    return f"{show_date(local.date())} {local:%H:%M}"


def show_number(value: Fraction | Decimal | int | None, places: int = 2) -> str:
    """A number with exactly `places` decimals; nothing for a missing one."""
    return "" if value is None else shown_exact(value, places)


def show_code(code: str | None, prefix: str = "") -> str:
    """The sentence of a code (a state, a role), or the code itself when nobody gave it one."""
    if code is None:
        return ""
    full = f"{prefix}:{code}" if prefix else str(code)
    return sentence(full) if known(full) else str(code)


def show_fact(value: Any) -> str:
    """A fact inside a sentence."""
    if isinstance(value, datetime):
        return show_moment(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else shown_exact(value, 2)
    if isinstance(value, str) and value.startswith("@") and known(value[1:]):
        return sentence(value[1:])  # a fact that is itself a code
    if isinstance(value, tuple):  # things said one after the other, each a code with facts
        return list_of([sentence(code, **facts) for code, facts in value], "；", "; ")
    return str(value)


def show_lines(text: str | None) -> Markup:
    """Text with its line breaks kept, everything else escaped."""
    return Markup("<br>").join((text or "").splitlines())


def list_of(items: list[str], zh: str = "、", en: str = ", ") -> str:
    """Items joined as the reader's language joins them."""
    return (zh if chinese() else en).join(items)


def yes_no(value: bool) -> str:
    """The word for a truth value."""
    return str(gettext("yes") if value else gettext("no"))
