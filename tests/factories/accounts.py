"""People, grants and sessions, valid by default."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from accounts.access.actions import grant_role
from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from accounts.sign_in import actions, passwords
from accounts.sign_in.models import Account
from foundation.clock import now
from foundation.db import transaction
from foundation.permission import MACHINE, PLATFORM, Scope

PASSWORD = "laurel-test-1"
_HASH = passwords.hashed(PASSWORD)
_numbers = count(1)


def make_person(name: str = "", **facts: Any) -> UUID:
    """A grown-up with a name."""
    given = {"name_zh": name or f"测试{next(_numbers)}", "birth_date": date(1990, 5, 1)} | facts
    return note_person(PersonFacts(**given), actor=MACHINE, at=now())


def make_account(person_id: UUID, user_name: str = "") -> str:
    """An account with `PASSWORD`; returns the user name."""
    login = user_name or f"user{next(_numbers)}"
    with transaction() as writing:
        writing.add(
            Account(
                person_id=person_id,
                user_name=login,
                password_hash=_HASH,
                password_set_at=now(),
                failures=0,
                created_at=now(),
            )
        )
    return login


def make_grant(person_id: UUID, role: Role, scope: Scope = PLATFORM) -> UUID:
    """A role."""
    return grant_role(person_id, role, scope, actor=MACHINE, at=now())


def make_session(person_id: UUID) -> str:
    """A signed-in browser; returns the token."""
    from accounts.sign_in import queries

    account = queries.account_of(person_id)
    if account is None:
        make_account(person_id)
        account = queries.account_of(person_id)
    assert account is not None
    return actions.start_session(
        account.id, browser="test", hours=int(timedelta(hours=12) / timedelta(hours=1)), at=now()
    )
