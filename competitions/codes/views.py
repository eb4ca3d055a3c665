"""Pages of custody: works and their codes, the sealed list, unblinding by two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from accounts.people.queries import people
from competitions.codes import actions, queries
from competitions.codes.permissions import CodesPermission
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import requires
from foundation.print.printer import print_html
from foundation.print.qr import qr_data_url
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes

blueprint = Blueprint("codes", __name__)
P = CodesPermission


def _event(event_id: UUID) -> Any:
    row = programme.event(event_id)
    navigation.enter(nav="codes.overview", competition_id=row.competition_id, event_id=event_id)
    return row


@blueprint.get("/competitions/<uuid:competition_id>/codes")
@requires(P.VIEW_CODES, of="competition_id")
def overview(competition_id: UUID) -> str:
    """The custody of every event's codes at a glance."""
    navigation.enter(competition_id=competition_id)
    events = queries.events_of(competition_id)
    keys = [event.id for event in events]
    seals = queries.seals(keys)
    return render_template(
        "competitions/codes/overview.html",
        row=programme.competition(competition_id),
        events=events,
        states={key: queries.seal_state(seals.get(key)) for key in keys},
        counts=queries.work_counts(keys),
    )


@blueprint.get("/events/<uuid:event_id>/codes")
@requires(P.VIEW_CODES, of="event_id")
def codes(event_id: UUID) -> str:
    """The works of an event under their codes, and where custody stands. No person is named here."""
    event = _event(event_id)
    seal = queries.seal_of(event_id)
    named = people(key for key in (seal.sealed_by, seal.asked_by, seal.agreed_by) if key) if seal else {}
    return render_template(
        "competitions/codes/codes.html",
        event=event,
        seal=seal,
        state=queries.seal_state(seal),
        who={key: row.name_zh for key, row in named.items()},
        works=queries.works(event_id, withdrawn=True),
        divisions={row.id: row.name_zh for row in event.divisions},
        without=queries.without_work(event_id),
        person=actor().person,
    )


def _done_or_said(act: Any, done: str, event_id: UUID) -> Response:
    """Do it and go back to the page; a refusal is shown there."""
    try:
        act()
        flash(done, "success")
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("codes.codes", event_id=event_id))


@blueprint.post("/events/<uuid:event_id>/codes/make")
@requires(P.MAKE, of="event_id")
def make(event_id: UUID) -> Response:
    """Give codes to the works that have none."""
    try:
        count = actions.make_works(event_id, actor=actor(), at=now())
        flash(ngettext("%(num)s work got a code.", "%(num)s works got a code.", count), "success")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("codes.codes", event_id=event_id))


@blueprint.post("/events/<uuid:event_id>/codes/labels.pdf")
@requires(P.MAKE, of="event_id")
def labels(event_id: UUID) -> Response:
    """Labels to stick on the works: code and QR, in order of the codes."""
    event = _event(event_id)
    rows = [(work, qr_data_url(work.code, border=1)) for work in queries.works(event_id)]
    html = render_template("competitions/codes/print_labels.html", event=event, rows=rows)
    return send_bytes(print_html(html).data, media_type="application/pdf", name=f"labels-{event.code}.pdf")


@blueprint.post("/events/<uuid:event_id>/codes/mapping")
@requires(P.READ_MAPPING, of="event_id")
def mapping(event_id: UUID) -> str:
    """Open the sealed list; who opened it is recorded."""
    event = _event(event_id)
    rows = actions.open_mapping(event_id, actor=actor(), at=now())
    return render_template("competitions/codes/mapping.html", event=event, rows=rows)


@blueprint.post("/events/<uuid:event_id>/codes/mapping.pdf")
@requires(P.READ_MAPPING, of="event_id")
def mapping_sheet(event_id: UUID) -> Response:
    """The record of codes (加密记录表) to be signed and put away; printing it is recorded as opening it."""
    event = _event(event_id)
    rows = actions.open_mapping(event_id, actor=actor(), at=now())
    html = render_template("competitions/codes/print_mapping.html", event=event, rows=rows, at=now())
    return send_bytes(print_html(html).data, media_type="application/pdf", name=f"code-record-{event.code}.pdf")


@blueprint.post("/events/<uuid:event_id>/codes/ask")
@requires(P.ASK_UNBLINDING, of="event_id")
def ask(event_id: UUID) -> Response:
    """The first of two."""
    return _done_or_said(
        lambda: actions.ask_unblinding(event_id, actor=actor(), at=now()),
        _("Unblinding was asked for. A supervisor must agree."),
        event_id,
    )


@blueprint.post("/events/<uuid:event_id>/codes/agree")
@requires(P.AGREE_UNBLINDING, of="event_id")
def agree(event_id: UUID) -> Response:
    """The second of two; it cannot be undone."""
    return _done_or_said(
        lambda: actions.agree_unblinding(event_id, actor=actor(), at=now()),
        _("The event is unblinded. Results can now be computed with names."),
        event_id,
    )
