"""What each rule of eligibility can say: its options, so that a notice is entered in the browser; what a rule asks a person to state.

One description serves the form, the check of what was typed and the reading in words. The rules themselves: `eligibility.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalogue.rules.seniority import GRADES
from competitions.rules.applicants import Applicant
from competitions.rules.eligibility import KINDS
from foundation.refusal import Refusal

WAYS = ("work", "study", "live", "insured", "household")
CLASSES = ("worker", "teacher", "student", "other")
SEXES = ("1", "2")


@dataclass(frozen=True, slots=True)
class RuleOption:
    """One option: `number`, `day`, `words` (one a line), `many` or `one` of `values`, `yes`, or `by_sex` (a number for each)."""

    name: str
    form: str
    values: tuple[str, ...] = ()
    required: bool = False
    most: int = 200


_DAY = RuleOption("reference_date", "day")
_TITLES = RuleOption("titles", "words", required=True)
LIMITS = (RuleOption("classes", "many", CLASSES), RuleOption("events", "many"))
"""What every rule may be limited to; the events of the competition are offered by their codes."""
OPTIONS: dict[str, tuple[RuleOption, ...]] = {
    "age": (RuleOption("least", "number"), RuleOption("most", "number"), _DAY),
    "minor_consent": (RuleOption("age", "number"), _DAY),
    "barred_titles": (_TITLES, RuleOption("pending", "yes"), RuleOption("in_principle", "yes")),
    "identity_class": (RuleOption("any_of", "many", CLASSES, required=True),),
    "one_event": (),
    "born": (RuleOption("first", "day"), RuleOption("last", "day")),
    "working_age": (RuleOption("most", "by_sex", SEXES, required=True), _DAY),
    "documents": (RuleOption("any_of", "many", required=True),),
    "local": (RuleOption("ways", "many", WAYS, required=True), RuleOption("months", "number", most=1200), _DAY),
    "grade": (
        RuleOption("least", "one", tuple(GRADES), required=True),
        RuleOption("years", "number"),
        RuleOption("same_occupation", "text"),
        _DAY,
    ),
    "experience": (RuleOption("years", "number", required=True),),
    "contract": (),
    "insurance": (),
    "enrolment": (RuleOption("by", "day", required=True),),
    "full_time_student": (),
    "earlier_winners": (
        RuleOption("ranks", "number"),
        RuleOption("prizes", "words"),
        RuleOption("years", "number"),
        RuleOption("same_event", "yes"),
        RuleOption("without_reward", "yes"),
        _DAY,
    ),
    "titles_without_reward": (_TITLES,),
    "any_of": (),
    "all_of": (),
}
GROUPS = ("any_of", "all_of")
"""Kinds that hold rules of their own."""
STATEMENTS = {
    "work_since": "day",
    "study_since": "day",
    "live_since": "day",
    "insured_since": "day",
    "household_since": "day",
    "enrolled_since": "day",
    "grade_since": "day",
    "contract": "yes_no",
    "insurance": "yes_no",
    "full_time_student": "yes_no",
}
"""What people state beyond the register, and how it is answered."""


def checked_rule(kind: str, given: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A rule of what was typed: option → text, or list of texts. The rules inside a group stay.

    Raises Refusal eligibility_rule_unknown, rule_option_missing, rule_option_wrong with the option's name.
    """
    if kind not in KINDS:
        raise Refusal("eligibility_rule_unknown", kind=kind)
    made: dict[str, Any] = {"kind": kind}
    for option in (*OPTIONS[kind], *LIMITS):
        value = _value(option, given)
        if value in (None, "", [], {}):
            if option.required:
                raise Refusal("rule_option_missing", field=option.name, option=f"@rule_option:{option.name}")
            continue
        made[option.name] = value
    if kind in GROUPS:
        made["rules"] = list((before or {}).get("rules", ()))
    _check_order(made)
    return made


def _value(option: RuleOption, given: Mapping[str, Any]) -> Any:
    raw = given.get(option.name)
    if option.form == "many":
        chosen = [str(one) for one in raw or ()]
        return [one for one in chosen if not option.values or one in option.values]
    if option.form == "words":
        return list(dict.fromkeys(line.strip() for line in str(raw or "").splitlines() if line.strip()))
    if option.form == "yes":
        return True if raw else None
    if option.form == "by_sex":
        found = {sex: _number(option, given.get(f"{option.name}_{sex}")) for sex in option.values}
        return {sex: number for sex, number in found.items() if number is not None}
    text = str(raw or "").strip()
    if option.form == "number":
        return _number(option, text)
    if option.form == "day" and text:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as wrong:
            raise _wrong(option) from wrong
    if option.form == "one" and text not in (*option.values, ""):
        raise _wrong(option)
    return text


def _number(option: RuleOption, raw: Any) -> int | None:
    text = str(raw if raw is not None else "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > option.most:
        raise _wrong(option)
    return int(text)


def _wrong(option: RuleOption) -> Refusal:
    return Refusal("rule_option_wrong", field=option.name, option=f"@rule_option:{option.name}", most=option.most)


def _check_order(made: Mapping[str, Any]) -> None:
    for low, high in (("least", "most"), ("first", "last")):
        pair = made.get(low), made.get(high)
        if made["kind"] in ("age", "born") and all(value is not None for value in pair) and pair[0] > pair[1]:  # type: ignore[operator]
            raise Refusal("rule_option_reversed", field=high)


Path = tuple[int, ...]
"""Where a rule stands: `(2,)` is the third, `(2, 0)` the first inside it."""


def path_of(text: str) -> Path:
    """`2.0` as a path. Raises ValueError."""
    return tuple(int(part) for part in text.split(".") if part)


def rule_at(rules: Sequence[Mapping[str, Any]], path: Path) -> Mapping[str, Any] | None:
    """The rule at a path, or None."""
    found: Mapping[str, Any] | None = None
    for place in path:
        if not 0 <= place < len(rules):
            return None
        found = rules[place]
        rules = found.get("rules", ())
    return found


def with_rule(
    rules: Sequence[Mapping[str, Any]], path: Path, rule: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any], ...]:
    """The rules with the one at `path` put in place, added at the end of its group, or taken out (None)."""
    [place, *rest] = path
    made = list(rules)
    if rest:
        inner = with_rule(made[place].get("rules", ()), tuple(rest), rule)
        made[place] = {**made[place], "rules": list(inner)}
    elif rule is None:
        del made[place]
    elif place >= len(made):
        made.append(rule)
    else:
        made[place] = rule
    return tuple(made)


def needed(rules: Iterable[Mapping[str, Any]], applicant: Applicant) -> tuple[str, ...]:
    """What a person has to state for these rules, in a fixed order."""
    found: set[str] = set()
    for rule in rules:
        classes, events = rule.get("classes"), rule.get("events")
        if (classes and applicant.identity_class not in classes) or (events and applicant.event_code not in events):
            continue
        kind = rule.get("kind")
        if kind in GROUPS:
            found |= set(needed(rule.get("rules", ()), applicant))
        elif kind == "local":
            found |= {f"{way}_since" for way in rule.get("ways", ())}
        elif kind == "enrolment":
            found.add("enrolled_since")
        elif kind == "grade" and rule.get("years"):
            found.add("grade_since")
        elif kind in ("contract", "insurance", "full_time_student"):
            found.add(str(kind))
    return tuple(key for key in STATEMENTS if key in found)


def checked_statement(key: str, text: str, today: date) -> str:
    """A statement in its stored form. Raises Refusal statement_day_wrong, statement_yes_no."""
    given = text.strip()
    if not given:
        return ""
    if STATEMENTS[key] == "yes_no":
        if given not in ("yes", "no"):
            raise Refusal("statement_yes_no", field=key)
        return given
    try:
        day = date.fromisoformat(given)
    except ValueError as wrong:
        raise Refusal("statement_day_wrong", field=key) from wrong
    if not date(1900, 1, 1) <= day <= today:
        raise Refusal("statement_day_wrong", field=key)
    return day.isoformat()
