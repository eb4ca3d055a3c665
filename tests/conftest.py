"""What tests share: both engines, a fresh database each, an arranged clock, signed-in clients, a browser."""

from __future__ import annotations

import contextvars
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import event, make_url
from werkzeug.serving import make_server

from accounts.access.roles import Role
from foundation.clock import arranged
from foundation.db import db
from foundation.permission import PLATFORM, Scope
from tests.factories import accounts as account_factory

# How fast examples come says something of the machine, nothing of the rule.
settings.register_profile("laurel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laurel")

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 10:00 in China, a Sunday
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1/postgres")
WORKER = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
ROOT = Path(__file__).resolve().parents[1]
# Rooms whose actions and queries are tested run on both engines; pages and journeys on the embedded one.
BOTH_ENGINES = ("test_actions", "test_queries", "test_both_engines")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of actions or queries on both engines."""
    if "app" in metafunc.fixturenames:
        module = metafunc.module.__name__.rpartition(".")[2]
        engines = ["sqlite", "postgresql"] if module.startswith(BOTH_ENGINES) else ["sqlite"]
        metafunc.parametrize("app", engines, indirect=True)


# --- databases --------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """An application with a database that can be put back to its first state."""

    app: Flask
    reset: Callable[[], None]
    dirty: bool = False


def build_app(data: Path, database_url: str) -> Flask:
    """The application as tests use it."""
    from app import create_app

    app = create_app(
        {
            "LAUREL_DATA": str(data),
            "DATABASE_URL": database_url,
            "TESTING": "yes",
            "RATE_LIMITS": "no",
            "SECRET_KEY": "test",
        }
    )
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Visitor
    return app


def fill(app: Flask) -> None:
    """Tables and reference data."""
    with app.app_context():
        flask_migrate.upgrade()
        from catalogue.commands import load_everything

        load_everything()
        for engine in db.engines.values():
            engine.dispose()


def watch(world: World) -> None:
    """Note whether a test wrote anything."""
    with world.app.app_context():

        @event.listens_for(db.engines["writer"], "commit")
        def note(_connection: Any) -> None:
            world.dirty = True


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LAUREL_DATA of this test process."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def sqlite_world(data_folder: Path) -> World:
    """The embedded engine."""
    path, template = data_folder / "laurel.db", data_folder / "template.db"
    app = build_app(data_folder, f"sqlite:///{path}")
    fill(app)
    with psycopg_free_sqlite(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, template)

    def reset() -> None:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copy(template, path)

    world = World(app, reset)
    watch(world)
    return world


def psycopg_free_sqlite(path: Path) -> Any:
    """A plain connection of the standard library."""
    import contextlib
    import sqlite3

    return contextlib.closing(sqlite3.connect(path))


def postgres_answers() -> bool:
    """Is there a PostgreSQL to test with?"""
    try:
        psycopg.connect(
            make_url(POSTGRES_URL).set(drivername="postgresql").render_as_string(False), connect_timeout=3
        ).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres_world(data_folder: Path) -> Iterator[World]:
    """The other engine; databases of our own, dropped at the end."""
    if not postgres_answers():
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL does not answer at {POSTGRES_URL}, and CI must test on it")
        pytest.skip(f"PostgreSQL does not answer at {POSTGRES_URL}")
    url = make_url(POSTGRES_URL)
    admin = psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True)
    name, template = f"laurel_test_{WORKER}", f"laurel_template_{WORKER}"
    admin.execute(f"DROP DATABASE IF EXISTS {template} WITH (FORCE)")
    admin.execute(f"CREATE DATABASE {template}")
    fill(build_app(data_folder, url.set(database=template).render_as_string(False)))
    app = build_app(data_folder, url.set(database=name).render_as_string(False))

    def reset() -> None:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    world = World(app, reset, dirty=True)
    watch(world)
    yield world
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    for database in (name, template):
        admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    admin.close()


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh database, its context pushed, the clock arranged at `AT`."""
    world: World = request.getfixturevalue("sqlite_world" if request.param == "sqlite" else "postgres_world")
    if world.dirty:
        world.reset()
        world.dirty = False
    with arranged(AT, seed=7), world.app.app_context():
        yield world.app


@pytest.fixture
def at() -> datetime:
    """The arranged moment."""
    return AT


class Visitor(FlaskClient):
    """A client whose requests see nothing of the test's own application context, as real requests do."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        """Send a request in an empty context; afterwards the test's reading session sees what it wrote."""
        answer = contextvars.Context().run(lambda: super(Visitor, self).open(*arguments, **options))
        if has_app_context():
            db.session.rollback()
        return answer


# --- clients ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody in particular."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., FlaskClient]:
    """`signed_in(Role.ORGANIZER, scope)` → a client of a person who holds that role there."""

    def sign_in(role: Role | None = None, scope: Scope = PLATFORM, person_id: Any = None) -> FlaskClient:
        person = person_id or account_factory.make_person()
        if role is not None:
            account_factory.make_grant(person, role, scope)
        client = app.test_client()
        token = account_factory.make_session(person)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        client.person_id = person  # type: ignore[attr-defined]
        return client

    return sign_in


# --- a real browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--lang=zh-CN"],
        )  # fmt: skip
        yield browser
        browser.close()


class _Running:
    """Counts the requests being answered: the next test's fresh database must not be laid under one that still writes."""

    def __init__(self, app: Flask) -> None:
        self.app, self.count, self.changed = app, 0, threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self._note(1)
        try:
            return self.app(environ, start_response)
        finally:
            self._note(-1)

    def _note(self, difference: int) -> None:
        with self.changed:
            self.count += difference
            self.changed.notify_all()

    def wait(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=30)


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The application served on loopback, with forgery protection on as in service. Answers its address."""
    app.config["WTF_CSRF_ENABLED"] = True
    running = _Running(app)
    serving = make_server("127.0.0.1", 0, running, threaded=True)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    public = app.config["PUBLIC_URL"]
    app.config["PUBLIC_URL"] = f"http://127.0.0.1:{serving.server_port}"
    yield app.config["PUBLIC_URL"]
    serving.shutdown()
    thread.join()
    running.wait()
    serving.server_close()
    app.config["PUBLIC_URL"] = public
    app.config["WTF_CSRF_ENABLED"] = False
