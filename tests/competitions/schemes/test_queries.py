from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event

from competitions.schemes import actions, queries
from competitions.schemes.board import missing_schemes
from demo.schemes import website_workbook, welding_workbook
from foundation.db import db
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Missing
from tests.factories.competitions import make_competition
from tests.factories.rows import make_event


def statements(of: object) -> int:
    """How many statements reading everything of a scheme takes."""
    seen = []

    def note(*given: object) -> None:
        if str(given[2]).startswith("SELECT"):
            seen.append(given[2])

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        held = queries.scheme_in_force(of)  # type: ignore[arg-type]
        assert held is not None
        queries.draft_of(held)
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_scheme_of_any_size_is_read_in_the_same_number_of_queries(app: Flask, at: datetime) -> None:
    competition = make_competition()
    small, large = make_event(competition), make_event(competition)
    actions.import_scheme(small, welding_workbook(), name="a", actor=MACHINE, at=at)
    actions.import_scheme(large, website_workbook(), name="b", actor=MACHINE, at=at)
    assert (statements(small), statements(large)) == (4, 4)


def test_what_is_not_there(app: Flask) -> None:
    event = make_event(make_competition())
    assert queries.scheme_in_force(event) is None
    assert list(queries.scheme_versions(event)) == []
    with pytest.raises(Missing):
        queries.scheme_version(event, 1)


def test_the_board_asks_for_missing_schemes(app: Flask, at: datetime) -> None:
    competition = make_competition()
    event = make_event(competition)
    assert [row.id for row in queries.events_without_scheme(competition)] == [event]
    actions.import_scheme(event, welding_workbook(), name="a", actor=MACHINE, at=at)
    assert missing_schemes(MACHINE, Scope(ScopeKind.COMPETITION, str(competition)), at) == ()
