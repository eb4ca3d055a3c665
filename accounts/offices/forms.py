"""Forms to appoint and dismiss."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from accounts.offices.actions import OFFICES
from foundation.translation import sentence
from foundation.web.forms import Form


class OfficeForm(Form):
    """A role for somebody: by user name alone, or with a name to open an account."""

    role = SelectField(_("Role"), [DataRequired()])
    user_name = StringField(_("User name"), [DataRequired(_("Write the user name to sign in with.")), Length(max=40)])
    name = StringField(_("Name, to open an account"), [Length(max=60)])

    def offer_choices(self) -> None:
        """Fill the roles in the reader's language."""
        self.role.choices = [(role.value, sentence(f"role:{role.value}")) for role in OFFICES]


class DismissForm(Form):
    """A role to withdraw, and why."""

    grant = HiddenField(validators=[DataRequired()])
    reason = StringField(_("Reason"), [Length(max=300)])
