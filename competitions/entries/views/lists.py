"""Output lists of offices: chosen, shown, as a spreadsheet and in print. Their layouts are data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalogue.codes.queries import code_name
from competitions.entries.actions import entering
from competitions.entries.forms import key_of
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.output_lists import SHIPPED, ListLayout, filled, kept_rows, layouts
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import delegations, entries, fields
from competitions.entries.views.room import blueprint, named, picture_url, shown
from competitions.programme import queries as programme
from foundation.clock import china_day, now
from foundation.permission import can, requires
from foundation.print import printer
from foundation.refusal import Missing
from foundation.spreadsheets import writing as spreadsheets
from foundation.web import columns, language, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.showing import show_code, show_date, show_fact, yes_no


def _layouts() -> dict[str, ListLayout]:
    return layouts((SHIPPED, Path(current_app.config["DATA_FOLDER"]) / "output_lists"))


@blueprint.get("/competitions/<uuid:competition_id>/lists")
@requires(EntryPermission.EXPORT, of="competition_id")
def output_lists(competition_id: UUID) -> str:
    """The lists an office asks for, for one event or delegation or all, with what is missing to fill them."""
    asked = {row.key for row in fields.fields_of(competition_id)}
    navigation.enter(nav="entries.entries", competition_id=competition_id)
    return render_template(
        "competitions/entries/lists.html", row=programme.competition(competition_id), layouts=list(_layouts().values()),
        events=entries.event_filter(competition_id), bodies=delegations.delegations_of(competition_id), named=named,
        language_of=language.chosen(), asked=asked, event=request.args.get("event", ""), delegation=request.args.get("delegation", ""),
    )  # fmt: skip


@blueprint.get("/competitions/<uuid:competition_id>/lists/<key>.xlsx")
@requires(EntryPermission.EXPORT, of="competition_id")
def output_sheet(competition_id: UUID, key: str) -> Response:
    """One list as a spreadsheet; identity numbers are masked unless asked in clear by who may reveal them."""
    layout, rows, head = _filled(competition_id, key)
    reader = language.chosen()
    lines = filled(layout, rows)
    above = [[one.name(reader), _text(head.get(one.value))] for one in layout.head]
    heads = [one.name(reader) for one in layout.columns]
    table = spreadsheets.Table(layout.name(reader)[:31], heads, [[_text(value) for value in line] for line in lines])
    tables = [table, spreadsheets.Table(_("Head"), [_("Box"), _("What stands in it")], above)] if above else [table]
    name = f"{layout.name(reader)}-{china_day(now()):%Y%m%d}.xlsx"
    return send_bytes(spreadsheets.workbook(tables), media_type=spreadsheets.MEDIA_TYPE, name=name)


@blueprint.get("/competitions/<uuid:competition_id>/lists/<key>.pdf")
@requires(EntryPermission.EXPORT, of="competition_id")
def output_print(competition_id: UUID, key: str) -> Response:
    """One list on paper."""
    layout, rows, head = _filled(competition_id, key)
    reader = language.chosen()
    lines = [[_text(value) for value in line] for line in filled(layout, rows)]
    photos = [picture_url(row["photo_id"]) for row in kept_rows(layout, rows)] if layout.photo else []
    html = render_template(
        "competitions/entries/print/list.html", layout=layout, lines=lines, photos=photos, named=named, reader=reader,
        competition=programme.competition(competition_id), head=[(one, _text(head.get(one.value))) for one in layout.head],
    )  # fmt: skip
    name = f"{layout.name(reader)}.pdf"
    return send_bytes(printer.print_html(html).data, media_type="application/pdf", name=name, inline=True)


def _filled(competition_id: UUID, key: str) -> tuple[ListLayout, list[dict[str, Any]], dict[str, Any]]:
    layout = _layouts().get(key)
    if layout is None:
        raise Missing
    scopes = programme.competition_scopes(competition_id) or ()
    clear = request.args.get("clear") == "yes" and can(actor(), EntryPermission.REVEAL, scopes)
    chosen = [
        event for event in entries.event_filter(competition_id) if request.args.get("event", "") in ("", event.code)
    ]
    body = key_of(request.args.get("delegation"))
    found = [
        row
        for row in entries.entries_of_competition_accepted(competition_id, [event.id for event in chosen])
        if body is None or row.delegation_id == body
    ]
    members = [(row, member) for row in found for member in row.members]
    told = columns.values(
        competition_id, [columns.ListRow(member.id, row.id, member.person_id) for row, member in members], layout.wanted
    )
    extra = {row.key: row for row in fields.fields_of(competition_id, retired=True)}
    given = fields.answers_of([member.id for _row, member in members]) if layout.asks else {}
    whole = fields.entry_answers([row.id for row in found]) if layout.asks else {}
    rows = []
    for row, member in members:
        values = _own(row, member, clear=clear) | told[member.id]
        for name in layout.asks:
            field = extra.get(name)
            answer = given.get(member.id, {}).get(name, "") or whole.get(row.id, {}).get(name, "")
            values[f"field:{name}"] = shown(field, answer) if field else ""
        if "passed" in values:
            values["passed"] = _("passed") if values["passed"] == "yes" else _("below the pass mark")
        rows.append(values)
    entering.note_export(competition_id, count=len(rows), revealed=clear, actor=actor(), at=now())
    return layout, rows, _head(competition_id, body, layout, len(members), [named(event) for event in chosen])


def _own(row: Entry, member: EntryMember, *, clear: bool) -> dict[str, Any]:
    reader, person, event, held = language.chosen(), member.person, row.event, member.held_grade
    document = person.documents[0] if person.documents else None
    return {
        "number": row.number, "pass_number": row.pass_number, "name": person.name_zh, "sex": code_name("sex", person.sex, reader),
        "birth_date": person.birth_date, "unit": member.unit_name, "post": member.post, "event": named(event),
        "identity_number": (document.number.revealed() if clear else str(document.number)) if document else "",
        "phone": (person.phone.revealed() if clear else str(person.phone)) if person.phone else "",
        "education": code_name("education", person.education, reader) if person.education else "", "division": named(row.division),
        "delegation": row.delegation.name if row.delegation else "", "occupation": event.occupation_name,
        "test_level": code_name("grade", event.test_level, reader) if event.test_level else "",
        "registered_on": china_day(row.created_at), "starts_on": event.competition.starts_on, "ends_on": event.competition.ends_on,
        "venue": event.competition.venue, "contact_address": event.competition.contact_address,
        "years_in_trade": member.years_in_trade, "attendance": show_code(row.attendance, "attendance"),
        "held_grade": code_name("grade", held.name, reader) if held else "", "photo_id": person.photo_id,
    }  # fmt: skip


def _head(
    competition_id: UUID, body: UUID | None, layout: ListLayout, people: int, events: list[str]
) -> dict[str, Any]:
    row = programme.competition(competition_id)
    lead = next((host.organization.name for host in row.hosts if host.role == "lead_host"), "")
    found: Mapping[str, str] = fields.delegation_answers([body]).get(body, {}) if body else {}
    extra = {one.key: one for one in fields.fields_of(competition_id, about="delegation")}
    sent = delegations.delegation(body) if body else None
    if sent is not None and sent.competition_id != competition_id:
        raise Missing
    return {
        "competition": named(row), "event": "、".join(events), "people": people, "contact_phone": row.contact_phone, "venue": row.venue,
        "starts_on": row.starts_on, "ends_on": row.ends_on, "delegation": sent.name if sent else "",
        "lead_host": sent.name if sent else lead,
    } | {f"field:{name}": shown(extra[name], found.get(name, "")) for name in layout.asks if name in extra}  # fmt: skip


def _text(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return show_date(value)
    if isinstance(value, bool):
        return yes_no(value)
    if value is None or isinstance(value, int):
        return value
    return show_fact(value)
