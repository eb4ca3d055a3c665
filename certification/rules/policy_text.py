"""A policy file's content → a Policy, or every problem at once: which clause, which key, what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from catalogue.rules.seniority import HIGHEST_BY_COMPETITION, place
from certification.rules.policy import (
    Band,
    BandKind,
    Clause,
    Conditions,
    EdgePolicy,
    HeldRule,
    Limits,
    Outcome,
    Policy,
    Reaches,
)
from foundation.exact import Rounding, exact

FORMAT = 1
TIERS = ("world", "national", "provincial", "municipal", "county", "enterprise", "school")
CLASSES = ("class_1", "class_2", "class_3", "none")
DIVISIONS = ("worker", "student", "teacher", "open")
IDENTITY_CLASSES = ("worker", "teacher", "student", "other")
PARTS = ("theory", "practice")
GRADES = ("L5", "L4", "L3", "L2", "L1")
_REACH = ("tiers", "classes", "programmes", "lines", "divisions", "team_sizes")
POLICY_KEYS = (
    "format", "key", "title", "issuer", "document", "document_number", "region_code", "valid_from", "valid_until", "invented",
    "note", "edge", "held_grade", "needs_plan", "verify_declared", "notice_days", "limits", "clause", *_REACH,
)  # fmt: skip
CLAUSE_KEYS = (
    "key", "article", "source", "band", "grade", "held_grade", "cap", "may_apply", "title", "title_identity_classes", "honours",
    "first_member_only", "parts_passed", "identity_classes", "least_age", "least_field", "test_level", *_REACH,
)  # fmt: skip
BAND_KEYS = ("rank", "prize", "share", "rounding", "passed")
LIMIT_KEYS = ("once_per_year", "once_per_occupation", "cap")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]")
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: clause (empty for the head), key, code of the sentence, facts."""

    clause: str
    key: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class _Reading:
    """Reads one table and gathers what is wrong with it."""

    def __init__(self, data: Mapping[str, Any], clause: str, problems: list[Problem]) -> None:
        self.data, self.clause, self.problems = data, clause, problems

    def wrong(self, key: str, code: str, **facts: Any) -> None:
        self.problems.append(Problem(self.clause, key, code, facts))

    def known(self, keys: Iterable[str]) -> None:
        for key in self.data:
            if key not in keys:
                self.wrong(key, "policy_key_unknown", known=", ".join(keys))

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.data.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, "policy_not_text")
            return ""
        if needed and not value.strip():
            self.wrong(key, "policy_key_missing")
        return value.strip()

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, "policy_not_flag")
            return default
        return value

    def whole(self, key: str, default: int | None, *, least: int = 1) -> int | None:
        value = self.data.get(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.wrong(key, "policy_not_whole", least=least)
            return default
        return value

    def day(self, key: str) -> date | None:
        value = self.data.get(key)
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong(key, "policy_not_date")
            return None

    def texts(self, key: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.wrong(key, "policy_not_list")
            return ()
        for item in value:
            if allowed and item not in allowed:
                self.wrong(key, "policy_value_unknown", value=item, allowed=", ".join(allowed))
        return tuple(value)

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self.wrong(key, "policy_value_unknown", value=value, allowed=", ".join(allowed))
            return ""
        return value

    def choice(self, key: str, kind: type[_Choice], default: _Choice) -> _Choice:
        value = self.text(key)
        if not value:
            return default
        cleaned = value.replace(" ", "_")
        if cleaned not in {member.value for member in kind}:
            self.wrong(key, "policy_value_unknown", value=value, allowed=", ".join(member.value for member in kind))
            return default
        return kind(cleaned)

    def reaches(self) -> Reaches:
        sizes = self.data.get("team_sizes", [])
        if not isinstance(sizes, list) or not all(type(size) is int and size >= 1 for size in sizes):
            self.wrong("team_sizes", "policy_not_sizes")
            sizes = []
        return Reaches(
            tiers=self.texts("tiers", TIERS), classes=self.texts("classes", CLASSES), programmes=self.texts("programmes"),
            lines=self.texts("lines"), divisions=self.texts("divisions", DIVISIONS), team_sizes=tuple(sizes),
        )  # fmt: skip

    def table(self, key: str, known: tuple[str, ...]) -> _Reading:
        value = self.data.get(key, {})
        if not isinstance(value, Mapping):
            self.wrong(key, "policy_not_table")
            value = {}
        inner = _Reading(value, self.clause, self.problems)
        inner.known(known)
        return inner


def parse(content: Mapping[str, Any]) -> tuple[Policy | None, tuple[Problem, ...]]:
    """The policy in `content` and everything wrong with it; the policy is None when anything is."""
    problems: list[Problem] = []
    head = _Reading(content, "", problems)
    head.known(POLICY_KEYS)
    if content.get("format") != FORMAT:
        head.wrong("format", "policy_format_unknown", format=FORMAT)
    key = head.text("key", needed=True)
    if key and not _KEY.fullmatch(key):
        head.wrong("key", "policy_key_shape")
    region = head.text("region_code")
    if region and not re.fullmatch(r"\d{6}", region):
        head.wrong("region_code", "policy_region_shape")
    valid_from, valid_until = head.day("valid_from"), head.day("valid_until")
    if valid_from and valid_until and valid_until < valid_from:
        head.wrong("valid_until", "policy_dates_reversed")
    limits = head.table("limits", LIMIT_KEYS)
    cap = limits.one_of("cap", GRADES) or HIGHEST_BY_COMPETITION
    held = head.choice("held_grade", HeldRule, HeldRule.NOT_STATED)
    policy = Policy(
        key=key, title=head.text("title", needed=True), issuer=head.text("issuer", needed=True),
        document=head.text("document", needed=True), document_number=head.text("document_number"), region_code=region,
        valid_from=valid_from, valid_until=valid_until, clauses=_clauses(head, held, cap), reaches=head.reaches(),
        limits=Limits(limits.flag("once_per_year", False), limits.flag("once_per_occupation", False), cap),
        edge=head.choice("edge", EdgePolicy, EdgePolicy.INCLUDE_ALL), needs_plan=head.flag("needs_plan", True),
        verify_declared=head.flag("verify_declared", True), notice_days=head.whole("notice_days", 5) or 5,
        invented=head.flag("invented", False), note=head.text("note"),
    )  # fmt: skip
    return (None if problems else policy), tuple(problems)


def _clauses(head: _Reading, held: HeldRule, cap: str) -> tuple[Clause, ...]:
    listed = head.data.get("clause", [])
    if not isinstance(listed, list) or not listed or not all(isinstance(item, Mapping) for item in listed):
        head.wrong("clause", "policy_no_clauses")
        return ()
    found: dict[str, Clause] = {}
    for number, item in enumerate(listed, start=1):
        name = item.get("key") if isinstance(item.get("key"), str) else ""
        reading = _Reading(item, name or f"#{number}", head.problems)
        clause = _clause(reading, held, cap)
        if clause.key in found:
            reading.wrong("key", "policy_clause_twice")
        found[clause.key] = clause
    return tuple(found.values())


def _clause(reading: _Reading, held: HeldRule, cap: str) -> Clause:
    reading.known(CLAUSE_KEYS)
    key = reading.text("key", needed=True)
    if key and not _KEY.fullmatch(key):
        reading.wrong("key", "policy_key_shape")
    outcome = Outcome(
        grade=reading.one_of("grade", GRADES), held_rule=reading.choice("held_grade", HeldRule, held),
        cap=reading.one_of("cap", GRADES) or cap, may_apply=reading.one_of("may_apply", GRADES), title=reading.text("title"),
        title_identity_classes=reading.texts("title_identity_classes", IDENTITY_CLASSES), honours=reading.texts("honours"),
        first_member_only=reading.flag("first_member_only", False),
    )  # fmt: skip
    if not (outcome.brings_grade or outcome.title or outcome.honours):
        reading.wrong("grade", "policy_brings_nothing")
    if outcome.grade and place(outcome.grade) > place(outcome.cap):
        reading.wrong("cap", "policy_above_cap", grade=outcome.grade, cap=outcome.cap)
    conditions = Conditions(
        parts=reading.texts("parts_passed", PARTS),
        identity_classes=reading.texts("identity_classes", IDENTITY_CLASSES),
        least_age=reading.whole("least_age", None), least_field=reading.whole("least_field", None),
        test_level=reading.one_of("test_level", GRADES),
    )  # fmt: skip
    return Clause(
        key=key, article=reading.text("article"), source=reading.text("source", needed=True), band=_band(reading),
        outcome=outcome, reaches=reading.reaches(), conditions=conditions,
    )  # fmt: skip


def _band(clause: _Reading) -> Band:
    band = clause.table("band", BAND_KEYS)
    said = [key for key in ("rank", "prize", "share", "passed") if key in band.data]
    if len(said) != 1:
        clause.wrong("band", "policy_band_one")
        return Band(BandKind.RANK)
    match said[0]:
        case "rank":
            return _rank(band)
        case "prize":
            prizes = band.texts("prize")
            if not prizes:
                band.wrong("prize", "policy_not_list")
            return Band(BandKind.PRIZE, prizes=prizes)
        case "share":
            return _share(band)
        case _:
            if not band.flag("passed", True):
                band.wrong("passed", "policy_band_one")
            return Band(BandKind.PASSED)


def _rank(band: _Reading) -> Band:
    value = band.data["rank"]
    whole = isinstance(value, list) and len(value) in (1, 2) and all(type(end) is int and end >= 1 for end in value)
    if not whole or (len(value) == 2 and value[1] < value[0]):
        band.wrong("rank", "policy_not_ranks")
        return Band(BandKind.RANK)
    return Band(BandKind.RANK, first=value[0], last=value[1] if len(value) == 2 else None)


def _share(band: _Reading) -> Band:
    try:
        percent = exact(str(band.data["share"]))
    except ValueError:
        percent = Fraction(0)
    if not 0 < percent <= 100:
        band.wrong("share", "policy_not_share")
    if "rounding" not in band.data:
        band.wrong("rounding", "policy_rounding_missing")
    return Band(BandKind.SHARE, percent=percent, rounding=band.choice("rounding", Rounding, Rounding.DOWN))
