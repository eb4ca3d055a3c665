"""R8 in short, its planted holes, and the verifier's independence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks import r8_tampering, r8_verifier
from benchmarks.r8_tampering import campaigns
from tests.benchmarks.own_process import apart


@pytest.mark.timeout(600)
def test_every_tampering_is_found_and_a_verifier_with_a_hole_misses_some() -> None:
    holes = ("checkpoint", "leaves")
    assert set(holes) <= r8_verifier.CHECKS
    reports = apart(campaigns, 120, 8, holes, 60)
    whole = reports.pop("")
    assert (whole.missed, whole.total) == ([], 120)
    assert {"flip", "delete", "swap", "truncate", "rewrite", "export flip"} <= set(whole.made)
    assert [hole for hole in holes if not reports[hole].missed] == []


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
