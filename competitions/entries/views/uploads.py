"""What several pages of this room read from a request: an uploaded file, marked fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from competitions.entries.models.entries import Entry
from foundation.refusal import Refusal
from foundation.web.forms import Form


def uploaded(name: str) -> bytes:
    """The bytes of an uploaded file. Raises Refusal photo_missing, paper_missing when none was chosen."""
    data = request.files[name].read() if name in request.files else b""
    if not data:
        raise Refusal("photo_missing" if name == "photo" else "paper_missing", field=name)
    return data


def marks_given() -> list[dict[str, Any]]:
    """The fields a reviewer marked: ticked boxes `mark` = `position:field`, each with its remark."""
    made = []
    for value in request.form.getlist("mark"):
        position, _colon, field = value.partition(":")
        if position.isdigit():
            remark = request.form.get(f"remark.{value}", "")
            made.append({"position": int(position), "field": field, "remark": remark})
    return made


def marks_of(entry: Entry, position: int) -> dict[str, str]:
    """Field → remark of one member of a returned entry; nothing once it was handed in again."""
    if entry.state != "returned":
        return {}
    return {one["field"]: one["remark"] for one in entry.marks if one["position"] == position}


def show_marks(form: Form, marks: dict[str, str], fields: Sequence[str] = ()) -> None:
    """Lay each remark on its field, where the form shows it (`components/form.html`)."""
    for name, remark in marks.items():
        if name in form and (not fields or name in fields):
            form[name].remark = remark or "!"
