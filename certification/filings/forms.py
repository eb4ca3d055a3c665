"""Forms for evaluation organizations and their filings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from catalogue.codes.queries import code_set
from certification.filings.actions import FilingFacts
from certification.filings.number_forms import given_forms
from foundation.clock import new_id
from foundation.translation import sentence
from foundation.web import language
from foundation.web.forms import Form

ROUTES = ("filed_host", "organising_committee", "own_employer", "third_party")
SOURCES = ("own_range", "returned")
GRADES = ("L5", "L4", "L3", "L2", "L1", "special_technician")


class IssuerForm(Form):
    """An evaluation organization."""

    key = HiddenField(validators=[Optional()])
    name = StringField(
        _("Name of the evaluation organization"), [DataRequired(_("Write the full name as filed.")), Length(max=200)]
    )
    name_en = StringField(_("Name in English"), [Optional(), Length(max=200)])
    region_code = StringField(
        _("Region code"),
        [Optional(), Regexp(r"^\d{6}$", message=_("Six digits of GB/T 2260, such as 320000 for Jiangsu."))],
    )
    route = SelectField(_("Route"), [DataRequired()])
    prefix = StringField(
        _("Prefix given by the authority"),
        [DataRequired(_("Write the 13 characters the authority gave.")), Length(max=20)],
    )
    number_source = SelectField(_("Numbers of certificates"), [DataRequired()])
    number_form = SelectField(_("Form of the numbers"), [DataRequired()])
    special_letter = StringField(
        _("Letter of special-grade technicians"),
        [Optional(), Regexp(r"^[A-Z]$", message=_("One capital letter, as the authority told it."))],
    )
    certificate_query_url = StringField(_("Query address of certificates"), [DataRequired(), Length(max=200)])
    organization_query_url = StringField(
        _("Query address of evaluation organizations"), [DataRequired(), Length(max=200)]
    )

    def offer_choices(self) -> None:
        """Fill the select fields, and a key so that a second click makes nothing new."""
        self.route.choices = [(code, sentence(f"issuer_route:{code}")) for code in ROUTES]
        self.number_source.choices = [(code, sentence(f"number_source:{code}")) for code in SOURCES]
        self.number_form.choices = [(form.key, f"{form.title}（{form.basis}）") for form in given_forms()]
        if not self.key.data:
            self.key.data = str(new_id())


class FilingForm(Form):
    """One occupation with grades and days."""

    occupation_code = StringField(
        _("Occupation code"), [DataRequired(), Regexp(r"^\d(-\d{2}){3}$", message=_("A code such as 6-18-02-04."))]
    )
    occupation_name = StringField(_("Name of the occupation"), [DataRequired(), Length(max=80)])
    occupation_edition = StringField(
        _("Edition of the classification"), [DataRequired(), Length(max=10)], default="2022"
    )
    grades = SelectMultipleField(_("Grades"), [Optional()])
    document_number = StringField(_("Document number of the filing"), [Optional(), Length(max=60)])
    valid_from = DateField(_("Valid from"), [DataRequired(_("Choose the first day."))])
    valid_until = DateField(_("Valid until"), [Optional()])

    def offer_choices(self) -> None:
        """The grades in the reader's language."""
        names = code_set("grade")
        self.grades.choices = [(key, names[key].name(language.chosen()) if key in names else key) for key in GRADES]

    def facts(self) -> FilingFacts:
        """What was typed, as the action wants it."""
        return FilingFacts(
            occupation_code=self.occupation_code.data or "", occupation_name=self.occupation_name.data or "",
            occupation_edition=self.occupation_edition.data or "", grades=tuple(self.grades.data or ()),
            valid_from=self.valid_from.data, valid_until=self.valid_until.data, document_number=self.document_number.data or "",
        )  # fmt: skip
