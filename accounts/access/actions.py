"""Giving and withdrawing roles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.access.authority import read_grants_anew
from accounts.access.models import RoleGrant
from accounts.access.roles import Role
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import after_commit, transaction
from foundation.permission import Actor, Scope
from foundation.refusal import Missing


def grant_role(
    person_id: UUID, role: Role, scope: Scope, *, actor: Actor, at: datetime, ends_at: datetime | None = None
) -> UUID:
    """Give a role on a scope. Safe to repeat: a grant in force is returned as it is."""
    with transaction() as writing:
        for row in writing.query(RoleGrant).filter_by(
            person_id=person_id, role=role.value, scope_kind=scope.kind.value, scope_key=scope.key, withdrawn_at=None
        ):
            if row.ends_at is None or row.ends_at > at:
                return row.id
        row = RoleGrant(
            id=new_id(), person_id=person_id, role=role.value, scope_kind=scope.kind.value, scope_key=scope.key,
            granted_by=actor.person, granted_at=at, ends_at=ends_at,
        )  # fmt: skip
        writing.add(row)
        record(
            actor,
            "role:granted",
            "person",
            person_id,
            at=at,
            role=role.value,
            scope_kind=scope.kind.value,
            scope_key=scope.key,
        )
        after_commit(read_grants_anew)
        return row.id


def withdraw_role(grant_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a grant now. Repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(RoleGrant, grant_id)
        if row is None:
            raise Missing
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by, row.reason = at, actor.person, reason
            record(actor, "role:withdrawn", "person", row.person_id, at=at, role=row.role, grant=row.id)
            after_commit(read_grants_anew)
