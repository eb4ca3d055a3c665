"""Rosters as spreadsheets: send, see every error, assign columns, get the same file back, accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import importing as actions
from competitions.entries.forms import RosterColumnsForm, RosterForm, key_of
from competitions.entries.models.fields import RegistrationField
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import delegations, fields
from competitions.entries.queries import entries as entry_queries
from competitions.entries.queries import rosters as queries
from competitions.entries.roster.answers import PREFIX
from competitions.entries.roster.columns import FIELDS, HEADS, TEMPLATE
from competitions.entries.views.room import blueprint, label, named
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import requires
from foundation.refusal import Refusal
from foundation.spreadsheets.writing import MEDIA_TYPE, Table, workbook
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import Form, refusals_on
from foundation.web.limits import limiter


@blueprint.route("/competitions/<uuid:competition_id>/import", methods=["GET", "POST"])
@requires(EntryPermission.IMPORT, of="competition_id")
@limiter.limit("60/hour", methods=["POST"])
def import_roster(competition_id: UUID) -> Response | tuple[str, int]:
    """Send a roster of any delegation."""
    return _send(competition_id, None)


@blueprint.route("/delegations/<uuid:delegation_id>/import", methods=["GET", "POST"])
@requires(EntryPermission.IMPORT, of="delegation_id")
@limiter.limit("60/hour", methods=["POST"])
def import_own_roster(delegation_id: UUID) -> Response | tuple[str, int]:
    """Send a roster of one's own delegation."""
    return _send(delegations.delegation(delegation_id).competition_id, delegation_id)


def _send(competition_id: UUID, delegation_id: UUID | None) -> Response | tuple[str, int]:
    form = RosterForm()
    events = entry_queries.event_filter(competition_id)
    form.event_id.choices = [("", _("as the file says")), *((str(one.id), named(one)) for one in events)]
    if form.validate_on_submit():
        with refusals_on(form):
            data = form.file.data.read() if form.file.data else b""
            if not data:
                raise Refusal("roster_file_missing", field="file")
            made = actions.send_roster(
                competition_id, data, name=form.file.data.filename or "", delegation_id=delegation_id,
                event_id=key_of(form.event_id.data), actor=actor(), at=now(),
            )  # fmt: skip
            return redirect(url_for("entries.roster", roster_import_id=made))
    navigation.enter(nav="entries.entries", competition_id=competition_id)
    page = render_template(
        "competitions/entries/roster_send.html", form=form, row=programme.competition(competition_id), named=named,
        delegation=delegations.delegation(delegation_id) if delegation_id else None,
        before=queries.rosters(competition_id, delegation_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/imports/template.xlsx")
@requires(EntryPermission.IMPORT)
def roster_template() -> Response:
    """An empty roster with every usual column that is understood."""
    return _template([])


def _template(extra: list[str]) -> Response:
    table = Table(_("Roster"), [*(HEADS[field][0] for field in TEMPLATE), *extra], [])
    return send_bytes(workbook([table]), media_type=MEDIA_TYPE, name=f"{_('Roster')}.xlsx")


@blueprint.get("/competitions/<uuid:competition_id>/import/template.xlsx")
@requires(EntryPermission.IMPORT, of="competition_id")
def competition_template(competition_id: UUID) -> Response:
    """An empty roster with what this competition asks beside the usual."""
    return _template([row.label_zh for row in _asked_in_files(competition_id)])


@blueprint.get("/delegations/<uuid:delegation_id>/import/template.xlsx")
@requires(EntryPermission.IMPORT, of="delegation_id")
def own_template(delegation_id: UUID) -> Response:
    """The same for a leader."""
    asked = _asked_in_files(delegations.delegation(delegation_id).competition_id)
    return _template([row.label_zh for row in asked if row.filled_by != "organizer"])


def _asked_in_files(competition_id: UUID) -> list[RegistrationField]:
    return [row for row in fields.fields_of(competition_id) if row.about != "delegation" and row.kind != "file"]


@blueprint.get("/imports/<uuid:roster_import_id>")
@requires(EntryPermission.IMPORT, of="roster_import_id")
def roster(roster_import_id: UUID) -> str:
    """What the check found, row by row."""
    return _page(roster_import_id, Form())


def _page(roster_import_id: UUID, form: Form) -> str:
    row = queries.roster_import(roster_import_id)
    report = queries.report_of(row)
    navigation.enter(nav="entries.entries", competition_id=row.competition_id)
    return render_template(
        "competitions/entries/roster.html", roster=row, report=report, form=form, fields=_columns(row.competition_id),
        columns={int(place): field for place, field in row.columns.items()}, said=_said,
        row=programme.competition(row.competition_id), named=named,
    )  # fmt: skip


def _columns(competition_id: UUID) -> list[tuple[str, str]]:
    """What a column may hold: the usual, then what this competition asks beside it, each with its name for the reader."""
    own = [(PREFIX + row.key, label(row)) for row in _asked_in_files(competition_id)]
    return [*((name, sentence(f"roster_field:{name}")) for name in FIELDS), *own]


def _said(one: Mapping[str, Any]) -> str:
    return sentence(one["code"], **one["facts"])


@blueprint.post("/imports/<uuid:roster_import_id>/columns")
@requires(EntryPermission.IMPORT, of="roster_import_id")
def roster_columns(roster_import_id: UUID) -> Response | tuple[str, int]:
    """Say what each column holds."""
    form = RosterColumnsForm()
    if form.validate():
        with refusals_on(form):
            given = {
                int(name[1:]): value for name, value in request.form.items() if name[0] == "c" and name[1:].isdigit()
            }
            actions.assign_columns(roster_import_id, given, actor=actor(), at=now())
            flash(_("The columns are assigned; your next file with these heads is read in the same way."), "success")
            return redirect(url_for("entries.roster", roster_import_id=roster_import_id))
    return _page(roster_import_id, form), 422


@blueprint.post("/imports/<uuid:roster_import_id>/accept")
@requires(EntryPermission.IMPORT, of="roster_import_id")
def accept_roster(roster_import_id: UUID) -> Response | tuple[str, int]:
    """Enter all rows, or the good ones."""
    form = Form()
    if form.validate():
        with refusals_on(form):
            good = request.form.get("rows") == "good"
            job = actions.accept_roster(roster_import_id, only_good=good, actor=actor(), at=now())
            back = url_for("entries.roster", roster_import_id=roster_import_id)
            if job is not None:
                return redirect(url_for("web.job", job_id=job, back=back))
            flash(_("The people are entered and wait for review."), "success")
            return redirect(back)
    return _page(roster_import_id, form), 422


@blueprint.post("/imports/<uuid:roster_import_id>/discard")
@requires(EntryPermission.IMPORT, of="roster_import_id")
def discard_roster(roster_import_id: UUID) -> Response:
    """Put a roster aside."""
    row = queries.roster_import(roster_import_id)
    actions.discard_roster(roster_import_id, actor=actor(), at=now())
    flash(_("The roster was put aside; nobody was entered."), "success")
    if row.delegation_id is not None:
        return redirect(url_for("entries.import_own_roster", delegation_id=row.delegation_id))
    return redirect(url_for("entries.import_roster", competition_id=row.competition_id))


@blueprint.get("/imports/<uuid:roster_import_id>/marked.xlsx")
@requires(EntryPermission.IMPORT, of="roster_import_id")
def marked_roster(roster_import_id: UUID) -> Response:
    """The same file, with what is wrong written beside its rows."""
    data = actions.marked_roster(roster_import_id, title=_("What is wrong"), say=_said)
    return send_bytes(data, media_type=MEDIA_TYPE, name=f"{_('Roster with errors')}.xlsx")
