"""Forms of scores and runs."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from competitions.rules.recheck import ERRORS
from foundation.translation import sentence
from foundation.web.forms import Form


class ScoreForm(Form):
    """A list of scores."""

    file = FileField(_("Workbook (.xlsx)"), [FileRequired(_("Choose the workbook."))])
    check_only = BooleanField(_("Only check, store nothing"))


class ReasonForm(Form):
    """A reason."""

    reason = StringField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=300)])


class ComputeForm(Form):
    """Computing a standing; a reason is asked for when a signed run is replaced."""

    reason = StringField(_("Reason of the correction"), [Optional(), Length(max=300)])


class FindingForm(Form):
    """What a supervisor found on one work of a re-check."""

    finding = RadioField(_("Finding"), [DataRequired(_("Say whether the work is right."))])
    error = SelectField(_("Kind of error"), [Optional()])
    remark = StringField(_("Sheet, aspect, value there and value found"), [Optional(), Length(max=300)])

    def offer_choices(self) -> None:
        """Fill the choices in the reader's language."""
        self.finding.choices = [("right", _("Everything is right")), ("wrong", _("Something is wrong"))]
        self.error.choices = [("", "—"), *((kind, sentence(f"recheck_error:{kind}")) for kind in ERRORS)]
