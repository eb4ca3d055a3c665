"""The floor judge's pages: stations by their code, the clock, incidents, violations, three signatures."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking.actions import floor as actions
from competitions.marking.actions.floor import FloorBody
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import floor, marks
from competitions.programme import queries as programme
from competitions.rules.floor import clock_of, penalty_of
from competitions.rules.handwriting import svg
from foundation.clock import now
from foundation.permission import can, requires
from foundation.refusal import Missing, Refusal
from foundation.translation import sentence
from foundation.web import parcels
from foundation.web.access import actor

blueprint = Blueprint("marking_floor", __name__)


@blueprint.get("/events/<uuid:event_id>/floor")
@requires(MarkingPermission.FLOOR, of="event_id")
def stations(event_id: UUID) -> str:
    """Every station of an event with its clock."""
    by_work: dict[UUID, list[Any]] = {}
    for row in floor.entries(event_id):
        by_work.setdefault(row.work_id, []).append(row)
    signed = {row.work_id for row in floor.signatures(event_id) if row.role == "chief_judge"}
    found = [
        (work, clock_of(floor.lines_of(by_work.get(work.id, [])), at=now()), work.id in signed)
        for work in marks.works(event_id)
    ]
    offline = {
        "person": str(actor().person), "events": [],
        "pages": [url_for("marking_floor.station", event_id=event_id, work_id=work.id) for work, _clock, _signed in found],
        "devices": url_for("marking_api.devices"), "marks": url_for("marking_api.marks"),
    }  # fmt: skip
    return render_template(
        "competitions/marking/floor.html", event=programme.event(event_id), stations=found, offline=offline
    )


@blueprint.get("/events/<uuid:event_id>/floor/<uuid:work_id>")
@requires(MarkingPermission.FLOOR, of="event_id")
def station(event_id: UUID, work_id: UUID) -> str:
    """One station."""
    work = next((one for one in marks.works(event_id) if one.id == work_id), None)
    if work is None:
        raise Missing
    rows, at = floor.entries(event_id, work_id), now()
    kinds, in_total = floor.violations_of(event_id), floor.in_total(event_id)
    lines, digest = floor.lines_of(rows), floor.record_hash(rows)
    given = {row.role: row for row in floor.signatures(event_id, work_id) if row.record_hash == digest}
    config = {
        "work": str(work_id), "person": str(actor().person), "url": url_for("marking_floor.entries"),
        "words": {
            "waiting": _("on this tablet, not on the server yet"), "session": _("Sign in again: nothing is lost until then."),
            "sent": _("All entries are on the server."), "empty": _("Sign in the field first."),
        },
    }  # fmt: skip
    return render_template(
        "competitions/marking/floor_station.html",
        event=programme.event(event_id),
        work=work,
        rows=rows,
        struck={row.refers_to for row in rows if row.kind == "strike"},
        clock=clock_of(lines, at=at),
        penalty=penalty_of(lines, kinds),
        violations=kinds,
        in_total=in_total,
        digest=digest,
        given=given,
        pictures={
            role: "data:image/svg+xml;base64," + base64.b64encode(svg(row.drawing.revealed()).encode()).decode()
            for role, row in given.items()
        },
        chief=can(actor(), MarkingPermission.CONFIRM, programme.event_scopes(event_id) or ()),
        config=config,
    )


@blueprint.post("/events/<uuid:event_id>/floor/<uuid:work_id>/sign")
@requires(MarkingPermission.FLOOR, of="event_id")
def sign(event_id: UUID, work_id: UUID) -> ResponseReturnValue:
    """Sign the record as it stands."""
    if all(one.id != work_id for one in marks.works(event_id)):
        raise Missing
    form = request.form
    try:
        actions.sign_record(
            work_id, form.get("role", ""), form.get("hash", ""), form.get("drawing", ""), actor=actor(), at=now()
        )
        flash(_("Signed."), "success")
    except Refusal as refusal:
        if refusal.status == Missing.status:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("marking_floor.station", event_id=event_id, work_id=work_id))


@blueprint.post("/api/marking/floor")
@requires(MarkingPermission.FLOOR)
def entries() -> ResponseReturnValue:
    """Take in what happened: an answer for each."""
    answers = []
    for item in parcels.items():
        body = FloorBody(
            parcels.key(item, "id"), parcels.key(item, "work_id"), parcels.text(item, "kind", 20), parcels.moment(item, "client_at"),
            parcels.text(item, "rule", 40), parcels.whole(item, "count", most=1000), parcels.text(item, "text", 500),
            parcels.key(item, "refers_to") if item.get("refers_to") else None,
        )  # fmt: skip
        answer = actions.receive_entry(body, actor=actor(), at=now())
        answers.append(
            {"id": str(answer.id), "status": answer.status, "code": answer.code,
             "message": sentence(answer.code) if answer.code else ""}
        )  # fmt: skip
    return jsonify({"answers": answers})
