"""The check-in on the day: per event, one person after a scan, on paper, with live counts."""

from __future__ import annotations

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import entering as actions
from competitions.entries.forms import AttendanceForm
from competitions.entries.models.entries import Attendance
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import entries as queries
from competitions.entries.views.room import blueprint, named
from competitions.programme import queries as programme
from competitions.rules.lifecycle import EntryState
from foundation.clock import now
from foundation.permission import requires
from foundation.print import printer
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on


@blueprint.get("/competitions/<uuid:competition_id>/check-in")
@requires(EntryPermission.CHECK_IN, of="competition_id")
def check_in_events(competition_id: UUID) -> str:
    """Every event with its counts."""
    navigation.enter(competition_id=competition_id)
    events = queries.event_filter(competition_id)
    counts = queries.attendance_counts_of([event.id for event in events])
    return render_template(
        "competitions/entries/check_in_events.html",
        row=programme.competition(competition_id),
        events=[(event, counts[event.id]) for event in events],
        named=named,
    )


@blueprint.get("/events/<uuid:event_id>/check-in")
@requires(EntryPermission.CHECK_IN, of="event_id")
def check_in(event_id: UUID) -> str:
    """The list of an event with large buttons."""
    event = programme.event(event_id)
    navigation.enter(nav="entries.check_in_events", competition_id=event.competition_id)
    rows = queries.entries_of_event(event_id, states=(EntryState.ACCEPTED,))
    search = request.args.get("q", "").strip().lower()
    shown = [row for row in rows if _fits(row, search)] if search else rows
    return render_template(
        "competitions/entries/check_in.html", event=event, rows=shown, counts=queries.attendance_counts(event_id),
        bases={division.id: queries.counting_base(event_id, division.id) for division in event.divisions},
        choices=list(Attendance)[1:], search=search, named=named,
    )  # fmt: skip


def _fits(row: object, search: str) -> bool:
    members = getattr(row, "members", ())
    words = [getattr(row, "pass_number", "") or "", str(getattr(row, "number", ""))]
    for member in members:
        words += [member.person.name_zh, member.person.name_pinyin, member.unit_name]
    return any(search in word.lower() for word in words)


@blueprint.get("/events/<uuid:event_id>/check-in/counts")
@requires(EntryPermission.CHECK_IN, of="event_id")
def check_in_counts(event_id: UUID) -> Response:
    """The counts alone, for the page's own polling."""
    return jsonify(queries.attendance_counts(event_id))


@blueprint.get("/events/<uuid:event_id>/check-in.pdf")
@requires(EntryPermission.CHECK_IN, of="event_id")
def check_in_paper(event_id: UUID) -> Response:
    """The list on paper, with columns to tick and sign."""
    event = programme.event(event_id)
    rows = queries.entries_of_event(event_id, states=(EntryState.ACCEPTED,))
    html = render_template("competitions/entries/print/check_in.html", event=event, rows=rows, named=named)
    name = f"{named(event)}-{_('Check-in list')}.pdf"
    return send_bytes(printer.print_html(html).data, media_type="application/pdf", name=name, inline=True)


@blueprint.route("/entries/<uuid:entry_id>/check-in", methods=["GET", "POST"])
@requires(EntryPermission.CHECK_IN, of="entry_id")
def check_in_one(entry_id: UUID) -> Response | tuple[str, int]:
    """One person, after the pass was scanned or from the list."""
    found = queries.entry(entry_id)
    form = AttendanceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            wanted = form.attendance.data
            actions.note_attendance(
                entry_id, Attendance(wanted) if wanted in set(Attendance) else Attendance.EXPECTED,
                note=form.note.data or "", actor=actor(), at=now(),
            )  # fmt: skip
            if request.form.get("back") == "list":
                return redirect(url_for("entries.check_in", event_id=found.event_id, _anchor=f"e{found.number}"))
            flash(_("Noted."), "success")
            return redirect(url_for("entries.check_in_one", entry_id=entry_id))
    navigation.enter(nav="entries.check_in_events", competition_id=found.competition_id)
    page = render_template(
        "competitions/entries/check_in_one.html", entry=found, form=form, choices=list(Attendance)[1:], named=named
    )
    return page, 422 if form.errors or form.form_errors else 200
