"""Migrations make what the models say, triggers included, on both engines."""

from __future__ import annotations

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from foundation.db import APPEND_ONLY, Base, db, unique_keys


def test_upgrade_head_equals_the_models(app: Flask) -> None:
    with db.engines["writer"].connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _same_storage})
        assert compare_metadata(context, Base.metadata) == []


def _same_storage(_context, _inspected_column, _metadata_column, inspected_type, metadata_type):
    stored = getattr(metadata_type, "impl_instance", metadata_type)
    return inspected_type._type_affinity is not stored._type_affinity and {type(stored).__name__} != {"Uuid"}


def test_the_triggers_are_those_of_the_list(app: Flask) -> None:
    listed = [name for name in APPEND_ONLY if name in Base.metadata.tables]
    if db.engine.dialect.name == "sqlite":
        wanted = {f"{t}_no_{v}" for t in listed for v in ("update", "delete")}
        wanted |= {f"{t}_no_replace_{'_'.join(key)}" for t in listed for key in unique_keys(Base.metadata.tables[t])}
        found = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    else:
        wanted = {f"{t}_{v}" for t in listed for v in ("no_change", "no_truncate")}
        rows = db.session.execute(text("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")).all()
        found = {name for name, enabled in rows if enabled in ("A", b"A")}
    assert found == wanted


def test_every_migration_can_be_taken_back(app: Flask) -> None:
    with app.app_context():
        db.session.rollback()
        for engine in db.engines.values():
            engine.dispose()
        flask_migrate.downgrade(revision="base")
        with db.engines["writer"].connect() as connection:
            left = set(db.inspect(connection).get_table_names()) - {"alembic_version"}
        flask_migrate.upgrade()
    # The database is not as a fresh one: say that something was written.
    with db.engines["writer"].begin() as connection:
        connection.execute(text("SELECT 1"))
    assert left == set()
