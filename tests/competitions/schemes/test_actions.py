from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from competitions.programme.queries import audit_chain
from competitions.schemes import actions, queries
from competitions.schemes.actions import AspectFacts, SchemeProblems
from competitions.schemes.chinese_template import written_scheme
from competitions.schemes.content import content_hash
from competitions.schemes.models import Aspect, MarkingScheme
from competitions.schemes.welding_example import welding_scheme
from demo.schemes import electrician_workbook, website_workbook, welding_workbook
from foundation.audit.queries import entries_of_chain
from foundation.clock import new_id
from foundation.db import session
from foundation.files.models import StoredFile
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from tests.factories.accounts import make_person
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event


def given() -> tuple[UUID, UUID, Actor]:
    competition = make_competition()
    return competition, make_event(competition), Actor(make_person())


def rows() -> tuple[int | None, int | None, int | None]:
    return tuple(
        session().scalar(select(func.count()).select_from(table)) for table in (MarkingScheme, Aspect, StoredFile)
    )  # type: ignore[return-value]


def test_an_import_is_in_force_and_is_what_was_sent(app: Flask, at: datetime) -> None:
    competition, event, actor = given()
    made = actions.import_scheme(event, welding_workbook(), name="焊工.xlsx", actor=actor, at=at)
    held = queries.scheme_in_force(event)
    assert held is not None
    assert (held.id, held.number, held.state, held.total) == (made, 1, "in_force", 100)
    assert queries.draft_of(held) == welding_scheme()
    assert held.content_hash == content_hash(welding_scheme())
    assert next(entry.verb for entry in entries_of_chain(audit_chain(competition))) == "scheme:imported"


def test_the_website_of_the_demo_is_stored_whole(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    made = actions.import_scheme(event, website_workbook(), name="x", actor=actor, at=at)
    rules = queries.aspect_rules(made)
    assert len(rules) == 192
    assert sum(rule.max_mark for rule in rules.values()) == 100
    assert {rule.method for rule in rules.values()} == {"pass_fail", "count", "choice", "judgement_0_3"}


def test_the_same_content_again_stores_nothing(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    first = actions.import_scheme(event, welding_workbook(), name="a", actor=actor, at=at)
    before = rows()
    assert actions.import_scheme(event, written_scheme(welding_scheme()), name="b", actor=actor, at=at) == first
    assert rows() == before


def test_another_workbook_supersedes(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    first = actions.import_scheme(event, welding_workbook(), name="a", actor=actor, at=at)
    second = actions.import_scheme(event, electrician_workbook(), name="b", actor=actor, at=at)
    assert [(row.id, row.number, row.state) for row in queries.scheme_versions(event)] == [
        (second, 2, "in_force"),
        (first, 1, "superseded"),
    ]


def test_errors_store_nothing(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    short = replace(welding_scheme(), criteria=welding_scheme().criteria[:2])
    with pytest.raises(SchemeProblems) as refused:
        actions.import_scheme(event, written_scheme(short), name="a", actor=actor, at=at)
    assert (refused.value.code, [finding.code for finding in refused.value.findings if finding.is_error]) == (
        "scheme_has_errors",
        ["scheme_sum_short", "section_sum_far", "section_sum_far"],
    )
    with pytest.raises(Refusal, match="spreadsheet_wrong_type"):
        actions.import_scheme(event, b"no workbook", name="a", actor=actor, at=at)
    assert rows() == (0, 0, 0)


def test_a_frozen_scheme_is_never_replaced(app: Flask, at: datetime) -> None:
    competition, event, actor = given()
    made = actions.import_scheme(event, welding_workbook(), name="a", actor=actor, at=at)
    actions.freeze_scheme(made, actor=actor, at=at)
    actions.freeze_scheme(made, actor=actor, at=at)
    held = queries.scheme_in_force(event)
    assert held is not None
    assert (held.state, held.frozen_at) == ("frozen", at)
    assert [entry.verb for entry in entries_of_chain(audit_chain(competition))][:2] == [
        "scheme:frozen",
        "scheme:imported",
    ]
    aspect = held.criteria[0].sub_criteria[0].aspects[0]
    with pytest.raises(Conflict, match="scheme_frozen"):
        actions.import_scheme(event, electrician_workbook(), name="b", actor=actor, at=at)
    with pytest.raises(Conflict, match="scheme_frozen"):
        actions.propose_scheme(event, electrician_workbook(), name="b", actor=actor, at=at)
    with pytest.raises(Conflict, match="scheme_frozen"):
        actions.edit_aspect(event, aspect.id, AspectFacts("x", "pass_fail", Fraction(4)), actor=actor, at=at)


def test_freezing_what_is_not_in_force_is_refused(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    first = actions.import_scheme(event, welding_workbook(), name="a", actor=actor, at=at)
    actions.import_scheme(event, electrician_workbook(), name="b", actor=actor, at=at)
    with pytest.raises(Conflict, match="move_not_allowed"):
        actions.freeze_scheme(first, actor=actor, at=at)
    with pytest.raises(Missing):
        actions.freeze_scheme(new_id(), actor=actor, at=at)


def test_a_proposal_changes_nothing_until_its_sender_confirms(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    first = actions.import_scheme(event, welding_workbook(), name="a", actor=actor, at=at)
    proposal = actions.propose_scheme(event, electrician_workbook(), name="b", actor=actor, at=at)
    assert {change.what for change in proposal.changes} == {"added", "removed", "changed"}
    held = queries.scheme_in_force(event)
    assert held is not None
    assert held.id == first
    with pytest.raises(Missing):
        actions.confirm_proposal(event, proposal.file_id, actor=Actor(make_person()), at=at)
    made = actions.confirm_proposal(event, proposal.file_id, actor=actor, at=at)
    assert actions.confirm_proposal(event, proposal.file_id, actor=actor, at=at) == made
    assert [row.number for row in queries.scheme_versions(event)] == [2, 1]


def test_one_aspect_is_edited_as_a_new_version(app: Flask, at: datetime) -> None:
    _competition, event, actor = given()
    actions.import_scheme(event, welding_workbook(), name="a", actor=actor, at=at)
    held = queries.scheme_in_force(event)
    assert held is not None
    first, second = held.criteria[0].sub_criteria[0].aspects[:2]
    facts = AspectFacts("防护用品齐全", "count", Fraction(3), options={"steps": 4}, section="1")
    with pytest.raises(SchemeProblems) as refused:
        actions.edit_aspect(event, first.id, facts, actor=actor, at=at)
    assert [finding.code for finding in refused.value.findings if finding.is_error] == ["scheme_sum_short"]
    with pytest.raises(Refusal, match="balance_itself"):
        actions.edit_aspect(event, first.id, facts, balance_id=first.id, actor=actor, at=at)
    with pytest.raises(Refusal, match="balance_impossible"):
        actions.edit_aspect(
            event, first.id, replace(facts, max_mark=Fraction(6)), balance_id=second.id, actor=actor, at=at
        )
    actions.edit_aspect(event, first.id, facts, balance_id=second.id, actor=actor, at=at)
    new = queries.scheme_in_force(event)
    assert new is not None
    changed, balanced = new.criteria[0].sub_criteria[0].aspects[:2]
    assert (new.number, changed.name_zh, changed.max_mark, balanced.max_mark, new.total) == (
        2,
        "防护用品齐全",
        3,
        3,
        100,
    )
    with pytest.raises(Missing):
        actions.edit_aspect(event, first.id, facts, actor=actor, at=at)
