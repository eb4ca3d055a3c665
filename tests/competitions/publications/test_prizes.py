"""Prizes are computed by the rules in force when results are published, on award ranks, and written to people's records."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.access.roles import Role
from accounts.people.actions import QualificationFacts, note_qualification
from accounts.people.models import Placing, QualificationKind
from competitions import published
from competitions.entries.models.entries import EntryMember
from competitions.publications import queries
from competitions.rules.rule_set import RuleSet
from foundation.clock import now
from foundation.db import session
from foundation.permission import MACHINE, Scope, ScopeKind
from tests.competitions.programme.test_views import rules_fields
from tests.factories.competitions import set_rules
from tests.factories.results import Ready, decided, make_ready

HOLDERS_COMPETE = {"kind": "titles_without_reward", "titles": ["全国技术能手"]}
FIRST_AND_MERIT = (
    {"prize": "first_prize", "places": 1},
    {"prize": "merit_prize", "to_share": "50", "rounding": "down"},
)


def prizes(ready: Ready, key: UUID) -> dict[str, str]:
    names = {entry: name for name, entry in ready.entries.items()}
    return {names[row.entry_id]: row.prize for row in published.results_of(key).results if row.prize}


def without_reward(entry_id: UUID) -> None:
    """The holder of a title that the rules of `HOLDERS_COMPETE` let compete for nothing."""
    person = session().scalars(select(EntryMember.person_id).where(EntryMember.entry_id == entry_id)).one()
    note_qualification(person, QualificationFacts(QualificationKind.TITLE, "全国技术能手"), actor=MACHINE, at=now())


def test_without_a_scheme_there_are_no_prizes(app: Flask) -> None:
    ready = make_ready()
    key = decided(ready)
    assert prizes(ready, key) == {}
    assert "prizes" not in queries.publication(key).facts


def test_prizes_reach_the_publication_the_door_and_the_records(app: Flask, client: FlaskClient) -> None:
    ready = make_ready()  # four started, one was absent; two share rank 2
    set_rules(ready.competition_id, RuleSet(prizes=FIRST_AND_MERIT))
    key = decided(ready)
    assert prizes(ready, key) == {"李梅": "first_prize", "王强": "merit_prize", "张伟": "merit_prize"}
    assert queries.publication(key).facts["prizes"] == {"rule": "prizes:bands_2", "base": 4, "counted": "attended"}
    placed = session().scalars(select(Placing.prize).where(Placing.publication_id == key)).all()
    assert sorted(placed) == ["", "first_prize", "merit_prize", "merit_prize"]
    assert client.get(f"/publications/{key}").text.count("优胜奖") == 2
    assert all(report.holds for report in queries.verify_publications())


@pytest.mark.parametrize(
    ("succession", "expected"),
    [(True, {"王强": "first_prize", "张伟": "first_prize"}), (False, {"王强": "merit_prize", "张伟": "merit_prize"})],
)
def test_who_takes_part_without_reward(app: Flask, succession: bool, expected: dict[str, str]) -> None:
    ready = make_ready()
    without_reward(ready.entries["李梅"])
    set_rules(
        ready.competition_id, RuleSet(prizes=FIRST_AND_MERIT, succession=succession, eligibility=(HOLDERS_COMPETE,))
    )
    key = decided(ready)
    assert prizes(ready, key) == expected
    by_name = {row.entry_id: (row.rank, row.award_rank) for row in published.results_of(key).results}
    assert by_name[ready.entries["李梅"]] == (1, None)
    assert by_name[ready.entries["王强"]] == (2, 1 if succession else 2)


def test_a_field_below_the_minimum_gives_none_where_the_rules_say_so(app: Flask, client: FlaskClient) -> None:
    ready = make_ready()
    set_rules(ready.competition_id, RuleSet(prizes=FIRST_AND_MERIT, prizes_below_minimum=False, minimum_entries=5))
    key = decided(ready)
    assert prizes(ready, key) == {}
    assert queries.publication(key).facts["prizes"]["below_minimum"] == 5
    assert "不设奖：实际参赛不足 5" in client.get(f"/publications/{key}").text


def test_no_rewards_no_prizes(app: Flask) -> None:
    ready = make_ready()
    set_rules(ready.competition_id, RuleSet(prizes=FIRST_AND_MERIT, rewards_enabled=False))
    assert prizes(ready, decided(ready)) == {}


def test_the_form_and_the_preview(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    ready = make_ready()
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(ready.competition_id)))
    address = f"/competitions/{ready.competition_id}/rules"
    lines = {
        "prizes-0-prize": "first_prize", "prizes-0-way": "share", "prizes-0-value": "10", "prizes-0-rounding": "half_up",
        "prizes-0-edge": "include_all", "prizes-1-prize": "excellence_prize", "prizes-1-way": "rest",
        "prizes-1-rounding": "half_up", "prizes-1-edge": "include_all", "prize_base": "attended",
    }  # fmt: skip
    wrong = client.post(f"{address}/edit", data=rules_fields(**lines | {"prizes-0-value": "一成"}))
    assert (wrong.status_code, "第 1 项奖不完整" in wrong.text) == (422, True)
    assert client.post(f"{address}/edit", data=rules_fields(**lines, prizes_below_minimum="")).status_code == 302
    page = client.get(address).text
    assert "一等奖 1–4；优秀奖 5–38" in page
    assert "不设奖" in page  # fewer than thirty
    assert 'value="10"' in client.get(f"{address}/edit").text
