"""Forms to set up a competition."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from catalogue.codes.queries import code_set
from catalogue.occupations import queries as regions
from competitions.programme.actions import CompetitionFacts
from competitions.programme.models import Competition
from foundation.clock import new_id
from foundation.web import language
from foundation.web.forms import Form

_HOST_ROLES = (
    ("host", "hosts"),
    ("implementer", "implementers"),
    ("supporting", "supporting"),
    ("technical_support", "technical"),
)


def choices(name: str) -> list[tuple[str, str]]:
    """A code set as choices in the reader's language."""
    return [(code.code, code.name(language.chosen())) for code in code_set(name).values() if not code.withdrawn]


class CompetitionForm(Form):
    """One page: what, where, when, who, and under which plan entry."""

    chosen_region = ""
    key = HiddenField(validators=[Optional()])
    name_zh = StringField(_("Name"), [DataRequired(_("Write the full name as in the notice.")), Length(max=120)])
    name_en = StringField(_("Name in English"), [Optional(), Length(max=160)])
    tier = SelectField(_("Tier"), [DataRequired()])
    competition_class = SelectField(_("Class"), [DataRequired()])
    programme = SelectField(_("Programme"), [DataRequired()])
    line = SelectField(_("Line"), [DataRequired()])
    region_code = StringField(
        _("Region code or name"), [DataRequired(_("Choose the region: by code or name.")), Length(max=120)]
    )
    starts_on = DateField(_("First day"), [DataRequired(_("Choose the first day."))])
    ends_on = DateField(_("Last day"), [DataRequired(_("Choose the last day."))])
    venue = StringField(_("Venue"), [Optional(), Length(max=120)])
    plan_number = StringField(_("Annual plan: document number"), [Optional(), Length(max=60)])
    plan_date = DateField(_("Annual plan: date"), [Optional()])
    lead_host = StringField(_("Lead host"), [DataRequired(_("Name the lead host.")), Length(max=200)])
    hosts = TextAreaField(_("Other hosts, one a line"), [Optional(), Length(max=2000)])
    implementers = TextAreaField(_("Implementers, one a line"), [Optional(), Length(max=2000)])
    supporting = TextAreaField(_("Supporting bodies, one a line"), [Optional(), Length(max=2000)])
    technical = TextAreaField(_("Technical support, one a line"), [Optional(), Length(max=2000)])
    contact_name = StringField(_("Contact"), [Optional(), Length(max=60)])
    contact_phone = StringField(_("Contact phone"), [Optional(), Length(max=40)])
    contact_address = StringField(_("Contact address"), [Optional(), Length(max=200)])
    supervision_phone = StringField(_("Phone of the discipline office"), [Optional(), Length(max=40)])

    def offer_choices(self) -> None:
        """Fill the select fields in the reader's language, and a key so that a second click makes nothing new."""
        self.tier.choices = choices("tier")
        self.competition_class.choices = choices("competition_class")
        self.programme.choices = choices("programme")
        self.line.choices = choices("line")
        if not self.key.data:
            self.key.data = str(new_id())

    def validate_region_code(self, field: Any) -> None:
        """The typed text must mean one region; several are named. `chosen_region` has its code afterwards."""
        found = regions.search_regions(field.data or "")
        exact = [row for row in found if field.data in (row.name, row.full_name)]
        if len(exact) != 1 and len(found) != 1:
            named = "；".join(f"{row.code} {row.full_name}" for row in found[:6])
            raise ValidationError(
                gettext("Several regions fit. Write the code of one of them: %(named)s.", named=named)
                if found
                else gettext(
                    "No region has this code or name. Six digits of GB/T 2260, such as 320000, or a name such as 江苏省."
                )
            )
        row = (exact or found)[0]
        self.chosen_region, field.data = row.code, f"{row.code} {row.full_name}"

    def facts(self) -> CompetitionFacts:
        """What was typed, as the action wants it."""
        named = [("lead_host", self.lead_host.data)]
        for role, name in _HOST_ROLES:
            named += [(role, line.strip()) for line in (self[name].data or "").splitlines() if line.strip()]
        plain = {
            name: self[name].data
            for name in CompetitionFacts.__slots__
            if name not in ("hosts", "region_code") and self[name].data not in (None, "")
        }
        return CompetitionFacts(hosts=tuple(named), region_code=self.chosen_region, **plain)

    def chosen_key(self) -> UUID | None:
        """The id the form carries for its competition."""
        try:
            return UUID(self.key.data or "")
        except ValueError:
            return None

    def show(self, row: Competition) -> None:
        """Fill the form from a competition."""
        for name in CompetitionFacts.__slots__:
            if name != "hosts":
                self[name].data = getattr(row, name)
        self.region_code.data = f"{row.region_code} {regions.region_name(row.region_code)}"
        self.lead_host.data = next((host.organization.name for host in row.hosts if host.role == "lead_host"), "")
        for role, name in _HOST_ROLES:
            self[name].data = "\n".join(host.organization.name for host in row.hosts if host.role == role)


class MoveForm(Form):
    """A step on a competition's way."""

    move = HiddenField(validators=[DataRequired()])
    reason = StringField(_("Reason"), [Optional(), Length(max=300)])
