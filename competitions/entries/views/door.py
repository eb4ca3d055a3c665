"""The door (检录口): a page for the phone or tablet in the hand of who checks people in, that keeps working without a network.

The list is kept on the device: names, units, numbers, photos, the last four characters of the identity number.
"""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from PIL import Image

from competitions.entries.actions import check_in as actions
from competitions.entries.actions.check_in import CheckInBody
from competitions.entries.models.entries import Attendance
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import check_in as queries
from competitions.entries.views.room import named
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.files.codes import codes_in
from foundation.files.queries import file_bytes
from foundation.permission import requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import parcels
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.limits import limiter
from foundation.web.showing import show_code

blueprint = Blueprint("door", __name__)
api = Blueprint("door_api", __name__)

LARGEST_PICTURE = 1024 * 1024
_THUMB = (220, 308)


@blueprint.get("/events/<uuid:event_id>/door")
@requires(EntryPermission.CHECK_IN, of="event_id")
def door(event_id: UUID) -> str:
    """The page itself: without anybody's name, filled from what the device keeps."""
    event = programme.event(event_id)
    config = {
        "event": str(event_id), "person": str(actor().person), "list": url_for("door.people", event_id=event_id),
        "states": url_for("door.states", event_id=event_id), "send": url_for("door_api.receive"),
        "read": url_for("door_api.read", event_id=event_id), "photos": url_for("door.door", event_id=event_id) + "/photos/",
        "attendance": {kind.value: show_code(kind.value, "attendance") for kind in Attendance}, "words": _words(),
    }  # fmt: skip
    return render_template("competitions/entries/door.html", event=event, config=config, named=named)


def _words() -> dict[str, str]:
    return {
        "all_sent": _("All notes are on the server."), "kept": _("On this device, not on the server yet:"),
        "session": _("Sign in again: nothing is lost until then."), "offline": _("No network. Notes are kept on this device."),
        "ready": _("This device keeps the list: it works without a network."),
        "impossible": _("This address cannot work without a network: open it over HTTPS."),
        "unknown": _("Nobody on this list has this pass or name."), "several": _("Several people fit. Choose one:"),
        "present": _("Present"), "late": _("Late"), "absent": _("Absent"), "mismatch": _("Wrong person"),
        "undo": _("Take it back"), "change": _("Change"), "close": _("Close"), "save": _("Note it"),
        "why": _("Why?"), "why_mismatch": _("What does not fit?"), "reason_missing": _("Write or choose a reason first."),
        "identity_open": _("Wrong person: the organizer decides"), "held": _("Two doors disagree: the organizer decides"),
        "last4": _("Identity number ends in"), "not_came": _("Did not come:"), "no_photo": _("No photo"),
        "noted": _("noted"), "not_kept": _("This could not be kept on the device. Note it again."), "empty": _("Nobody here."), "no_camera": _("The camera could not be opened. Type the number on the pass."),
        "camera_offline": _("Without a network this device cannot read codes by camera. Type the number on the pass."),
        "looking": _("Hold the code of the pass into the frame."),
        "reasons_change": "|".join((_("Came after all"), _("Tapped by mistake"), _("Left before the start"))),
        "reasons_mismatch": "|".join(
            (_("Face differs from the photo"), _("Name differs from the identity document"),
             _("Number differs from the identity document"), _("No identity document at hand"))
        ),
    }  # fmt: skip


@blueprint.get("/events/<uuid:event_id>/door/list.json")
@requires(EntryPermission.CHECK_IN, of="event_id")
def people(event_id: UUID) -> ResponseReturnValue:
    """The list as the device keeps it."""
    return jsonify({"entries": queries.door_list(event_id, named=named)})


@blueprint.get("/events/<uuid:event_id>/door/states.json")
@requires(EntryPermission.CHECK_IN, of="event_id")
def states(event_id: UUID) -> ResponseReturnValue:
    """How everybody stands, without names: the page counts by itself, with or without a network."""
    return jsonify({"states": {str(one.entry_id): _state(one) for one in queries.states(event_id)}})


def _state(one: queries.State) -> dict[str, Any]:
    return {
        "attendance": one.standing.attendance, "head": str(one.standing.head) if one.standing.head else None,
        "identity_open": one.standing.identity_open, "waiting": one.waiting, "missing": list(one.missing),
        "at": one.attended_at.isoformat() if one.attended_at else None,
    }  # fmt: skip


@blueprint.get("/events/<uuid:event_id>/door/photos/<uuid:member_id>.jpg")
@requires(EntryPermission.CHECK_IN, of="event_id")
def photo(event_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """A small photo of somebody on the list."""
    with Image.open(io.BytesIO(file_bytes(queries.photo_in(event_id, member_id)))) as picture:
        picture.thumbnail(_THUMB)
        target = io.BytesIO()
        picture.convert("RGB").save(target, "JPEG", quality=80)
    return send_bytes(target.getvalue(), media_type="image/jpeg", name="photo.jpg", inline=True)


@api.post("/api/check-in")
@requires(EntryPermission.CHECK_IN)
def receive() -> ResponseReturnValue:
    """Take in notes: an answer for each, with how its entry stands now."""
    return jsonify({"answers": [_answer(item) for item in parcels.items()]})


def _answer(item: dict[str, Any]) -> dict[str, Any]:
    key = parcels.key(item, "id")
    missing = item.get("missing") or []
    if not isinstance(missing, list) or not all(type(one) is int for one in missing):
        raise Refusal("parcel_malformed", place="missing")
    body = CheckInBody(
        key, parcels.key(item, "entry_id"), parcels.text(item, "step", 10), parcels.moment(item, "client_at"),
        parcels.key(item, "base_id") if item.get("base_id") else None, parcels.text(item, "reason", 300), missing,
    )  # fmt: skip
    try:
        answer = actions.receive_note(body, actor=actor(), at=now())
    except Refusal as refusal:
        return {"id": str(key), "status": "refused", "message": sentence(refusal.code, **refusal.facts)}
    return {
        "id": str(key), "status": answer.outcome, "repeated": answer.repeated,
        "message": sentence(answer.code) if answer.code else "", "state": _state(queries.state(body.entry_id)),
    }  # fmt: skip


@api.post("/api/events/<uuid:event_id>/door/read")
@requires(EntryPermission.CHECK_IN, of="event_id")
@limiter.limit("240/minute")
def read(event_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - the permission is the event's
    """The codes in a frame of the camera, for browsers that read none themselves. Nothing of the picture is kept."""
    parcels.from_a_page_of_ours()
    request.max_content_length = LARGEST_PICTURE
    return jsonify({"codes": codes_in(request.get_data())})
