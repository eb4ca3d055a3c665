"""A candidate's home: what is next, results, awards, certificates, grades, titles, one timeline."""

from __future__ import annotations

from flask import Blueprint, render_template

from certification.records import queries
from foundation.clock import now
from foundation.permission import SIGNED_IN, Scope, ScopeKind, requires
from foundation.refusal import Missing
from foundation.web import cards
from foundation.web.access import actor

blueprint = Blueprint("records", __name__)


@blueprint.get("/my/record")
@requires(SIGNED_IN)
def record() -> str:
    """The reader's own record."""
    person = actor().person
    if person is None:
        raise Missing
    return render_template(
        "certification/records/record.html",
        record=queries.record_of(person),
        cards=cards.cards(actor(), Scope(ScopeKind.SELF, str(person)), now()),
    )
