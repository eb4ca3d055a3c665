"""The heaviest pages ask a constant number of queries, however many events, entries, runs or works stand on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listener

from accounts.access.roles import Role
from competitions.programme.models import Competition
from competitions.programme.queries import competition_scopes
from foundation.db import db, transaction
from foundation.permission import Scope, ScopeKind
from tests.factories import results, rows
from tests.factories.accounts import make_grant
from tests.factories.certification import make_issued, make_issuer

MOST = 50  # the board reads every room once; a page that needs more asks something twice


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent to either engine inside the block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":  # opens the snapshot, asks nothing
            asked.append(statement)

    engines = list(db.engines.values())
    for engine in engines:
        listener.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in engines:
            listener.remove(engine, "before_cursor_execute", note)


def counts(client: FlaskClient, paths: list[str]) -> dict[str, int]:
    """Path → how many queries a second look at the page takes."""
    found = {}
    for path in paths:
        assert client.get(path).status_code == 200, path
        with statements() as asked:
            client.get(path)
        found[path] = len(asked)
    return found


def constant(client: FlaskClient, paths: list[str], more: Callable[[], object]) -> None:
    few = counts(client, paths)
    more()
    more()
    assert counts(client, paths) == few
    assert {path: count for path, count in few.items() if count > MOST} == {}


def test_pages_of_a_competition(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    ready = results.make_ready()
    results.decided(ready)
    key = ready.competition_id
    with transaction() as writing:
        writing.get_one(Competition, key).state = "in_progress"
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(key)))
    make_grant(client.person_id, Role.CHIEF_JUDGE, Scope(ScopeKind.COMPETITION, str(key)))  # type: ignore[attr-defined]
    pages = ["", "/entries", "/check-in", "/judges", "/codes", "/results", "/publications", "/award-lists", "/staff"]
    paths = [f"/competitions/{key}{page}" for page in pages] + [f"/public/competitions/{key}"]
    constant(client, paths, lambda: results.decided(results.make_ready(competition_id=key)))


def test_pages_of_an_event(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    ready = results.make_ready()
    run = results.signed_run(ready)
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(ready.competition_id)))
    make_grant(client.person_id, Role.CHIEF_JUDGE, Scope(ScopeKind.EVENT, str(ready.event_id)))  # type: ignore[attr-defined]
    pages = ["", "/entries", "/check-in", "/judges", "/panels", "/codes", "/marking", "/results", "/scheme"]
    paths = [*(f"/events/{ready.event_id}{page}" for page in pages), f"/runs/{run}"]

    def more() -> None:
        rows.make_work(ready.event_id, rows.make_entry(ready.event_id))
        rows.make_panel(ready.event_id)

    constant(client, paths, more)


@pytest.mark.parametrize("absent", [0, 2])
def test_public_standings(app: Flask, client: FlaskClient, absent: int) -> None:
    ready = results.make_ready()
    for _ in range(absent):
        rows.make_entry(ready.event_id, attendance="absent")
    path = f"/publications/{results.decided(ready)}"
    [count] = counts(client, [path]).values()
    assert count == 2


def test_the_register_of_certificates(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.EVALUATION_OFFICER)
    issuer = make_issuer()
    make_issued(issuer)
    constant(client, ["/certificates", "/certificates/steps"], lambda: make_issued(issuer))


def test_scopes_are_read_once_a_snapshot_and_anew_after_a_write(app: Flask) -> None:
    key = results.make_ready().competition_id
    competition_scopes(key)
    with statements() as asked:
        competition_scopes(key)
    assert asked == []
    rows.make_event(key)  # any write ends the snapshot
    with statements() as asked:
        competition_scopes(key)
    assert len(asked) > 0
