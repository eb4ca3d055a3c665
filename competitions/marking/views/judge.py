"""Judges' pages: my seats, the panel's board, signing lists."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking import desk
from competitions.marking.actions import signing as actions
from competitions.marking.models.marks import SheetSignature, SigningList
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import marks as queries
from competitions.marking.queries.evidence import drawings_of
from competitions.marking.queries.rehearsal import rehearsed_events
from competitions.rules.handwriting import Hand, svg
from foundation.clock import new_id, now
from foundation.permission import can, requires
from foundation.refusal import Missing
from foundation.web.access import actor
from foundation.web.showing import show_moment

blueprint = Blueprint("marking", __name__)


@blueprint.get("/marking")
@requires(MarkingPermission.MARK)
def seats() -> str:
    """Where I sit."""
    person = actor().person
    mine = queries.seats_of_person(person) if person else []
    boards = [desk.panel_board(seat.panel_id, person) for seat in mine]
    pages = [url_for("marking.panel", panel_id=board.panel.id) for board in boards]
    return render_template(
        "competitions/marking/seats.html",
        boards=boards,
        offline=_offline(boards, pages),
        rehearsals=rehearsed_events([board.event.id for board in boards]),
    )


def _offline(boards: list[desk.PanelBoard], pages: list[str]) -> dict[str, Any]:
    """What the tablet keeps for a day without network: the pages, and the events it needs a key for."""
    sheets = [
        url_for("marking_sheets.by_work", panel_id=board.panel.id, work_id=work.id, sub_criterion_id=sub.id)
        for board in boards for sub in board.subs for work in board.works
    ]  # fmt: skip
    drawings = [
        url_for("marking_evidence.drawing", drawing_id=row.id)
        for event in {board.event.id for board in boards} for row in drawings_of(event)
    ]  # fmt: skip
    aspects = [
        url_for("marking_sheets.by_aspect", panel_id=board.panel.id, aspect_id=aspect.id)
        for board in boards if board.works for sub in board.subs for aspect in sub.aspects
    ]  # fmt: skip
    return {
        "person": str(actor().person), "events": sorted({str(board.event.id) for board in boards}),
        "pages": [*pages, url_for("tablet.hand_over"), *sheets, *aspects, *drawings],
        "devices": url_for("marking_api.devices"), "marks": url_for("marking_api.marks"),
    }  # fmt: skip


@blueprint.get("/marking/panels/<uuid:panel_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def panel(panel_id: UUID) -> str:
    """My panel's works × sub-criteria, and its signing lists."""
    board = desk.panel_board(panel_id, actor().person)
    lists = queries.lists_of(board.panel.event_id, panel_id)
    unsigned = [url_for("marking.signing_list", list_id=row.id) for row in lists if row.confirmed_at is None]
    return render_template(
        "competitions/marking/panel.html", board=board, lists=lists, key=new_id(),
        offline=_offline([board], [url_for("marking.seats"), *unsigned]),
    )  # fmt: skip


@blueprint.post("/marking/panels/<uuid:panel_id>/lists")
@requires(MarkingPermission.MARK, of="panel_id")
def make_list(panel_id: UUID) -> ResponseReturnValue:
    """Put complete sheets on a signing list."""
    subs = request.form.getlist("sub_criterion_id", type=UUID)
    board = desk.panel_board(panel_id, actor().person)
    title = "、".join(sub.code for sub in board.subs if sub.id in subs)
    made = actions.make_signing_list(
        panel_id, subs, title=title, actor=actor(), at=now(), key=request.form.get("key", type=UUID)
    )
    return redirect(url_for("marking.signing_list", list_id=made))


@blueprint.get("/marking/lists/<uuid:list_id>")
@requires(MarkingPermission.MARK, of="list_id")
def signing_list(list_id: UUID) -> str:
    """A signing list with every sheet and what it gives; the judges sign here, the chief confirms."""
    row = queries.signing_list(list_id)
    chief = can(actor(), MarkingPermission.CONFIRM, queries.panel_scopes(row.panel_id) or ())
    board = desk.panel_board(row.panel_id, actor().person, seated=not chief)
    return render_template(
        "competitions/marking/list.html",
        row=row,
        board=board,
        chief=chief,
        sheets=(places := queries.places_of_list(list_id)),
        given=queries.signatures_of(list_id),
        changed=_what_took_it_back(row, board, places),
        picture=_picture,
        config=_signing_config(row, board),
    )


@blueprint.post("/marking/lists/<uuid:list_id>/sign")
@requires(MarkingPermission.MARK, of="list_id")
def sign(list_id: UUID) -> ResponseReturnValue:
    """Sign as the judge of my seat."""
    board = desk.panel_board(queries.signing_list(list_id).panel_id, actor().person)
    if board.seat is None:
        raise Missing
    drawing, typed = request.form.get("drawing", ""), request.form.get("typed", "")
    hand = Hand("drawn", drawing) if drawing else Hand("typed", typed)
    signed = actions.sign_list(list_id, board.seat.id, request.form.get("hash", ""), hand=hand, actor=actor(), at=now())
    if signed.again:
        flash(_("You signed this list already: %(at)s.", at=show_moment(signed.at)), "success")
    elif signed.finished:
        flash(_("Signed. Every judge has signed; the chief judge confirms now."), "success")
    else:
        flash(_("Signed. The other judges' signatures are still missing."), "success")
    return redirect(url_for("marking.signing_list", list_id=list_id))


def _picture(signature: SheetSignature) -> str:
    """A drawn signature as an address for `<img>`."""
    if signature.drawing is None or signature.kind != "drawn":
        return ""
    drawn = svg(signature.drawing.revealed()).encode()
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()


def _what_took_it_back(
    row: SigningList, board: desk.PanelBoard, places: set[tuple[UUID, UUID]]
) -> list[tuple[str, str, int | None]]:
    """(work code, aspect code, seat) of the marks that took a list back; none when a person returned it."""
    if row.withdrawn_at is None or row.withdrawn_reason:
        return []
    aspects = {aspect.id: aspect for sub in board.subs for aspect in sub.aspects}
    codes, seats = {work.id: work.code for work in board.works}, {seat.id: seat.number for seat in board.panel.seats}
    return [
        (codes[mark.work_id], aspects[mark.aspect_id].code, seats.get(mark.seat_id))
        for mark in queries.marks_at(row.panel_id, row.withdrawn_at)
        if mark.aspect_id in aspects and (mark.work_id, aspects[mark.aspect_id].sub_criterion_id) in places
    ]


def _signing_config(row: SigningList, board: desk.PanelBoard) -> dict[str, Any]:
    return {
        "list": str(row.id), "hash": row.hash, "url": url_for("marking_signatures.signatures"), "person": str(actor().person),
        "name": board.seat.duty.person.name_zh if board.seat else "",
        "words": {
            "empty": _("Sign in the field first."), "sending": _("Being sent…"),
            "kept": _("Your signature is kept on this tablet and sent when the network is back. It is not on the server yet."),
            "session": _("Sign in again: your signature is kept on this tablet until then."),
        },
    }  # fmt: skip
