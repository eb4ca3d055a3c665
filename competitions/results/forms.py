"""Forms of scores and runs."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, Optional

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
