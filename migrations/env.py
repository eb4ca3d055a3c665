"""Alembic's environment: the models of the house, on the writing engine; column types of ours as what they store."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation, Operations
from flask import current_app
from sqlalchemy.types import TypeDecorator

from foundation.db import APPEND_ONLY, Base, append_only_ddl, db, unique_keys


@Operations.register_operation("make_append_only")
class MakeAppendOnly(MigrateOperation):
    """`op.make_append_only(table, keys)`: the triggers of an append-only table, on either engine."""

    def __init__(self, table: str, keys: list[tuple[str, ...]]) -> None:
        self.table, self.keys = table, keys

    @classmethod
    def make_append_only(cls, operations: Operations, table: str, keys: list[tuple[str, ...]]) -> Any:
        """Create the triggers."""
        return operations.invoke(cls(table, keys))


@Operations.implementation_for(MakeAppendOnly)
def create_triggers(operations: Operations, operation: MakeAppendOnly) -> None:
    """Run the statements for the engine at hand."""
    for statement in append_only_ddl(operation.table, operation.keys, operations.get_bind().dialect.name):
        operations.execute(statement)


@renderers.dispatch_for(MakeAppendOnly)
def render_triggers(_context: Any, operation: MakeAppendOnly) -> str:
    """How the operation stands in a migration."""
    return f"op.make_append_only({operation.table!r}, {operation.keys!r})"


def add_triggers(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """A new table of the append-only list gets its triggers in the same migration."""
    upgrade = directives[0].upgrade_ops
    made = [step.table_name for step in upgrade.ops if hasattr(step, "table_name") and hasattr(step, "columns")]
    upgrade.ops += [
        MakeAppendOnly(name, unique_keys(Base.metadata.tables[name])) for name in made if name in APPEND_ONLY
    ]


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our column types into migrations as what they store, so that old migrations need none of our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{'BigInteger' if isinstance(item.impl_instance, sa.BigInteger) else 'Text'}()"
    return False


def compare_type(_context: Any, _column: Any, _inspected: Any, inspected_type: Any, metadata_type: Any) -> bool | None:
    """Our types compare as what they store; the rest as Alembic does it."""
    if isinstance(metadata_type, TypeDecorator):
        return not isinstance(inspected_type, type(metadata_type.impl_instance))
    return None


def run() -> None:
    """Run migrations in one transaction."""
    with current_app.app_context(), db.engines["writer"].connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            compare_type=compare_type,
            process_revision_directives=add_triggers,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
