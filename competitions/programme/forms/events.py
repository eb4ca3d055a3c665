"""The form of an event: one page, one minute."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from catalogue.codes.queries import code_set
from catalogue.occupations import queries as occupations
from competitions.programme.actions import DivisionFacts, EventFacts, PartFacts
from competitions.programme.forms.competitions import choices
from competitions.programme.models import Event
from foundation.clock import new_id
from foundation.exact import round_to, shown
from foundation.web.forms import ExactField, Form

DIVISIONS = ("worker", "student", "teacher", "open")


def _quota() -> IntegerField:
    return IntegerField(_("Quota"), [Optional(), NumberRange(1, 10000, _("At least 1, or leave it empty."))])


def _division_name() -> StringField:
    return StringField(_("Name of the division"), [Optional(), Length(max=40)])


class EventForm(Form):
    """An event with its occupation, divisions and parts; everything usual is filled in."""

    key = HiddenField(validators=[Optional()])
    occupation = StringField(
        _("Occupation"), [DataRequired(_("Choose the occupation: by code, name or pinyin.")), Length(max=100)]
    )
    name_zh = StringField(_("Name of the event"), [Optional(), Length(max=80)])
    name_en = StringField(_("Name in English"), [Optional(), Length(max=120)])
    code = StringField(_("Event code"), [DataRequired(_("Write a short code, such as 01.")), Length(max=20)])
    direction = StringField(_("Direction"), [Optional(), Length(max=80)])
    test_level = SelectField(_("Test level"), [DataRequired()])
    team_size = IntegerField(
        _("Members of a team"), [InputRequired(), NumberRange(1, 10, _("1 for a single competitor, at most 10."))]
    )
    division_worker = BooleanField()
    division_student = BooleanField()
    division_teacher = BooleanField()
    division_open = BooleanField()
    quota_worker, quota_student, quota_teacher, quota_open = _quota(), _quota(), _quota(), _quota()
    name_worker, name_student = _division_name(), _division_name()
    name_teacher, name_open = _division_name(), _division_name()
    theory = BooleanField(_("There is a theory part"))
    theory_weight = ExactField(_("Weight of theory (percent)"), [Optional()], places=2, least=0, most=100)
    theory_pass = ExactField(_("Pass mark of theory"), [Optional()], places=2, least=0, most=100)
    theory_gate = BooleanField(_("Gate only: theory must be passed and does not count in the total"))
    practice_weight = ExactField(
        _("Weight of practice (percent)"),
        [DataRequired(_("Write the share of practice."))],
        places=2,
        least=0,
        most=100,
    )
    practice_pass = ExactField(_("Pass mark of practice"), [Optional()], places=2, least=0, most=100)

    def offer(self, codes: list[str]) -> None:
        """Fill what is usual: the next free code, 理论 30 % + 实操 70 %, pass mark 60, workers alone, level L3."""
        self.test_level.choices = choices("grade")
        if not self.key.data:
            self.key.data = str(new_id())
        if self.is_submitted():
            return
        number = len(codes) + 1
        while f"{number:02d}" in codes:
            number += 1
        self.code.data, self.test_level.data, self.team_size.data = f"{number:02d}", "L3", 1
        self.division_worker.data = self.theory.data = True
        self.theory_weight.data, self.practice_weight.data = Fraction(30), Fraction(70)
        self.theory_pass.data = self.practice_pass.data = Fraction(60)

    def validate_occupation(self, field: Any) -> None:
        """The typed text must mean one occupation; several are named so that the next try is the last."""
        found = occupations.search_occupations(field.data or "")
        exact = [row for row in found if (field.data or "").split()[0] in (row.code, row.name)]
        if len(exact) == 1 or len(found) == 1:
            row = (exact or found)[0]
            field.data = f"{row.code} {row.name}"
            return
        if not found:
            raise ValidationError(
                gettext(
                    "No occupation of the 2022 classification has this code or name. Write a part of its name, such as 焊."
                )
            )
        named = "；".join(f"{row.code} {row.name}" for row in found[:8])
        raise ValidationError(
            gettext("Several occupations fit. Write the code of one of them: %(named)s.", named=named)
        )

    def facts(self) -> EventFacts:
        """What was typed, as the action wants it."""
        code, _blank, name = (self.occupation.data or "").partition(" ")
        divisions = tuple(
            DivisionFacts(kind, self[f"name_{kind}"].data or _usual_name(kind), quota=self[f"quota_{kind}"].data)
            for kind in DIVISIONS
            if self[f"division_{kind}"].data
        )
        parts = []
        if self.theory.data:
            gate = bool(self.theory_gate.data)
            weight = Fraction(0) if gate else _share(self.theory_weight.data)
            parts.append(PartFacts("theory", weight, _mark(self.theory_pass.data), gate_only=gate))
        parts.append(PartFacts("practice", _share(self.practice_weight.data), _mark(self.practice_pass.data)))
        return EventFacts(
            code=self.code.data or "",
            name_zh=self.name_zh.data or name,
            name_en=self.name_en.data or "",
            occupation_code=code,
            direction=self.direction.data or "",
            test_level=self.test_level.data,
            team_size=self.team_size.data or 0,
            divisions=divisions,
            parts=tuple(parts),
        )

    def chosen_key(self) -> UUID | None:
        """The id the form carries for its event."""
        try:
            return UUID(self.key.data or "")
        except ValueError:
            return None

    def show(self, row: Event) -> None:
        """Fill the form from an event."""
        self.occupation.data = f"{row.occupation_code} {row.occupation_name}"
        for name in ("code", "name_zh", "name_en", "direction", "test_level", "team_size"):
            self[name].data = getattr(row, name)
        for kind in DIVISIONS:
            self[f"division_{kind}"].data = False
        for division in row.divisions:
            self[f"division_{division.kind}"].data = True
            self[f"quota_{division.kind}"].data = division.quota
            if division.name_zh != _usual_name(division.kind):
                self[f"name_{division.kind}"].data = division.name_zh
        self.theory.data = False
        for part in row.parts:
            self[f"{part.kind}_weight"].data = _typed(part.weight * 100)
            self[f"{part.kind}_pass"].data = None if part.pass_mark is None else _typed(Fraction(part.pass_mark))
            if part.kind == "theory":
                self.theory.data, self.theory_gate.data = True, part.gate_only


def _usual_name(kind: str) -> str:
    found = code_set("division_kind").get(kind)
    return found.name_zh if found else kind


def _share(percent: Fraction | None) -> Fraction:
    return (percent or Fraction(0)) / 100


def _mark(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_to(value, 2)


def _typed(value: Fraction) -> str | Fraction:
    return value if value.denominator == 1 else shown(value, 2)


class CancelEventForm(Form):
    """Why an event is cancelled."""

    reason = StringField(_("Reason"), [Optional(), Length(max=300)])
