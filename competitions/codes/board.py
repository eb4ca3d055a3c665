"""What this room says on the organizer's board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from competitions.codes import queries
from competitions.codes.permissions import CodesPermission
from competitions.programme import queries as programme
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.web.cards import Card, CardKind


def cards(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """Events that wait for unblinding, and whose turn it is."""
    if scope.kind != ScopeKind.COMPETITION:
        return ()
    key = UUID(scope.key)
    if not can(actor, CodesPermission.VIEW_CODES, programme.competition_scopes(key) or ()):
        return ()
    events = queries.events_of(key)
    seals = queries.seals([event.id for event in events])
    shown = []
    for event in events:
        state = queries.seal_state(seals.get(event.id))
        if state not in ("released", "asked"):
            continue
        code, permission = (
            ("card:unblinding_waits", CodesPermission.ASK_UNBLINDING)
            if state == "released"
            else ("card:unblinding_half", CodesPermission.AGREE_UNBLINDING)
        )
        mine = can(actor, permission, programme.event_scopes(event.id) or ())
        shown.append(
            Card(
                CardKind.NEXT_STEP,
                code,
                {"event": event.name_zh},
                link=f"/events/{event.id}/codes",
                link_code="card:to_codes",
                order=70,
                mine=mine,
            )
        )
    return shown
