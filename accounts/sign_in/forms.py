"""Forms to sign in and to look after an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Optional

from foundation.web.forms import Form


class SignInForm(Form):
    """User name or phone, and password. `next` is where the person wanted to go."""

    login = StringField(
        _("User name or mobile phone"), [DataRequired(_("Write your user name or phone.")), Length(max=60)]
    )
    password = PasswordField(_("Password"), [DataRequired(_("Write your password.")), Length(max=200)])
    next = HiddenField(validators=[Optional(), Length(max=500)])


class SetUpForm(Form):
    """The first administrator."""

    name = StringField(_("Your name"), [DataRequired(_("Write your name.")), Length(max=60)])
    user_name = StringField(_("User name"), [DataRequired(_("Choose a user name.")), Length(min=3, max=40)])
    new_password = PasswordField(_("Password"), [DataRequired(_("Choose a password.")), Length(max=200)])
    again = PasswordField(_("Password again"), [EqualTo("new_password", _("The two passwords differ."))])


class PasswordForm(Form):
    """A new password."""

    current_password = PasswordField(_("Current password"), [DataRequired(_("Write your current password."))])
    new_password = PasswordField(_("New password"), [DataRequired(_("Choose a new password.")), Length(max=200)])
    again = PasswordField(_("New password again"), [EqualTo("new_password", _("The two passwords differ."))])
