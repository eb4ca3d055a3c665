"""What tablets speak: marks in batches, registration of the tablet, calls for the chief judge. JSON in, JSON out.

A device token (`Authorization: Bearer …`) needs no cookie; with a session cookie the request must come from a page of ours
(`X-Laurel: 1`, same origin). Marks are acknowledged after COMMIT alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from accounts.sign_in.actions import pair_device
from competitions.marking import ledger
from competitions.marking.actions import sheets as actions
from competitions.marking.ledger import MarkBody
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import marks as queries
from foundation.clock import now
from foundation.permission import Via, requires
from foundation.refusal import Forbidden, Missing, Refusal
from foundation.translation import sentence
from foundation.web.access import actor

blueprint = Blueprint("marking_api", __name__)

LARGEST_BODY = 256 * 1024
REQUIRED = ("id", "work_id", "aspect_id", "kind", "scheme_id", "device_id", "device_sequence", "client_at")
OPTIONAL = ("seat_id", "value", "base_id", "reason", "device_signature")
LONGEST = {"value": 1000, "reason": 500, "device_signature": 400, "kind": 10}
DEVICE_DAYS = 7


def _sent() -> dict[str, Any]:
    """The JSON object of a request that is really ours. Raises Forbidden, Refusal marks_malformed, 413."""
    if actor().via == Via.SESSION and (
        request.headers.get("X-Laurel") != "1" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    ):
        raise Forbidden("marks_from_elsewhere")
    request.max_content_length = LARGEST_BODY
    found = request.get_json(silent=True) if request.is_json and request.get_data() else None
    if not isinstance(found, dict):
        raise Refusal("marks_malformed", place="JSON")
    return found


def _id(value: object, place: str) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID("")
    except ValueError as wrong:
        raise Refusal("marks_malformed", place=place) from wrong


def _moment(value: object, place: str) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError as wrong:
        raise Refusal("marks_malformed", place=place) from wrong
    if found is None or found.tzinfo is None or not 2000 <= found.year <= 2200:
        raise Refusal("marks_malformed", place=place)
    return found.astimezone(UTC)


def _body(sent: object, number: int) -> MarkBody:
    place = f"marks[{number}]"
    if not isinstance(sent, dict):
        raise Refusal("marks_malformed", place=place)
    for name in sent:
        if name not in REQUIRED + OPTIONAL:
            raise Refusal("marks_malformed", place=f"{place}.{str(name)[:40]}")
    for name in REQUIRED:
        if name not in sent:
            raise Refusal("marks_malformed", place=f"{place}.{name}")
    for name, most in LONGEST.items():
        text = sent.get(name)
        if text is not None and (not isinstance(text, str) or len(text) > most or "\x00" in text):
            raise Refusal("marks_malformed", place=f"{place}.{name}")
    sequence = sent["device_sequence"]
    if type(sequence) is not int or not 0 < sequence < 2**31:
        raise Refusal("marks_malformed", place=f"{place}.device_sequence")
    ids = {
        name: _id(sent[name], f"{place}.{name}") for name in ("id", "work_id", "aspect_id", "scheme_id", "device_id")
    }
    maybe = {
        name: None if sent.get(name) is None else _id(sent[name], f"{place}.{name}") for name in ("seat_id", "base_id")
    }
    return MarkBody(
        **ids, **maybe, kind=sent["kind"], value=sent.get("value"), device_sequence=sequence,  # type: ignore[arg-type]
        client_at=_moment(sent["client_at"], f"{place}.client_at"), reason=sent.get("reason") or "",
        device_signature=sent.get("device_signature"),
    )  # fmt: skip


@blueprint.post("/api/marks")
@requires(MarkingPermission.MARK)
def marks() -> ResponseReturnValue:
    """Receive 1–50 marks; an answer for each, the server's time, and the heads of the streams after COMMIT."""
    sent = _sent()
    if set(sent) != {"marks"} or not isinstance(sent["marks"], list):
        raise Refusal("marks_malformed", place="marks")
    if not 1 <= len(sent["marks"]) <= ledger.LARGEST_BATCH:
        raise Refusal("marks_batch_size", count=len(sent["marks"]), most=ledger.LARGEST_BATCH)
    at = now()
    answers = ledger.receive_marks([_body(one, n) for n, one in enumerate(sent["marks"])], actor=actor(), at=at)
    last = max((answer for answer in answers if answer.sequence), key=lambda answer: answer.sequence or 0, default=None)
    return jsonify(
        {
            "answers": [
                {
                    "id": str(one.id), "status": one.status, "sequence": one.sequence, "hash": one.hash, "code": one.code,
                    "message": sentence(one.code, **one.facts) if one.code else "",
                }
                for one in answers
            ],
            "server_time": at.isoformat(),
            "head": {"sequence": last.sequence, "hash": last.hash} if last else None,
        }
    )  # fmt: skip


@blueprint.post("/api/marking/devices")
@requires(MarkingPermission.MARK)
def devices() -> ResponseReturnValue:
    """Register this browser as the judge's tablet in an event where they sit: its id and its token, shown once."""
    sent = _sent()
    sender, event_id, at = actor(), _id(sent.get("event_id"), "event_id"), now()
    if sender.via != Via.SESSION or sender.person is None:
        raise Forbidden("http_403")
    if event_id not in {seat.panel.event_id for seat in queries.seats_of_person(sender.person)}:
        raise Missing
    label = (request.user_agent.string or "")[:60]
    token, device_id = pair_device(
        sender.person, event_id, label=label, ends_at=at + timedelta(days=DEVICE_DAYS), actor=sender, at=at
    )
    return jsonify({"device_id": str(device_id), "token": token}), 201


@blueprint.post("/api/marking/calls")
@requires(MarkingPermission.MARK)
def calls() -> ResponseReturnValue:
    """Call the chief judge to a sheet."""
    sent = _sent()
    aspect = sent.get("aspect_id")
    made = actions.call_chief(
        _id(sent.get("panel_id"), "panel_id"), _id(sent.get("work_id"), "work_id"),
        None if aspect is None else _id(aspect, "aspect_id"), actor=actor(), at=now(),
    )  # fmt: skip
    return jsonify({"id": str(made)}), 201
