"""Forms to invite judges, answer, seat, and sign in with a card."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from competitions.judges.actions import JudgeFacts
from competitions.judges.exclusions import ENTRY_MODES
from competitions.judges.models import Panel
from competitions.judges.permissions import DUTIES
from foundation.clock import new_id
from foundation.translation import sentence
from foundation.web.forms import Form


class InviteForm(Form):
    """Who is asked to do what."""

    key = HiddenField(validators=[Optional()])
    name = StringField(_("Judge's name"), [DataRequired(_("Write the judge's name.")), Length(max=60)])
    role = SelectField(_("Duty"), [DataRequired()])
    unit_name = StringField(_("Employer"), [Optional(), Length(max=200)])
    licence = StringField(_("Judge's licence"), [Optional(), Length(max=80)])
    phone = StringField(_("Mobile phone"), [Optional(), Length(max=20)])
    login = StringField(_("Signs in as"), [Optional(), Length(max=60)])

    def offer_choices(self) -> None:
        """The duties in the reader's language, and a key so that a second click asks nobody twice."""
        self.role.choices = [(role, sentence(f"role:{role}")) for role in DUTIES]
        if not self.key.data:
            self.key.data = str(new_id())
            self.role.data = self.role.data or "judge"

    def chosen_key(self) -> UUID | None:
        """The id the form carries for its duty."""
        return chosen(self.key.data)

    def facts(self) -> JudgeFacts:
        """What was typed."""
        return JudgeFacts(
            name=self.name.data,
            unit_name=self.unit_name.data or "",
            licence=self.licence.data or "",
            phone=self.phone.data or "",
            login=self.login.data or "",
        )


def chosen(text: str | None) -> UUID | None:
    """An id from a form, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


class AcceptForm(Form):
    """An account for the person invited; nothing is asked of somebody signed in."""

    user_name = StringField(_("User name"), [DataRequired(_("Choose a user name.")), Length(min=3, max=40)])
    new_password = PasswordField(_("Password"), [DataRequired(_("Choose a password.")), Length(max=200)])
    again = PasswordField(_("Password again"), [EqualTo("new_password", _("The two passwords differ."))])


class AnswerForm(Form):
    """A plain yes or no."""

    reason = StringField(_("Reason"), [Optional(), Length(max=300)])


class RelieveForm(Form):
    """Why a judge is relieved, and who takes over."""

    reason = StringField(_("Reason"), [DataRequired(_("Write down why.")), Length(max=300)])
    replaced_by = SelectField(_("Who takes the seat over"), [Optional()])


class PanelForm(Form):
    """A panel: seats in order, entry mode, sub-criteria. Seats are six selects, A1 to A6."""

    SEATS = 6
    key = HiddenField(validators=[Optional()])
    name = StringField(_("Name of the panel"), [DataRequired(_("Give the panel a name.")), Length(max=40)])
    entry_mode = RadioField(_("Entering marks"), [DataRequired()], default=ENTRY_MODES[0])
    sub_criteria = SelectMultipleField(_("Sub-criteria"), validate_choice=False)
    duties = SelectMultipleField(_("Judges in the order of their seats"), validate_choice=False)

    def offer_choices(self) -> None:
        """The modes in the reader's language, and a key."""
        self.entry_mode.choices = [(mode, sentence(f"entry_mode:{mode}")) for mode in ENTRY_MODES]
        if not self.key.data:
            self.key.data = str(new_id())

    def show(self, row: Panel) -> None:
        """Fill the form from a panel."""
        self.name.data, self.entry_mode.data = row.name, row.entry_mode
        self.duties.data = [str(seat.duty_id) for seat in row.seats]
        self.sub_criteria.data = [str(each.sub_criterion_id) for each in row.assignments]

    def chosen_duties(self) -> list[UUID]:
        """The judges in seat order; empty seats are left out."""
        return [key for text in self.duties.data or () if (key := chosen(text)) is not None]

    def chosen_sub_criteria(self) -> list[UUID]:
        """What the panel marks."""
        return [key for text in self.sub_criteria.data or () if (key := chosen(text)) is not None]


class CardForm(Form):
    """A card's code and its PIN."""

    code = StringField(_("Number of the judge's card"), [DataRequired(_("Scan or type your card.")), Length(max=40)])
    pin = PasswordField(_("PIN"), [DataRequired(_("Type your PIN.")), Length(max=12)])
