"""What this room says on the organizer's board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from competitions.judges import queries
from competitions.judges.permissions import JudgesPermission
from competitions.programme import queries as programme
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.web.cards import Card, CardKind


def cards(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """Judges accepted of asked, panels complete, and sub-criteria nobody marks."""
    if scope.kind != ScopeKind.COMPETITION:
        return ()
    key = UUID(scope.key)
    if not can(actor, JudgesPermission.VIEW, programme.competition_scopes(key) or ()):
        return ()
    found = queries.standings(key)
    asked = sum(row.accepted + row.invited for row in found)
    if not asked:
        return ()
    panels = sum(row.panels for row in found)
    shown = [
        _figure("card:judges_accepted", sum(row.accepted for row in found), asked, 60),
        _figure("card:panels_complete", sum(row.complete for row in found), panels, 61),
    ]
    shown += [
        Card(
            CardKind.FLAG,
            "card:sub_criteria_unassigned",
            {"event": row.event.name_zh, "count": row.unassigned},
            link=f"/events/{row.event.id}/panels",
            order=60,
        )
        for row in found
        if row.unassigned
    ]
    return shown


def _figure(code: str, value: int, of: int, order: int) -> Card:
    return Card(CardKind.FIGURE, code, {"value": value, "of": f"/ {of}", "note": ""}, order=order)
