"""The answers to `can()` and `visible()`: grants on scopes, with separations that win over every grant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from accounts.access import queries
from accounts.access.roles import Role, permissions_of
from foundation.clock import now
from foundation.permission import SIGNED_IN, Actor, Reach, Scope, ScopeKind, Via

# A separation says whether duties exclude each other here: the reader of a code mapping must not mark in the same event.
Separation = Callable[[Actor, str, Sequence[Scope]], bool]
_separations: list[Separation] = []

# What a retired tablet may still do: hand in what was done on it.
_for_retired: set[str] = set()

# Grants are read once a request; the web layer empties this at its start.
_held: ContextVar[dict[UUID, tuple[Held, ...]] | None] = ContextVar("held_grants", default=None)


@dataclass(frozen=True, slots=True)
class Held:
    """A grant as the decision needs it."""

    role: Role
    scope: Scope


def register_separation(separation: Separation) -> None:
    """Add a denial that wins over every grant."""
    if separation not in _separations:
        _separations.append(separation)


def allow_retired(permission: str) -> None:
    """Let tablets whose token was revoked or is over keep this one permission of their person."""
    _for_retired.add(str(permission))


def remember_grants() -> None:
    """Start remembering grants for the current request."""
    _held.set({})


def read_grants_anew() -> None:
    """After a grant was given or withdrawn: what a request remembers is read again; outside a request nothing is remembered."""
    if _held.get() is not None:
        _held.set({})


def forget_grants() -> None:
    """Forget them: after a grant was given or withdrawn, and at the end of a request."""
    _held.set(None)


def grants(person_id: UUID) -> tuple[Held, ...]:
    """What a person holds now, including being a candidate for themselves."""
    remembered = _held.get()
    if remembered is not None and person_id in remembered:
        return remembered[person_id]
    found = tuple(
        Held(Role(row.role), Scope(ScopeKind(row.scope_kind), row.scope_key))
        for row in queries.grants_of(person_id, now())
    )
    held = (*found, Held(Role.CANDIDATE, Scope(ScopeKind.SELF, str(person_id))))
    if remembered is not None:
        remembered[person_id] = held
    return held


class Grants:
    """The authority of the house: what the table of grants says."""

    def can(self, actor: Actor, permission: str, scopes: Sequence[Scope]) -> bool:
        """Any grant on any scope of the chain, unless a separation forbids it. The machine itself may do everything."""
        if actor.via == Via.COMMAND and actor.person is None:
            return True
        if actor.person is None or (actor.via == Via.RETIRED and permission not in _for_retired):
            return False
        if permission == SIGNED_IN:
            return True
        granted = any(
            permission in permissions_of(held.role) and any(_covers(held.scope, scope) for scope in scopes)
            for held in grants(actor.person)
        )
        return granted and not any(forbids(actor, permission, scopes) for forbids in _separations)

    def visible(self, actor: Actor, permission: str) -> Reach:
        """The scopes on which the actor holds the permission."""
        if actor.via == Via.COMMAND and actor.person is None:
            return Reach(everywhere=True)
        if actor.person is None or (actor.via == Via.RETIRED and permission not in _for_retired):
            return Reach()
        places = [held.scope for held in grants(actor.person) if permission in permissions_of(held.role)]

        def keys(kind: ScopeKind) -> frozenset[UUID]:
            return frozenset(UUID(scope.key) for scope in places if scope.kind == kind)

        return Reach(
            everywhere=any(scope.kind == ScopeKind.PLATFORM for scope in places),
            regions=frozenset(scope.key for scope in places if scope.kind == ScopeKind.REGION),
            organizations=keys(ScopeKind.ORGANIZATION),
            competitions=keys(ScopeKind.COMPETITION),
            events=keys(ScopeKind.EVENT),
            panels=keys(ScopeKind.PANEL),
            delegations=keys(ScopeKind.DELEGATION),
            units=keys(ScopeKind.UNIT),
            person=next((UUID(scope.key) for scope in places if scope.kind == ScopeKind.SELF), None),
        )


def _covers(held: Scope, asked: Scope) -> bool:
    if held.kind != asked.kind:
        return False
    if held.kind == ScopeKind.REGION:
        return bool(held.key) and asked.key.startswith(held.key)
    return held.key == asked.key
