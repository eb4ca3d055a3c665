"""Who may do what: the questions. `accounts.access` answers them; `create_app()` joins the two.

Every route carries a `Requirement` or is `public`; the web layer refuses everything else, and the application does not
start while a route has neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID


class Via(StrEnum):
    """How the actor reached us."""

    SESSION = "session"
    DEVICE = "device"
    RETIRED = "retired"  # a tablet whose token was revoked or is over: it may hand in what it holds, nothing else
    TOKEN = "token"  # noqa: S105  # nosec B105
    JOB = "job"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `person` is None for the public and for commands run on the machine itself."""

    person: UUID | None
    via: Via = Via.SESSION
    device: UUID | None = None

    @property
    def signed_in(self) -> bool:
        """Is it a known person?"""
        return self.person is not None


PUBLIC_ACTOR = Actor(None)
MACHINE = Actor(None, Via.COMMAND)


class ScopeKind(StrEnum):
    """What a grant can be limited to, widest first."""

    PLATFORM = "platform"
    REGION = "region"
    ORGANIZATION = "organization"
    COMPETITION = "competition"
    EVENT = "event"
    PANEL = "panel"
    DELEGATION = "delegation"
    UNIT = "unit"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Scope:
    """One place a permission can hold. A region's key is a GB/T 2260 prefix; the platform's is empty."""

    kind: ScopeKind
    key: str = ""


PLATFORM = Scope(ScopeKind.PLATFORM)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an actor holds a permission: what list queries start from."""

    everywhere: bool = False
    regions: frozenset[str] = frozenset()
    organizations: frozenset[UUID] = frozenset()
    competitions: frozenset[UUID] = frozenset()
    events: frozenset[UUID] = frozenset()
    panels: frozenset[UUID] = frozenset()
    delegations: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()
    person: UUID | None = None

    @property
    def anywhere(self) -> bool:
        """Is there any place at all, beyond oneself?"""
        return self.everywhere or any(
            (
                self.regions,
                self.organizations,
                self.competitions,
                self.events,
                self.panels,
                self.delegations,
                self.units,
            )
        )


class Authority(Protocol):
    """What answers the questions."""

    def can(self, actor: Actor, permission: str, scopes: Sequence[Scope]) -> bool:
        """May the actor do this to an object with this chain of scopes?"""

    def visible(self, actor: Actor, permission: str) -> Reach:
        """Where does the actor hold this permission?"""


_authority: list[Authority] = []


def install_authority(authority: Authority) -> None:
    """Join the questions with their answers."""
    _authority[:] = [authority]


def can(actor: Actor, permission: str, scopes: Sequence[Scope] = (PLATFORM,)) -> bool:
    """May `actor` do `permission` to an object with this chain of scopes? No without an authority."""
    return bool(_authority) and _authority[0].can(actor, permission, scopes)


def visible(actor: Actor, permission: str) -> Reach:
    """Where `actor` holds `permission`. Nowhere without an authority."""
    return _authority[0].visible(actor, permission) if _authority else Reach()


# --- routes -----------------------------------------------------------------------------------------------------------

ScopeLoader = Callable[[UUID], "Sequence[Scope] | None"]
_loaders: dict[str, ScopeLoader] = {}
_parts: dict[str, ScopeLoader] = {}


def register_scope(argument: str, loader: ScopeLoader) -> None:
    """How to find the chain of scopes of the object that URL argument `argument` names; None when there is none."""
    _loaders[argument] = loader


def register_parts(argument: str, loader: ScopeLoader) -> None:
    """How to find the scopes of the parts of the object that `argument` names, such as the events of a competition."""
    _parts[argument] = loader


def parts_of(argument: str, key: UUID) -> Sequence[Scope]:
    """The scopes of the parts of the object `key` named by `argument`."""
    return _parts[argument](key) or () if argument in _parts else ()


def scopes_of(argument: str, key: UUID) -> Sequence[Scope] | None:
    """The chain of scopes of the object `key` named by `argument`."""
    return _loaders[argument](key)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a route asks for. `of` is the URL argument whose object is meant; without it the permission must be held
    somewhere, and the query or action behind the route limits itself to where. With `below` a grant on a part of that object
    (one event of a competition) opens the page too; what it shows limits itself."""

    permission: str
    of: str = ""
    below: bool = False
    public: bool = field(default=False)


PUBLIC = Requirement("", public=True)
SIGNED_IN = "signed_in"  # held by every known person: for pages about oneself
View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: str, *, of: str = "", below: bool = False) -> Callable[[View], View]:
    """Declare what a route asks for. Enforced before the view runs: 404 for another scope's object, else 403."""

    def declare(view: View) -> View:
        view.requirement = Requirement(str(permission), of, below)  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that anybody may use a route."""
    view.requirement = PUBLIC  # type: ignore[attr-defined]
    return view


def requirement_of(view: Any) -> Requirement | None:
    """The declaration on a view, or None."""
    found = getattr(view, "requirement", None)
    return found if isinstance(found, Requirement) else None
