"""The canonical dump: every table in one form, the same on both engines, so that two databases can be compared byte for byte.

A table is lines of JSON arrays in the order of its primary key, columns by name. Sealed values stay sealed. What is read comes from
one snapshot; writers are not kept waiting.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, LargeBinary, Table, TypeDecorator, Uuid, select, type_coerce
from sqlalchemy.types import TypeEngine

from foundation.db import Base, db

AT_ONCE = 2000


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection on which the whole database stands still."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def tables() -> list[Table]:
    """Every table of the house, those that others point to first."""
    return list(Base.metadata.sorted_tables)


def plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type as it lies in the database: nothing is opened, nothing is converted."""
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def columns(table: Table) -> list[str]:
    """The names of a table's columns in the dump's order."""
    return sorted(column.name for column in table.columns)


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """The table's rows, one line each."""
    wanted = select(*(type_coerce(table.c[name], plain(table.c[name].type)).label(name) for name in columns(table)))
    wanted = wanted.order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(wanted):
        yield json.dumps([_written(value) for value in row], ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"  # fmt: skip


def rows(table: Table, found: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Lines read back as rows to insert, in the database's plain types."""
    names = columns(table)
    kinds = [plain(table.c[name].type) for name in names]
    for line in found:
        values = json.loads(line)
        yield {name: _read(kind, value) for name, kind, value in zip(names, kinds, values, strict=True)}


def digests(connection: Connection) -> dict[str, tuple[int, str]]:
    """table → (rows, SHA-256 of its lines): two databases with equal digests hold the same."""
    found = {}
    for table in tables():
        digest, count = hashlib.sha256(), 0
        for line in lines(connection, table):
            digest.update(line)
            count += 1
        found[table.name] = (count, digest.hexdigest())
    return found


def _written(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _read(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value
