"""Loading policy files, versions, force; the sentences of a broken file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask

from certification.policies import actions, queries
from certification.policies.reading import FOLDER, read_policy, told
from foundation.permission import MACHINE, Actor
from foundation.refusal import Refusal
from tests.factories.accounts import make_person


def test_loading_twice_changes_nothing_and_a_changed_file_is_the_next_version(app: Flask, at: datetime) -> None:
    first = actions.load_policies(actor=MACHINE, at=at)
    assert actions.load_policies(actor=MACHINE, at=at) == first
    assert sorted(first) == ["henan-2023-class-1", "henan-2023-class-2", "jiangzhou-2026", "tianjin-2024"]
    text = (FOLDER / "tianjin-2024.toml").read_text(encoding="utf-8")
    assert (
        actions.load_policy(read_policy(b"# comment\n" + text.encode(), "t"), actor=MACHINE, at=at)
        == first["tianjin-2024"]
    )
    changed = text.replace("rank = [1, 10]", "rank = [1, 8]")
    second = actions.load_policy(read_policy(changed.encode(), "t"), actor=MACHINE, at=at)
    assert [row.number for row in queries.policy_versions() if row.key == "tianjin-2024"] == [2, 1]
    assert second != first["tianjin-2024"]


def test_force_is_a_persons_act_and_retires_the_version_before(app: Flask, at: datetime) -> None:
    person = Actor(make_person())
    first = actions.load_policies(actor=MACHINE, at=at)["jiangzhou-2026"]
    ask = {"region_code": "320000", "tier": "provincial", "competition_class": "class_1", "on": date(2026, 11, 1)}
    assert queries.policy_in_force(**ask) is None  # type: ignore[arg-type]
    actions.put_in_force(first, actor=person, at=at)
    found = queries.policy_in_force(**ask)  # type: ignore[arg-type]
    assert found is not None
    assert (found.id, found.in_force_by) == (first, person.person)
    text = (FOLDER / "jiangzhou-2026.toml").read_text(encoding="utf-8").replace("notice_days = 5", "notice_days = 7")
    second = actions.load_policy(read_policy(text.encode(), "j"), actor=MACHINE, at=at)
    actions.put_in_force(second, actor=person, at=at)
    assert [row.id for row in queries.policies_in_force(region_code="320000")] == [second]
    with pytest.raises(Refusal, match="policy_retired"):
        actions.put_in_force(first, actor=person, at=at)


BROKEN = """format = 1
key = "broken"
title = "t"
issuer = "i"
document = "d"
colour = "red"
[[clause]]
key = "a-1"
source = "s"
band = { rank = [5, 1] }
grade = "L9"
[[clause]]
key = "a-1"
source = "s"
band = { share = "30" }
grade = "L2"
cap = "L3"
"""


def test_a_broken_file_is_told_in_sentences_all_at_once(app: Flask, at: datetime) -> None:
    read = read_policy(BROKEN.encode(), "broken.toml")
    assert [(p.clause, p.key, p.code) for p in read.problems] == [
        ("", "colour", "policy_key_unknown"), ("a-1", "grade", "policy_value_unknown"), ("a-1", "grade", "policy_brings_nothing"),
        ("a-1", "rank", "policy_not_ranks"), ("a-1", "cap", "policy_above_cap"), ("a-1", "rounding", "policy_rounding_missing"),
        ("a-1", "key", "policy_clause_twice"),
    ]  # fmt: skip
    with app.test_request_context():
        assert told(read.problems[3], "broken.toml").startswith("broken.toml，条款“a-1”，键“rank”：名次写作")
    with pytest.raises(Refusal, match="policy_wrong"):
        actions.load_policy(read, actor=MACHINE, at=at)
    assert read_policy(b"\xff", "x").problems[0].code == "policy_not_utf8"
    assert read_policy(b"a = = 1", "x").problems[0].code == "policy_not_toml"


def test_the_command_checks_a_file(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    good = runner.invoke(args=["policies", "check", str(FOLDER / "tianjin-2024.toml"), "--json"])
    assert (good.exit_code, '"ok": true' in good.output) == (0, True)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(BROKEN, encoding="utf-8")
    assert runner.invoke(args=["policies", "check", str(wrong)]).exit_code == 1
