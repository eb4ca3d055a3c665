"""R8 in short, its planted holes, and the verifier's independence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks import r8_tampering, r8_verifier
from benchmarks.r8_tampering import campaign
from tests.benchmarks.own_process import apart


def test_every_tampering_is_found() -> None:
    report = apart(campaign, 250, seed=8)
    assert (report.missed, report.total) == ([], 250)
    assert {"flip", "delete", "swap", "truncate", "rewrite", "export flip"} <= set(report.made)


@pytest.mark.parametrize("hole", ["checkpoint", "leaves"])
def test_a_verifier_without_one_of_its_checks_misses_some(hole: str) -> None:
    assert hole in r8_verifier.CHECKS
    assert apart(campaign, 120, seed=9, leave_out=hole).missed != []


def test_the_verifier_shares_no_line_with_the_application() -> None:
    tree = ast.parse(Path(r8_verifier.__file__).read_text(encoding="utf-8"))
    names = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {(name or "").split(".")[0] for name in names} <= {
        "__future__",
        "csv",
        "hashlib",
        "io",
        "json",
        "sqlite3",
        "collections",
        "datetime",
    }
    assert r8_tampering.verifier is r8_verifier
