"""Photos as evidence and drawings: what tablets send in parts, what the chief looks at, what the organizer lays out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking.actions import evidence as actions
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import evidence as queries
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.files.queries import file_bytes
from foundation.permission import Via, requires
from foundation.refusal import Forbidden, Refusal
from foundation.translation import sentence
from foundation.web import navigation, parcels
from foundation.web.access import actor
from foundation.web.downloads import send_bytes

blueprint = Blueprint("marking_evidence", __name__)
api = Blueprint("marking_evidence_api", __name__)


@api.post("/api/marking/photos")
@requires(MarkingPermission.MARK)
def begin() -> ResponseReturnValue:
    """Announce a photo as the one item of a parcel → {received}: how many of its bytes are here."""
    [item] = parcels.items()[:1]
    facts = actions.PhotoFacts(
        parcels.key(item, "panel_id"), parcels.key(item, "work_id"), parcels.key(item, "aspect_id"),
        parcels.moment(item, "taken_at"), parcels.whole(item, "size", most=actions.LARGEST), parcels.text(item, "sha256", 64),
    )  # fmt: skip
    received = actions.begin_photo(parcels.key(item, "id"), facts, actor=actor(), at=now())
    return jsonify({"received": received, "part": actions.PART})


@api.put("/api/marking/photos/<uuid:photo_id>/<int:start>")
@requires(MarkingPermission.MARK)
def part(photo_id: UUID, start: int) -> ResponseReturnValue:
    """The bytes of a photo from `start` on → {received}."""
    if actor().via == Via.SESSION and request.headers.get("X-Laurel") != "1":
        raise Forbidden("marks_from_elsewhere")
    request.max_content_length = actions.PART
    return jsonify({"received": actions.take_part(photo_id, start, request.get_data(), actor=actor(), at=now())})


@blueprint.get("/marking/photos/<uuid:photo_id>")
@requires(MarkingPermission.SCORES, of="photo_id")
def photo(photo_id: UUID) -> Response:
    """A photo, for the chief judge."""
    data = file_bytes(queries.file_of_photo(photo_id))
    return send_bytes(data, media_type="image/jpeg", name=f"evidence-{photo_id}.jpg", inline=True)


@blueprint.get("/marking/drawings/<uuid:drawing_id>")
@requires(MarkingPermission.DRAWINGS, of="drawing_id")
def drawing(drawing_id: UUID) -> Response:
    """A drawing, for the judges of the event."""
    row = queries.drawing(drawing_id)
    return send_bytes(file_bytes(row.file_id), media_type="image/png", name=f"drawing-{drawing_id}.png", inline=True)


@blueprint.route("/events/<uuid:event_id>/drawings", methods=["GET", "POST"])
@requires(MarkingPermission.LAY_OUT_DRAWINGS, of="event_id")
def drawings(event_id: UUID) -> ResponseReturnValue:
    """The drawings of an event; one more."""
    row = programme.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    wrong = ""
    if request.method == "POST":
        sent = request.files.get("file")
        data = sent.read(actions.LARGEST_DRAWING + 1) if sent else b""
        try:
            actions.add_drawing(
                event_id, data, title=request.form.get("title", ""), aspect_code=request.form.get("aspect_code", ""),
                actor=actor(), at=now(),
            )  # fmt: skip
            flash(
                _("The drawing lies on the judges' tablets as soon as they open their seats with a network."), "success"
            )
            return redirect(url_for("marking_evidence.drawings", event_id=event_id))
        except Refusal as refusal:
            wrong = sentence(refusal.code, **refusal.facts)
    page = render_template(
        "competitions/marking/drawings.html", row=row, drawings=queries.drawings_of(event_id), wrong=wrong,
        typed=request.form,
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.post("/marking/drawings/<uuid:drawing_id>/remove")
@requires(MarkingPermission.LAY_OUT_DRAWINGS, of="drawing_id")
def remove(drawing_id: UUID) -> ResponseReturnValue:
    """Take a drawing away."""
    event_id = queries.drawing(drawing_id).event_id
    actions.remove_drawing(drawing_id, actor=actor(), at=now())
    flash(_("The drawing is no longer shown."), "success")
    return redirect(url_for("marking_evidence.drawings", event_id=event_id))
