"""Forms of meetings."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateTimeLocalField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from foundation.clock import CHINA
from foundation.web.forms import Form


class MeetingForm(Form):
    """When, where, what about."""

    title = StringField(
        _("Name of the meeting"), [DataRequired(_("Write what the meeting is called.")), Length(max=120)]
    )
    begins_at = DateTimeLocalField(_("Begins"), [DataRequired(_("Write day and time."))])
    place = StringField(_("Where the meeting is"), [Optional(), Length(max=120)])
    agenda = TextAreaField(_("Agenda, one item a line"), [Optional(), Length(max=4000)])

    def moment(self) -> datetime:
        """The beginning, in China."""
        return self.begins_at.data.replace(tzinfo=CHINA)  # type: ignore[no-any-return]


class QuestionForm(Form):
    """What a leader asks."""

    text = TextAreaField(_("Your question"), [DataRequired(_("Write your question first.")), Length(max=2000)])
    anonymous = BooleanField(_("Do not name my delegation to the others"))
    key = HiddenField()


class AnswerForm(Form):
    """An answer for all."""

    question = TextAreaField(_("Question as all read it"), [Optional(), Length(max=2000)])
    answer = TextAreaField(_("Answer"), [DataRequired(_("Write the answer first.")), Length(max=2000)])
    public = BooleanField(_("Show on the public page as well"))


class MinutesForm(Form):
    """The minutes' free part."""

    notes = TextAreaField(_("What was said and decided"), [Optional(), Length(max=10000)])
