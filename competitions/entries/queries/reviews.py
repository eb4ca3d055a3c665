"""Which levels review an entry, and whose scopes they are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from competitions.entries.models.entries import Entry
from competitions.entries.queries.entries import entry_scopes
from competitions.programme import queries as programme
from competitions.rules.reviews import levels_for
from foundation.permission import Scope, ScopeKind


def review_levels(found: Entry) -> tuple[str, ...]:
    """The levels an entry passes on its way to the organizer, by the rules in force."""
    _version, rules = programme.rule_set_in_force(found.competition_id)
    has_unit = any(member.unit_id is not None for member in found.members)
    return levels_for(
        rules.review_levels, origin=found.origin, has_unit=has_unit, has_delegation=found.delegation_id is not None
    )


def scopes_of_level(entry_id: UUID, level: str) -> Sequence[Scope]:
    """The scopes of the body that reviews an entry at a level; none for the organizer's."""
    kind = {"delegation": ScopeKind.DELEGATION, "unit": ScopeKind.UNIT}.get(level)
    return [scope for scope in entry_scopes(entry_id) or () if scope.kind == kind]
