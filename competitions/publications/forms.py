"""Forms of publications and objections."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from catalogue.codes.queries import code_set
from foundation.web import language
from foundation.web.forms import Form


class PublishForm(Form):
    """Making a run public."""

    document_number = StringField(_("Document number"), [Optional(), Length(max=60)])
    document_date = DateField(_("Date of the document"), [Optional()])
    reason = StringField(_("Reason"), [Optional(), Length(max=300)])


class ObjectionForm(Form):
    """An objection that came in on paper."""

    entry = SelectField(_("Entry concerned"), [DataRequired()])
    raised_by = StringField(_("Raised by (real name or body with seal)"), [Optional(), Length(max=100)])
    matter = TextAreaField(_("Matter, facts and grounds"), [Optional(), Length(max=2000)])


class SettleForm(Form):
    """Settling an objection."""

    ruling = RadioField(_("Ruling"), [DataRequired(_("Choose the ruling."))])
    answer = TextAreaField(_("Answer"), [Optional(), Length(max=2000)])

    def offer_choices(self) -> None:
        """The two rulings in the reader's language."""
        self.ruling.choices = [
            ("dismissed", _("Dismissed: the results stay")),
            ("upheld", _("Upheld: the results are corrected and put on notice again")),
        ]


class ScoreQueryForm(Form):
    """What only the candidate holds: sent by POST, because none of it has a place in an address."""

    name = StringField(_("Name on the identity document"), [DataRequired(_("Write your name.")), Length(max=60)])
    document_kind = SelectField(_("Kind of identity document"), [DataRequired()])
    identity_number = StringField(
        _("Identity document number"), [DataRequired(_("Write the number of your document.")), Length(max=40)]
    )
    code = StringField(
        _("Pass number or claim code"),
        [DataRequired(_("Write the number on your pass or the code on your slip.")), Length(max=20)],
    )

    def offer_choices(self) -> None:
        """Kinds of identity documents in the reader's language."""
        kinds = code_set("identity_document_kind").values()
        self.document_kind.choices = [(one.code, one.name(language.chosen())) for one in kinds if not one.withdrawn]
