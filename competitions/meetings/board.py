"""What this room has to say on the organizer's board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from competitions.meetings import queries
from competitions.meetings.permissions import MeetingPermission
from competitions.programme import queries as programme
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.web.cards import Card, CardKind


def cards(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """Questions that wait, and clarifications that some delegation has not read."""
    if scope.kind != ScopeKind.COMPETITION:
        return ()
    key = UUID(scope.key)
    if not can(actor, MeetingPermission.HOLD, programme.competition_scopes(key) or ()):
        return ()
    made, page = [], f"/competitions/{key}/meetings"
    questions, silent = queries.open_counts(key)
    if questions:
        made.append(Card(CardKind.NEXT_STEP, "card:questions_open", {"count": questions}, page, "card:answer", 44))
    if silent:
        made.append(Card(CardKind.FLAG, "card:clarifications_unread", {"count": silent}, page, "card:open", 60))
    return made
