"""What this room says on an organizer's board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import url_for

from competitions.programme.queries import competition_scopes
from competitions.schemes import queries
from competitions.schemes.permissions import SchemePermission
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.web.cards import Card, CardKind


def missing_schemes(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """One next step for the first event without a marking scheme."""
    if scope.kind != ScopeKind.COMPETITION:
        return ()
    without = queries.events_without_scheme(UUID(scope.key))
    if not without:
        return ()
    mine = can(actor, SchemePermission.EDIT, competition_scopes(UUID(scope.key)) or ())
    event = without[0]
    link = url_for("schemes.scheme", event_id=event.id) if mine else ""
    facts = {"event": event.name_zh}
    return (Card(CardKind.NEXT_STEP, "next_step:scheme", facts, link, "next_step:scheme_link", order=30, mine=mine),)
