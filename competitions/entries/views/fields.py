"""The extra fields of a competition: adding them, answering them, counting the answers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import fields as actions
from competitions.entries.forms import FieldForm
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import entries, fields
from competitions.entries.views.delegations import blueprint
from competitions.entries.views.room import label, named, shown
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import SIGNED_IN, can, requires
from foundation.refusal import Missing
from foundation.spreadsheets import writing as spreadsheets
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on


@blueprint.route("/competitions/<uuid:competition_id>/fields", methods=["GET", "POST"])
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def registration_fields(competition_id: UUID) -> Response | tuple[str, int]:
    """What the registration form asks beside the usual, with the counts of the answers; ask one thing more."""
    form = FieldForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.add_field(
                competition_id, form.field(), form.label_zh.data or "", label_en=form.label_en.data or "", actor=actor(), at=now()
            )  # fmt: skip
            flash(_("The field is asked from now on."), "success")
            return redirect(url_for("delegations.registration_fields", competition_id=competition_id))
    navigation.enter(competition_id=competition_id)
    page = render_template(
        "competitions/entries/fields.html", row=programme.competition(competition_id), form=form,
        counts=fields.counts(competition_id), label=label, shown=shown, named=named,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/competitions/<uuid:competition_id>/fields/<uuid:field_id>/retire")
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def retire_field(competition_id: UUID, field_id: UUID) -> Response:
    """Ask a field no more."""
    actions.retire_field(competition_id, field_id, actor=actor(), at=now())
    flash(_("The field is asked no more; its answers stay."), "success")
    return redirect(url_for("delegations.registration_fields", competition_id=competition_id))


@blueprint.get("/competitions/<uuid:competition_id>/fields.xlsx")
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def field_counts(competition_id: UUID) -> Response:
    """The counts of every field by answer, as a spreadsheet."""
    rows = [
        [label(row), shown(row, value) or _("no answer"), count]
        for row, counted in fields.counts(competition_id)
        for value, count in counted
    ]
    table = spreadsheets.Table(_("Counts"), [_("Question"), _("Answer given"), _("How many")], rows)
    return send_bytes(
        spreadsheets.workbook([table]), media_type=spreadsheets.MEDIA_TYPE, name=f"{_('Counts')}.xlsx"
    )  # fmt: skip


@blueprint.post("/entries/<uuid:entry_id>/members/<int:position>/answers")
@requires(EntryPermission.ENTER, of="entry_id")
def answer(entry_id: UUID, position: int) -> Response:
    """A leader or organizer notes a member's answers."""
    capacity = "organizer" if can(actor(), EntryPermission.REVIEW, entries.entry_scopes(entry_id) or ()) else "leader"
    actions.note_answers(entry_id, position, _given(), capacity=capacity, actor=actor(), at=now())
    flash(_("Saved."), "success")
    return redirect(url_for("entries.entry", entry_id=entry_id))


@blueprint.post("/my/entries/<uuid:entry_id>/answers")
@requires(SIGNED_IN)
def my_answers(entry_id: UUID) -> Response:
    """A candidate answers."""
    found = entries.own_entry(entry_id, actor().person)
    position = next((one.position for one in found.members if one.person_id == actor().person), None)
    if position is None:
        raise Missing
    actions.note_answers(entry_id, position, _given(), capacity="candidate", actor=actor(), at=now())
    flash(_("Saved."), "success")
    return redirect(url_for("entries.my_entry", entry_id=entry_id))


def _given() -> dict[str, str]:
    found = {
        name.removeprefix("field."): value for name, value in request.form.items() if name.startswith("field.")
    }  # fmt: skip
    ticked = {name.removesuffix(".yes") for name in found if name.endswith(".yes")}
    declared = set(request.form.getlist("declarations"))
    plain = {name: value for name, value in found.items() if not name.endswith(".yes")}
    return plain | {name: "yes" if name in ticked else "" for name in declared}
