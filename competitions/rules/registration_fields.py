"""The extra fields of a registration form (报名表附加项): which kinds there are, to whom each applies, what an answer may be.

A notice asks for more than a certificate needs: sizes, meals, arrival, insurance, a signed declaration. Each is data of the
competition; this module decides what a value means, so that form, import and export agree. A field is about a person, about an
entry as a whole (a team's name), or about a delegation (the head of an enterprise's form: 经办人, 联系电话, 岗位类型).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foundation.refusal import Refusal

KINDS = ("text", "choice", "date", "declaration", "file")
ABOUT = ("member", "entry", "delegation")
FILLED_BY = ("candidate", "leader", "organizer")
NEEDED_BY = ("submission", "start")
LONGEST = 500
YES = "yes"
_YES = {"yes", "y", "true", "1", "on", "是", "同意", "已签", "√", "✓"}
_NO = {"", "no", "n", "false", "0", "否", "不同意", "×"}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: its code and its names."""

    code: str
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a decision needs it. An empty condition means: for everybody."""

    key: str
    kind: str
    filled_by: str = "candidate"
    required: bool = False
    needed_by: str = "submission"
    options: tuple[Option, ...] = ()
    event_id: UUID | None = None
    division_kind: str = ""
    identity_class: str = ""
    about: str = "member"


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom a field is asked: the event, kind of division and identity class of a member; an entry has no class, a delegation nothing."""

    event_id: UUID | None = None
    division_kind: str = ""
    identity_class: str = ""
    about: str = "member"


def applies(field: Field, subject: Subject) -> bool:
    """Is the field asked of this member, entry or delegation?"""
    return (
        field.about == subject.about
        and (field.event_id is None or field.event_id == subject.event_id)
        and (not field.division_kind or field.division_kind == subject.division_kind)
        and (not field.identity_class or field.identity_class == subject.identity_class)
    )


def may_fill(field: Field, capacity: str) -> bool:
    """May a candidate, leader or organizer fill it in? Whoever stands higher may do what those below may."""
    return FILLED_BY.index(capacity) >= FILLED_BY.index(field.filled_by)


def checked_value(field: Field, given: str) -> str:
    """An answer in its stored form: the code of a choice (its name in either language is understood), an ISO date, `yes`.

    Empty means: not answered. A file is never an answer in text: its answer is the id the store gave it.
    Raises Refusal field_choice_unknown, field_date_wrong, field_text_long, field_yes_or_no.
    """
    text = " ".join(given.split()) if field.kind != "text" else given.strip()
    if not text:
        return ""
    if field.kind == "choice":
        return _choice(field, text)
    if field.kind == "date":
        return _date(field, text)
    if field.kind == "declaration":
        low = text.casefold()
        if low not in _YES and low not in _NO:
            raise Refusal("field_yes_or_no", field=field.key)
        return YES if low in _YES else ""
    if len(text) > LONGEST:
        raise Refusal("field_text_long", field=field.key, most=LONGEST)
    return text


def _choice(field: Field, text: str) -> str:
    for option in field.options:
        if text == option.code or text in (option.zh, option.en):
            return option.code
    low = text.casefold()
    for option in field.options:
        if low in (option.code.casefold(), option.en.casefold()):
            return option.code
    raise Refusal("field_choice_unknown", field=field.key, given=text[:40])


def _date(field: Field, text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        raise Refusal("field_date_wrong", field=field.key)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError as wrong:
        raise Refusal("field_date_wrong", field=field.key) from wrong


def open_fields(
    fields: Iterable[Field], answers: Mapping[str, str], subject: Subject, *, stage: str
) -> tuple[str, ...]:
    """The keys of required fields that have no answer yet at a stage (`submission` or `start`), in order."""
    due = NEEDED_BY[: NEEDED_BY.index(stage) + 1]
    return tuple(
        field.key
        for field in fields
        if field.required and field.needed_by in due and applies(field, subject) and not answers.get(field.key)
    )


def checked_definition(field: Field) -> Field:
    """A field that makes sense.

    Raises Refusal field_kind_unknown, field_options_missing, field_options_twice, field_condition_wrong: an entry has no identity
    class, a delegation no event either, and no candidate answers for a delegation.
    """
    known = (
        field.kind in KINDS
        and field.filled_by in FILLED_BY
        and field.needed_by in NEEDED_BY
        and field.about in ABOUT
        and re.fullmatch(r"[a-z][a-z0-9_]{0,39}", field.key) is not None
    )
    if not known:
        raise Refusal("field_kind_unknown", field="kind")
    if field.about != "member" and field.identity_class:
        raise Refusal("field_condition_wrong", field="identity_class")
    if field.about == "delegation":
        if field.event_id or field.division_kind:
            raise Refusal("field_condition_wrong", field="event_id")
        if field.filled_by == "candidate":
            raise Refusal("field_condition_wrong", field="filled_by")
    if field.kind == "choice" and len(field.options) < 2:
        raise Refusal("field_options_missing", field="options")
    names = [name for option in field.options for name in {option.code, option.zh, option.en} if name]
    if len(names) != len(set(names)):
        raise Refusal("field_options_twice", field="options")
    return field
