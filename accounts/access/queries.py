"""Reading grants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from accounts.access.models import RoleGrant
from accounts.access.roles import Role
from foundation.db import session
from foundation.permission import Scope


def grants_of(person_id: UUID, at: datetime) -> Sequence[RoleGrant]:
    """The grants a person holds at a moment."""
    wanted = select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.withdrawn_at.is_(None),
        or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
    )
    return session().scalars(wanted.order_by(RoleGrant.granted_at)).all()


def holders(scope: Scope, at: datetime, *roles: Role) -> Sequence[RoleGrant]:
    """Who holds any of `roles` (or any role) exactly on `scope` at a moment."""
    wanted = select(RoleGrant).where(
        RoleGrant.scope_kind == scope.kind.value,
        RoleGrant.scope_key == scope.key,
        RoleGrant.withdrawn_at.is_(None),
        or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
    )
    if roles:
        wanted = wanted.where(RoleGrant.role.in_([role.value for role in roles]))
    return session().scalars(wanted.order_by(RoleGrant.granted_at)).all()
