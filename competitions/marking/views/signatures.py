"""Signatures sent by a tablet's outbox: given on a list that was on the screen, perhaps while there was no network."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from competitions.marking import desk
from competitions.marking.actions import signing as actions
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import marks as queries
from competitions.rules.handwriting import LONGEST, Hand
from foundation.clock import now
from foundation.permission import requires
from foundation.refusal import Missing, Refusal
from foundation.translation import sentence
from foundation.web import parcels
from foundation.web.access import actor

blueprint = Blueprint("marking_signatures", __name__)


@blueprint.post("/api/marking/signatures")
@requires(MarkingPermission.MARK)
def signatures() -> ResponseReturnValue:
    """Take in signatures: `signed` or `duplicate` with the time, or `refused` with a sentence when the list has moved on."""
    return jsonify({"answers": [_answer(item) for item in parcels.items()]})


def _answer(item: dict[str, Any]) -> dict[str, Any]:
    key = parcels.key(item, "id")
    try:
        row = queries.signing_list(parcels.key(item, "list_id"))
        seat = desk.seat_of(queries.panel(row.panel_id), actor().person)
        if seat is None:
            raise Missing
        hand = Hand(parcels.text(item, "kind", 10), parcels.text(item, "text", LONGEST))
        done = actions.sign_list(
            row.id, seat.id, parcels.text(item, "hash", 64), hand=hand, client_at=parcels.moment(item, "client_at"),
            actor=actor(), at=now(), key=key,
        )  # fmt: skip
    except Refusal as refusal:
        return {
            "id": str(key),
            "status": "refused",
            "code": refusal.code,
            "message": sentence(refusal.code, **refusal.facts),
        }
    return {
        "id": str(key),
        "status": "duplicate" if done.again else "signed",
        "at": done.at.isoformat(),
        "code": "",
        "message": "",
    }
