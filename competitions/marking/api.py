"""What tablets speak: marks in batches, registration of the tablet, calls for the chief judge. JSON in, JSON out.

A device token (`Authorization: Bearer …`) needs no cookie; with a session cookie the request must come from a page of ours
(`X-Laurel: 1`, same origin). Marks are acknowledged after COMMIT alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from competitions.marking import ledger
from competitions.marking.actions import rehearsal, tablets
from competitions.marking.actions import sheets as actions
from competitions.marking.actions.tablets import Paired
from competitions.marking.bodies import MarkBody
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries.tablets import asked_again
from foundation.clock import now
from foundation.permission import Via, public, requires
from foundation.refusal import Forbidden, Refusal
from foundation.translation import sentence
from foundation.web.access import actor
from foundation.web.limits import limiter

blueprint = Blueprint("marking_api", __name__)

LARGEST_BODY = 256 * 1024
REQUIRED = ("id", "work_id", "aspect_id", "kind", "scheme_id", "device_id", "device_sequence", "client_at")
OPTIONAL = ("seat_id", "value", "base_id", "reason", "device_signature")
LONGEST = {"value": 1000, "reason": 500, "device_signature": 400, "kind": 10}


def _sent(*, ours: bool = True) -> dict[str, Any]:
    """The JSON object of a request that is really ours. Raises Forbidden, Refusal marks_malformed, 413."""
    if (
        ours
        and actor().via == Via.SESSION
        and (
            request.headers.get("X-Laurel") != "1"
            or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
        )
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
@requires(MarkingPermission.DELIVER)
def marks() -> ResponseReturnValue:
    """Receive 1–50 marks; an answer for each, the server's time, and the heads of the streams after COMMIT."""
    sent = _sent()
    if not {"marks"} <= set(sent) <= {"marks", "tablet"} or not isinstance(sent["marks"], list):
        raise Refusal("marks_malformed", place="marks")
    told = _report(sent["tablet"]) if "tablet" in sent else None
    if not 1 <= len(sent["marks"]) <= ledger.LARGEST_BATCH:
        raise Refusal("marks_batch_size", count=len(sent["marks"]), most=ledger.LARGEST_BATCH)
    at = now()
    answers = ledger.receive_marks([_body(one, n) for n, one in enumerate(sent["marks"])], actor=actor(), at=at)
    _note(told)
    return _answered(answers, at)


def _answered(answers: Sequence[ledger.Answer], at: datetime) -> ResponseReturnValue:
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


@blueprint.post("/api/rehearsal/marks")
@requires(MarkingPermission.DELIVER)
def rehearsed_marks() -> ResponseReturnValue:
    """Receive 1–50 marks of a rehearsal, in the form of `marks`; they go to tables of their own."""
    sent, at = _sent(), now()
    found = sent.get("marks")
    if not isinstance(found, list) or not 1 <= len(found) <= ledger.LARGEST_BATCH:
        raise Refusal("marks_malformed", place="marks")
    return _answered(
        rehearsal.receive_rehearsed([_body(one, n) for n, one in enumerate(found)], actor=actor(), at=at), at
    )


@blueprint.post("/api/rehearsal/marking/report")
@requires(MarkingPermission.DELIVER)
def rehearsed_report() -> ResponseReturnValue:
    """A tablet in a rehearsal says how it is: nothing is kept of it."""
    _report(_sent().get("tablet"))
    return jsonify({"server_time": now().isoformat()})


@blueprint.post("/api/rehearsal/devices")
@requires(MarkingPermission.MARK)
def rehearsed_devices() -> ResponseReturnValue:
    """An identity for the rehearsal: {event_id, public_key?, label?} → its id and token."""
    sent = _sent()
    if actor().via != Via.SESSION:
        raise Forbidden("http_403")
    label = str(sent.get("label") or "")[:60]
    event_id = _id(sent.get("event_id"), "event_id")
    return _paired(rehearsal.join_rehearsal(event_id, sent.get("public_key"), label=label, actor=actor(), at=now()))


@blueprint.post("/api/marking/pairing")
@public
@limiter.limit("60/minute")
def pairing() -> ResponseReturnValue:
    """Register the tablet that scanned a one-time code: {code, public_key, label} → as `devices`. Public: the code is the proof."""
    sent = _sent(ours=False)
    code, label = sent.get("code"), sent.get("label", "")
    if not isinstance(code, str) or len(code) > 40 or not isinstance(label, str):
        raise Refusal("marks_malformed", place="code")
    return _paired(tablets.pair_with_code(code.upper(), sent.get("public_key"), label=label, at=now()))


@blueprint.post("/api/marking/devices")
@requires(MarkingPermission.MARK)
def devices() -> ResponseReturnValue:
    """Register this browser as the judge's tablet in an event where they sit: {event_id, public_key?, label?} → its id and token."""
    sent = _sent()
    if actor().via != Via.SESSION:
        raise Forbidden("http_403")
    label = sent.get("label") or request.user_agent.string or ""
    if not isinstance(label, str):
        raise Refusal("marks_malformed", place="label")
    event_id = _id(sent.get("event_id"), "event_id")
    return _paired(tablets.register_tablet(event_id, sent.get("public_key"), label=label, actor=actor(), at=now()))


def _paired(made: Paired) -> ResponseReturnValue:
    answer = {
        "device_id": str(made.device_id), "token": made.token, "event_id": str(made.event_id), "person_id": str(made.person_id),
        "signs": made.signs, "last_sequence": made.last_sequence, "ends_at": made.ends_at.isoformat(), "server_time": now().isoformat(),
    }  # fmt: skip
    return jsonify(answer), 201


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


@blueprint.post("/api/marking/report")
@requires(MarkingPermission.DELIVER)
def report() -> ResponseReturnValue:
    """A tablet says how it is, without marks: its highest number, how many marks wait, its clock.

    Answers the server's time and the tablet's numbers that are not here: what a restored or second server asks for again.
    """
    _note(_report(_sent().get("tablet")))
    device = actor().device
    return jsonify({"server_time": now().isoformat(), "missing": asked_again(device) if device else []})


def _report(sent: object) -> dict[str, Any]:
    if not isinstance(sent, dict) or set(sent) != {"last_sequence", "waiting", "client_at"}:
        raise Refusal("marks_malformed", place="tablet")
    for name in ("last_sequence", "waiting"):
        if type(sent[name]) is not int or not 0 <= sent[name] < 2**31:
            raise Refusal("marks_malformed", place=f"tablet.{name}")
    return {**sent, "client_at": _moment(sent["client_at"], "tablet.client_at")}


def _note(told: dict[str, Any] | None) -> None:
    device = actor().device
    if told is not None and device is not None:
        tablets.report_tablet(device, **told, at=now())
