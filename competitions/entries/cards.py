"""What this room has to say on boards and homes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import entries as queries
from competitions.programme import queries as programme
from foundation.permission import Actor, Scope, ScopeKind, can
from foundation.translation import sentence
from foundation.web.cards import Card, CardKind
from foundation.web.showing import list_of


def cards(actor: Actor, scope: Scope, _at: datetime) -> Sequence[Card]:
    """For a competition: what waits for review, who lacks data, entries, check-in. For a person: what their entries need."""
    if scope.kind == ScopeKind.COMPETITION:
        return _competition(actor, UUID(scope.key))
    if scope.kind == ScopeKind.SELF and str(actor.person) == scope.key:
        return _own(UUID(scope.key))
    return ()


def _competition(actor: Actor, competition_id: UUID) -> Sequence[Card]:
    scopes = programme.competition_scopes(competition_id) or ()
    if not can(actor, EntryPermission.VIEW, scopes):
        return ()
    found = queries.figures(competition_id)
    page = f"/competitions/{competition_id}/entries"
    made = []
    waiting, accepted = found.by_state["submitted"], found.by_state["accepted"]
    if waiting and can(actor, EntryPermission.REVIEW, scopes):
        made.append(
            Card(
                CardKind.NEXT_STEP,
                "card:entries_to_review",
                {"count": waiting},
                f"{page}?state=submitted",
                "card:review",
                40,
            )
        )
    if found.lights_missing:
        made.append(
            Card(
                CardKind.FLAG, "card:lights_missing", {"count": found.lights_missing},
                f"{page}?state=accepted&light=missing", "card:who_lacks_what", 45,
            )
        )  # fmt: skip
    if sum(found.by_state.values()):
        note = sentence("card:entries_note", waiting=waiting)
        made.append(Card(CardKind.FIGURE, "card:entries", {"value": accepted, "note": note, "of": ""}, page, order=40))
        here = found.by_attendance
        came = here["present"] + here["late"] + here["stopped"]
        note = sentence("card:checked_in_note", late=here["late"], absent=here["absent"])
        facts = {"value": came, "note": note, "of": f"/ {accepted}"}
        made.append(
            Card(CardKind.FIGURE, "card:checked_in", facts, f"/competitions/{competition_id}/check-in", order=41)
        )
    return made


def _own(person_id: UUID) -> Sequence[Card]:
    made = []
    for entry in queries.entries_of_person(person_id):
        member = next(one for one in entry.members if one.person_id == person_id)
        link, event = f"/my/entries/{entry.id}", entry.event.name_zh
        missing = queries.certificate_gaps(member)
        if entry.state in ("draft", "returned"):
            made.append(Card(CardKind.NEXT_STEP, "card:own_entry_draft", {"event": event}, link, "card:open", 20))
        elif missing and entry.state in queries.LIVE:
            named = list_of([sentence(gap) for gap in missing])
            facts = {"event": event, "gaps": named}
            made.append(Card(CardKind.NEXT_STEP, "card:own_entry_incomplete", facts, link, "card:open", 30))
    return made
