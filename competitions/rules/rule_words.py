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
    "prize_cap", "prize_base", "prizes_below_minimum", "succession", "photo", "age_least", "age_most", "age_reference_date", "consent_age",
    "barred_titles", "barred_pending",
    "quotas", "full_division", "waiting_offers", "offer_hours",
)  # fmt: skip
"""Every rule that a form asks for, in the order of a notice."""


def values_of(rules: RuleSet) -> dict[str, Any]:
    """Each rule of `NAMES` with its value; None where the notice sets no limit."""
    found: dict[str, Any] = {name: getattr(rules, name, None) for name in NAMES}
    for rule in rules.eligibility:
        for key, name in _ELIGIBILITY.get(str(rule.get("kind")), {}).items():
            value = rule.get(key)
            found[name] = tuple(value) if isinstance(value, (list, tuple)) else value
    found["tie_breaks"] = tuple(rules.tie_breaks)
    found["quotas"] = tuple(rules.quotas)
    return found


def eligibility_from(values: Mapping[str, Any], before: RuleSet) -> tuple[dict[str, Any], ...]:
    """The eligibility rules of a form's values. Kinds the form does not know stay as they were; no value, no rule."""
    made: list[dict[str, Any]] = []
    if values.get("age_least") is not None or values.get("age_most") is not None:
        made.append(
            {
                "kind": "age",
                "least": values.get("age_least"),
                "most": values.get("age_most"),
                "reference_date": values.get("age_reference_date"),
            }
        )
    if values.get("consent_age") is not None:
        made.append({"kind": "minor_consent", "age": values["consent_age"]})
    if values.get("barred_titles"):
        pending = bool(values.get("barred_pending"))
        made.append({"kind": "barred_titles", "titles": list(values["barred_titles"]), "pending": pending})
    kept = [dict(rule) for rule in before.eligibility if rule.get("kind") not in _ELIGIBILITY]
    return (*made, *kept)


def differences(before: RuleSet, after: RuleSet) -> list[tuple[str, Any, Any]]:
    """(rule, value before, value after) for each rule that differs, in the order of `NAMES`."""
    old, new = values_of(before), values_of(after)
    return [(name, old[name], new[name]) for name in NAMES if old[name] != new[name]]
