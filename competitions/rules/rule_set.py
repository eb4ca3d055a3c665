"""What a notice (通知) fixes, as data: the values every other rule asks for. Nothing here is a constant of the code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from competitions.rules.prizes import scheme_from
from competitions.rules.quotas import BEYOND, quota
from competitions.rules.reviews import LEVELS
from foundation.refusal import Refusal

TIE_BREAKS = ("practice", "theory", "time", "heaviest_part", "criterion_order")
LAST_RESORTS = ("equal_rank", "chief_decides")
COMMENT_KINDS = ("measurement", "judgement", "points", "deduction")
PANEL_ENTRIES = ("own_tablet", "panel_tablet")
COACH_HONOURS = ("none", "first", "every")
PRIZE_BASES = ("attended", "entered", "ranked")
"""Those who started; every accepted entry; those who have a rank."""
PHOTO_SIZES = {"two_inch": (413, 579), "small_two_inch": (413, 531), "one_inch": (295, 413), "big_one_inch": (390, 567)}
"""Photo sizes of papers by name, in pixels at 300 dpi."""
PHOTO_GROUNDS = ("any", "plain", "white", "blue", "red")
WAITING_OFFERS = ("person", "automatic")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of a competition's rules. Inherited by its events; results remember the version they used."""

    score_places: int = 2
    """Decimals of a published total; rounded half up once, at the end."""
    tie_breaks: tuple[str, ...] = ("practice", "theory")
    """In this order; see `TIE_BREAKS`. A tie that none of them breaks is left to `last_resort`."""
    last_resort: str = "equal_rank"
    judgement_spread: int = 1
    """Largest difference between the judges' marks of a judgement aspect before it is discussed again."""
    panel_entry: str = "own_tablet"
    paired_tablets_only: bool = False
    """True when a mark counts only with the signature of a paired tablet; others are held for the chief judge."""
    notice_days: int = 5
    """Working days of the public notice of results."""
    minimum_entries: int = 30
    """Fewest starters of an event and division; below it the organizer is warned."""
    late_minutes: int = 15
    floor_deductions: bool = False
    """True when the violations of the floor record take from the total by themselves; False when the panel enters them on a sheet."""
    comment_marks: Mapping[str, str] = field(default_factory=lambda: {"judgement": "0"})
    """Kind of aspect → the greatest mark for which a judge writes a reason; a kind left out needs none."""
    comment_changes: bool = True
    """True when a judge who changes a mark after all marks of the aspect are in says why."""
    comment_reasons: tuple[str, ...] = ()
    """Reasons offered to be tapped; empty for the usual ones."""
    floor_amounts: Mapping[str, str] = field(default_factory=dict)
    """Marks or seconds by kind of violation where the notice sets another value than `data/floor/violations.csv`."""
    recheck_top: int = 0
    """Percent of the works, best first, that are checked again before unblinding; with `recheck_rest` 0 too there is no re-check."""
    recheck_rest: int = 0
    """Percent of the other works that are drawn for the re-check."""
    recheck_limit: int = 5
    """Percent of wrong works over which every work is checked again."""
    rewards_enabled: bool = True
    """False for selection stages that bring no grade and no title."""
    prizes: tuple[Mapping[str, Any], ...] = ()
    """The prize scheme, band by band from high to low; see `competitions/rules/prizes.py`. Empty: no prizes are computed."""
    prize_cap: str = ""
    """Percent of the counting base that prizes with a ratio may come to together; empty without a ratio."""
    prize_base: str = "attended"
    """What shares are counted from; see `PRIZE_BASES`."""
    prizes_below_minimum: bool = True
    """False: an event and division with fewer than `minimum_entries` starters gives no prizes."""
    coach_honour: str = "none"
    """Coaches of whom are honoured as 优秀指导教师: `none`, of the highest prize (`first`), of every prize (`every`)."""
    succession: bool = False
    """True when entries that may not be rewarded leave their places to the next (递补)."""
    photo: Mapping[str, Any] = field(
        default_factory=lambda: {"width": 413, "height": 579, "ground": "any", "sharpness": 0, "strict": False}
    )
    """What a photo must be: pixels once cropped, ground, least sharpness (0: not looked at), refused or only marked."""
    quotas: tuple[Mapping[str, Any], ...] = ()
    """How many a notice admits; see `competitions/rules/quotas.py`. The places of a division stand with the division."""
    full_division: str = "refuse"
    """Who comes when a division is full is refused, or waits in a list."""
    waiting_offers: str = "person"
    """A free place is offered to the next in line by a person, or automatically."""
    offer_hours: int = 48
    """How long an offered place is kept."""
    review_levels: tuple[str, ...] = ()
    """Who reviews entries of candidates before the organizer: `unit`, `delegation`; see `competitions/rules/reviews.py`."""
    units_open: bool = False
    """Units open their delegation themselves, once their operator signs in."""
    coaches_most: int | None = None
    """How many coaches an entry may name; None: as many as it likes."""
    eligibility: tuple[Mapping[str, Any], ...] = field(
        default=(
            {"kind": "age", "least": 16, "most": None, "reference_date": None},
            {"kind": "minor_consent", "age": 18},
            {"kind": "barred_titles", "titles": ["中华技能大奖", "全国技术能手"], "pending": True},
        )
    )
    """Rules of eligibility by kind, each with its own values; see `competitions/rules/eligibility.py`."""

    def stored(self) -> dict[str, Any]:
        """The form kept in the database."""
        return asdict(self)


def plain_number(amount: Any) -> bool:
    """Is this text a number of marks or seconds, such as 2 or 0.5?"""
    return re.fullmatch(r"\d{1,4}(\.\d{1,2})?", str(amount)) is not None


def rule_set(stored: Mapping[str, Any]) -> RuleSet:
    """The rules in a stored or uploaded form; what is not said has its default.

    Raises Refusal rule_unknown, rule_value_wrong with the field's name, prize_line_wrong, prize_cap_missing.
    """
    known = {field.name for field in fields(RuleSet)}
    for name in stored:
        if name not in known:
            raise Refusal("rule_unknown", name=name)
    values = dict(stored)
    for name in ("tie_breaks", "eligibility", "quotas", "review_levels", "comment_reasons", "prizes"):
        if name in values:
            values[name] = tuple(values[name])
    made = RuleSet(**values)
    checks = {
        "coach_honour": made.coach_honour in COACH_HONOURS,
        "prize_base": made.prize_base in PRIZE_BASES,
        "prize_cap": not made.prize_cap or plain_number(made.prize_cap),
        "score_places": 0 <= made.score_places <= 6,
        "tie_breaks": set(made.tie_breaks) <= set(TIE_BREAKS),
        "last_resort": made.last_resort in LAST_RESORTS,
        "judgement_spread": 0 <= made.judgement_spread <= 3,
        "panel_entry": made.panel_entry in PANEL_ENTRIES,
        "notice_days": 1 <= made.notice_days <= 60,
        "minimum_entries": made.minimum_entries >= 0,
        "photo": _photo_fits(made.photo),
        "late_minutes": 0 <= made.late_minutes <= 240,
        "comment_marks": set(made.comment_marks) <= set(COMMENT_KINDS)
        and all(plain_number(amount) for amount in made.comment_marks.values()),
        "comment_reasons": all(0 < len(reason) <= 60 for reason in made.comment_reasons),
        "floor_amounts": all(plain_number(amount) for amount in made.floor_amounts.values()),
        **{name: 0 <= getattr(made, name) <= 100 for name in ("recheck_top", "recheck_rest", "recheck_limit")},
        "review_levels": set(made.review_levels) <= set(LEVELS[:-1]),
        "coaches_most": made.coaches_most is None or 0 <= made.coaches_most <= 20,
        "full_division": made.full_division in BEYOND,
        "waiting_offers": made.waiting_offers in WAITING_OFFERS,
        "offer_hours": 1 <= made.offer_hours <= 720,
    }
    for name, fits in checks.items():
        if not fits:
            raise Refusal("rule_value_wrong", field=name, name=name)
    scheme_from(made.prizes, made.prize_cap)
    for one in made.quotas:
        quota(one)
    return made


def _photo_fits(photo: Mapping[str, Any]) -> bool:
    return (
        set(photo) == {"width", "height", "ground", "sharpness", "strict"}
        and all(100 <= photo[side] <= 2000 for side in ("width", "height"))
        and photo["ground"] in PHOTO_GROUNDS
        and 0 <= photo["sharpness"] <= 10_000
    )
