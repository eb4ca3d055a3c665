"""The blueprint that this room's pages share, and what several of them need."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, current_app
from flask_babel import gettext as _

from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.models.fields import RegistrationField
from competitions.entries.queries import fields
from competitions.rules import deadlines
from foundation.clock import now
from foundation.files.queries import file_bytes
from foundation.web import language
from foundation.web.showing import yes_no

blueprint = Blueprint("entries", __name__)


def named(row: object) -> str:
    """The name of an event, division or competition for the reader."""
    english: str = getattr(row, "name_en", "") if language.chosen() == "en" else ""
    return english or getattr(row, "name_zh", "")


def public_address(path: str) -> str:
    """A path as paper and QR codes carry it."""
    return f"{current_app.config['PUBLIC_URL']}{path}"


def time_left(closes: datetime) -> str:
    """The time that is left until a moment, in the reader's words; empty when it is over."""
    at = now()
    if closes <= at:
        return ""
    rest = deadlines.left(closes, at)
    if rest.days:
        return str(_("%(days)s days %(hours)s hours left", days=rest.days, hours=rest.hours))
    return str(_("%(hours)s hours %(minutes)s minutes left", hours=rest.hours, minutes=rest.minutes))


def picture_url(photo_id: UUID | None) -> str:
    """A photo as a `data:` address for printing; empty without one."""
    if photo_id is None:
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(file_bytes(photo_id)).decode()


def pass_context(entries: list[Entry], *, single: bool) -> dict[str, object]:
    """What the template of passes needs."""
    return {
        "entries": entries,
        "single": single,
        "photos": {member.id: picture_url(member.person.photo_id) for entry in entries for member in entry.members},
        "addresses": {entry.id: public_address(f"/entries/{entry.id}/check-in") for entry in entries},
        "named": named,
    }


def label(row: RegistrationField) -> str:
    """A field's question for the reader."""
    return row.label_en if language.chosen() == "en" and row.label_en else row.label_zh


def shown(row: RegistrationField, value: str) -> str:
    """A stored answer for the reader."""
    if row.kind in ("declaration", "file"):
        return yes_no(bool(value)) if value else ""
    for option in row.options:
        if option["code"] == value:
            return str(option["en"] if language.chosen() == "en" and option.get("en") else option["zh"])
    return value


def answer_columns(
    competition_id: UUID, entries: Sequence[Entry]
) -> tuple[list[str], Callable[[Entry, EntryMember], list[str]]]:
    """The heads of the extra fields of people and entries in a list, and what each member's row says in them. Two queries."""
    extra = [row for row in fields.fields_of(competition_id) if row.about != "delegation"]
    members = fields.answers_of([member.id for row in entries for member in row.members]) if extra else {}
    whole = fields.entry_answers([row.id for row in entries]) if extra else {}

    def told(entry: Entry, member: EntryMember) -> list[str]:
        given = {"member": members.get(member.id, {}), "entry": whole.get(entry.id, {})}
        return [shown(row, given[row.about].get(row.key, "")) for row in extra]

    return [label(row) for row in extra], told
