"""The house keeps its own rules: contracts, sizes, types, states, sentences."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import DateTime, Float, Numeric

import foundation.translation as translation
from competitions.rules import lifecycle
from foundation.db import APPEND_ONLY, Base
from foundation.web import catalogues

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("foundation", "catalogue", "accounts", "competitions", "certification")
# Longer than 400 lines, each with its reason in its docstring.
LONGER_WITH_REASON: set[str] = set()


def modules() -> Iterator[Path]:
    for package in (*PACKAGES, "demo"):
        yield from sorted((ROOT / package).rglob("*.py"))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in modules():
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_no_module_passes_400_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert {name: n for name, n in long.items() if name not in LONGER_WITH_REASON} == {}


def test_init_files_are_empty() -> None:
    assert [str(p) for p in modules() if p.name == "__init__.py" and p.stat().st_size] == []


def test_no_junk_drawers() -> None:
    banned = {"utils", "util", "helpers", "common", "misc", "core", "base", "manager"}
    assert [str(p) for p in modules() if p.stem in banned or banned & set(p.relative_to(ROOT).parts[:-1])] == []


def test_every_room_stands_in_a_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rooms = {
        f"{package}.{path.name}"
        for package in PACKAGES
        for path in (ROOT / package).iterdir()
        if path.is_dir() and (path / "models.py").exists()
    }
    inside = next(c for c in contracts if c["name"] == "Inside every room the same order")["containers"]
    assert sorted(rooms - set(inside)) == []


def test_models_use_exact_types_alone() -> None:
    wrong = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, (Numeric, Float, DateTime))
    ]
    assert wrong == []


def test_every_foreign_key_to_and_from_an_append_only_table_restricts() -> None:
    loose = [
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if (table.name in APPEND_ONLY or key.column.table.name in APPEND_ONLY)
        and key.ondelete not in (None, "RESTRICT")
    ]
    assert loose == []


def test_states_are_set_in_actions_alone() -> None:
    found = []
    for path, tree in trees():
        if path.name in ("actions.py", "ledger.py") or "actions" in path.parts:
            continue
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(part, ast.Attribute) and part.attr == "state" for part in flat):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_only_actions_open_transactions() -> None:
    allowed = {"actions.py", "ledger.py", "db.py", "group_commit.py", "chain.py"}
    found = [
        str(path.relative_to(ROOT))
        for path, tree in trees()
        if path.name not in allowed
        and "actions" not in path.parts
        and "demo" not in path.parts
        and any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "transaction"
            for node in ast.walk(tree)
        )
    ]
    assert found == []


def refusal_codes() -> Iterator[tuple[str, str]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            if node.func.id in {"Refusal", "Missing", "Conflict", "Forbidden"} and isinstance(first, str):
                yield first, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_refusal_has_a_sentence(app: Flask) -> None:
    assert [place for code, place in refusal_codes() if not translation.known(code)] == []


def test_every_audit_verb_has_a_sentence(app: Flask) -> None:
    verbs = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record":
                verb = node.args[1] if len(node.args) > 1 else None
                for part in [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]:
                    if isinstance(part, ast.Constant) and not translation.known(f"audit:{part.value}"):
                        verbs.append(f"{path.relative_to(ROOT)}:{node.lineno} {part.value}")
    assert verbs == []


def test_every_state_and_move_has_a_sentence(app: Flask) -> None:
    codes = [f"{table.noun}_state:{state}" for table in lifecycle.LIFECYCLES for state in table.states()]
    codes += [f"{table.noun}_move:{move}" for table in lifecycle.LIFECYCLES for _, move in table.moves]
    assert [code for code in codes if not translation.known(code)] == []


def test_sentences_name_their_facts_as_words(app: Flask) -> None:
    unnamed = [code for code, text in translation.all_sentences().items() if re.search(r"%[sd]|\{", text)]
    assert unnamed == []


def test_translations_are_complete() -> None:
    assert catalogues.problems() == []


@pytest.mark.parametrize("table", lifecycle.LIFECYCLES, ids=lambda table: table.noun)
def test_every_move_that_is_not_in_the_table_is_refused(table: lifecycle.Lifecycle) -> None:
    moves = {move for _, move in table.moves}
    for state in table.states():
        for move in moves:
            if (state, move) in table.moves:
                assert table.advance(state, move) == table.moves[state, move]
            else:
                with pytest.raises(Exception, match="move_not_allowed"):
                    table.advance(state, move)


def test_nothing_committed_names_a_registry_or_this_machine() -> None:
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    banned = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|--(extra-)?index-url[ =]|" + re.escape(f"{ROOT}/")
    )
    hits = []
    for name in listed:
        path = ROOT / name
        if (
            path.suffix in {".png", ".jpg", ".woff2", ".xlsx", ".pdf", ".otf"}
            or name == "tests/architecture/test_house.py"
            or not path.exists()
        ):
            continue
        if banned.search(path.read_text(encoding="utf-8", errors="ignore")):
            hits.append(name)
    assert hits == []
