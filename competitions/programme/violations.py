"""The shipped kinds of violations on the floor; a rule set may give them other amounts."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from competitions.rules.floor import Violation
from foundation.exact import exact

_VIOLATIONS = Path(__file__).resolve().parents[2] / "data" / "floor" / "violations.csv"


@lru_cache(maxsize=1)
def violation_kinds() -> dict[str, Violation]:
    """The kinds by key, in the file's order."""
    with _VIOLATIONS.open(encoding="utf-8", newline="") as lines:
        return {
            row["key"]: Violation(
                row["key"], row["effect"], exact(row["amount"]), exact(row["cap"]) if row["cap"] else None, row["name_zh"],
                row["name_en"],
            )
            for row in csv.DictReader(lines)
        }  # fmt: skip
