"""The check-in at the desk: counts, what waits for a decision, one person after a scan, the list on paper."""

from __future__ import annotations

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from competitions.entries.actions import check_in as actions
from competitions.entries.forms import AttendanceForm, ReasonForm
from competitions.entries.models.entries import Attendance
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import check_in as notes
from competitions.entries.queries import entries as queries
from competitions.entries.views.room import blueprint, named, picture_url, public_address
from competitions.programme import queries as programme
from competitions.rules.check_in import Step
from competitions.rules.lifecycle import EntryState
from foundation.clock import now
from foundation.permission import can, requires
from foundation.print import printer
from foundation.print.qr import qr_data_url
from foundation.refusal import Refusal
from foundation.translation import sentence
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
    """The list of an event with large buttons, and above it what the organizer decides."""
    event = programme.event(event_id)
    navigation.enter(nav="entries.check_in_events", competition_id=event.competition_id)
    rows = queries.entries_of_event(event_id, states=(EntryState.ACCEPTED,))
    search = request.args.get("q", "").strip().lower()
    kind = request.args.get("attendance", "")
    shown = [row for row in rows if (not search or _fits(row, search)) and (not kind or row.attendance == kind)]
    door = public_address(url_for("door.door", event_id=event_id))
    counts = queries.attendance_counts(event_id)
    return render_template(
        "competitions/entries/check_in.html", event=event, rows=shown, counts=counts, bases=notes.counting_bases(event_id),
        choices=list(Attendance)[1:], search=search, kind=kind, named=named, waiting=notes.waiting_in(event_id),
        states={one.entry_id: one for one in notes.states(event_id)}, door=door, door_code=qr_data_url(door), steps=_decisions,
        decides=can(actor(), EntryPermission.REVIEW, programme.event_scopes(event_id) or ()),
    )  # fmt: skip


def _decisions(waiting: notes.Waiting) -> list[Step]:
    """What may be decided of a note: a doubted identity is admitted or turned away; a held note is taken or left."""
    if waiting.note.step == Step.MISMATCH:
        return [Step.PRESENT, Step.LATE, Step.ABSENT]
    told = Step(waiting.note.step)
    return [Step.KEEP, *([told] if told not in (Step.MISMATCH, Step.KEEP) else [])]


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
    """The list on paper (检录表): photos, the end of the identity number, what was noted, columns to tick and sign."""
    event = programme.event(event_id)
    rows = queries.entries_of_event(event_id, states=(EntryState.ACCEPTED,))
    photos = {member.id: picture_url(member.person.photo_id) for row in rows for member in row.members}
    html = render_template(
        "competitions/entries/print/check_in.html", event=event, rows=rows, named=named, photos=photos,
        counts=queries.attendance_counts(event_id), states={one.entry_id: one for one in notes.states(event_id)},
    )  # fmt: skip
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
            _note(entry_id, form)
            if request.form.get("back") == "list":
                return redirect(url_for("entries.check_in", event_id=found.event_id, _anchor=f"e{found.number}"))
            flash(_("Noted."), "success")
            return redirect(url_for("entries.check_in_one", entry_id=entry_id))
    navigation.enter(nav="entries.check_in_events", competition_id=found.competition_id)
    page = render_template(
        "competitions/entries/check_in_one.html", entry=found, form=form, choices=list(Attendance)[1:], named=named,
        state=notes.state(entry_id), history=notes.history(entry_id),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _note(entry_id: UUID, form: AttendanceForm) -> None:
    wanted, note = form.attendance.data, form.note.data or ""
    if wanted == Step.MISMATCH:
        actions.doubt_identity(entry_id, reason=note, actor=actor(), at=now())
        return
    attendance = Attendance(wanted) if wanted in set(Attendance) else Attendance.EXPECTED
    missing = [int(place) for place in request.form.getlist("missing") if place.isdigit()]
    actions.note_attendance(entry_id, attendance, note=note, missing=missing, actor=actor(), at=now())


@blueprint.post("/check-in/<uuid:note_id>/settle")
@requires(EntryPermission.REVIEW, of="note_id")
def settle(note_id: UUID) -> Response:
    """The organizer decides a held note or a doubted identity, with a reason."""
    found, form = notes.with_entry(note_id), ReasonForm()
    step = request.form.get("step", "")
    try:
        actions.settle_note(note_id, step, reason=form.reason.data or "", actor=actor(), at=now())
        flash(_("Decided. The reason stays on record."), "success")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("entries.check_in", event_id=found.event_id))


@blueprint.post("/events/<uuid:event_id>/check-in/close")
@requires(EntryPermission.CHECK_IN, of="event_id")
def close(event_id: UUID) -> Response:
    """Whoever is still expected is noted absent."""
    count = actions.close_check_in(event_id, actor=actor(), at=now())
    flash(ngettext("%(num)s entry noted absent.", "%(num)s entries noted absent.", count), "success")
    return redirect(url_for("entries.check_in", event_id=event_id))
