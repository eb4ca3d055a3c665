"""Reading who holds an office of the whole platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from accounts.access.models import RoleGrant
from accounts.people.models import Person
from accounts.sign_in.models import Account
from foundation.db import session
from foundation.permission import PLATFORM


@dataclass(frozen=True, slots=True)
class Office:
    """One role that somebody holds on the platform."""

    grant: RoleGrant
    name: str
    user_name: str


def offices(at: datetime) -> Sequence[Office]:
    """Everybody with a role on the whole platform, in one query."""
    wanted = (
        select(RoleGrant, Person.name_zh, Account.user_name)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.scope_kind == PLATFORM.kind.value,
            RoleGrant.withdrawn_at.is_(None),
            or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
        )
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return [Office(grant, name, user_name or "") for grant, name, user_name in session().execute(wanted)]
