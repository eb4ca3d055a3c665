"""Forms of eligibility."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from foundation.translation import sentence
from foundation.web.forms import Form


class DecisionForm(Form):
    """A decision whose names bar somebody: a workbook, or lines of text."""

    kind = SelectField(_("What the decision says"), [DataRequired()])
    title = StringField(
        _("Title given, or contest that was won"), [DataRequired(_("Write the title or the contest.")), Length(max=100)]
    )
    state = SelectField(_("The title is"), [DataRequired()])
    document_number = StringField(_("Document number"), [Optional(), Length(max=80)])
    decided_on = DateField(_("Decided on"), [DataRequired(_("Write the day of the decision."))])
    file = FileField(_("Workbook (.xlsx) with a column 姓名"))
    text = TextAreaField(_("Or one person a line: name, unit"), [Optional(), Length(max=200_000)])

    def offer_choices(self) -> None:
        """Fill the select fields in the reader's language."""
        self.kind.choices = [(kind, sentence(f"decision_kind:{kind}")) for kind in ("title", "winners")]
        self.state.choices = [(state, sentence(f"decision_state:{state}")) for state in ("held", "pending")]
