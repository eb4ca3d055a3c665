"""Which marks need a written reason."""

from __future__ import annotations

import pytest

from competitions.rules.comments import reason_owed
from competitions.rules.rule_set import RuleSet, rule_set
from foundation.refusal import Refusal

USUAL = RuleSet().comment_marks


@pytest.mark.parametrize(
    ("kind", "value", "note", "owed"),
    [
        ("judgement", "0", "", True), ("judgement", "0", "  ", True), ("judgement", "0", "焊瘤", False), ("judgement", "1", "", False),
        ("judgement", "NA", "", False), ("judgement", "NJ", "", False), ("judgement", None, "", False), ("points", "0", "", False),
    ],
)  # fmt: skip
def test_by_default_a_judgement_of_zero_needs_a_reason(kind: str, value: str | None, note: str, owed: bool) -> None:
    assert reason_owed(USUAL, kind, value, note) is owed


def test_a_notice_sets_other_limits() -> None:
    assert reason_owed({"points": "5.5"}, "points", "5.5", "")
    assert not reason_owed({"points": "5.5"}, "points", "5.51", "")
    assert not reason_owed({}, "judgement", "0", "")
    with pytest.raises(Refusal, match="rule_value_wrong"):
        rule_set({"comment_marks": {"judgment": "0"}})
