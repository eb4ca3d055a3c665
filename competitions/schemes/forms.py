"""Forms for marking schemes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from competitions.rules.scoring.aspects import METHODS
from competitions.rules.scoring.catalogue import METHODS as CATALOGUE
from competitions.rules.scoring.method import LISTS, Option, OptionForm
from competitions.schemes.actions import AspectFacts
from competitions.schemes.method_sentences import CHOICE_WORDS, OPTION_WORDS
from competitions.schemes.models import Aspect, MarkingScheme
from competitions.schemes.options import OPTIONS, TAKEN_BY, choices_of, options_from, texts_of
from foundation.translation import sentence
from foundation.web.forms import ExactField, Form


class UploadForm(Form):
    """A workbook."""

    file = FileField(_("Workbook (.xlsx)"), [FileRequired(_("Choose a workbook."))])


class ConfirmForm(Form):
    """The workbook that was looked at and shall replace the version in force."""

    file_id = HiddenField(validators=[DataRequired()])

    def chosen(self) -> UUID | None:
        """The id of the kept file."""
        try:
            return UUID(self.file_id.data or "")
        except ValueError:
            return None


class OptionsForm(Form):
    """The options of every method, made from the methods' own descriptions; only those of the chosen method count."""

    def option_fields(self) -> list[tuple[Any, str]]:
        """(field, the methods that take it) in the order of the catalogue."""
        return [(self[name], " ".join(TAKEN_BY[name])) for name in OPTIONS]

    def show_options(self, options: Mapping[str, Any]) -> None:
        """Fill the fields from stored options."""
        for name, text in texts_of(options).items():
            if name in OPTIONS:
                self[name].data = text

    def options(self) -> dict[str, Any]:
        """The options of the chosen method as typed."""
        return options_from(self["method"].data, {name: self[name].data or "" for name in OPTIONS})


def _field(option: Option) -> Any:
    """The field an option is typed into."""
    label = _(OPTION_WORDS[option.name])
    if option.form in LISTS:
        return TextAreaField(label, [Optional(), Length(max=4000)])
    if option.form == OptionForm.ONE_OF:
        words = [SelectChoice("", "—"), *(SelectChoice(one, _(CHOICE_WORDS[one])) for one in choices_of(option.name))]
        return SelectField(label, [Optional()], choices=words)
    return StringField(label, [Optional(), Length(max=40 if option.form == OptionForm.TEXT else 20)])


for _option in OPTIONS.values():
    setattr(OptionsForm, _option.name, _field(_option))


class TrialForm(OptionsForm):
    """A method, its options and a spreadsheet to try it on."""

    method = SelectField(_("Method"), [DataRequired()])
    max_mark = ExactField(_("Maximum mark"), [Optional()], places=4, least=0, most=10000)
    file = FileField(_("Spreadsheet (.csv, .xlsx)"), [FileRequired(_("Choose a spreadsheet."))])

    def offer(self) -> None:
        """Every method there is."""
        self.method.choices = [(each.key, sentence(f"aspect_method:{each.key}")) for each in CATALOGUE]

    def show(self, row: Aspect) -> None:
        """Begin with the rule of an aspect."""
        self.method.data = row.method
        if row.kind != "deduction":
            written: Any = f"{row.max_mark.normalize():f}"
            self.max_mark.data = written
        self.show_options(row.options)


class AspectForm(OptionsForm):
    """One aspect."""

    name_zh = TextAreaField(_("Text"), [DataRequired(_("Write what is marked.")), Length(max=2000)])
    name_en = TextAreaField(_("Text in English"), [Optional(), Length(max=2000)])
    guidance = TextAreaField(_("Guidance for the judges"), [Optional(), Length(max=4000)])
    method = SelectField(_("Method"), [DataRequired()])
    max_mark = ExactField(_("Maximum mark"), [Optional()], places=4, least=0, most=100)
    balance = SelectField(_("The difference goes to"), [Optional()])
    section = SelectField(_("Section of the standard"), [Optional()])
    level_0 = TextAreaField(_("Level 0"), [Optional(), Length(max=2000)])
    level_1 = TextAreaField(_("Level 1"), [Optional(), Length(max=2000)])
    level_2 = TextAreaField(_("Level 2"), [Optional(), Length(max=2000)])
    level_3 = TextAreaField(_("Level 3"), [Optional(), Length(max=2000)])

    def offer(self, scheme: MarkingScheme, edited: Aspect) -> None:
        """Fill the select fields from the version in force."""
        self.method.choices = [(method, sentence(f"aspect_method:{method}")) for method in METHODS]
        self.section.choices = [("", "—")] + [
            (each["code"], f"{each['code']} {each['name']}") for each in scheme.sections
        ]
        self.balance.choices = [("", _("nowhere: the total must stay 100.00"))] + [
            (str(aspect.id), f"{aspect.code}（{aspect.max_mark:.2f}） {aspect.name_zh[:40]}")
            for criterion in scheme.criteria
            for sub in criterion.sub_criteria
            for aspect in sub.aspects
            if aspect.id != edited.id and aspect.kind != "deduction"
        ]

    def show(self, row: Aspect) -> None:
        """Fill the form from an aspect."""
        self.name_zh.data, self.name_en.data, self.guidance.data = row.name_zh, row.name_en, row.guidance
        self.method.data, self.section.data = row.method, row.section
        written: Any = None if row.kind == "deduction" else f"{row.max_mark.normalize():f}"
        self.max_mark.data = written
        self.show_options(row.options)
        for number, text in enumerate(row.descriptors):
            self[f"level_{number}"].data = text

    def facts(self) -> AspectFacts:
        """What was typed, as the action wants it."""
        levels = tuple((self[f"level_{number}"].data or "") for number in range(4))
        method = self.method.data
        return AspectFacts(
            name_zh=_lines(self.name_zh.data),
            name_en=_lines(self.name_en.data),
            guidance=_lines(self.guidance.data),
            method=method,
            max_mark=self.max_mark.data,
            options=self.options(),
            descriptors=tuple(map(_lines, levels)) if method == "judgement_0_3" else (),
            section=self.section.data or "",
        )

    def balance_id(self) -> UUID | None:
        """The aspect that takes the difference."""
        return UUID(self.balance.data) if self.balance.data else None


def _lines(text: str | None) -> str:
    """A browser ends lines with CR LF; workbooks with LF."""
    return (text or "").replace("\r\n", "\n").strip()
