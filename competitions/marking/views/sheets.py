"""The pages on which a judge marks: one work × all aspects, one aspect × all works; and what they look like now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking import entering
from competitions.marking.confirmations import asked_seats, confirmed_hashes
from competitions.marking.desk import rule_of
from competitions.marking.entering import EntryPage, SheetNow
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries.evidence import drawings_of
from competitions.rules.lifecycle import SHEET_FINAL, SHEET_LOCKED
from competitions.rules.scoring.hints import hints, worths
from foundation.clock import now
from foundation.db import session
from foundation.encryption.envelope import public_jwk
from foundation.permission import requires
from foundation.translation import sentence
from foundation.web.access import actor

blueprint = Blueprint("marking_sheets", __name__)

REASONS = (
    "reason_low", "reason_defect", "reason_unfinished", "reason_unsafe", "reason_discussed", "reason_mistyped", "reason_measured",
)  # fmt: skip
"""The usual reasons, offered where the rules name none."""


@blueprint.get("/marking/panels/<uuid:panel_id>/works/<uuid:work_id>/<uuid:sub_criterion_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def by_work(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID) -> str:
    """The full-screen sheet: one work, one sub-criterion."""
    return _shown(entering.work_page(panel_id, work_id, sub_criterion_id, actor().person))


@blueprint.get("/marking/panels/<uuid:panel_id>/aspects/<uuid:aspect_id>")
@requires(MarkingPermission.MARK, of="panel_id")
def by_aspect(panel_id: UUID, aspect_id: UUID) -> str:
    """One aspect of every work, for those who go along the bench with one question."""
    return _shown(entering.aspect_page(panel_id, aspect_id, actor().person))


@blueprint.get("/marking/panels/<uuid:panel_id>/works/<uuid:work_id>/<uuid:sub_criterion_id>/state")
@requires(MarkingPermission.MARK, of="panel_id")
def work_state(panel_id: UUID, work_id: UUID, sub_criterion_id: UUID) -> ResponseReturnValue:
    """What the sheet looks like now, for the page that shows it."""
    page = entering.work_page(panel_id, work_id, sub_criterion_id, actor().person)
    return jsonify(state_of(page) | {"columns": _confirmed(page)})


@blueprint.get("/marking/panels/<uuid:panel_id>/aspects/<uuid:aspect_id>/state")
@requires(MarkingPermission.MARK, of="panel_id")
def aspect_state(panel_id: UUID, aspect_id: UUID) -> ResponseReturnValue:
    """What an aspect of every work looks like now."""
    return jsonify(state_of(entering.aspect_page(panel_id, aspect_id, actor().person)))


def _shown(page: EntryPage) -> str:
    asked = _asked(page)
    columns = [seat for seat in page.panel.seats if seat.id in asked]
    return show(page, _config(page), _address(page, None), columns=columns, **_ways(page))


def _asked(page: EntryPage) -> list[UUID]:
    """The seats whose judges confirm their column on this page."""
    judged = any(rule_of(aspect).by_each_judge for aspect in page.aspects)
    return asked_seats(page.panel) if judged and not page.by_aspect else []


def _confirmed(page: EntryPage) -> dict[str, list[str]]:
    """Seat → hashes of its column that its judge confirmed."""
    if not _asked(page):
        return {}
    found = confirmed_hashes(session(), page.panel.id)
    return {str(seat): sorted(found.get((page.sub.id, page.work.id, seat), ())) for seat in _asked(page)}


def show(page: EntryPage, config: dict[str, Any], home: str, **more: Any) -> str:
    """The page, with what its script needs, the address it goes back to, and its neighbours."""
    reasons = page.rules.comment_reasons or [sentence(code) for code in REASONS]
    return render_template(
        "competitions/marking/sheet.html", page=page, reasons=reasons, drawings=drawings_of(page.event.id), rule_of=rule_of, hints=hints, worths=worths, config=config,
        home=home, **more,
    )  # fmt: skip


def _address(page: EntryPage, key: UUID | None) -> str:
    if key is None:
        return url_for("marking.panel", panel_id=page.panel.id)
    if page.by_aspect:
        return url_for("marking_sheets.by_aspect", panel_id=page.panel.id, aspect_id=key)
    return url_for("marking_sheets.by_work", panel_id=page.panel.id, work_id=key, sub_criterion_id=page.sub.id)


def _ways(page: EntryPage) -> dict[str, Any]:
    """Where the page leads: its neighbours, and the same cell in the other view."""
    panel = page.panel.id

    def other(sheet: SheetNow, aspect: Any) -> str:
        if page.by_aspect:
            return url_for(
                "marking_sheets.by_work", panel_id=panel, work_id=sheet.work.id, sub_criterion_id=page.sub.id
            )
        return url_for("marking_sheets.by_aspect", panel_id=panel, aspect_id=aspect.id)

    return {"other": other, "before": _address(page, page.before), "after": _address(page, page.after)}


def state_of(page: EntryPage) -> dict[str, Any]:
    """What the page's sheets look like now, as the page reads it."""
    sheets = {str(one.work.id): _sheet(page, one) for one in page.sheets}
    return {"at": now().isoformat(), "sheets": sheets}


def _sheet(page: EntryPage, sheet: SheetNow) -> dict[str, Any]:
    shown = {aspect.id for aspect in page.aspects}
    return {
        "state": sheet.state, "state_text": sentence(f"sheet_state:{sheet.state}"),
        "locked": sheet.state in SHEET_LOCKED, "confirmed": sheet.state in SHEET_FINAL,
        "aspects": {str(aspect.id): _aspect(page, sheet, aspect) for aspect in page.aspects},
        "cells": {
            f"{aspect}|{cell}": {
                "value": row.value, "base": str(row.mark_id) if row.mark_id else None, "conflict": row.conflict,
                "note": row.note,
            }
            for (aspect, cell), row in sheet.cells.items() if aspect in shown
        },
    }  # fmt: skip


def _aspect(page: EntryPage, sheet: SheetNow, aspect: Any) -> dict[str, Any]:
    points = sheet.findings.points[aspect.id]
    told = points.code != "points:missing" and aspect.id in sheet.revealed
    needed = page.panel.seats if rule_of(aspect).by_each_judge else []
    return {
        "revealed": aspect.id in sheet.revealed,
        "recorded": page.recorded,
        "discuss": told and points.discuss,
        "message": sentence(points.code, **points.facts) if told else "",
        "seats": [
            {"number": seat.number, "value": getattr(sheet.cells.get((aspect.id, seat.id)), "value", None)}
            for seat in needed
        ],
    }


def _config(page: EntryPage) -> dict[str, Any]:
    state = (
        url_for("marking_sheets.aspect_state", panel_id=page.panel.id, aspect_id=page.aspects[0].id)
        if page.by_aspect
        else url_for(
            "marking_sheets.work_state", panel_id=page.panel.id, work_id=page.work.id, sub_criterion_id=page.sub.id
        )
    )
    own = said(page)
    if _asked(page):
        own |= {"work": str(page.work.id), "envelope": public_jwk()}
        own["initial"]["columns"] = _confirmed(page)
    return {
        "person": str(actor().person), "event": str(page.event.id), "panel": str(page.panel.id), "sub": str(page.sub.id),
        "page": f"{page.panel.id}|{page.aspects[0].id if page.by_aspect else page.work.id}|{page.sub.id}|{actor().person}",
        **own,
        "urls": {"marks": url_for("marking_api.marks"), "devices": url_for("marking_api.devices"),
                 "calls": url_for("marking_api.calls"), "photos": url_for("marking_evidence_api.begin"), "state": state,
                 "confirmations": url_for("marking_signatures.confirmations")},
    }  # fmt: skip


def said(page: EntryPage) -> dict[str, Any]:
    """What the script is told of the page wherever its marks go."""
    return {
        "scheme": str(page.sub.aspects[0].scheme_id) if page.sub.aspects else "", "initial": state_of(page),
        "spread": page.rules.judgement_spread, "by_aspect": page.by_aspect, "comment_changes": page.rules.comment_changes,
        "words": _words(),
    }  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "saved": _("Saved on the server"), "local": _("Saved on this tablet"), "queue": _("to be sent:"), "unsaved": _("Not saved"), "saving": _("Being saved on this tablet"),
        "confirmed": _("Confirmed"),
        "full": _("Not saved: this tablet's storage is full. The value stays on this screen."),
        "not_kept": _("Not saved: this tablet could not keep it. The value stays on this screen."),
        "offline": _("No network: go on marking. Connect before your list is signed."),
        "at_once": _("Every tap is stored at once."),
        "until": _("May stay offline until"),
        "on_tablet": _("on this tablet"), "on_server": _("on the server"), "are_confirmed": _("confirmed (count)"),
        "sign_in": _("The server no longer knows this tablet. Everything is kept; sign in again with your card."),
        "other_tab": _("This sheet is open in another tab of this tablet. Mark there, or close it."),
        "plain": _("This page came over a plain network and cannot keep marks. Open it over HTTPS."),
        "not_attempted": _("Not attempted"), "no_judge": _("Not judged by me"), "cleared": _("cleared"), "changed": _("changed to"),
        "conflict": _("Two values: the chief judge decides"),
        "called": _("The chief judge was called"), "call_failed": _("The call did not get through. Try again."), "seat": _("Seat"),
        "most": _("at most"), "least": _("at least"), "grid": _("in steps of"), "places": _("decimals at most"),
        "all_not_attempted": _("Mark every aspect of this sub-criterion as not attempted?"),
        "waiting": _("in, the others are hidden until all are in"), "pass": _("Meets it"), "fail": _("Does not meet it"),
        "held": _("Kept for the chief judge"), "whole": _("A whole number is needed."), "not_number": _("This is not a number."),
        "photos": _("photos"), "photo_failed": _("The photo could not be kept: this tablet's storage is full or the picture is unreadable."),
        "column_done": _("confirmed with PIN"), "column_open": _("not confirmed yet"), "column_empty": _("column not complete"),
        "reason_owed": _("Write the reason for this mark"),
        "spread": _("The marks differ by more than the rule allows: discuss and mark again."),
        "mixed": _("Some say not attempted, others gave a mark: discuss it."),
    }  # fmt: skip
