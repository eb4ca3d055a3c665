"""Signatures sent by a tablet's outbox: given on a list that was on the screen, perhaps while there was no network."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from competitions.marking import desk
from competitions.marking.actions import signing as actions
from competitions.marking.actions.confirmations import Column, confirm_column
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import marks as queries
from competitions.rules.handwriting import LONGEST, Hand
from foundation.clock import now
from foundation.encryption.envelope import EnvelopeBroken, open_envelope
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


@blueprint.post("/api/marking/confirmations")
@requires(MarkingPermission.MARK)
def confirmations() -> ResponseReturnValue:
    """Take in judges' words on a panel's tablet: each a column, its hash and the PIN sealed for this installation."""
    return jsonify({"answers": [_confirmed(item) for item in parcels.items()]})


def _confirmed(item: dict[str, Any]) -> dict[str, Any]:
    key = parcels.key(item, "id")
    try:
        column = Column(
            panel_id=parcels.key(item, "panel_id"), work_id=parcels.key(item, "work_id"),
            sub_criterion_id=parcels.key(item, "sub_criterion_id"), seat_id=parcels.key(item, "seat_id"),
            values_hash=parcels.text(item, "values_hash", 64),
        )  # fmt: skip
        pin = open_envelope(parcels.text(item, "pin", 400)).decode()
        again = confirm_column(key, column, pin, client_at=parcels.moment(item, "client_at"), actor=actor(), at=now())
    except EnvelopeBroken:
        return {"id": str(key), "status": "refused", "code": "code_wrong", "message": sentence("pin_wrong")}
    except Refusal as refusal:
        told = sentence("pin_wrong" if refusal.code == "code_wrong" else refusal.code, **refusal.facts)
        return {"id": str(key), "status": "refused", "code": refusal.code, "message": told}
    return {"id": str(key), "status": "duplicate" if again else "confirmed", "code": "", "message": ""}


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
