"""Rounding as a part of a method: where (`judge`, `aspect`, `module`, `end`), to how many places; halves go up.

`judge` rounds each judge's contribution, `aspect` what an aspect gives, `module` the sum of those aspects of a criterion that
say so, `end` (the default) nothing before the total, which is rounded once. Figure skating rounds component scores before they are
added (`aspect`, 2); most Chinese competitions round once at the end (competition rules 7.1).
"""

from __future__ import annotations

from fractions import Fraction

from competitions.rules.scoring.method import Option, OptionForm, Setting
from foundation.exact import round_to

JUDGE, ASPECT, MODULE, END = "judge", "aspect", "module", "end"
LEVELS = (JUDGE, ASPECT, MODULE, END)
MOST_PLACES = 6

PLACES = Option("places", OptionForm.WHOLE, 2, most=Fraction(MOST_PLACES), wrong="option_places_wrong")
ROUNDING = (Option("round_at", OptionForm.ONE_OF, END, one_of=LEVELS), PLACES)
AGREED_ROUNDING = (Option("round_at", OptionForm.ONE_OF, END, one_of=(ASPECT, MODULE, END)), PLACES)
"""For a value the panel agrees on: there is no judge's part to round."""


def level(setting: Setting) -> str:
    """Where this aspect is rounded."""
    return str(setting.options.get("round_at") or END)


def places(setting: Setting) -> int:
    """To how many decimals."""
    return int(setting.number("places", 2))


def rounded(value: Fraction, setting: Setting, at: str) -> Fraction:
    """`value`, rounded half up if this is the level the options name."""
    return Fraction(round_to(value, places(setting))) if level(setting) == at else value
