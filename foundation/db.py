"""Tables, the two engines, and the one way to write.

`session()` reads: inside `transaction()` it is the writing session, elsewhere Flask-SQLAlchemy's, which is read-only and
rolled back at the end of the request. `transaction()` writes: it takes the lock when it opens (`BEGIN IMMEDIATE` on SQLite),
nests, and only the outermost one commits, runs what waits for COMMIT, and lets readers see the result.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Dialect, Engine, MetaData, Table, Text, UniqueConstraint, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from foundation.encryption import sealing
from foundation.encryption.personal import Personal
from foundation.exact import fraction_from_text, fraction_text, round_to
from foundation.refusal import Busy

# The tables that only ever grow. Their triggers are generated from this list on both engines; `make check` attacks them.
APPEND_ONLY: tuple[str, ...] = (
    "audit_entry",
    "check_in_note",
    "clarification",
    "clarification_reading",
    "mark",
    "signing_list_sheet",
    "floor_entry",
    "floor_signature",
    "result_run",
    "result_row",
    "run_signature",
    "publication",
    "publication_row",
    "certificate_act",
    "certificate_edition",
    "certificate_root",
    "certificate_root_entry",
    "design_folder",
    "design_version",
    "award_certificate",
    "evidence_seal",
    "evidence_leaf",
)

# FULL: an acknowledged mark survives a power cut. `benchmarks/r2_power.py` shows what NORMAL loses.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "busy_timeout=5000",
)

T = TypeVar("T")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(metadata=Base.metadata)

# --- column types -----------------------------------------------------------------------------------------------------

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as microseconds since 1970 UTC: the same order and precision on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Moment → microseconds. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds → moment."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Exact(TypeDecorator[Decimal]):
    """A decimal with at most `places` decimals, stored as a scaled integer. Refuses what would need rounding."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | Fraction | None, dialect: Dialect) -> int | None:
        """Decimal → scaled integer. Raises ValueError when a decimal would be lost."""
        if value is None:
            return None
        scaled: Fraction = Fraction(value) * 10**self.places
        if scaled.denominator != 1:
            raise ValueError(f"{value} has more than {self.places} decimals")
        return int(scaled.numerator)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Scaled integer → decimal."""
        return None if value is None else round_to(Fraction(value, 10**self.places), self.places)


class ExactFraction(TypeDecorator[Fraction]):
    """A fraction kept whole, stored as `p/q`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """Fraction → text."""
        return None if value is None else fraction_text(Fraction(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        """Text → fraction."""
        return None if value is None else fraction_from_text(value)


class EncryptedText(TypeDecorator[Personal]):
    """Personal data: sealed in the database, a `Personal` (masked unless revealed) in Python.

    `context` is `table.column`. Bind a `Personal` or a plain string.
    """

    impl = Text
    cache_ok = True

    def __init__(self, context: str, keep: int = 4) -> None:
        super().__init__()
        self.context = context
        self.keep = keep

    def process_bind_param(self, value: Personal | str | None, dialect: Dialect) -> str | None:
        """Value → sealed text."""
        if value is None:
            return None
        return sealing.seal_text(value.revealed() if isinstance(value, Personal) else value, self.context)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Personal | None:
        """Sealed text → masked value."""
        return None if value is None else Personal(sealing.open_text(value, self.context), self.keep)

    def compare_values(self, x: Any, y: Any) -> bool:
        """Two values are the same when what they hide is the same."""
        return bool(x == y)


# --- the two engines --------------------------------------------------------------------------------------------------


def engine_settings(url: str) -> dict[str, Any]:
    """Flask-SQLAlchemy's configuration for one URL: the default engine reads, the bind `writer` writes."""
    if url.startswith("sqlite"):
        return {
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": 24, "max_overflow": 8},
            "SQLALCHEMY_BINDS": {"writer": {"url": url, "pool_size": 1, "max_overflow": 2}},
        }
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 8,
            "pool_pre_ping": True,
            "execution_options": {"postgresql_readonly": True},
        },
        "SQLALCHEMY_BINDS": {
            "writer": {
                "url": url,
                "pool_size": 8,
                "pool_pre_ping": True,
                "connect_args": {
                    "options": "-c lock_timeout=10000"
                },  # rather an answer "busy" than a request that hangs
            }
        },
    }


def prepare_engines() -> None:
    """Set up the pragmas of both engines. Call inside the application's context, once."""
    reader, writer = db.engine, db.engines["writer"]
    if reader.dialect.name == "sqlite":
        _prepare_sqlite(reader, begin="BEGIN", query_only=True)
        _prepare_sqlite(writer, begin="BEGIN IMMEDIATE", query_only=False)


def _prepare_sqlite(engine: Engine, *, begin: str, query_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        for pragma in (*SQLITE_PRAGMAS, f"query_only={'ON' if query_only else 'OFF'}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)


# --- reading and writing ----------------------------------------------------------------------------------------------

_open: ContextVar[Session | None] = ContextVar("open_transaction", default=None)
_before_commit: list[Callable[[Session], None]] = []
# SQLite's busy handler sleeps and lets late comers overtake; a lock in the process is a fair queue.
_sqlite_queue = threading.Lock()
WAIT_FOR_LOCK = 15.0  # seconds; then Busy (503), which a tablet answers by sending again


def session() -> Session:
    """The session to read with: the open transaction's, else the request's read-only one."""
    return _open.get() or db.session()


def release_reader(_error: BaseException | None = None) -> None:
    """End the request's snapshot. A connection that broke meanwhile (the database was restarted) is thrown away, and the answer
    that is made already still goes out."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session.registry.clear()  # nothing of it is used again; the pool has struck the connection out


def writes_alone() -> bool:
    """Is this SQLite, outside of a transaction: will one COMMIT after the other be waited for?"""
    return _open.get() is None and db.engines["writer"].dialect.name == "sqlite"


def remembered(key: Hashable, load: Callable[[], T]) -> T:
    """What `load` answers, asked once while the reading session looks at one snapshot; inside `transaction()` always anew."""
    if _open.get() is not None:
        return load()
    known = db.session().info.setdefault("remembered", {})
    if key not in known:
        known[key] = load()
    found: T = known[key]
    return found


@event.listens_for(Session, "after_transaction_end")
def _forget(ended: Session, transaction: Any) -> None:
    if transaction.parent is None:
        ended.info.pop("remembered", None)


def before_commit(hook: Callable[[Session], None]) -> None:
    """Have `hook` called as the last thing before every outermost COMMIT (the audit chain)."""
    _before_commit.append(hook)


def after_commit(callback: Callable[[], None]) -> None:
    """Have `callback` called once the open transaction has been committed; losing it is harmless."""
    current = _open.get()
    if current is None:
        raise RuntimeError("after_commit() needs an open transaction")
    current.info.setdefault("after_commit", []).append(callback)


@contextmanager
def _turn(dialect: str) -> Iterator[None]:
    """On SQLite wait for this process's turn to write, at most WAIT_FOR_LOCK. Raises Busy."""
    if dialect != "sqlite":
        yield
        return
    if not _sqlite_queue.acquire(timeout=WAIT_FOR_LOCK):
        raise Busy
    try:
        yield
    finally:
        _sqlite_queue.release()


@contextmanager
def transaction() -> Iterator[Session]:
    """Write. Everything inside becomes durable together at the end of the outermost block, or not at all."""
    current = _open.get()
    if current is not None:
        yield current
        return
    engine = db.engines["writer"]
    with _turn(engine.dialect.name):
        writing = Session(engine, expire_on_commit=False)
        token = _open.set(writing)
        try:
            with writing.begin():
                writing.connection()  # takes the lock now, so that what is read inside cannot be stale
                yield writing
                writing.flush()
                for hook in _before_commit:
                    hook(writing)
        finally:
            _open.reset(token)
            writing.close()
    db.session.rollback()  # end the reader's snapshot: what follows in this request sees the write
    for callback in writing.info.pop("after_commit", []):
        callback()


# --- append-only tables -----------------------------------------------------------------------------------------------


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """Every set of columns that is unique in `table`: primary key, unique constraints, unique indexes."""
    keys = {tuple(column.name for column in table.primary_key.columns)}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            keys.add(tuple(column.name for column in constraint.columns))
    for index in table.indexes:
        if index.unique:
            keys.add(tuple(column.name for column in index.columns))
    return sorted(keys)


def append_only_ddl(table: str, keys: list[tuple[str, ...]], dialect: str) -> list[str]:
    """The statements that make `table` append-only on `sqlite` or `postgresql`.

    On SQLite `REPLACE` deletes without firing the DELETE trigger unless `recursive_triggers` is on, and a stranger's
    connection may switch that off: so an INSERT that meets any existing key is refused as well.
    """
    if dialect == "sqlite":
        statements = [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
        for key in keys:
            same = " AND ".join(f"{column} = NEW.{column}" for column in key)
            statements.append(
                f"CREATE TRIGGER {table}_no_replace_{'_'.join(key)} BEFORE INSERT ON {table} "  # nosec B608
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            )
        return statements
    return [
        "CREATE OR REPLACE FUNCTION append_only_refused() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION append_only_refused()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only_refused()",
        # ALWAYS: a session in the replica role skips ordinary triggers.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    ]
