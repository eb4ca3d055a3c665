"""Judges' pages: my seats, the panel's board, the sheet, signing lists."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking import desk
from competitions.marking.actions import signing as actions
from competitions.marking.desk import SheetPage
from competitions.marking.models.marks import SheetSignature, SigningList
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import marks as queries
from competitions.rules.handwriting import Hand, svg
from competitions.rules.lifecycle import SHEET_LOCKED
from foundation.clock import new_id, now
from foundation.permission import can, requires
from foundation.refusal import Missing
from foundation.translation import sentence
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
    return render_template("competitions/marking/seats.html", boards=boards, offline=_offline(boards, pages))


def _offline(boards: list[desk.PanelBoard], pages: list[str]) -> dict[str, Any]:
    """What the tablet keeps for a day without network: the pages, and the events it needs a key for."""
    sheets = [
        url_for("marking.sheet", panel_id=board.panel.id, work_id=work.id, sub_criterion_id=sub.id)
        for board in boards for sub in board.subs for work in board.works
    ]  # fmt: skip
    return {
        "person": str(actor().person), "events": sorted({str(board.event.id) for board in boards}), "pages": pages + sheets,
        "devices": url_for("marking_api.devices"), "marks": url_for("marking_api.marks"),
    }  # fmt: skip


@blueprint.get("/marking/panels/<uuid:panel_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def panel(panel_id: UUID) -> str:
    """My panel's works × sub-criteria, and its signing lists."""
    board = desk.panel_board(panel_id, actor().person)
    lists = queries.lists_of(board.panel.event_id, panel_id)
    return render_template(
        "competitions/marking/panel.html", board=board, lists=lists, key=new_id(),
        offline=_offline([board], [url_for("marking.seats")]),
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


@blueprint.get("/marking/panels/<uuid:panel_id>/works/<uuid:work_id>/<uuid:sub_criterion_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def sheet(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID) -> str:
    """The full-screen sheet: one work, one sub-criterion."""
    page = desk.sheet_page(panel_id, work_id, sub_criterion_id, actor().person)
    board_works = queries.works(page.panel.event_id)
    return render_template(
        "competitions/marking/sheet.html", page=page, rule_of=desk.rule_of, works=board_works, config=_config(page)
    )


@blueprint.get("/marking/panels/<uuid:panel_id>/works/<uuid:work_id>/<uuid:sub_criterion_id>/state")
@requires(MarkingPermission.MARK, of="panel_id")
def sheet_state(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID) -> ResponseReturnValue:
    """What the sheet looks like now, for the page that shows it."""
    return jsonify(_state(desk.sheet_page(panel_id, work_id, sub_criterion_id, actor().person)))


def _state(page: SheetPage) -> dict[str, Any]:
    aspects = {}
    for aspect in page.sub.aspects:
        points = page.points(aspect.id)
        shown = points.code != "points:missing" and aspect.id in page.revealed
        needed = [None] if not desk.rule_of(aspect).by_each_judge else page.panel.seats
        aspects[str(aspect.id)] = {
            "revealed": aspect.id in page.revealed,
            "discuss": shown and points.discuss,
            "message": sentence(points.code, **points.facts) if shown else "",
            "seats": [
                {"number": seat.number, "value": getattr(page.cells.get((aspect.id, seat.id)), "value", None)}
                for seat in needed
                if seat is not None
            ],
        }
    cells = {
        f"{aspect}|{cell}": {"value": row.value, "base": str(row.mark_id) if row.mark_id else None, "conflict": row.conflict,
                             "note": row.note}
        for (aspect, cell), row in page.cells.items()
    }  # fmt: skip
    locked = page.state in SHEET_LOCKED
    return {"at": now().isoformat(), "state": page.state, "state_text": sentence(f"sheet_state:{page.state}"), "locked": locked, "aspects": aspects,
            "cells": cells}  # fmt: skip


def _config(page: SheetPage) -> dict[str, Any]:
    return {
        "person": str(actor().person), "event": str(page.event.id), "panel": str(page.panel.id), "work": str(page.work.id),
        "sub": str(page.sub.id),
        "scheme": str(page.sub.aspects[0].scheme_id) if page.sub.aspects else "", "initial": _state(page),
        "urls": {"marks": url_for("marking_api.marks"), "devices": url_for("marking_api.devices"), "calls": url_for("marking_api.calls"),
                 "state": url_for("marking.sheet_state", panel_id=page.panel.id, work_id=page.work.id, sub_criterion_id=page.sub.id)},
        "words": {
            "saved": _("Saved on the server"), "local": _("Saved on this tablet"), "queue": _("to be sent:"), "unsaved": _("Not saved"),
            "confirmed": _("Confirmed"),
            "full": _("Not saved: this tablet's storage is full. The value stays on this screen."),
            "not_kept": _("Not saved: this tablet could not keep it. The value stays on this screen."),
            "offline": _("No network: go on marking. Connect before your list is signed."),
            "at_once": _("Every tap is stored at once."),
            "sign_in": _("The server no longer knows this tablet. Everything is kept; sign in again with your card."),
            "other_tab": _("This sheet is open in another tab of this tablet. Mark there, or close it."),
            "plain": _("This page came over a plain network and cannot keep marks. Open it over HTTPS."),
            "not_attempted": _("Not attempted"), "cleared": _("cleared"), "changed": _("changed to"), "conflict": _("Two values: the chief judge decides"),
            "called": _("The chief judge was called"), "call_failed": _("The call did not get through. Try again."), "seat": _("Seat"),
            "most": _("at most"), "places": _("decimals at most"), "all_not_attempted": _("Mark every aspect of this sub-criterion as not attempted?"),
            "waiting": _("in, the others are hidden until all are in"), "pass": _("Meets it"), "fail": _("Does not meet it"),
            "held": _("Kept for the chief judge"), "whole": _("A whole number is needed."),
        },
    }  # fmt: skip
