"""A rule set as single named values: to read it in words, and to say what a new version changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competitions.rules.rule_set import RuleSet

_ELIGIBILITY = {
    "age": {"least": "age_least", "most": "age_most", "reference_date": "age_reference_date"},
    "minor_consent": {"age": "consent_age"},
    "barred_titles": {"titles": "barred_titles", "pending": "barred_pending"},
}
NAMES = (
    "score_places", "tie_breaks", "last_resort", "judgement_spread", "panel_entry", "paired_tablets_only", "notice_days", "minimum_entries",
    "late_minutes", "comment_marks", "comment_changes", "comment_reasons", "floor_deductions", "floor_amounts", "recheck_top", "recheck_rest", "recheck_limit", "rewards_enabled", "prizes",
    "prize_cap", "prize_base", "prizes_below_minimum", "coach_honour", "succession", "photo", "age_least", "age_most", "age_reference_date", "consent_age",
    "barred_titles", "barred_pending",
    "quotas", "review_levels", "units_open", "coaches_most", "full_division", "waiting_offers", "offer_hours",
)  # fmt: skip
"""Every rule that a form asks for, in the order of a notice."""


def values_of(rules: RuleSet) -> dict[str, Any]:
    """Each rule of `NAMES` with its value; None where the notice sets no limit."""
    found: dict[str, Any] = {name: getattr(rules, name, None) for name in NAMES}
    for kind, names in _ELIGIBILITY.items():
        rule = next((one for one in rules.eligibility if _plain(one, kind)), {})
        for key, name in names.items():
            value = rule.get(key)
            found[name] = tuple(value) if isinstance(value, (list, tuple)) else value
    found["tie_breaks"] = tuple(rules.tie_breaks)
    found["quotas"], found["review_levels"] = tuple(rules.quotas), tuple(rules.review_levels)
    return found


def _plain(rule: Mapping[str, Any], kind: str) -> bool:
    """Is this the rule of a kind that the form shows: one for everybody?"""
    return rule.get("kind") == kind and not rule.get("classes") and not rule.get("events")


def eligibility_from(values: Mapping[str, Any], before: RuleSet) -> tuple[dict[str, Any], ...]:
    """The eligibility rules of a form's values, each in its place; no value, no rule. What the form does not show stays as it was."""
    made = [dict(rule) for rule in before.eligibility]
    new: list[dict[str, Any]] = []
    for kind, names in _ELIGIBILITY.items():
        place = next((place for place, rule in enumerate(made) if _plain(rule, kind)), None)
        said = {key: values.get(name) for key, name in names.items()}
        wanted = (
            bool(said.get("titles"))
            if kind == "barred_titles"
            else any(said.get(k) is not None for k in ("least", "most", "age"))
        )
        if kind == "barred_titles":
            said |= {"titles": list(said["titles"] or ()), "pending": bool(said["pending"])}
        if place is None and wanted:
            new.append({"kind": kind, **said})
        elif place is not None:
            made[place] = {**made[place], **said} if wanted else {}
    return (*new, *(rule for rule in made if rule))


def differences(before: RuleSet, after: RuleSet) -> list[tuple[str, Any, Any]]:
    """(rule, value before, value after) for each rule that differs, in the order of `NAMES`."""
    old, new = values_of(before), values_of(after)
    found = [(name, old[name], new[name]) for name in NAMES if old[name] != new[name]]
    if not found and tuple(before.eligibility) != tuple(after.eligibility):
        found.append(("eligibility", len(before.eligibility), len(after.eligibility)))
    return found
