"""The paper bridge: printing a panel's sheets, keying them in by two clerks, settling, scans, signatures on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.codes.models import Work
from competitions.marking.actions import paper as actions
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import marks
from competitions.marking.queries import paper as queries
from competitions.programme import queries as programme
from competitions.rules.paper import differences
from foundation.clock import now
from foundation.db import session
from foundation.files.queries import file_bytes, file_row
from foundation.permission import can, requires
from foundation.print.printer import print_html
from foundation.print.qr import qr_data_url
from foundation.refusal import Missing, Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes

blueprint = Blueprint("marking_paper", __name__)
P = MarkingPermission


@blueprint.get("/events/<uuid:event_id>/paper")
@requires(P.PAPER, of="event_id")
def overview(event_id: UUID) -> str:
    """The panels of an event and where each printed sheet is."""
    row, scopes = programme.event(event_id), programme.event_scopes(event_id) or ()
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    panels = marks.panels(event_id)
    hashes = {panel.id: queries.form_of(panel.id).hash for panel in panels}
    sheets = [
        (paper, work, queries.state_of(paper, work, hashes[paper.panel_id]))
        for paper, work in queries.paper_sheets(event_id)
    ]
    return render_template(
        "competitions/marking/paper.html", row=row, panels=panels, sheets=sheets, clerk=can(actor(), P.KEY_PAPER, scopes)
    )  # fmt: skip


@blueprint.post("/marking/panels/<uuid:panel_id>/paper.pdf")
@requires(P.PAPER, of="panel_id")
def print_panel(panel_id: UUID) -> Response:
    """The sheets of a panel to print, a page a work; earlier prints become void."""
    rows = actions.print_sheets(panel_id, actor=actor(), at=now())
    form = queries.form_of(panel_id)
    codes = {work.id: work.code for work in marks.works(form.panel.event_id)}
    public = current_app.config["PUBLIC_URL"].rstrip("/")
    pages = [
        (row, codes[row.work_id], qr_data_url(public + url_for("marking_paper.sheet", paper_id=row.id), border=1))
        for row in rows
    ]
    event = programme.event(form.panel.event_id)
    html = render_template("competitions/marking/print_paper.html", event=event, form=form, pages=pages, at=now())
    return send_bytes(print_html(html).data, media_type="application/pdf", name=f"sheets-{event.code}.pdf", inline=True)


@blueprint.get("/marking/paper/<uuid:paper_id>")
@requires(P.PAPER, of="paper_id")
def sheet(paper_id: UUID) -> str:
    """Where the QR of a printed sheet leads: key it in, settle it, file its scan; or that it is void."""
    return _page(paper_id)


def _page(paper_id: UUID, wrong: str = "") -> str:
    row = queries.paper_sheet(paper_id)
    form, event = queries.form_of(row.panel_id), programme.event(row.event_id)
    work = session().get_one(Work, row.work_id)
    navigation.enter(competition_id=event.competition_id, event_id=event.id)
    clerk = can(actor(), P.KEY_PAPER, programme.event_scopes(event.id) or ())
    both = row.keyings if len(row.keyings) == 2 else []
    differ = differences(both[0].values, both[1].values) if both else ()
    return render_template(
        "competitions/marking/paper_sheet.html",
        row=row,
        form=form,
        event=event,
        work=work,
        state=queries.state_of(row, work, form.hash),
        clerk=clerk,
        mine=any(one.clerk_id == actor().person for one in row.keyings),
        differ=[(cell, both[0].values.get(cell.key, ""), both[1].values.get(cell.key, "")) for cell in form.flat if cell.key in differ],
        typed=request.form,
        wrong=wrong,
    )  # fmt: skip


def _done(paper_id: UUID, done: str, act: object) -> ResponseReturnValue:
    try:
        act()  # type: ignore[operator]
    except Refusal as refusal:
        if refusal.status == Missing.status:
            raise
        return _page(paper_id, sentence(refusal.code, **refusal.facts)), refusal.status
    flash(done, "success")
    return redirect(url_for("marking_paper.sheet", paper_id=paper_id))


@blueprint.post("/marking/paper/<uuid:paper_id>/key")
@requires(P.KEY_PAPER, of="paper_id")
def key(paper_id: UUID) -> ResponseReturnValue:
    """One clerk keys the sheet in."""
    seats = request.form.getlist("signed", type=int)
    values = request.form.to_dict()
    done = _("Kept. The other clerk keys the sheet in without seeing yours.")
    return _done(paper_id, done, lambda: actions.key_in(paper_id, values, seats, actor=actor(), at=now()))


@blueprint.post("/marking/paper/<uuid:paper_id>/enter")
@requires(P.KEY_PAPER, of="paper_id")
def enter(paper_id: UUID) -> ResponseReturnValue:
    """Settle and enter."""
    chosen = request.form.to_dict()
    done = _("Entered. The marks are in the ledger.")
    return _done(paper_id, done, lambda: actions.enter_paper(paper_id, chosen, actor=actor(), at=now()))


@blueprint.post("/marking/paper/<uuid:paper_id>/scan")
@requires(P.KEY_PAPER, of="paper_id")
def scan(paper_id: UUID) -> ResponseReturnValue:
    """File the scan."""
    sent = request.files.get("scan")
    data = sent.read() if sent else b""
    return _done(paper_id, _("The scan is filed."), lambda: actions.file_scan(paper_id, data, actor=actor(), at=now()))


@blueprint.get("/marking/paper/<uuid:paper_id>/scan")
@requires(P.KEY_PAPER, of="paper_id")
def show_scan(paper_id: UUID) -> Response:
    """The scan."""
    row = queries.paper_sheet(paper_id)
    if row.scan_id is None:
        raise Missing
    kind = file_row(row.scan_id).media_type
    return send_bytes(file_bytes(row.scan_id), media_type=kind, name=f"scan-{paper_id}", inline=True)


@blueprint.post("/marking/panels/<uuid:panel_id>/paper/signatures")
@requires(P.KEY_PAPER, of="panel_id")
def signatures(panel_id: UUID) -> ResponseReturnValue:
    """Take the signatures on paper over."""
    try:
        actions.take_signatures(panel_id, actor=actor(), at=now())
        flash(_("The signatures on paper were taken over; the chief judge confirms the list."), "success")
    except Refusal as refusal:
        if refusal.status == Missing.status:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("marking_paper.overview", event_id=marks.panel(panel_id).event_id))
