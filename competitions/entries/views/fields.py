"""The extra fields of a competition: adding them, answering them, counting the answers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import fields as actions
from competitions.entries.consent import checked_paper
from competitions.entries.forms import FieldForm
from competitions.entries.models.entries import Entry
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import delegations, entries, fields
from competitions.entries.views.delegations import blueprint
from competitions.entries.views.room import label, named, shown
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.files.queries import file_bytes, file_row
from foundation.permission import SIGNED_IN, can, requires
from foundation.refusal import Missing
from foundation.spreadsheets import writing as spreadsheets
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import Form, refusals_on


@blueprint.route("/competitions/<uuid:competition_id>/fields", methods=["GET", "POST"])
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def registration_fields(competition_id: UUID) -> Response | tuple[str, int]:
    """What the registration form asks beside the usual, with the counts of the answers; ask one thing more."""
    form = FieldForm()
    form.offer_choices(programme.competition(competition_id).events)
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
def answer(entry_id: UUID, position: int) -> Response | tuple[str, int]:
    """A leader or organizer notes a member's answers; position 0: what is asked about the entry as a whole."""
    found = entries.entry(entry_id)
    asked = fields.asked(found, entries.member_at(found, position) if position else None)
    capacity = "organizer" if can(actor(), EntryPermission.REVIEW, entries.entry_scopes(entry_id) or ()) else "leader"

    def note(given: dict[str, str], papers: dict[str, actions.Paper]) -> None:
        actions.note_answers(entry_id, position, given, papers=papers, capacity=capacity, actor=actor(), at=now())

    return _answered(asked, note, capacity, back=url_for("entries.entry", entry_id=entry_id))


@blueprint.post("/my/entries/<uuid:entry_id>/answers")
@requires(SIGNED_IN)
def my_answers(entry_id: UUID) -> Response | tuple[str, int]:
    """A candidate answers."""
    found, position = _own(entry_id)

    def note(given: dict[str, str], papers: dict[str, actions.Paper]) -> None:
        actions.note_answers(entry_id, position, given, papers=papers, capacity="candidate", actor=actor(), at=now())

    asked = fields.asked(found, entries.member_at(found, position))
    return _answered(asked, note, "candidate", back=url_for("entries.my_entry", entry_id=entry_id))


@blueprint.post("/delegations/<uuid:delegation_id>/answers")
@requires(EntryPermission.LEAD, of="delegation_id")
def delegation_answer(delegation_id: UUID) -> Response | tuple[str, int]:
    """The leader answers for the delegation: the head of an enterprise's form."""
    row = delegations.delegation(delegation_id)
    scopes = programme.competition_scopes(row.competition_id) or ()
    capacity = "organizer" if can(actor(), EntryPermission.DELEGATIONS, scopes) else "leader"

    def note(given: dict[str, str], papers: dict[str, actions.Paper]) -> None:
        actions.note_delegation_answers(delegation_id, given, papers=papers, capacity=capacity, actor=actor(), at=now())

    back = url_for("delegations.delegation", delegation_id=delegation_id)
    return _answered(fields.asked_of_delegation(row), note, capacity, back=back)


@blueprint.get("/entries/<uuid:entry_id>/members/<int:position>/answers/<key>")
@requires(EntryPermission.VIEW, of="entry_id")
def answered_file(entry_id: UUID, position: int, key: str) -> Response:
    """A file that answers a field."""
    found = entries.entry(entry_id)
    return _file(fields.asked(found, entries.member_at(found, position) if position else None), key)


@blueprint.get("/my/entries/<uuid:entry_id>/answers/<key>")
@requires(SIGNED_IN)
def my_file(entry_id: UUID, key: str) -> Response:
    """The own file that answers a field."""
    found, position = _own(entry_id)
    return _file(fields.asked(found, entries.member_at(found, position)), key)


@blueprint.get("/delegations/<uuid:delegation_id>/answers/<key>")
@requires(EntryPermission.LEAD, of="delegation_id")
def delegation_file(delegation_id: UUID, key: str) -> Response:
    """A file that answers what is asked of a delegation."""
    return _file(fields.asked_of_delegation(delegations.delegation(delegation_id)), key)


def _own(entry_id: UUID) -> tuple[Entry, int]:
    found = entries.own_entry(entry_id, actor().person)
    position = next((one.position for one in found.members if one.person_id == actor().person), None)
    if position is None:
        raise Missing
    return found, position


def _file(asked: fields.Asked, key: str) -> Response:
    row = file_row(fields.answered_file(asked, key))
    ending = "pdf" if row.media_type == "application/pdf" else "jpg"
    return send_bytes(file_bytes(row.id), media_type=row.media_type, name=f"{key}.{ending}", inline=True)


def _answered(
    asked: fields.Asked, note: Callable[[dict[str, str], dict[str, actions.Paper]], None], capacity: str, *, back: str
) -> Response | tuple[str, int]:
    """Note what was sent and go back; a wrong answer comes back with everything that was typed, nothing of it stored."""
    given, form = _given(), Form()
    if form.validate():
        with refusals_on(form):
            note(given, _papers())
            flash(_("Saved."), "success")
            return redirect(back)
    typed = [(row, given.get(row.key, value)) for row, value in asked]
    page = render_template(
        "competitions/entries/answers.html", form=form, extra=typed, capacity=capacity, back=back, action=request.path,
        label=label, shown=shown,
    )  # fmt: skip
    return page, 422


def _papers() -> dict[str, actions.Paper]:
    """The files that were chosen, by field."""
    found = {}
    for name, upload in request.files.items():
        data = upload.read() if name.startswith("file.") else b""
        if data:
            key = name.removeprefix("file.")
            found[key] = checked_paper(data, "field_file_kind", field=key)
    return found


def _given() -> dict[str, str]:
    found = {
        name.removeprefix("field."): value for name, value in request.form.items() if name.startswith("field.")
    }  # fmt: skip
    ticked = {name.removesuffix(".yes") for name in found if name.endswith(".yes")}
    declared = set(request.form.getlist("declarations"))
    plain = {name: value for name, value in found.items() if not name.endswith(".yes")}
    return plain | {name: "yes" if name in ticked else "" for name in declared}
