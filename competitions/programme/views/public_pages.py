"""What the public sees of a competition. Drafts, rehearsals and cancelled competitions are not shown."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from competitions.programme import queries
from competitions.programme.views.blueprint import blueprint
from foundation.clock import now
from foundation.permission import PUBLIC_ACTOR, Scope, ScopeKind, public
from foundation.web import cards


@blueprint.get("/public/competitions/<uuid:competition_id>")
@public
def public_competition(competition_id: UUID) -> str:
    """One competition: facts, events, hosts, contact, and what rooms have published.

    Higher rooms add to it with a card source that answers PUBLIC_ACTOR on the competition's scope; only cards whose link
    leads to a public page (`/public/…`) are shown.
    """
    row = queries.public_competition(competition_id)
    found = cards.cards(PUBLIC_ACTOR, Scope(ScopeKind.COMPETITION, str(competition_id)), now())
    return render_template(
        "competitions/programme/public_competition.html",
        row=row,
        published=[card for card in found if card.link.startswith("/public/")],
    )
