"""Every published deduction, sheet and structure is data here, or listed with the reason; the document says the same."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from competitions.rules.scoring.aspects import AspectRule, aspect_points, checked_value, option_problems
from competitions.rules.totals import PartRule, PartScore, total_of
from tests.rules.competitions.scoring.test_published import rows_of

RULES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "published_rules.toml").read_text(encoding="utf-8")
)
EVERY = [one for part in RULES.values() for one in part]
DOCUMENT = Path(__file__).parents[4] / "docs" / "published-rules.md"
HEAD = """# Published rules as data

Deductions (X), marking sheets (Q) and structures (D) of published technical documents, each said as data: an aspect's method and
options, marks of criteria, or weights of parts; or why none of these says it. A test holds this table to its source, computes the
examples, and compares the list with the published files where they lie.

| rule | as data | or why not, and what else |
| --- | --- | --- |
"""


def document() -> str:
    """The document as it should be."""
    lines = []
    for one in EVERY:
        said = []
        if "parts" in one:
            said.append("parts " + " / ".join(f"{weight} %" for weight in one["parts"]))
        if "criteria" in one:
            said.append("criteria " + " / ".join(one["criteria"]))
        if "method" in one:
            options = ", ".join(f"{name} {value}" for name, value in one.get("options", {}).items())
            said.append(f"`{one['method']}`" + (f" {options}" if options else ""))
        if "marks" in one:
            said.append("aspects of " + ", ".join(one["marks"]))
        lines.append(f"| {one['id']} | {'; '.join(said) or '–'} | {one.get('else', one.get('more', ''))} |")
    return HEAD + "\n".join(lines) + "\n"


@pytest.mark.parametrize("one", [one for one in EVERY if "cases" in one], ids=lambda one: one["id"])
def test_an_aspect_says_it(one: dict[str, Any]) -> None:
    most = Fraction(one.get("max", "100"))
    rule = AspectRule(one["method"], most, one["options"])
    assert list(option_problems(one["method"], one["options"], None if rule.kind == "deduction" else most)) == []
    found = {
        marks: aspect_points(rule, [checked_value(rule, mark) for mark in marks.split()]).value
        for marks in one["cases"]
    }
    assert found == {marks: Fraction(value) for marks, value in one["cases"].items()}


@pytest.mark.parametrize(
    "one", [one for one in EVERY if "parts" in one or "criteria" in one], ids=lambda one: one["id"]
)
def test_weights_sum_to_a_hundred(one: dict[str, Any]) -> None:
    if "criteria" in one:
        assert sum(map(Fraction, one["criteria"])) == 100
    for weight in [one["parts"]] if "parts" in one else []:
        parts = [PartRule(str(n), Decimal(100), Fraction(share) / 100, None) for n, share in enumerate(weight)]
        assert total_of([PartScore(part, Fraction(100)) for part in parts], places=2).shown == 100


def test_each_is_said_or_says_why_not() -> None:
    said = {"cases", "parts", "criteria", "marks"}
    assert [one["id"] for one in EVERY if bool(said & set(one)) == ("else" in one)] == []


def test_the_document_says_what_the_source_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


@pytest.mark.parametrize(
    ("part", "file", "column"),
    [
        ("rule", "deduction_rules.csv", "rule_id"),
        ("sheet", "scoring_sheets.csv", "sheet_id"),
        ("structure", "scoring_structures.csv", "doc_id"),
    ],
)
def test_no_published_row_is_left_out(part: str, file: str, column: str) -> None:
    published = rows_of(file)
    assert [one["id"] for one in RULES[part]] == list(dict.fromkeys(row[column] for row in published))
    for one in RULES[part]:
        if "marks" in one:
            assert one["marks"] == [row["points"] for row in published if row[column] == one["id"]]
