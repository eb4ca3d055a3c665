"""The same inputs give the same hashes on both engines."""

from __future__ import annotations

import itertools

import pytest

from competitions.publications import queries
from competitions.results import queries as results
from competitions.results.models import ResultRun
from foundation.clock import arranged
from foundation.db import session
from tests import conftest
from tests.factories import accounts, rows
from tests.factories.results import decided, make_ready


def hashes(world: conftest.World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    world.reset()
    world.dirty = True
    for module in (accounts, rows):  # names and numbers that the factories make up
        monkeypatch.setattr(module, "_numbers", itertools.count(1))
    with arranged(conftest.AT, seed=7), world.app.app_context():
        ready = make_ready()
        decided(ready)
        found = [row.hash for row in session().query(ResultRun)]
        found += [row.hash for row in queries.publications_of_event(ready.event_id)]
        assert all(report.holds for report in results.verify_runs())
        session().rollback()
        return found


def test_sqlite_and_postgresql_give_the_same_hashes(
    sqlite_world: conftest.World, postgres_world: conftest.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = hashes(sqlite_world, monkeypatch), hashes(postgres_world, monkeypatch)
    assert len(first) == 3
    assert first == second
