"""A page never shows a raw code: every prefix that a template or a spreadsheet asks for has its sentences."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

import foundation.translation as translation
from accounts.access.roles import Role
from accounts.people.models import Basis
from certification.rules.certificate_states import CertificateState
from certification.rules.facts import FactBasis
from certification.rules.facts import Verdict as AwardVerdict
from certification.rules.lifecycle import CaseState, ListState
from certification.rules.policy import EdgePolicy, HeldRule
from competitions.entries.models.entries import Attendance
from competitions.publications.models import PublicationKind
from competitions.rules.eligibility import Answer
from competitions.rules.lifecycle import CompetitionState, DutyState, EntryState, SheetState
from competitions.rules.scoring.aspects import AspectKind
from competitions.schemes.models import SchemeState
from foundation.jobs.models import JobState

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PACKAGES = ("foundation", "catalogue", "accounts", "competitions", "certification")


def _prefix(call: nodes.Filter) -> tuple[str, str] | None:
    """(prefix, whole code or nothing) of one `| code`; None when the code is not known before the page is made."""
    if call.args:
        first = call.args[0]
        assert isinstance(first, nodes.Const), f"line {call.lineno}: the prefix of a code is written out"
        whole = f"{first.value}:{call.node.value}" if isinstance(call.node, nodes.Const) else ""
        return str(first.value), whole
    inner = call.node
    if isinstance(inner, nodes.Const):
        return "", str(inner.value)
    if isinstance(inner, nodes.Concat) and isinstance(start := inner.nodes[0], nodes.Const):
        text = str(start.value)
        return (text.rstrip(":"), "") if text.endswith(":") else None
    return None


def _in_templates(environment: Environment) -> Iterator[tuple[str, str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        tree = environment.parse(path.read_text(encoding="utf-8"), name)
        for call in tree.find_all(nodes.Filter):
            if call.name == "code" and (found := _prefix(call)):
                yield f"{name}:{call.lineno}", *found
            if call.name == "map" and len(call.args) == 2:
                what, prefix = (argument.value for argument in call.args if isinstance(argument, nodes.Const))
                if what == "code":
                    yield f"{name}:{call.lineno}", str(prefix), ""


def _in_code() -> Iterator[tuple[str, str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "show_code"):
                    continue
                if len(node.args) == 2 and isinstance(last := node.args[1], ast.Constant):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", str(last.value), ""


def test_every_prefix_that_is_shown_has_sentences(app: Flask) -> None:
    codes = set(translation.all_sentences())
    prefixes = {code.rpartition(":")[0] for code in codes} | {code.partition(":")[0] for code in codes if ":" in code}
    asked = [*_in_templates(app.jinja_env), *_in_code()]
    assert len(asked) > 100
    assert [(place, prefix) for place, prefix, _whole in asked if prefix and prefix not in prefixes] == []
    assert [(place, whole) for place, _prefix, whole in asked if whole and whole not in codes] == []


@pytest.mark.parametrize(
    ("prefix", "known"),
    [
        ("role", Role),
        ("basis", Basis),
        ("record_basis", Basis),
        ("award_basis", FactBasis),
        ("award_verdict", AwardVerdict),
        ("award_case_state", CaseState),
        ("award_list_state", ListState),
        ("edge", EdgePolicy),
        ("held_rule", HeldRule),
        ("certificate_state", CertificateState),
        ("verdict", Answer),
        ("attendance", Attendance),
        ("publication_kind", PublicationKind),
        ("competition_state", CompetitionState),
        ("duty_state", DutyState),
        ("entry_state", EntryState),
        ("sheet_state", SheetState),
        ("scheme_state", SchemeState),
        ("aspect_kind", AspectKind),
        ("job_state", JobState),
    ],
)
def test_every_value_of_a_list_has_its_sentence(app: Flask, prefix: str, known: type[StrEnum]) -> None:
    assert [value for value in known if not translation.known(f"{prefix}:{value}")] == []
